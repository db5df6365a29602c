"""The cart goes back: checked, frozen with every copy, and handed to the browser for the buyer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog_bridge.bookshop import ChangedMeanwhile
from protocols.cxml.signing import sign
from protocols.errors import Conflict
from protocols.model.finding import Severity
from protocols.model.session import Operation, SessionState
from punchout.roundtrip import budget, divided, remainder, shop, snapshot
from punchout.roundtrip.cart_problems import Problem, problems
from punchout.roundtrip.parcel import packed
from session_store import carts, journal, live_secrets, orders, sessions
from session_store.crashpoints import crashpoint

if TYPE_CHECKING:
    from collections.abc import Callable

    from catalog_bridge.rules.dividing import Outlook, Wish
    from protocols.model.cart import Cart, CartLine, Division, ReturnedCart
    from protocols.model.finding import Finding
    from punchout.roundtrip.parcel import Parcel
    from punchout.roundtrip.remainder import Remainder
    from punchout.roundtrip.shop import Visit
    from punchout.roundtrip.world import World
    from session_store.orders import StoredOrder

_WOULD_BE_REFUSED = "The procurement system would refuse this line: take it out of the cart."
_TOO_LONG = "The procurement system takes no cart as it stands here. Tell the bookshop's customer service."

_TRIES = 3
"""How often a cart is read anew that another window changes while it is being sent."""

_KINDS = {"cxml": "PunchOutOrderMessage", "oci": "OCI return"}


class NotReady(Exception):
    """The cart may not go back yet; nothing was frozen."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep the list for the page."""
        super().__init__("; ".join(problem.text for problem in problems))
        self.problems = problems


_LINE = re.compile(r"(?:ItemIn|NEW_ITEM-\w+)\[(\d+)\]")


def line_number(where: str) -> int:
    """The number of the line that a finding about a cart on its way names; 0 where it is about the whole.

    >>> line_number("ItemIn[3]/ItemDetail/UnitPrice"), line_number("NEW_ITEM-PRICE[12]"), line_number("Total")
    (3, 12, 0)
    """
    found = _LINE.search(where)
    return int(found[1]) if found else 0


def refused(cart: ReturnedCart, findings: tuple[Finding, ...]) -> tuple[Problem, ...]:
    """The lines that the buyer's system would turn away: an id that it cannot hold is never cut."""
    errors = {line_number(finding.where) for finding in findings if finding.severity is Severity.ERROR}
    whole = (Problem(text=_TOO_LONG, line_id="", title=""),) if 0 in errors else ()
    return whole + _refused_lines(cart, errors)


def _refused_lines(cart: ReturnedCart, errors: set[int]) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            text=_WOULD_BE_REFUSED,
            line_id=line.line_id if line.service is None else "",
            title=line.short_name,
        )
        for line in cart.lines
        if line.number in errors
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What would go back now; nothing of it is stored.

    findings
        What the buyer's system does not keep of it.
    outlook
        What orders it would become.
    rest
        Lines that the buyer's form has no room for: they wait for another return.
    """

    cart: Cart
    returned: ReturnedCart
    findings: tuple[Finding, ...]
    outlook: Outlook
    rest: tuple[CartLine, ...] = ()


def preview(world: World, here: Visit, wish: Wish | None = None) -> Preview:
    """The cart as it would go back now by this wish; None for that of the last time."""
    cart, rest = budget.parted(here, shop.cart(world, here))
    outlook = divided.outlook(world, here, cart, wish)
    returned = snapshot.of(world, here, cart, snapshot.placeholders(here, cart), outlook.division)
    _, findings = snapshot.document(world, here, returned)
    return Preview(cart=cart, returned=returned, findings=findings, outlook=outlook, rest=rest)


def to_mend(world: World, here: Visit, found: Preview) -> tuple[Problem, ...]:
    """Everything that keeps this from going now."""
    return (
        problems(world, found.cart, here.distribution)
        + remainder.problems(here, found.cart, found.rest)
        + refused(found.returned, found.findings)
    )


def freeze(world: World, here: Visit, wish: Wish | None = None) -> Parcel:
    """The parcel of this cart; the session is closed for writing, and the cart can be sent again.

    wish
        What orders it is to become when it has been approved; None for that of the last time.
    An empty cart deletes the buyer's lines in an edit session, which the caller has asked the shopper about;
    in any other session it goes as *unchanged* (cxml.md §6). Raises NotReady when the cart may not go back,
    Conflict when the session was closed in another way. A cart that has already gone back gives the very
    same document again. What another window puts in the cart meanwhile either goes along or is refused there.
    """
    if here.session.state is SessionState.RETURNED:
        return again(world, here)
    shop.writable(here)
    for _ in range(_TRIES):
        try:
            return _frozen(world, here, shop.cart(world, here), wish)
        except ChangedMeanwhile as error:
            changed = error
    raise NotReady((Problem(text=changed.message, line_id="", title=""),))


def _frozen(world: World, here: Visit, whole: Cart, wish: Wish | None) -> Parcel:
    """The parcel of the cart as it was read; ChangedMeanwhile, and nothing is sent, when it is another."""
    cart, rest = budget.parted(here, whole)
    if not whole.lines and here.operation is not Operation.EDIT:
        world.shop.close_cart(cart.customer_number, cart.cart_id, cart.version)
        return cancel(world, here)
    if found := problems(world, cart, here.distribution) + remainder.problems(here, cart, rest):
        raise NotReady(found)
    division = divided.outlook(world, here, cart, wish).division
    returned = snapshot.of(world, here, cart, snapshot.tokens(world, here, cart), division)

    def closed() -> Remainder | None:
        waiting = remainder.kept(world, here, cart, rest)
        world.shop.close_cart(cart.customer_number, cart.cart_id, cart.version)
        return waiting

    return _sent(world, here, returned, SessionState.RETURNED, closed)


def cancel(world: World, here: Visit) -> Parcel:
    """The parcel that changes nothing at the buyer's: the shopper leaves without a cart (FLOW-6)."""
    if here.session.state is SessionState.CANCELLED:
        return again(world, here)
    if not here.open:
        shop.writable(here)
    return _sent(world, here, snapshot.unchanged(world, here), SessionState.CANCELLED)


def expire(world: World, here: Visit) -> Parcel:
    """The parcel that changes nothing at the buyer's: the session's time is over; its cart stays (CART-6)."""
    if here.session.state is SessionState.EXPIRED:
        return again(world, here)
    return _sent(world, here, snapshot.unchanged(world, here), SessionState.EXPIRED)


def again(world: World, here: Visit) -> Parcel:
    """The parcel that this session has already sent, byte for byte (design §4.6)."""
    with world.store.read() as tx:
        cart = carts.latest(tx, here.agreement.id, here.session.id)
        document = carts.document(tx, here.agreement.id, here.session.id)
    if cart is None or document is None:
        raise Conflict("nothing has been sent in this session; start again from the procurement system")
    return packed(here, cart, document)


@dataclass(frozen=True, slots=True, kw_only=True)
class Arrived:
    """The orders that have arrived of a cart, and what orders of the bookshop it was to become."""

    orders: tuple[StoredOrder, ...]
    division: Division


def ordered(world: World, here: Visit) -> Arrived | None:
    """What has arrived of the cart that this session sent; None while it may go again."""
    with world.store.read() as tx:
        cart = carts.latest(tx, here.agreement.id, here.session.id)
        if cart is None:
            return None
        keys = carts.order_keys(tx, here.agreement.id, [line.line_token for line in cart.lines])
        found = tuple(order for key in keys if (order := orders.newest(tx, here.agreement.id, key)))
    return Arrived(orders=found, division=cart.division) if found else None


def _nothing() -> None:
    """No lines wait."""


def _sent(
    world: World,
    here: Visit,
    cart: ReturnedCart,
    state: SessionState,
    close: Callable[[], Remainder | None] = _nothing,
) -> Parcel:
    """The parcel, once cart, document, state, journal and what waits are stored together.

    close
        Sets aside the lines that wait and closes the cart, once it is clear that the others can go.
    """
    document, findings = snapshot.document(world, here, cart)
    if found := refused(cart, findings):
        raise NotReady(found)
    document = _signed(world, here, document)
    rest = close()
    crashpoint("cart-parted")
    cart = rest.told(cart) if rest else cart
    with world.store.write() as tx:
        first = sessions.move(tx, here.session, state, world.now())
        if first:
            if rest:
                remainder.left_behind(world, tx, rest)
            carts.save(tx, here.agreement.id, here.session.id, cart, document, here.session.person_hash)
            crashpoint("cart-freeze")
            journal.write(tx, _entry(world, here, cart, document, findings))
    crashpoint("cart-return")
    return packed(here, cart, document) if first else _of_other_window(world, here, cart)


def _signed(world: World, here: Visit, document: bytes) -> bytes:
    """The document with our signature, where the agreement asks for it; a form carries none."""
    if here.session.setup.form_return is not None:
        return document
    with world.store.read() as tx:
        key = live_secrets.signing_key(tx, here.agreement, world.keyring)
    return sign(document, key.private_key, key.certificate) if key else document


def _of_other_window(world: World, here: Visit, cart: ReturnedCart) -> Parcel:
    """The parcel that another window sent meanwhile; Conflict where it closed the session the other way."""
    with world.store.read() as tx:
        sent = carts.latest(tx, here.agreement.id, here.session.id)
    if sent is None or sent.unchanged != cart.unchanged:
        raise Conflict("this session has been closed in another window; its cart can be sent again there")
    return again(world, here)


def _entry(
    world: World, here: Visit, cart: ReturnedCart, document: bytes, findings: tuple[Finding, ...]
) -> journal.Entry:
    what = "unchanged" if cart.unchanged else f"{len(cart.lines)} lines, {cart.total}"
    if cart.rest_titles:
        what += f"; {cart.rest_titles} titles wait under {cart.rest_reference}"
    return journal.Entry(
        at=world.now(),
        agreement_id=here.agreement.id,
        kind=_KINDS[here.session.setup.protocol],
        reference=here.session.reference,
        actor="shopper",
        summary=f"cart {cart.quote_id} sent back: {what}",
        findings=findings,
        document=document,
        session_id=here.session.id,
    )
