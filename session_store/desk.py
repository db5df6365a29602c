"""Operators at the desk: let in once by a one-time address, known again by a cookie (security §8)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select, update

from session_store.tables import desk_session

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """One operator's place at the desk; token and cookie are kept as SHA-256 only.

    actor
        What the journal calls the operator.
    idle_until, absolute_until
        Whichever comes first ends it.
    """

    token_hash: bytes
    actor: str
    idle_until: datetime
    absolute_until: datetime


_COLUMNS = [desk_session.c[field.name] for field in fields(Seat)]
_MINE = desk_session.c.token_hash == bindparam("of")

_INVITE = insert(desk_session)
_SPEND = (
    update(desk_session)
    .where(_MINE, desk_session.c.opened_at.is_(None), desk_session.c.token_until > bindparam("now"))
    .returning(*_COLUMNS)
)
_BY_COOKIE = select(*_COLUMNS).where(
    desk_session.c.cookie_hash == bindparam("cookie"),
    desk_session.c.idle_until > bindparam("now"),
    desk_session.c.absolute_until > bindparam("now"),
)
_TOUCH = update(desk_session).where(_MINE)
_LEAVE = delete(desk_session).where(_MINE)
_CLEAR = delete(desk_session)


def invite(tx: Connection, token_hash: bytes, actor: str, now: datetime, until: datetime) -> None:
    """Nothing: the token opens the desk for this operator, once, until then."""
    row = {"token_hash": token_hash, "actor": actor, "created_at": now, "token_until": until}
    tx.execute(_INVITE, row)


def spend(
    tx: Connection,
    token_hash: bytes,
    cookie_hash: bytes,
    *,
    now: datetime,
    idle_until: datetime,
    absolute_until: datetime,
) -> Seat | None:
    """The operator's place, under its cookie; None when the token is unknown, spent or expired.

    One statement decides, so of any number of callers exactly one gets the place.
    """
    limits = {"idle_until": idle_until, "absolute_until": absolute_until}
    began = {"opened_at": now, "cookie_hash": cookie_hash, **limits}
    row = tx.execute(_SPEND, {"of": token_hash, "now": now, **began}).mappings().first()
    return None if row is None else Seat(**row)


def by_cookie(tx: Connection, cookie_hash: bytes, now: datetime) -> Seat | None:
    """The place that this cookie still opens."""
    row = tx.execute(_BY_COOKIE, {"cookie": cookie_hash, "now": now}).mappings().first()
    return None if row is None else Seat(**row)


def touch(tx: Connection, seat: Seat, idle_until: datetime) -> None:
    """Nothing: the place stays until then, if nothing more happens."""
    tx.execute(_TOUCH, {"of": seat.token_hash, "idle_until": idle_until})


def leave(tx: Connection, seat: Seat) -> None:
    """Nothing: the cookie opens nothing any more."""
    tx.execute(_LEAVE, {"of": seat.token_hash})


def clear(tx: Connection) -> int:
    """How many places and unused addresses there were; none of them opens the desk any more."""
    return tx.execute(_CLEAR).rowcount
