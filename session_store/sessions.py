"""Shoppers' sessions: offered to a buyer, begun by spending the start token, found by their handle."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, insert, or_, select, update

from protocols.model.session import NOBODY, TRANSITIONS, Deployment, SessionState, SetupRequest, Shopper
from session_store.prepared import Prepared
from session_store.tables import returned_cart, session

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, RowMapping

    from protocols.model.refill import Refill


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredSession:
    """One call-up and what became of it; FLOW-4.

    id
        UUID; never shown. ``reference`` is the short code for people.
    customer_number
        Empty until it is known for whom the shopper buys.
    start_expires_at
        Until when the start token may be spent.
    idle_until, absolute_until
        Whichever comes first ends the session.
    cookie_hash
        SHA-256 of the cookie that the session is bound to; None while it lives by its path alone.
    person_hash
        Keyed hash of whom the call-up named; None where it named nobody.
    continued_by
        The session that went on with this one's cart, which is closed since then (CART-6).
    named
        Who the shopper said she is, where the call-up named nobody: empty when she would not say, None before
        she was asked (PO-ID-6).
    """

    id: str
    agreement_id: str
    reference: str
    setup: SetupRequest
    deployment: Deployment
    customer_number: str
    cart_id: str
    payload_id: str
    created_at: datetime
    start_expires_at: datetime
    idle_until: datetime
    absolute_until: datetime
    state: SessionState = SessionState.OFFERED
    start_used_at: datetime | None = None
    cookie_hash: bytes | None = None
    person_hash: bytes | None = None
    continued_by: str | None = None
    named: Shopper | None = None

    @property
    def shopper(self) -> Shopper:
        """Who shops: whom the call-up named, else who she said she is; empty where nobody is known."""
        return self.setup.shopper if self.setup.shopper != NOBODY else self.named or NOBODY


_COLUMNS = [session.c[field.name] for field in fields(StoredSession)]
_MINE = and_(session.c.agreement_id == bindparam("scope"), session.c.id == bindparam("of"))

_OFFER = Prepared(insert(session))
_SPEND = (
    update(session)
    .where(
        session.c.start_hash == bindparam("start"),
        session.c.start_used_at.is_(None),
        session.c.start_expires_at > bindparam("now"),
        session.c.state == SessionState.OFFERED,
    )
    .returning(*_COLUMNS)
    .execution_options(across="start-token look-up")
)
_BY_START = (
    select(*_COLUMNS)
    .where(session.c.start_hash == bindparam("start"))
    .execution_options(across="start-token look-up")
)
_BY_HANDLE = (
    select(*_COLUMNS)
    .where(session.c.handle_hash == bindparam("handle"))
    .execution_options(across="handle look-up")
)
_FIND = select(*_COLUMNS).where(
    session.c.agreement_id == bindparam("scope"), session.c.reference == bindparam("wanted")
)
_OF_QUOTE = (
    select(*_COLUMNS)
    .join_from(session, returned_cart, returned_cart.c.session_id == session.c.id)
    .where(
        session.c.agreement_id == bindparam("scope"),
        returned_cart.c.agreement_id == bindparam("scope"),
        returned_cart.c.quote_id == bindparam("quote"),
    )
)
_REFILL = select(session.c.refill).where(_MINE)
_LEFT = and_(
    session.c.agreement_id == bindparam("scope"),
    session.c.start_used_at.is_not(None),
    session.c.state.in_([SessionState.SHOPPING, SessionState.EXPIRED]),
    session.c.continued_by.is_(None),
    or_(
        session.c.state == SessionState.EXPIRED,
        session.c.idle_until <= bindparam("now"),
        session.c.absolute_until <= bindparam("now"),
    ),
)
_UNFINISHED = (
    select(*_COLUMNS)
    .where(_LEFT, session.c.person_hash.in_(bindparam("persons", expanding=True)))
    .order_by(session.c.created_at.desc(), session.c.id)
    .limit(bindparam("most"))
)
_OTHER_CARTS = (
    select(session.c.cart_id)
    .where(
        session.c.agreement_id == bindparam("scope"),
        session.c.person_hash.in_(bindparam("persons", expanding=True)),
        session.c.start_used_at.is_not(None),
        session.c.state.in_([SessionState.SHOPPING, SessionState.EXPIRED]),
        session.c.continued_by.is_(None),
        session.c.customer_number == bindparam("customer"),
        session.c.deployment == bindparam("earnest"),
        session.c.cart_id != bindparam("this"),
    )
    .order_by(session.c.created_at.desc(), session.c.id)
    .limit(bindparam("most"))
)
_UNFINISHED_ONE = select(*_COLUMNS).where(_LEFT, session.c.reference == bindparam("wanted"))
_HAND_OVER = update(session).where(_LEFT, session.c.id == bindparam("of"))
_CHANGE = update(session).where(_MINE)
_TOUCH = update(session).where(_MINE, session.c.continued_by.is_(None))
_BIND = update(session).where(_MINE, session.c.cookie_hash.is_(None))
_MOVE = update(session).where(_MINE, session.c.state == bindparam("before"))


def offer(tx: Connection, offered: StoredSession, start_hash: bytes, refill: Refill | None = None) -> None:
    """Nothing: the session waits for its start token, of which only the SHA-256 is kept.

    refill
        What an edit or inspect session opens with; kept beside the session and read only when asked for.
    """
    row = {field.name: getattr(offered, field.name) for field in fields(offered)}
    _OFFER.run(tx, row | {"start_hash": start_hash, "refill": refill})


def refill(tx: Connection, of: StoredSession) -> Refill | None:
    """What the session opens with; None where it begins with an empty cart."""
    found: Refill | None = tx.execute(_REFILL, _key(of)).scalar_one_or_none()
    return found


def spend(
    tx: Connection,
    start_hash: bytes,
    handle_hash: bytes,
    *,
    now: datetime,
    idle_until: datetime,
    absolute_until: datetime,
) -> StoredSession | None:
    """The session, begun under its handle; None when the token is unknown, spent or expired (T-B1).

    One statement decides, so of any number of callers exactly one gets the session.
    """
    limits = {"idle_until": idle_until, "absolute_until": absolute_until}
    began = {
        "start_used_at": now,
        "moved_at": now,
        "handle_hash": handle_hash,
        "state": SessionState.SHOPPING,
    }
    return _stored(
        tx.execute(_SPEND, {"start": start_hash, "now": now, **began, **limits}).mappings().first()
    )


def by_start(tx: Connection, start_hash: bytes) -> StoredSession | None:
    """The session that this token was made for, spent or not, to explain itself to a late visitor."""
    return _stored(tx.execute(_BY_START, {"start": start_hash}).mappings().first())


def by_handle(tx: Connection, handle_hash: bytes) -> StoredSession | None:
    """The session whose pages lie under this handle, in whatever state it is."""
    return _stored(tx.execute(_BY_HANDLE, {"handle": handle_hash}).mappings().first())


def find(tx: Connection, agreement_id: str, reference: str) -> StoredSession | None:
    """The agreement's session with this reference code."""
    return _stored(tx.execute(_FIND, {"scope": agreement_id, "wanted": reference}).mappings().first())


def of_quote(tx: Connection, agreement_id: str, quote_id: str) -> StoredSession | None:
    """The session that returned the agreement's cart of this quote id; None when its 30 days are over."""
    return _stored(tx.execute(_OF_QUOTE, {"scope": agreement_id, "quote": quote_id}).mappings().first())


def unfinished(
    tx: Connection, agreement_id: str, persons: Iterable[bytes], now: datetime, *, most: int
) -> tuple[StoredSession, ...]:
    """Sessions of the person that ended without a return, newest first; none that is in use (CART-6)."""
    key = {"scope": agreement_id, "persons": list(persons), "now": now, "most": most}
    rows = tx.execute(_UNFINISHED, key).mappings()
    return tuple(found for row in rows if (found := _stored(row)))


def other_carts(tx: Connection, of: StoredSession, persons: Iterable[bytes], *, most: int) -> tuple[str, ...]:
    """Ids of the person's carts for the same library that have not gone back, this one's apart (CART-8)."""
    key = {"scope": of.agreement_id, "persons": list(persons), "most": most}
    alike = {"customer": of.customer_number, "earnest": of.deployment, "this": of.cart_id}
    return tuple(tx.execute(_OTHER_CARTS, key | alike).scalars())


def unfinished_one(tx: Connection, agreement_id: str, reference: str, now: datetime) -> StoredSession | None:
    """The session with this reference code, if it ended without a return and nobody goes on with it."""
    key = {"scope": agreement_id, "wanted": reference, "now": now}
    return _stored(tx.execute(_UNFINISHED_ONE, key).mappings().first())


def hand_over(tx: Connection, left: StoredSession, to: StoredSession, now: datetime) -> bool:
    """Whether the cart of the session that was left is now the other one's; False when it is in use.

    Of any number of sessions that want the same cart, one gets it.
    """
    taken = {"scope": left.agreement_id, "of": left.id, "now": now, "continued_by": to.id}
    if tx.execute(_HAND_OVER, taken).rowcount != 1:
        return False
    _change(tx, to, cart_id=left.cart_id)
    return True


def touch(tx: Connection, of: StoredSession, idle_until: datetime) -> bool:
    """Whether the session stays open until then; False when another one has gone on with its cart."""
    return tx.execute(_TOUCH, {**_key(of), "idle_until": idle_until}).rowcount == 1


def bind(
    tx: Connection, of: StoredSession, cookie_hash: bytes, idle_until: datetime, absolute_until: datetime
) -> bool:
    """Whether the session is now bound to this cookie; False when another one was faster."""
    values = {"cookie_hash": cookie_hash, "idle_until": idle_until, "absolute_until": absolute_until}
    return tx.execute(_BIND, {**_key(of), **values}).rowcount == 1


def rebind(tx: Connection, of: StoredSession, cookie_hash: bytes, idle_until: datetime) -> None:
    """Nothing: the session is bound to this cookie from now on, whatever it was bound to before."""
    _change(tx, of, cookie_hash=cookie_hash, idle_until=idle_until)


def choose_customer(tx: Connection, of: StoredSession, customer_number: str) -> None:
    """Nothing: the session shops for this customer; the caller has checked that it may (PO-ID-3)."""
    _change(tx, of, customer_number=customer_number)


def name(tx: Connection, of: StoredSession, shopper: Shopper) -> None:
    """Nothing: the shopper has been asked, and said this."""
    _change(tx, of, named=shopper)


def move(tx: Connection, of: StoredSession, state: SessionState, now: datetime) -> bool:
    """Whether the session is now in this state; False when its life allows no such step (FLOW-4)."""
    if state not in TRANSITIONS[of.state]:
        return False
    step = {"before": of.state, "state": state, "moved_at": now}
    return tx.execute(_MOVE, {**_key(of), **step}).rowcount == 1


def _change(tx: Connection, of: StoredSession, **values: Any) -> None:  # noqa: ANN401 - columns of any type
    tx.execute(_CHANGE, {**_key(of), **values})


def _key(of: StoredSession) -> dict[str, str]:
    return {"scope": of.agreement_id, "of": of.id}


def _stored(row: RowMapping | None) -> StoredSession | None:
    if row is None:
        return None
    state, deployment = SessionState(row["state"]), Deployment(row["deployment"])
    return StoredSession(**{**row, "state": state, "deployment": deployment})
