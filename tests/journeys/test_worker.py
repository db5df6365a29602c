"""The worker beside the web: what it does when nothing is to be delivered."""

import threading
from datetime import timedelta

import pytest

from punchout import worker
from session_store import throttle
from session_store.throttle import FREE, Caller

STRANGER = Caller(names=("an01",), network="192.0.2.0/24")


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
