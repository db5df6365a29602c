"""A shopper's visit: the session behind a handle, with its agreement, customer and cart."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from catalog_bridge.bookshop import NotFound
from catalog_bridge.rules import delivery
from protocols.errors import Conflict, Forbidden
from protocols.model.party import extrinsic
from protocols.model.session import NOBODY, Operation, SessionState, Shopper
from punchout.fingerprint import fingerprint
from punchout.roundtrip import start
from session_store import agreements, journal, orders, sessions

if TYPE_CHECKING:
    from protocols.model.agreement import Agreement
    from protocols.model.cart import Cart
    from protocols.model.customer import Customer
    from protocols.model.refill import Refill
    from punchout.roundtrip.world import World
    from session_store.orders import StoredOrder
    from session_store.sessions import StoredSession

_TOUCH_EVERY = timedelta(minutes=1)


class SessionGone(Exception):
    """The handle opens nothing (any more); ``session`` tells why when it once did."""

    def __init__(self, session: StoredSession | None = None) -> None:
        """Keep the session for the explanation."""
        super().__init__("session gone")
        self.session = session


class CookieMissing(Exception):
    """A bound session was asked for without its cookie: another browser, or another frame (security §5)."""

    def __init__(self, session: StoredSession, *, may_continue: bool) -> None:
        """Say whether the shopper may bind it anew."""
        super().__init__("cookie missing")
        self.session = session
        self.may_continue = may_continue


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What a page needs to know; the cart itself is asked of the bookshop when a page shows it."""

    session: StoredSession
    agreement: Agreement

    @property
    def operation(self) -> Operation:
        """What the buyer opened the shop for."""
        return self.session.setup.operation

    @property
    def open(self) -> bool:
        """Whether nothing has gone back yet (FLOW-4)."""
        return self.session.state is SessionState.SHOPPING

    @property
    def writable(self) -> bool:
        """Whether the cart may still change; never in an inspect session (FLOW-5)."""
        return self.open and self.operation is not Operation.INSPECT

    @property
    def service_lines(self) -> str:
        """per_title or per_order: the agreement's word, else what its protocol has room for (SVC-4)."""
        return self.agreement.policy.services_as(self.session.setup.protocol)

    @property
    def distribution(self) -> str:
        """off, optional or required: the agreement decides in punchout (DIST-7)."""
        return self.agreement.policy.distribution


def visit(world: World, handle: str, cookie: bytes | None) -> Visit:
    """The visit behind a handle, kept alive by this request.

    cookie
        Fingerprint of the binding cookie that came with the request, None when none did. The first one that
        comes back binds the session.
    Raises SessionGone, and CookieMissing when a bound session is asked for without its cookie.
    """
    now = world.now()
    with world.store.read() as tx:
        session = sessions.by_handle(tx, fingerprint(handle))
        if session is None or not start.alive(session, now):
            raise SessionGone(session)
        agreement = agreements.load(tx, session.agreement_id)
    if agreement is None or not agreement.enabled:
        raise SessionGone(session)
    _check_cookie(session, agreement, cookie)
    return Visit(session=_kept_alive(world, session, cookie), agreement=agreement)


def ended(world: World, handle: str, cookie: bytes | None) -> Visit:
    """The visit of a session whose time is over and whose cart has not gone back, for its own browser.

    SessionGone for any other: what such a session may still do is go back to the buyer *unchanged* (FLOW-6).
    """
    with world.store.read() as tx:
        session = sessions.by_handle(tx, fingerprint(handle))
        agreement = agreements.load(tx, session.agreement_id) if session else None
    if session is None or agreement is None or not agreement.enabled:
        raise SessionGone(session)
    own = session.cookie_hash in {None, cookie}
    left = session.state in {SessionState.SHOPPING, SessionState.EXPIRED}
    if not (own and left) or start.alive(session, world.now()):
        raise SessionGone(session)
    return Visit(session=session, agreement=agreement)


def _check_cookie(session: StoredSession, agreement: Agreement, cookie: bytes | None) -> None:
    if session.cookie_hash is not None and session.cookie_hash != cookie:
        raise CookieMissing(session, may_continue=agreement.policy.cookie_binding == "preferred")


def _kept_alive(world: World, session: StoredSession, cookie: bytes | None) -> StoredSession:
    now = world.now()
    if session.cookie_hash is None and cookie is not None:
        return bind(world, session, cookie)
    idle = start.BOUND_IDLE if session.cookie_hash else start.UNBOUND_IDLE
    if now + idle - session.idle_until < _TOUCH_EVERY:
        return session
    with world.store.write() as tx:
        kept = sessions.touch(tx, session, now + idle)
    if not kept:
        raise SessionGone(session)
    return replace(session, idle_until=now + idle)


def bind(world: World, session: StoredSession, cookie: bytes) -> StoredSession:
    """The session bound to the browser that sent this cookie, with the longer times of a bound one."""
    now = world.now()
    idle, whole = now + start.BOUND_IDLE, session.created_at + start.BOUND_WHOLE
    with world.store.write() as tx:
        sessions.bind(tx, session, cookie, idle_until=idle, absolute_until=whole)
    return replace(session, cookie_hash=cookie, idle_until=idle, absolute_until=whole)


def rebind(world: World, session: StoredSession, cookie: bytes) -> StoredSession:
    """The session bound to another browser or frame: the shopper asked for it on the page that explains."""
    idle = world.now() + start.BOUND_IDLE
    with world.store.write() as tx:
        sessions.rebind(tx, session, cookie, idle_until=idle)
        journal.write(tx, _rebound(world, session))
    return replace(session, cookie_hash=cookie, idle_until=idle)


def _rebound(world: World, session: StoredSession) -> journal.Entry:
    return journal.Entry(
        at=world.now(),
        agreement_id=session.agreement_id,
        kind="session.rebound",
        reference=session.reference,
        session_id=session.id,
        actor="shopper",
        summary="the session went on in another browser or frame",
    )


def customer(world: World, here: Visit) -> Customer:
    """The customer whose prices, addresses and register this session sees (PO-ID-5)."""
    return world.shop.customer(here.session.customer_number)


def choose_customer(world: World, here: Visit, number: str) -> Visit:
    """The visit that shops for this customer; Forbidden outside the agreement's list (PO-ID-3)."""
    writable(here)
    if number not in here.agreement.customers:
        raise Forbidden("this library is not part of the agreement; choose one of the list", where="customer")
    with world.store.write() as tx:
        sessions.choose_customer(tx, here.session, number)
    return replace(here, session=replace(here.session, customer_number=number))


def cart(world: World, here: Visit) -> Cart:
    """The session's own cart, made when it is first asked for; every later look only reads.

    An edit or inspect begins with the lines that its call-up settled, in a cart of its own: the one that
    went back stays as it was, and two edits of it do not meet. An inspect shows the prices that went back.
    """
    number, cart_id = here.session.customer_number, here.session.cart_id
    try:
        found = world.shop.cart(number, cart_id)
    except NotFound:
        found = _begun(world, here)
    return _as_returned(world, here, found) if here.operation is Operation.INSPECT else found


def _begun(world: World, here: Visit) -> Cart:
    number, cart_id, again = here.session.customer_number, here.session.cart_id, refill(world, here)
    if again is None:
        return _addressed(world, here, world.shop.open_cart(number, cart_id))
    lines = tuple(entry.line for entry in again.lines)
    return world.shop.fill_cart(number, cart_id, lines, again.order_name, again.delivery_address_id)


def refill(world: World, here: Visit) -> Refill | None:
    """What the session opened with; None for one that began with an empty cart."""
    if here.operation not in {Operation.EDIT, Operation.INSPECT}:
        return None
    with world.store.read() as tx:
        return sessions.refill(tx, here.session)


def earlier_orders(world: World, here: Visit, again: Refill) -> dict[str, StoredOrder]:
    """Order key → order, of those that took the shopper's own lines before this session (PO-ID-5)."""
    keys = {entry.order_key for entry in again.lines if entry.order_key}
    with world.store.read() as tx:
        found = {key: orders.newest(tx, here.agreement.id, key) for key in keys}
    return {key: order for key, order in found.items() if order}


def _as_returned(world: World, here: Visit, found: Cart) -> Cart:
    again = refill(world, here)
    prices = {entry.line.line_id: entry.unit_price for entry in again.lines} if again else {}
    lines = (replace(line, unit_price=prices.get(line.line_id, line.unit_price)) for line in found.lines)
    return replace(found, lines=tuple(lines))


def _addressed(world: World, here: Visit, opened: Cart) -> Cart:
    """A new cart, going where the call-up's ShipTo says, as far as the agreement maps it (CHK-7)."""
    found = delivery.destination(
        here.session.setup.ship_to, customer(world, here).addresses, here.agreement.addresses
    )
    if not found.address_id:
        return opened
    return world.shop.set_details(opened.customer_number, opened.cart_id, opened.order_name, found.address_id)


def asks_who(here: Visit) -> bool:
    """Whether the shopper is still to be asked who she is: several people use one login (PO-ID-6)."""
    setup = here.session.setup
    named = setup.shopper != NOBODY or extrinsic(setup.extrinsics, "FirstName", "LastName")
    return here.writable and not named and here.session.named is None


def say_who(world: World, here: Visit, who: Shopper) -> Visit:
    """The visit of this person, or of nobody where she would not say; Conflict where it is settled."""
    writable(here)
    if not asks_who(here):
        raise Conflict("It is known already who shops in this session.", where="name")
    with world.store.write() as tx:
        sessions.name(tx, here.session, who)
    return replace(here, session=replace(here.session, named=who))


def agreement_of(world: World, session: StoredSession) -> Agreement | None:
    """The agreement that a session belongs to, to explain itself when there is no visit."""
    with world.store.read() as tx:
        return agreements.load(tx, session.agreement_id)


def writable(here: Visit) -> None:
    """Nothing, or Conflict when the cart has gone back, or is only shown (FLOW-4, FLOW-5)."""
    if not here.open:
        raise Conflict(
            "the cart has been sent back and is closed; start again from the procurement system",
            where="cart",
        )
    if not here.writable:
        raise Conflict("the cart is only shown here; nothing in it can be changed", where="cart")


def shopper(here: Visit) -> Shopper:
    """Who shops, as far as the buyer told, else a plain word for it (PO-ID-2)."""
    setup, known = here.session.setup, here.session.shopper
    first_last = " ".join(
        part
        for part in (extrinsic(setup.extrinsics, "FirstName"), extrinsic(setup.extrinsics, "LastName"))
        if part
    )
    name = known.name or first_last or f"innkjøper ({here.agreement.name})"
    return replace(known, name=name)
