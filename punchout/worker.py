"""The outbox worker: does what was promised, one lease after another (security §11)."""

from __future__ import annotations

import logging
import os
import random
import socket
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from catalog_bridge.bookshop import ShopUnavailable
from protocols.errors import Unavailable
from punchout import peppol_folder
from punchout.direct import code_mail, placing
from punchout.roundtrip import dispatch, fulfil, holds, order_book, outgoing, parcels_sent
from session_store import outbox, retention
from session_store.crashpoints import crashpoint
from session_store.database import moment

if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Event

    from punchout.roundtrip.world import World
    from session_store.outbox import Delivery

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
BEGIN_WITHIN = timedelta(seconds=20)
"""How late in its lease of 60 s a delivery may begin, which can last 35 s."""

_DOING: dict[str, Callable[[World, Delivery, str], None]] = {
    order_book.CARRY_OUT: fulfil.carry_out,
    order_book.TAKE_UP: fulfil.take_up,
    outgoing.CONFIRMATION: dispatch.send_document,
    outgoing.STATUS_UPDATE: dispatch.send_document,
    dispatch.MAIL: dispatch.send_mail,
    code_mail.LOGIN_CODE: code_mail.send,
    placing.PLACE_DIRECT: placing.carry_out,
}


def owner_name() -> str:
    """Host and process that hold a lease, so that a restart finds those of the dead."""
    return f"{socket.gethostname()}:{os.getpid()}"


def run(world: World, stop: Event) -> None:
    """Nothing, once told to stop: until then due deliveries are done as they come."""
    owner, last = owner_name(), dict.fromkeys(_CHORES, datetime.min.replace(tzinfo=UTC))
    take_over(world)
    while not stop.is_set():
        try:
            done = deliver_once(world, owner)
            if not done:
                _do_chores(world, last)
        except Unavailable as error:
            log.warning("outbox waits for the database: %s", error.detail)
            done = 0
        if not done:
            stop.wait(IDLE_SECONDS)
    with world.store.write() as tx:
        outbox.release(tx, owner)


def _do_chores(world: World, last: dict[str, datetime]) -> None:
    """Nothing: what comes round by the clock is done, each in its own time."""
    now = world.now()
    for name, (every, chore) in _CHORES.items():
        if now - last[name] >= every:
            last[name] = now
            _do_chore(world, name, chore)


def _do_chore(world: World, name: str, chore: Callable[[World], object]) -> None:
    """Nothing: the chore is done, or comes round again; one that fails never stops the worker."""
    try:
        chore(world)
    except (ShopUnavailable, Unavailable) as error:
        log.warning("%s waits: %s", name, error.detail)
    except Exception:
        log.exception("%s failed", name)


def forget(world: World) -> None:
    """Nothing: what has had its time is gone, a small batch at a time (security §8)."""
    gone = 1
    while gone:
        with world.store.write() as tx:
            gone = retention.purge(tx, world.now())


def deliver_once(world: World, owner: str) -> int:
    """How many deliveries were leased and tried; those that slow ones left no time for are given back."""
    began = world.now()
    with world.store.write() as tx:
        leased = outbox.lease(tx, owner, moment(tx, world.now()))
    if leased:
        crashpoint("worker-after-lease")
    for done, delivery in enumerate(leased):
        if world.now() - began > BEGIN_WITHIN:
            with world.store.write() as tx:
                for left in leased[done:]:
                    outbox.hand_back(tx, left, owner)
            return done
        _deliver(world, delivery, owner)
    return len(leased)


def _deliver(world: World, delivery: Delivery, owner: str) -> None:
    """Nothing: the delivery is done, or waits for its next try; one that fails never stops the others."""
    try:
        _DOING[delivery.kind](world, delivery, owner)
    except dispatch.NotNow as error:
        _try_again(world, delivery, owner, error.detail, error.wait)
    except (ShopUnavailable, Unavailable) as error:
        _try_again(world, delivery, owner, error.detail)
    except Exception as error:
        log.exception("delivery %s failed", delivery.id)
        _try_again(world, delivery, owner, type(error).__name__)


def _try_again(
    world: World, delivery: Delivery, owner: str, reason: str, wait: timedelta | None = None
) -> None:
    """Nothing: the delivery waits, no shorter than the other side asked for."""
    pause = outbox.backoff(delivery.attempts, random.random())  # noqa: S311 - jitter protects nothing
    with world.store.write() as tx:
        now = moment(tx, world.now())
        outbox.again(tx, delivery, owner, now, now + max(pause, wait or pause), reason)


def take_over(world: World) -> None:
    """Nothing: leases of processes of this host that are gone are free at once, not after their time.

    One under our own name is a namesake's of before a restart, for we begin with this.
    """
    host, _, own = owner_name().partition(":")
    with world.store.write() as tx:
        for owner in outbox.owners(tx):
            name, _, pid = owner.partition(":")
            if name == host and (pid == own or not _runs(int(pid))):
                outbox.release(tx, owner)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Whether the process has ended and its parent has not asked yet; in some containers none ever does."""
    try:
        status = Path(f"/proc/{pid}/stat").read_bytes()
    except OSError:
        return False  # a system without it, or gone this moment
    return status.rpartition(b")")[2].split()[0] == b"Z"


_CHORES: dict[str, tuple[timedelta, Callable[[World], object]]] = {
    "forget": (timedelta(hours=1), forget),
    "decide": (timedelta(minutes=1), holds.decide_overdue),
    "tell": (timedelta(minutes=1), parcels_sent.tell),
    "peppol": (timedelta(seconds=2), peppol_folder.take_all),
}
"""What the idle worker does by the clock, and how often."""
