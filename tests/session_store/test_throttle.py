"""Failed sign-ins: who fails too often waits, in its own network and under its own name (security §3)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from session_store import throttle
from session_store.tables import auth_failure
from session_store.throttle import FREE, MOST_NAMES, WINDOW, Caller
from tests.session_store.made import NOW

HERE = "192.0.2.0/24"
NORTH = Caller.of([("networkid", "an01")], HERE)


def fail(tx, caller=NORTH, times=FREE, now=NOW):
    """So many failures at one time."""
    for _ in range(times):
        throttle.note(tx, caller, now)


def wait(tx, caller=NORTH, now=NOW):
    """How long the caller has to wait."""
    until = throttle.standing(tx, caller, now).closed_until
    return until and until - now


def rows(tx):
    """How many rows there are."""
    return tx.execute(select(func.count()).select_from(auth_failure)).scalar_one()


def test_nine_failures_cost_nothing(tx):
    """A buyer's system that is being set up may be wrong for a while."""
    fail(tx, times=FREE - 1)
    assert wait(tx) is None
    fail(tx, times=1)
    assert wait(tx) == timedelta(seconds=30)


def test_each_further_failure_doubles_the_wait(tx):
    """Up to a quarter of an hour, however long it goes on."""
    fail(tx, times=FREE - 1)
    waits = []
    now = NOW
    for _ in range(8):
        throttle.note(tx, NORTH, now)
        waits.append(wait(tx, now=now).total_seconds())
        now += wait(tx, now=now)
        assert wait(tx, now=now) is None
    assert waits == [30, 60, 120, 240, 480, 900, 900, 900]


def test_another_network_or_name_does_not_wait(tx):
    """Nobody can lock a buyer out by failing in its name from elsewhere."""
    fail(tx)
    assert wait(tx, Caller.of([("networkid", "an01")], "198.51.100.0/24")) is None
    assert wait(tx, Caller.of([("networkid", "an02")], HERE)) is None


def test_a_name_waits_also_beside_others(tx):
    """Hiding it among fresh names brings no new tries."""
    fail(tx)
    assert wait(tx, Caller.of([("duns", "new"), ("networkid", "an01")], HERE)) == timedelta(seconds=30)


def test_failures_are_forgotten_a_quarter_after_the_wait(tx):
    """Then the count begins anew."""
    fail(tx)
    later = NOW + timedelta(seconds=30) + WINDOW
    fail(tx, times=1, now=later - timedelta(seconds=1))
    assert wait(tx, now=later - timedelta(seconds=1))
    throttle.clear(tx, NORTH)
    fail(tx)
    fail(tx, times=FREE - 1, now=later)
    assert wait(tx, now=later) is None


def test_only_who_failed_has_something_to_clear(tx):
    """A buyer that never fails writes nothing, whoever else may fail."""
    fail(tx, times=1)
    assert throttle.standing(tx, NORTH, NOW).failed
    assert not throttle.standing(tx, Caller.of([("networkid", "an02")], HERE), NOW).failed
    throttle.clear(tx, NORTH)
    assert not throttle.standing(tx, NORTH, NOW).failed


def test_success_clears_its_own_name_and_network_alone(tx):
    """Who fails elsewhere under the same name still waits."""
    elsewhere = Caller(names=NORTH.names, network="198.51.100.0/24")
    for caller in (NORTH, elsewhere):
        fail(tx, caller)
    throttle.clear(tx, NORTH)
    assert wait(tx) is None
    assert wait(tx, elsewhere)


def test_endless_new_names_of_a_network_share_one_row(tx):
    """The table stays small, and from then on the network's new names wait together."""
    for number in range(MOST_NAMES + FREE):
        fail(tx, Caller.of([("x", str(number))], HERE), times=1)
    assert rows(tx) == MOST_NAMES + 1
    assert wait(tx, Caller.of([("x", "newer")], HERE))
    assert wait(tx, Caller.of([("x", "0")], HERE)) is None
    assert wait(tx, Caller.of([("x", "newer")], "198.51.100.0/24")) is None


def test_forgotten_names_make_room(tx):
    """A network full of old failures still gives a new name a row of its own."""
    for number in range(MOST_NAMES):
        fail(tx, Caller.of([("x", str(number))], HERE), times=1)
    fail(tx, now=NOW + WINDOW)
    assert rows(tx) == 1
    assert wait(tx, now=NOW + WINDOW)


def test_names_are_not_readable_in_the_table(tx):
    """An identity may be a person's address, and of any length."""
    fail(tx, Caller.of([("email", "kari@testby.example" * 1000)], HERE), times=1)
    (name,) = tx.execute(select(auth_failure.c.identity_key)).scalars()
    assert len(name) == 64


@pytest.mark.parametrize("keys", [[], [("", "")]])
def test_senders_without_a_name_are_counted_too(tx, keys):
    """They are somebody, and nobody may try without end."""
    fail(tx, Caller.of(keys, HERE))
    assert wait(tx, Caller.of(keys, HERE))


def test_store_tells_whether_anybody_failed(store):
    """The one look that every document costs."""
    assert not store.anyone_failed()
    with store.write() as tx:
        fail(tx, times=1)
    assert store.anyone_failed()
