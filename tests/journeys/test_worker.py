"""The worker beside the web: what it does when nothing is to be delivered."""

import threading
from dataclasses import replace
from datetime import timedelta

import pytest

from catalog_bridge.bookshop import ShopUnavailable
from punchout import worker
from session_store import outbox, outbox_book, throttle
from session_store.database import moment
from session_store.throttle import FREE, Caller
from tests.session_store.made import delivery_of

STRANGER = Caller(names=("an01",), network="192.0.2.0/24")
ID = "demo-generic"


@pytest.fixture
def long_ago(home):
    """A time two days back, with a failed sign-in that was noted then."""
    then = home.world.now() - timedelta(days=2)
    with home.store.write() as tx:
        for _ in range(FREE):
            throttle.note(tx, STRANGER, then)
    return then


def waits(home, now):
    """Whether the stranger of that time has to wait."""
    with home.store.read() as tx:
        return throttle.standing(tx, STRANGER, now).closed_until is not None


def test_what_has_had_its_time_is_forgotten(home, long_ago):
    """A day after, a failed sign-in is nobody's business any more."""
    assert waits(home, long_ago)
    worker.forget(home.world)
    assert not waits(home, long_ago)


def test_an_idle_worker_forgets(home, long_ago):
    """Nobody has to call for it: the worker does it when it has nothing else to do."""

    class Once(threading.Event):
        """Told to stop as soon as the worker would rest."""

        def wait(self, timeout=None):
            """Not a moment."""
            self.set()
            return True

    worker.run(home.world, Once())
    assert not waits(home, long_ago)


@pytest.mark.parametrize("error", [ShopUnavailable("The bookshop is busy."), LookupError("no such row")])
def test_a_chore_that_fails_never_stops_the_worker(home, long_ago, monkeypatch, error):
    """The others are done all the same, and it comes round again."""

    def failing(_world):
        raise error

    monkeypatch.setattr(
        worker, "_CHORES", {"fail": (timedelta(minutes=1), failing), "forget": worker._CHORES["forget"]}
    )
    worker._do_chores(home.world, dict.fromkeys(worker._CHORES, long_ago))
    assert not waits(home, long_ago)


def test_what_slow_deliveries_leave_no_time_for_is_given_back(home, monkeypatch):
    """A lease is longer than one delivery, not than twenty: none begins that could outlast it."""
    clock = [home.world.now()]
    world = replace(home.world, now=lambda: clock[0])

    def slowly(world, delivery, owner):
        clock[0] += timedelta(seconds=35)
        with world.store.write() as tx:
            assert outbox.sent(tx, delivery, owner, world.now())

    monkeypatch.setitem(worker._DOING, "slow", slowly)
    with home.store.write() as tx:
        now = moment(tx, world.now())
        outbox.put(tx, *(delivery_of(number, ID, kind="slow", due_at=now) for number in (1, 2, 3)))
    assert worker.deliver_once(world, "worker:1") == 1
    with home.store.read() as tx:
        listed = [(one.state, one.attempts) for one in outbox_book.listing(tx, ID)]
        assert outbox.owners(tx) == ()
    assert listed == [("sent", 1), ("waiting", 0), ("waiting", 0)]
