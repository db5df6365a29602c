"""Operators come to the desk by a one-time address and are known there by a cookie (security §8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from protocols.errors import Malformed
from punchout.fingerprint import fingerprint
from session_store import desk, journal

if TYPE_CHECKING:
    from punchout.roundtrip.world import World
    from session_store.database import Transaction
    from session_store.desk import Seat

ADDRESS_LIVES = timedelta(minutes=5)
IDLE, WHOLE = timedelta(minutes=30), timedelta(hours=8)
"""How long an operator may be away, and may stay."""

_TOUCH_EVERY = timedelta(minutes=1)
_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Entered:
    """An operator who has come in, and the value of the cookie that opens the desk from now on."""

    seat: Seat
    cookie: str


def named(name: str) -> str:
    """What the journal calls an operator of this name; Malformed for a name that cannot be read in it.

    >>> named("Åse Ås")
    'operator:Åse Ås'
    """
    said = " ".join(name.split())
    if not said or len(said) > _LONGEST_NAME or not said.isprintable():
        raise Malformed(f"An operator's name has 1 to {_LONGEST_NAME} printable characters.", where="name")
    return f"operator:{said}"


def invite(world: World, name: str) -> str:
    """The address that opens the desk for this operator, once, within five minutes."""
    token, now, actor = world.new_secret(), world.now(), named(name)
    with world.store.write() as tx:
        desk.invite(tx, fingerprint(token), actor, now, now + ADDRESS_LIVES)
        _note(world, tx, "desk.invited", actor, "an address for the desk was made")
    return f"{world.public_base_url}/desk/login/{token}"


def enter(world: World, token: str) -> Entered | None:
    """The operator whom this address lets in; None when it is unknown, used or too old."""
    cookie, now = world.new_secret(), world.now()
    with world.store.write() as tx:
        limits = {"now": now, "idle_until": now + IDLE, "absolute_until": now + WHOLE}
        seat = desk.spend(tx, fingerprint(token), fingerprint(cookie), **limits)
        if seat is None:
            return None
        _note(world, tx, "desk.entered", seat.actor, "came to the desk")
    return Entered(seat=seat, cookie=cookie)


def at_desk(world: World, cookie: str) -> Seat | None:
    """The operator whom this cookie belongs to, kept at the desk by this request; None for nobody."""
    now = world.now()
    with world.store.read() as tx:
        seat = desk.by_cookie(tx, fingerprint(cookie), now)
    if seat is None or now + IDLE - seat.idle_until < _TOUCH_EVERY:
        return seat
    with world.store.write() as tx:
        desk.touch(tx, seat, now + IDLE)
    return replace(seat, idle_until=now + IDLE)


def leave(world: World, seat: Seat) -> None:
    """Nothing: the operator has left, and the cookie opens nothing."""
    with world.store.write() as tx:
        desk.leave(tx, seat)
        _note(world, tx, "desk.left", seat.actor, "left the desk")


def clear(world: World, name: str) -> int:
    """How many operators and unused addresses there were; nobody is at the desk any more."""
    actor = named(name)
    with world.store.write() as tx:
        gone = desk.clear(tx)
        _note(world, tx, "desk.cleared", actor, f"signed everybody out: {gone}")
    return gone


def _note(world: World, tx: Transaction, kind: str, actor: str, summary: str) -> None:
    journal.write(tx, journal.Entry(at=world.now(), kind=kind, actor=actor, summary=summary))
