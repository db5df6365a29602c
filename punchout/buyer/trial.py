"""One whole roundtrip by the built-in buyer, and whether everything came through it whole."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, TypeVar

from catalog_bridge.bookshop import BookshopError
from punchout.buyer.browser import PageRefused
from punchout.buyer.buyer import Buyer
from punchout.buyer.inbox import Inbox
from punchout.buyer.received import Verdict
from punchout.buyer.receiver import receiving
from punchout.buyer.trip import leave
from punchout.buyer.visit import Bag, Wish

if TYPE_CHECKING:
    from catalog_bridge.bookshop import Bookshop
    from protocols.model.order import BookshopOrder, ShopOrder
    from punchout.buyer.buyer import StartedSession
    from punchout.buyer.came_back import ReceivedDocument
    from punchout.buyer.oci_buyer import OciBuyer
    from punchout.buyer.ordering import OrderAnswer
    from punchout.buyer.received import ReceivedCart
    from punchout.buyer.received_form import ReceivedForm

WISHES = (Wish(search="øya", quantity=3), Wish(search="støvler", quantity=2))
ORDER_NAME = "Barnebøker påske – æøå"
NOTE = "Blåbærhylla, øverst ÆØÅ, eks."
_TRIES, _PAUSE = 200, 0.1

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """What happened on the way, in its order.

    started
        The answer to the call-up; None where a browser carried it, which is sent on to the shop.
    cart
        As it came home, by the system's own protocol.
    orders
        What the bookshop made of the purchase order.
    came_back
        The shop's documents about it, where the buyer listened for them.
    verdicts
        Everything that must hold, of the cart as it arrived and of the order as it was placed.
    """

    system: str
    started: StartedSession | None
    bag: Bag
    cart: ReceivedCart | ReceivedForm
    answer: OrderAnswer
    orders: tuple[BookshopOrder, ...]
    came_back: tuple[ReceivedDocument, ...]
    verdicts: tuple[Verdict, ...]

    @property
    def holds(self) -> bool:
        """Whether the roundtrip is whole."""
        return all(verdict.holds for verdict in self.verdicts)


def walk(
    buyer: Buyer | OciBuyer,
    shop: Bookshop,
    customer_number: str,
    say: Callable[[str], None],
    listen_at: Callable[[str], None] | None = None,
) -> Trial:
    """The roundtrip of this buyer, told step by step; raises what stops it on the way.

    listen_at
        Told the address at which a cXML buyer takes the shop's documents, so that they can be sent there;
        None where none are awaited.
    """
    inbox = Inbox(buyer) if isinstance(buyer, Buyer) and listen_at else None
    with receiving(answer=inbox.answer if inbox else None) as receiver:
        if listen_at and inbox:
            listen_at(receiver.endpoint)
        trip = leave(buyer, receiver, inbox, say)
        bag = trip.visit.shop(WISHES, ORDER_NAME, NOTE)
        say(f"cart filled: {len(bag.lines)} titles, {bag.order_name!r}, to {bag.delivery_address_id}")
        arrived = trip.visit.send()
        if not receiver.bodies:
            raise PageRefused(arrived, "the cart did not arrive at the buyer's")
        home = trip.home()
        cart = home.cart
        say(f"cart returned: {len(cart.lines)} lines, {cart.total}")
        answer = home.order()
        say(f"order {answer.order_id} sent: {answer.code} {answer.text}: {answer.detail}")
        taken = answer.code == 200
        orders = placed(shop, customer_number, answer.order_id) if taken else ()
        came_back = _once_there(lambda: tuple(inbox.documents)) if orders and inbox else ()
    for document in came_back:
        say(f"{document.kind} came back: {getattr(document.model, 'type', '')}")
    confirmed = (_confirmed(inbox),) if inbox else ()
    return Trial(
        system=buyer.system.name,
        started=trip.started,
        bag=bag,
        cart=cart,
        answer=answer,
        orders=orders,
        came_back=came_back,
        verdicts=(*cart.verdicts, *_of_order(bag, answer, orders), *confirmed),
    )


def _once_there(look: Callable[[], tuple[T, ...]]) -> tuple[T, ...]:
    """What the outbox worker brings about, once it is there; nothing after 20 s."""
    waiting = threading.Event()
    for _ in range(_TRIES):
        if found := look():
            return found
        waiting.wait(_PAUSE)
    return ()


def placed(shop: Bookshop, customer_number: str, po_number: str) -> tuple[BookshopOrder, ...]:
    """The bookshop's orders of this PO number, once the outbox worker has placed them; none after 20 s."""
    return _once_there(lambda: _placed_by_now(shop, customer_number, po_number))


def _placed_by_now(shop: Bookshop, customer_number: str, po_number: str) -> tuple[BookshopOrder, ...]:
    try:
        return shop.orders(customer_number, po_number)
    except BookshopError:
        return ()


def _confirmed(inbox: Inbox) -> Verdict:
    wrong = [error.detail for error in inbox.refusals]
    return Verdict(
        about="confirmation of the order",
        holds=bool(inbox.documents) and not wrong,
        detail="; ".join(wrong) or f"{len(inbox.documents)} came",
    )


def _of_order(bag: Bag, answer: OrderAnswer, orders: tuple[BookshopOrder, ...]) -> Iterator[Verdict]:
    yield Verdict(about="order taken", holds=answer.code == 200, detail=f"{answer.code} {answer.detail}")
    yield Verdict(about="one bookshop order", holds=len(orders) == 1, detail=f"{len(orders)} found")
    for known in orders:
        order = known.order
        yield _equal("order name", bag.order_name, order.order_name)
        yield _equal("purchase order number", answer.order_id, order.po_number)
        yield _equal("delivery address", bag.delivery_address_id, order.delivery_address_id)
        yield _equal("copies and their codes", _chosen(bag), _codes(order))


def _equal(about: str, expected: object, got: object) -> Verdict:
    same = expected == got
    return Verdict(about=about, holds=same, detail="" if same else f"expected {expected!r}, got {got!r}")


def _chosen(bag: Bag) -> dict[str, list[dict[str, str]]]:
    return {line.product_id: list(line.copies) for line in bag.lines}


def _codes(order: ShopOrder) -> dict[str, list[dict[str, str]]]:
    """Each title's copies as the bookshop has them, empty codes left out."""
    return {
        line.product_id: [
            {field: value for field, value in asdict(copy.codes).items() if value}
            for copy in sorted(line.copies, key=lambda copy: copy.number)
        ]
        for line in order.lines
    }
