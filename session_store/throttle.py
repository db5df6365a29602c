"""Failed sign-ins: from the tenth on, each makes the next wait longer, for that name in that network alone.

Nobody sleeps here: the row says until when such a try is refused unseen (security §3). A name is locked out
of no other network, and a network that tries ever new names fills no table: beyond two hundred they share
one row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, case, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from session_store.secrets import aad
from session_store.tables import auth_failure

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sqlalchemy import Connection

FREE = 10
WINDOW = timedelta(minutes=15)
"""How long a failure is remembered after the wait that it brought."""
MOST_NAMES = 200
_FIRST_WAIT = timedelta(seconds=30)
_LONGEST_WAIT = timedelta(minutes=15)
_OTHERS = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """Who fails: hashes of the names that it claims, and the network that it comes from."""

    names: tuple[str, ...]
    network: str

    @classmethod
    def of(cls, keys: Iterable[tuple[str, str]], network: str) -> Caller:
        """The caller with these domains and identities as compared; nameless ones share a name."""
        named = dict.fromkeys(sha256(aad(*key).encode()).hexdigest() for key in keys)
        return cls(names=tuple(named) or (sha256(b"").hexdigest(),), network=network)


_HERE = auth_failure.c.network == bindparam("here")
_NAME = auth_failure.c.identity_key == bindparam("name")
_OLD = auth_failure.c.closed_until <= bindparam("since")
_CLOSED = select(auth_failure.c.identity_key, auth_failure.c.closed_until).where(
    _HERE, auth_failure.c.identity_key.in_(bindparam("names", expanding=True))
)
_KNOWN = select(func.count()).where(_HERE, _NAME)
_NAMES = select(func.count()).where(_HERE)
_FORGET = delete(auth_failure).where(_HERE, _OLD)
_CLEAR = delete(auth_failure).where(
    _HERE, auth_failure.c.identity_key.in_(bindparam("names", expanding=True))
)
_NOTED = insert(auth_failure)
_NOTE = _NOTED.on_conflict_do_update(  # SQLite's compiler knows the clause too
    index_elements=["network", "identity_key"],
    set_={
        "failures": case((_OLD, 1), else_=auth_failure.c.failures + 1),
        "at": _NOTED.excluded.at,
        "closed_until": _NOTED.excluded.closed_until,
    },
).returning(auth_failure.c.failures)
_CLOSE = update(auth_failure).where(_HERE, _NAME)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is remembered of a caller.

    failed
        Whether it failed lately under a name of its own.
    closed_until
        When it may try again; None when it may now.
    """

    failed: bool = False
    closed_until: datetime | None = None


def standing(tx: Connection, caller: Caller, now: datetime) -> Standing:
    """How the caller stands now."""
    names = [*caller.names, _OTHERS]
    rows = tx.execute(_CLOSED, {"here": caller.network, "names": names})
    until = {row.identity_key: row.closed_until for row in rows}
    waits = [until.get(name, until.get(_OTHERS)) for name in caller.names]
    closed = max((wait for wait in waits if wait and wait > now), default=None)
    return Standing(failed=not until.keys().isdisjoint(caller.names), closed_until=closed)


def note(tx: Connection, caller: Caller, now: datetime) -> None:
    """Nothing: one failed try more is remembered for each name that the caller claimed."""
    for name in caller.names:
        _note(tx, name if _has_room(tx, name, caller.network, now) else _OTHERS, caller.network, now)


def clear(tx: Connection, caller: Caller) -> None:
    """Nothing: the caller proved itself, so what failed under its names in its network is forgotten."""
    tx.execute(_CLEAR, {"here": caller.network, "names": list(caller.names)})


def _has_room(tx: Connection, name: str, network: str, now: datetime) -> bool:
    """Whether the name has, or may have, a row of its own."""
    here = {"here": network}
    if tx.execute(_KNOWN, {**here, "name": name}).scalar_one():
        return True
    if tx.execute(_NAMES, here).scalar_one() >= MOST_NAMES:
        tx.execute(_FORGET, {**here, "since": now - WINDOW})
    return bool(tx.execute(_NAMES, here).scalar_one() < MOST_NAMES)


def _note(tx: Connection, name: str, network: str, now: datetime) -> None:
    row = {"identity_key": name, "network": network, "failures": 1, "at": now, "closed_until": now}
    count: int = tx.execute(_NOTE, {**row, "since": now - WINDOW}).scalar_one()
    if count >= FREE:
        closed = now + _wait(count)
        tx.execute(_CLOSE, {"here": network, "name": name, "closed_until": closed})


def _wait(failures: int) -> timedelta:
    """Half a minute after the tenth failure, twice as long after each more, never more than a quarter."""
    doublings = min(failures - FREE, 10)
    return min(_FIRST_WAIT * (1 << doublings), _LONGEST_WAIT)
