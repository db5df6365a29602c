"""A call-up becomes an offered session, and the StartPage becomes a shopper's session, once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from protocols import dialects
from protocols.model.party import extrinsic
from protocols.model.session import SessionState
from punchout.fingerprint import fingerprint
from punchout.roundtrip import person, return_url
from session_store import sessions
from session_store.crashpoints import crashpoint

if TYPE_CHECKING:
    from datetime import datetime

    from protocols.model.agreement import Agreement
    from protocols.model.refill import Refill
    from protocols.model.session import Deployment, SetupRequest
    from punchout.roundtrip.world import World
    from session_store.database import Transaction
    from session_store.sessions import StoredSession

START_PAGE_LIVES = timedelta(minutes=5)
BOUND_IDLE, BOUND_WHOLE = timedelta(minutes=30), timedelta(hours=8)
UNBOUND_IDLE, UNBOUND_WHOLE = timedelta(minutes=15), timedelta(hours=2)
"""How long a session lives with and without a cookie that came back (security §5)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupReply:
    """The StartPage that the buyer shows to its shopper, and the reference people can ask about."""

    start_url: str
    reference: str


def checked(world: World, agreement: Agreement, setup: SetupRequest) -> SetupRequest:
    """The request with a return address that may be used; Malformed where there is none."""
    url = return_url.checked(setup.return_url, agreement, loopback=world.loopback)
    return replace(setup, return_url=url)


def offer(
    world: World,
    tx: Transaction,
    agreement: Agreement,
    setup: SetupRequest,
    payload_id: str,
    deployment: Deployment,
    refill: Refill | None = None,
) -> SetupReply:
    """The StartPage of a new session, written in the caller's transaction; nobody has opened it yet.

    refill
        What an edit or inspect opens with (``reopen``); the lines themselves are then not kept twice.
    """
    token, now = world.new_secret(), world.now()
    named = person.fingerprints(world.keyring, agreement.id, setup)
    session = sessions.StoredSession(
        id=world.new_id(),
        agreement_id=agreement.id,
        reference=world.new_reference(),
        setup=replace(setup, items=()),
        deployment=deployment,
        customer_number=refill.customer_number if refill else customer_of(agreement, setup),
        cart_id=world.new_id(),
        payload_id=payload_id,
        state=SessionState.OFFERED,
        created_at=now,
        start_expires_at=now + START_PAGE_LIVES,
        idle_until=now + UNBOUND_IDLE,
        absolute_until=now + UNBOUND_WHOLE,
        person_hash=named[0] if named else None,
    )
    sessions.offer(tx, session, fingerprint(token), refill)
    return SetupReply(start_url=f"{world.public_base_url}/start/{token}", reference=session.reference)


def customer_of(agreement: Agreement, setup: SetupRequest) -> str:
    """The customer number that the call-up names, or empty when the shopper has to choose (PO-ID-3)."""
    code = extrinsic(setup.extrinsics, *dialects.agreed(agreement).library_extrinsics)
    if code in agreement.org_codes:
        return agreement.org_codes[code]
    if agreement.default_customer:
        return agreement.default_customer
    return agreement.customers[0] if len(agreement.customers) == 1 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """A StartPage that has just been spent: the new handle, seen once and kept only as a hash."""

    handle: str
    session: StoredSession


def enter(world: World, token: str) -> Entered | None:
    """The shopper's session behind an unspent, unexpired StartPage; None when there is none (T-B1)."""
    handle, now = world.new_secret(), world.now()
    with world.store.write() as tx:
        session = sessions.spend(
            tx,
            fingerprint(token),
            fingerprint(handle),
            now=now,
            idle_until=now + UNBOUND_IDLE,
            absolute_until=now + UNBOUND_WHOLE,
        )
        crashpoint("token-spend")
    return Entered(handle=handle, session=session) if session else None


def spent(world: World, token: str) -> StoredSession | None:
    """The session that a StartPage belonged to, to explain why it does not open; None for a foreign token."""
    with world.store.read() as tx:
        return sessions.by_start(tx, fingerprint(token))


def opened(world: World, handle: str) -> StoredSession | None:
    """The session that goes by this handle, in whatever state it is."""
    with world.store.read() as tx:
        return sessions.by_handle(tx, fingerprint(handle))


def alive(session: StoredSession, now: datetime) -> bool:
    """Whether the session may still be used: in its time, and no other one has gone on with its cart."""
    ended = session.state is SessionState.EXPIRED or session.continued_by is not None
    return not ended and now < min(session.idle_until, session.absolute_until)
