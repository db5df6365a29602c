"""The outbox as people and rules look at it: what waits, what is dead, how the last attempts went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, select, update

from session_store.tables import outbox, outbox_attempt

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

STATES = ("waiting", "dead", "sent")
"""What can have become of a delivery; ``sent`` is also what was done without being sent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A delivery without its content.

    state
        One of ``STATES``.
    outcome, reason
        Of its last attempt: ``sent``, ``again``, ``dead`` or another word for what was done; empty before.
    """

    id: str
    agreement_id: str
    kind: str
    ordering_key: str
    state: str
    attempts: int
    created_at: datetime
    due_at: datetime
    done_at: datetime | None
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One attempt that is over."""

    at: datetime
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A delivery's content, and what has become of it."""

    kind: str
    state: str
    payload: str


_SCOPE = outbox.c.agreement_id == bindparam("scope")
_LAST = and_(
    outbox_attempt.c.agreement_id == bindparam("scope"),
    outbox_attempt.c.delivery_id == outbox.c.id,
    outbox_attempt.c.number == outbox.c.attempts,
)
_LISTING = (
    select(
        *(
            outbox.c[name]
            for name in (
                *("id", "agreement_id", "kind", "ordering_key", "state"),
                *("attempts", "created_at", "due_at", "done_at"),
            )
        ),
        outbox_attempt.c.outcome,
        outbox_attempt.c.reason,
    )
    .outerjoin_from(outbox, outbox_attempt, _LAST)
    .where(_SCOPE, outbox.c.state.in_(bindparam("states", expanding=True)))
    .order_by(outbox.c.position)
)
_ATTEMPTS = (
    select(outbox_attempt.c.at, outbox_attempt.c.outcome, outbox_attempt.c.reason)
    .join_from(
        outbox_attempt,
        outbox,
        and_(_SCOPE, outbox.c.id == outbox_attempt.c.delivery_id),
    )
    .where(
        outbox_attempt.c.agreement_id == bindparam("scope"),
        outbox.c.kind.in_(bindparam("kinds", expanding=True)),
    )
    .order_by(outbox_attempt.c.at.desc(), outbox_attempt.c.number.desc())
    .limit(bindparam("most"))
)
_FIND = select(outbox.c.kind, outbox.c.state, outbox.c.payload).where(_SCOPE, outbox.c.id == bindparam("of"))
_RETRY = update(outbox).where(_SCOPE, outbox.c.id == bindparam("of"), outbox.c.state != "sent")


def listing(tx: Connection, agreement_id: str, states: Iterable[str] = STATES) -> tuple[Listed, ...]:
    """The agreement's deliveries in these states, in the order in which they were put."""
    rows = tx.execute(_LISTING, {"scope": agreement_id, "states": list(states)}).mappings()
    return tuple(
        Listed(**{**row, "outcome": row["outcome"] or "", "reason": row["reason"] or ""}) for row in rows
    )


def attempts(tx: Connection, agreement_id: str, kinds: Iterable[str], most: int) -> tuple[Attempt, ...]:
    """The last attempts at the agreement's deliveries of these kinds, newest first, at most so many."""
    rows = tx.execute(_ATTEMPTS, {"scope": agreement_id, "kinds": list(kinds), "most": most}).mappings()
    return tuple(Attempt(**row) for row in rows)


def find(tx: Connection, agreement_id: str, id_: str) -> Found | None:
    """The delivery; None when the agreement has none of this id."""
    row = tx.execute(_FIND, {"scope": agreement_id, "of": id_}).mappings().first()
    return Found(**row) if row else None


def retry(tx: Connection, agreement_id: str, id_: str, now: datetime) -> bool:
    """Whether the delivery is due at once, with the same key; False when there is none, or it is done.

    A dead one is tried again, once where its 72 hours are over.
    """
    change = {"scope": agreement_id, "of": id_, "state": "waiting", "due_at": now, "done_at": None}
    return tx.execute(_RETRY, change).rowcount == 1
