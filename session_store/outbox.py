"""What has been promised and must still be done: tried until it is done or dead (security §11).

A row is added in the transaction that makes the promise. A worker leases rows, acts outside any transaction,
and writes the outcome, which counts only while the lease is its own. Rows of one ordering key go one after
another; a dead one holds back those behind it until a person has decided.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import timedelta
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, exists, func, insert, or_, select, update

from session_store.columns import UtcTime
from session_store.tables import outbox, outbox_attempt

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection

SHOPS_OWN = "-"
"""The scope of what belongs to no agreement, such as mail to direct users; none can be called that."""

GIVE_UP_AFTER = timedelta(hours=72)
_FIRST_PAUSE = timedelta(seconds=15)
_LONGEST_PAUSE = timedelta(hours=2)
_NO_LEASE = {"lease_owner": None, "lease_until": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One thing to do.

    id
        UUID, and the idempotency key of every attempt for ever.
    kind
        What to do, e.g. ``place_order``; ``payload`` says with what, as JSON.
    ordering_key
        Deliveries that share it, inside the agreement, are done one after another as they were put.
    attempts
        How many have begun, the leased one included.
    """

    id: str
    agreement_id: str
    kind: str
    ordering_key: str
    payload: str
    due_at: datetime
    created_at: datetime
    attempts: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Depth:
    """How much waits, for how long the oldest has, and how many are dead."""

    waiting: int
    oldest_seconds: float
    dead: int


_COLUMNS = [outbox.c[field.name] for field in fields(Delivery)]
_EARLIER = outbox.alias("earlier")
_WAITING = outbox.c.state == "waiting"
_DEAD = outbox.c.state == "dead"

_PUT = insert(outbox)
_DUE = (
    select(*_COLUMNS)
    .where(
        _WAITING,
        outbox.c.due_at <= bindparam("now"),
        or_(outbox.c.lease_until.is_(None), outbox.c.lease_until <= bindparam("now")),
        ~exists().where(
            _EARLIER.c.agreement_id == outbox.c.agreement_id,
            _EARLIER.c.ordering_key == outbox.c.ordering_key,
            _EARLIER.c.position < outbox.c.position,
            _EARLIER.c.state != "sent",
        ),
    )
    .order_by(outbox.c.due_at, outbox.c.position)
    .limit(bindparam("most"))
    .with_for_update(skip_locked=True)  # left out by SQLite, whose writers come one at a time
    .execution_options(across="outbox lease")
)
_MINE = (outbox.c.agreement_id == bindparam("scope"), outbox.c.id == bindparam("of"))
_LEASE = update(outbox).where(*_MINE)
_OUTCOME = update(outbox).where(
    *_MINE,
    _WAITING,
    outbox.c.lease_owner == bindparam("leased_by"),
    outbox.c.attempts == bindparam("attempt"),
)
_RELEASE = (
    update(outbox)
    .where(outbox.c.lease_owner == bindparam("leased_by"))
    .execution_options(across="outbox lease")
)
_OWNERS = (
    select(outbox.c.lease_owner)
    .where(outbox.c.lease_owner.is_not(None))
    .distinct()
    .execution_options(across="outbox lease")
)
_ATTEMPT = insert(outbox_attempt)
_DEPTH = (
    select(
        func.count(case((_WAITING, 1))).label("waiting"),
        func.min(case((_WAITING, outbox.c.created_at)), type_=UtcTime()).label("oldest"),
        func.count(case((_DEAD, 1))).label("dead"),
    )
    .where(outbox.c.state != "sent")
    .execution_options(across="outbox lease")
)
_ONE = select(*_COLUMNS).where(*_MINE)
_OF_KIND = (
    select(*_COLUMNS)
    .where(outbox.c.kind == bindparam("wanted"))
    .order_by(outbox.c.position.desc())
    .limit(bindparam("most"))
    .execution_options(across="operator's list")
)


def backoff(attempts: int, jitter: float) -> timedelta:
    """How long to wait after so many attempts: up to 15 s, doubled each time, at most 2 h.

    jitter
        0 … 1, chance; 1 gives the longest wait.

    >>> backoff(1, 1.0).total_seconds(), backoff(3, 0.5).total_seconds(), backoff(40, 1.0).total_seconds()
    (30.0, 60.0, 7200.0)
    """
    doubled = _FIRST_PAUSE * (1 << min(attempts, 16))
    return min(_LONGEST_PAUSE, doubled) * jitter


def put(tx: Connection, *deliveries: Delivery) -> None:
    """Nothing: they will be done, if the transaction commits."""
    rows = [{field.name: getattr(one, field.name) for field in fields(one)} for one in deliveries]
    tx.execute(_PUT, [row | {"state": "waiting"} for row in rows])


def lease(
    tx: Connection, owner: str, now: datetime, *, limit: int = 20, seconds: int = 60
) -> tuple[Delivery, ...]:
    """Due deliveries that are this owner's for so many seconds, oldest first, one for each ordering key."""
    rows = tx.execute(_DUE, {"now": now, "most": limit}).mappings().all()
    leased = tuple(Delivery(**{**row, "attempts": row["attempts"] + 1}) for row in rows)
    until = now + timedelta(seconds=seconds)
    for one in leased:
        claim = {"lease_owner": owner, "lease_until": until, "attempts": one.attempts}
        tx.execute(_LEASE, {**_key(one), **claim})
    return leased


def sent(
    tx: Connection, delivery: Delivery, owner: str, now: datetime, outcome: str = "sent", reason: str = ""
) -> bool:
    """Whether the delivery is now done; False when the lease went to somebody else meanwhile.

    outcome
        What its attempt says: another word where it was done without being sent.
    """
    return _end(tx, delivery, owner, now, outcome, reason, {"state": "sent", "done_at": now})


def again(
    tx: Connection, delivery: Delivery, owner: str, now: datetime, due_at: datetime, reason: str
) -> bool:
    """Whether the delivery now waits until ``due_at``; after 72 hours of trying it is dead instead."""
    if now - delivery.created_at >= GIVE_UP_AFTER:
        return dead(tx, delivery, owner, now, reason)
    return _end(tx, delivery, owner, now, "again", reason, {"due_at": due_at})


def postponed(
    tx: Connection, delivery: Delivery, owner: str, now: datetime, due_at: datetime, reason: str
) -> bool:
    """Whether the delivery now waits until ``due_at`` without having been tried; dead after 72 hours."""
    if now - delivery.created_at >= GIVE_UP_AFTER:
        return dead(tx, delivery, owner, now, reason)
    back = {**_NO_LEASE, "due_at": due_at, "attempts": delivery.attempts - 1}
    return tx.execute(_OUTCOME, {**_mine(delivery, owner), **back}).rowcount == 1


def hand_back(tx: Connection, delivery: Delivery, owner: str) -> bool:
    """Whether the delivery is free for others at once, as if it had never been leased."""
    back = {**_NO_LEASE, "attempts": delivery.attempts - 1}
    return tx.execute(_OUTCOME, {**_mine(delivery, owner), **back}).rowcount == 1


def dead(tx: Connection, delivery: Delivery, owner: str, now: datetime, reason: str) -> bool:
    """Whether the delivery is now given up, for a person to look at."""
    return _end(tx, delivery, owner, now, "dead", reason, {"state": "dead", "done_at": now})


def one(tx: Connection, agreement_id: str, id_: str) -> Delivery | None:
    """The delivery with this id, done or not; None when there is none."""
    row = tx.execute(_ONE, {"scope": agreement_id, "of": id_}).mappings().first()
    return None if row is None else Delivery(**row)


def of_kind(tx: Connection, kind: str, most: int = 200) -> tuple[Delivery, ...]:
    """All agreements' newest deliveries of this kind, done or not: for the operator."""
    return tuple(Delivery(**row) for row in tx.execute(_OF_KIND, {"wanted": kind, "most": most}).mappings())


def owners(tx: Connection) -> tuple[str, ...]:
    """Who holds leases now, alive or not."""
    return tuple(tx.execute(_OWNERS).scalars())


def release(tx: Connection, owner: str) -> None:
    """Nothing: what this owner still held is free for others at once, as when a worker is told to stop."""
    tx.execute(_RELEASE, {"leased_by": owner, **_NO_LEASE})


def depth(tx: Connection, now: datetime) -> Depth:
    """How long the queue is, over all agreements."""
    row = tx.execute(_DEPTH).one()
    oldest = (now - row.oldest).total_seconds() if row.oldest else 0.0
    return Depth(waiting=row.waiting, oldest_seconds=oldest, dead=row.dead)


def _end(
    tx: Connection,
    delivery: Delivery,
    owner: str,
    now: datetime,
    outcome: str,
    reason: str,
    values: dict[str, object],
) -> bool:
    if tx.execute(_OUTCOME, {**_mine(delivery, owner), **_NO_LEASE, **values}).rowcount != 1:
        return False
    attempt = {"agreement_id": delivery.agreement_id, "delivery_id": delivery.id, "number": delivery.attempts}
    tx.execute(_ATTEMPT, attempt | {"at": now, "owner": owner, "outcome": outcome, "reason": reason})
    return True


def _mine(delivery: Delivery, owner: str) -> dict[str, object]:
    return {**_key(delivery), "leased_by": owner, "attempt": delivery.attempts}


def _key(delivery: Delivery) -> dict[str, str]:
    return {"scope": delivery.agreement_id, "of": delivery.id}
