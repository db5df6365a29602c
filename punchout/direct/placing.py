"""A frozen cart becomes orders and subscriptions, each once, and the shopper hears of it (ORD-1, ORD-9)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from catalog_bridge.bookshop import NotFound, Refused, ShopUnavailable
from protocols.model.cart import KeptLine
from protocols.model.serial import from_json, to_json
from punchout.direct import letter
from punchout.roundtrip import dispatch
from session_store import direct_carts, journal, outbox
from session_store.crashpoints import crashpoint
from session_store.outbox import SHOPS_OWN, Delivery

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocols.model.cart import Cart
    from protocols.model.order import ShopOrder
    from protocols.model.standing import Subscription
    from punchout.roundtrip.world import World
    from session_store.direct_carts import KeptCart

PLACE_DIRECT = "place_direct"
"""The kind of deliveries whose payload is an ``Ordered``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """Which frozen cart is to be placed."""

    customer_number: str
    cart_id: str


def promised(world: World, customer_number: str, cart_id: str) -> Delivery:
    """The promise to place what the cart was frozen as."""
    now = world.now()
    return Delivery(
        id=world.new_id(),
        agreement_id=SHOPS_OWN,
        kind=PLACE_DIRECT,
        ordering_key=f"{PLACE_DIRECT}:{cart_id}",
        payload=to_json(Ordered(customer_number=customer_number, cart_id=cart_id)),
        due_at=now,
        created_at=now,
    )


def carry_out(world: World, delivery: Delivery, owner: str) -> None:
    """Nothing: orders and subscriptions are with the bookshop; what it would not take is in a cart again.

    Raises ShopUnavailable when it has to be tried again.
    """
    asked = from_json(delivery.payload, Ordered)
    kept = _kept(world, asked.customer_number, asked.cart_id)
    if not kept.settled:
        _settle(world, _answered(world, kept))
    dispatch.done(world, delivery, owner, "placed", "the orders are with the bookshop")


def at_once(world: World, customer_number: str, cart_id: str) -> None:
    """Nothing: all is done where the bookshop takes everything now; else the worker sees to it."""
    try:
        kept = _answered(world, _kept(world, customer_number, cart_id))
    except ShopUnavailable:
        return
    if all(kept.order_numbers) and all(kept.subscription_ids):
        _settle(world, kept)


def ordered(world: World, customer_number: str, cart_id: str) -> KeptCart | None:
    """A cart that has been ordered; None for an open one, and for one that is not there."""
    if not cart_id.isprintable():
        return None
    with world.store.read() as tx:
        kept = direct_carts.load(tx, customer_number, cart_id)
    return kept if kept and kept.ordered_at else None


def was_ordered(world: World, customer_number: str, cart_id: str, email: str) -> bool:
    """Whether this user has ordered this cart."""
    kept = ordered(world, customer_number, cart_id)
    return kept is not None and kept.email == email


def left_over(
    cart: Cart, placed: tuple[ShopOrder, ...], begun: tuple[Subscription, ...] = ()
) -> tuple[KeptLine, ...]:
    """The lines of the cart, and the copies in them, that no order or subscription took; their order kept."""
    taken: Counter[object] = Counter(
        (line.product_id, line.kind, copy.codes)
        for order in placed
        for line in order.lines
        for copy in line.copies
    )
    taken.update((one.product_id, one.kind, codes) for one in begun for codes in one.copies)
    lines = []
    for line in cart.lines:
        codes = []
        for copy in line.copies:
            key = (line.product.product_id, line.kind, copy.codes)
            if taken[key]:
                taken[key] -= 1
            else:
                codes.append(copy.codes)
        if codes:
            lines.append(
                KeptLine(
                    line_id=line.line_id,
                    product_id=line.product.product_id,
                    title=line.product.title,
                    codes=tuple(codes),
                    note=line.note,
                    kind=line.kind,
                    services=tuple(entry.service_id for entry in line.services),
                )
            )
    return tuple(lines)


def _kept(world: World, customer_number: str, cart_id: str) -> KeptCart:
    kept = ordered(world, customer_number, cart_id)
    if kept is None:
        raise NotFound("There is no cart %(cart)s for this customer.", cart=cart_id)
    return kept


def _answered(world: World, kept: KeptCart) -> KeptCart:
    """The cart with the bookshop's numbers: first of the orders, then of the subscriptions, each in turn."""
    numbers = tuple(_placed(world, kept))
    crashpoint("direct-after-orders")
    ids = tuple(_begun(world, kept))
    crashpoint("direct-after-subscriptions")
    return replace(kept, order_numbers=numbers, subscription_ids=ids)


def _placed(world: World, kept: KeptCart) -> Iterator[str]:
    """The number of each order, in turn; empty for one that the bookshop refuses.

    The key is the cart's own: however often this is done, and by whom, each order is there once.
    """
    for number, order in enumerate(kept.orders, start=1):
        try:
            yield world.shop.place_order(order, f"direct:{kept.cart_id}:{number}").order_number
        except (NotFound, Refused):
            yield ""


def _begun(world: World, kept: KeptCart) -> Iterator[str]:
    """The id of each subscription, in turn; empty for one that is refused. It was frozen with its id."""
    for subscription in kept.subscriptions:
        try:
            yield world.standing.begin(subscription).subscription_id
        except (NotFound, Refused):
            yield ""


def _settle(world: World, kept: KeptCart) -> None:
    """Nothing: the numbers are known, the shopper is written to, and the rest is in a cart; once."""
    cart = world.shop.cart(kept.customer_number, kept.cart_id)
    rest = left_over(
        cart,
        tuple(order for order, number in zip(kept.orders, kept.order_numbers, strict=True) if number),
        tuple(one for one, id_ in zip(kept.subscriptions, kept.subscription_ids, strict=True) if id_),
    )
    again = f"{kept.cart_id}-rest" if rest else ""
    if again:
        world.shop.fill_cart(
            kept.customer_number,
            again,
            rest,
            cart.order_name,
            cart.delivery_address_id,
            subscriptions=True,
        )
    mail = letter.written(world, kept, cart, world.shop)
    with world.store.write() as tx:
        if not direct_carts.placed(tx, kept):
            return
        if again:
            direct_carts.begin(
                tx, kept.customer_number, cart_id=again, email=kept.email, name=kept.name, now=world.now()
            )
        outbox.put(tx, dispatch.mail(world, SHOPS_OWN, mail, f"mail:{kept.cart_id}"))
        journal.write(
            tx,
            journal.Entry(at=world.now(), kind="direct.ordered", actor=kept.email, summary=_summary(kept)),
        )


def _summary(kept: KeptCart) -> str:
    orders = ", ".join(filter(None, kept.order_numbers)) or "none"
    begun = ", ".join(filter(None, kept.subscription_ids))
    return f"orders {orders} of {kept.customer_number}" + (f", subscriptions {begun}" if begun else "")
