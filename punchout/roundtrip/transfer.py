"""The cart goes back: checked, frozen with every copy, and handed to the browser for the buyer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from catalog_bridge.rules import distribution, pricing
from protocols import dialects
from protocols.cxml import cart as cxml_cart
from protocols.cxml.envelope import Route
from protocols.cxml.keeping import keeps
from protocols.cxml.signing import sign
from protocols.errors import Conflict
from protocols.model.cart import ReturnedCart, ReturnedLine
from protocols.model.customer import DistributionUse
from protocols.model.finding import Severity
from protocols.model.session import Operation, SessionState
from punchout.roundtrip import shop
from punchout.roundtrip.letter import stamp
from session_store import carts, journal, live_secrets, orders, sessions
from session_store.crashpoints import crashpoint

if TYPE_CHECKING:
    from datetime import datetime

    from protocols.model.agreement import Agreement
    from protocols.model.cart import Cart, CartLine
    from protocols.model.finding import Finding
    from punchout.roundtrip.shop import Visit
    from punchout.roundtrip.world import World
    from session_store.orders import StoredOrder

USER_AGENT = "PunchOut gateway"
_CODE_LENGTH = 20
_WOULD_BE_REFUSED = "The procurement system would refuse this line: take it out of the cart."


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """Something that keeps the cart from going back, and the line it stands at.

    text
        The bookshop's sentence, a message id that pages translate.
    """

    text: str
    line_id: str
    title: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What the transfer page posts: one hidden field to one address.

    findings
        What the buyer's system does not take as it stands, with the line named (design §4.6).
    """

    action: str
    field: str
    value: str
    cart: ReturnedCart
    findings: tuple[Finding, ...] = ()


class NotReady(Exception):
    """The cart may not go back yet; nothing was frozen."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Keep the list for the page."""
        super().__init__("; ".join(problem.text for problem in problems))
        self.problems = problems


def problems(world: World, here: Visit, cart: Cart) -> tuple[Problem, ...]:
    """What keeps this cart from going back; empty when it is ready (CART-5, DIST-6, DIST-7)."""
    use = DistributionUse(here.distribution)
    register = world.shop.register(cart.customer_number)
    judged = [
        (line, line.problem or distribution.undistributed(line.copies, register, use)) for line in cart.lines
    ]
    return tuple(
        Problem(text=text, line_id=line.line_id, title=line.product.title) for line, text in judged if text
    )


def refused(cart: ReturnedCart, findings: tuple[Finding, ...]) -> tuple[Problem, ...]:
    """The lines that the buyer's system would turn away: an id that it cannot hold is never cut."""
    errors = [finding.where for finding in findings if finding.severity is Severity.ERROR]
    return tuple(
        Problem(text=_WOULD_BE_REFUSED, line_id=line.line_id, title=line.short_name)
        for line in cart.lines
        if any(f"ItemIn[{line.number}]" in where for where in errors)
    )


def preview(world: World, here: Visit) -> tuple[ReturnedCart, tuple[Finding, ...]]:
    """The cart as it would go back now and what the buyer's system does not keep of it; nothing is stored."""
    cart = shop.cart(world, here)
    placeholders = {line.line_id: "0" * _CODE_LENGTH for line in cart.lines}
    returned = _returned(world, here, cart, placeholders)
    _, findings = _document(world, here, returned)
    return returned, findings


def freeze(world: World, here: Visit) -> Parcel:
    """The parcel of this cart; the session is closed for writing, and the cart can be sent again.

    An empty cart deletes the buyer's lines in an edit session, which the caller has asked the shopper about;
    in any other session it goes as *unchanged* (cxml.md §6). Raises NotReady when the cart may not go back,
    Conflict when the session was closed in another way. A cart that has already gone back gives the very
    same document again.
    """
    if here.session.state is SessionState.RETURNED:
        return again(world, here)
    shop.writable(here)
    cart = shop.cart(world, here)
    if not cart.lines and here.operation is not Operation.EDIT:
        return cancel(world, here)
    if found := problems(world, here, cart):
        raise NotReady(found)
    returned = _returned(world, here, cart, _tokens(world, here, cart))
    return _sent(world, here, returned, SessionState.RETURNED)


def cancel(world: World, here: Visit) -> Parcel:
    """The parcel that changes nothing at the buyer's: the shopper leaves without a cart (FLOW-6)."""
    if here.session.state is SessionState.CANCELLED:
        return again(world, here)
    if not here.open:
        shop.writable(here)
    return _sent(world, here, _unchanged(world, here), SessionState.CANCELLED)


def expire(world: World, here: Visit) -> Parcel:
    """The parcel that changes nothing at the buyer's: the session's time is over; its cart stays (CART-6)."""
    if here.session.state is SessionState.EXPIRED:
        return again(world, here)
    return _sent(world, here, _unchanged(world, here), SessionState.EXPIRED)


def _unchanged(world: World, here: Visit) -> ReturnedCart:
    now = world.now()
    return ReturnedCart(
        quote_id=f"PS-{world.new_code(_CODE_LENGTH)}",
        customer_number=here.session.customer_number,
        cart_id=here.session.cart_id,
        frozen_at=now,
        valid_until=now,
        operation_allowed=here.agreement.policy.operation_allowed,
        unchanged=True,
    )


def again(world: World, here: Visit) -> Parcel:
    """The parcel that this session has already sent, byte for byte (design §4.6)."""
    with world.store.read() as tx:
        cart = carts.latest(tx, here.agreement.id, here.session.id)
        document = carts.document(tx, here.agreement.id, here.session.id)
    if cart is None or document is None:
        raise Conflict("nothing has been sent in this session; start again from the procurement system")
    return _parcel(here, cart, document, ())


def ordered(world: World, here: Visit) -> tuple[StoredOrder, ...]:
    """The orders that have arrived of the cart that this session sent; without any, it may go again."""
    with world.store.read() as tx:
        cart = carts.latest(tx, here.agreement.id, here.session.id)
        tokens = [line.line_token for line in cart.lines] if cart else []
        keys = carts.order_keys(tx, here.agreement.id, tokens)
        found = [orders.newest(tx, here.agreement.id, key) for key in keys]
    return tuple(order for order in found if order)


def _tokens(world: World, here: Visit, cart: Cart) -> dict[str, str]:
    """The line token of each line, made the first time and kept for ever, through edits too (design §4.3)."""
    again = shop.refill(world, here)
    kept = {entry.line.line_id: entry.line_token for entry in again.lines} if again else {}
    new = [line.line_id for line in cart.lines if not kept.get(line.line_id)]
    with world.store.write() as tx:
        made = carts.line_tokens(
            tx, here.agreement.id, cart.cart_id, new, lambda: world.new_code(_CODE_LENGTH)
        )
    return kept | made


def _returned(world: World, here: Visit, cart: Cart, tokens: dict[str, str]) -> ReturnedCart:
    now = world.now()
    lines = tuple(
        _returned_line(number, line, tokens[line.line_id]) for number, line in enumerate(cart.lines, start=1)
    )
    return ReturnedCart(
        quote_id=f"PS-{world.new_code(_CODE_LENGTH)}",
        customer_number=cart.customer_number,
        cart_id=cart.cart_id,
        frozen_at=now,
        valid_until=_valid_until(now, here.agreement),
        operation_allowed=here.agreement.policy.operation_allowed,
        order_name=cart.order_name,
        delivery_address_id=cart.delivery_address_id,
        currency=cart.currency,
        lines=lines,
        tax=pricing.tax([(line.tax_rate, line.line_total) for line in lines], cart.currency),
    )


def _valid_until(now: datetime, agreement: Agreement) -> datetime:
    return now + timedelta(days=agreement.policy.offer_valid_days)


def _returned_line(number: int, line: CartLine, token: str) -> ReturnedLine:
    product = line.product
    by = f" / {product.by}" if product.by else ""
    return ReturnedLine(
        number=number,
        line_token=token,
        line_id=line.line_id,
        product_id=product.product_id,
        description=f"{product.title}{by}",
        short_name=product.title,
        publisher=product.publisher,
        quantity=line.quantity,
        unit_price=line.unit_price,
        tax_rate=product.tax_rate,
        copies=line.copies,
        note=line.note,
        kind=line.kind,
    )


def _sent(world: World, here: Visit, cart: ReturnedCart, state: SessionState) -> Parcel:
    """The parcel, once cart, document, state and journal are stored together."""
    document, findings = _document(world, here, cart)
    if found := refused(cart, findings):
        raise NotReady(found)
    document = _signed(world, here, document)
    with world.store.write() as tx:
        first = sessions.move(tx, here.session, state, world.now())
        if first:
            carts.save(tx, here.agreement.id, here.session.id, cart, document, here.session.person_hash)
            crashpoint("cart-freeze")
            journal.write(tx, _entry(world, here, cart, document, findings))
    crashpoint("cart-return")
    return _parcel(here, cart, document, findings) if first else _of_other_window(world, here, cart)


def _signed(world: World, here: Visit, document: bytes) -> bytes:
    """The document with our signature, where the agreement asks for it."""
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


def _document(world: World, here: Visit, cart: ReturnedCart) -> tuple[bytes, tuple[Finding, ...]]:
    setup = here.session.setup
    route = Route(from_=setup.supplier, to=setup.buyer, sender=setup.supplier, user_agent=USER_AGENT)
    dialect = dialects.agreed(here.agreement)
    document, changed = cxml_cart.build(
        cart, setup.buyer_cookie, route, stamp(world), dialect, here.session.deployment
    )
    return document, changed + keeps(cart, dialect)


def _parcel(here: Visit, cart: ReturnedCart, document: bytes, findings: tuple[Finding, ...]) -> Parcel:
    field, value = cxml_cart.form_field(document, dialects.agreed(here.agreement))
    return Parcel(
        action=here.session.setup.return_url, field=field, value=value, cart=cart, findings=findings
    )


def _entry(
    world: World, here: Visit, cart: ReturnedCart, document: bytes, findings: tuple[Finding, ...]
) -> journal.Entry:
    what = "unchanged" if cart.unchanged else f"{len(cart.lines)} lines, {cart.total}"
    return journal.Entry(
        at=world.now(),
        agreement_id=here.agreement.id,
        kind="PunchOutOrderMessage",
        reference=here.session.reference,
        actor="shopper",
        summary=f"cart {cart.quote_id} sent back: {what}",
        findings=findings,
        document=document,
        session_id=here.session.id,
    )
