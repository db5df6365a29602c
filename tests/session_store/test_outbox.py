"""Promises kept: leased by one worker, tried until done or dead, in order where order matters."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from session_store import outbox, tables
from tests.session_store.made import NOW, delivery_of
from tests.session_store.racing import race


def lease(tx, owner="worker", minutes=0, **limits):
    """Ids of what the owner gets to do, so many minutes later."""
    return [one.id for one in outbox.lease(tx, owner, NOW + timedelta(minutes=minutes), **limits)]


def leased(tx, owner="worker", minutes=0):
    """The one delivery that the owner gets to do."""
    (one,) = outbox.lease(tx, owner, NOW + timedelta(minutes=minutes))
    return one


def attempts(tx):
    """What was tried: number, outcome, reason."""
    tx.execution_options(across="migration")
    table = tables.outbox_attempt
    return [tuple(row) for row in tx.execute(select(table.c.number, table.c.outcome, table.c.reason))]


def test_delivery_comes_back_whole_with_its_attempt_counted(tx):
    """Key, payload with æøå and times are as they were put; the attempt that begins is the first."""
    outbox.put(tx, delivery_of())
    assert leased(tx) == delivery_of(attempts=1)


def test_leased_delivery_is_nobody_elses_until_the_lease_is_over(tx):
    """After 60 s another worker may take it: the first one is taken for dead."""
    outbox.put(tx, delivery_of())
    assert lease(tx, "first") == ["delivery-1"]
    assert lease(tx, "second", minutes=0.99) == []
    assert lease(tx, "second", minutes=1) == ["delivery-1"]


def test_worker_whose_lease_went_on_cannot_write_the_outcome(tx):
    """The late one is told, and changes nothing; the one that has it now does."""
    outbox.put(tx, delivery_of())
    first = leased(tx, "first")
    second = leased(tx, "second", minutes=2)
    for outcome in (
        outbox.sent(tx, first, "first", NOW),
        outbox.again(tx, first, "first", NOW, NOW, "late"),
        outbox.dead(tx, first, "first", NOW, "late"),
    ):
        assert not outcome
    assert outbox.sent(tx, second, "second", NOW)
    assert attempts(tx) == [(2, "sent", "")]


def test_same_worker_cannot_write_the_outcome_of_an_older_lease(tx):
    """A worker that was stopped for minutes and leased anew has only the new lease."""
    outbox.put(tx, delivery_of())
    old, new = leased(tx), leased(tx, minutes=2)
    assert not outbox.sent(tx, old, "worker", NOW)
    assert outbox.sent(tx, new, "worker", NOW)


def test_done_delivery_is_not_leased_again(tx):
    """Not even after years."""
    outbox.put(tx, delivery_of())
    assert outbox.sent(tx, leased(tx), "worker", NOW)
    assert lease(tx, minutes=10**6) == []


def test_failed_delivery_waits_until_it_is_due(tx):
    """With the same id, which is its idempotency key, and the attempt noted with its reason."""
    outbox.put(tx, delivery_of())
    assert outbox.again(tx, leased(tx), "worker", NOW, NOW + timedelta(minutes=5), "shop closed på Bø")
    assert lease(tx, minutes=4.9) == []
    assert leased(tx, minutes=5).attempts == 2
    assert attempts(tx) == [(1, "again", "shop closed på Bø")]


def test_delivery_is_given_up_after_72_hours(tx):
    """A last failure at 72 h is the last; before that there is always a next try."""
    outbox.put(tx, delivery_of())
    almost, whole = NOW + timedelta(hours=72, seconds=-1), NOW + timedelta(hours=72)
    assert outbox.again(tx, leased(tx), "worker", almost, almost, "away")
    last = outbox.lease(tx, "worker", whole)[0]
    assert outbox.again(tx, last, "worker", whole, whole, "away")
    assert lease(tx, minutes=10**6) == []
    assert outbox.depth(tx, whole).dead == 1
    assert [outcome for _, outcome, _ in attempts(tx)] == ["again", "dead"]


def test_deliveries_of_one_key_go_one_after_another(tx):
    """The second waits for the first, also when the first has failed and the second is due."""
    outbox.put(tx, delivery_of(1, ordering_key="PO-1"), delivery_of(2, ordering_key="PO-1"))
    first = leased(tx)
    outbox.again(tx, first, "worker", NOW, NOW + timedelta(hours=1), "away")
    assert lease(tx, minutes=30) == []
    assert outbox.sent(tx, leased(tx, minutes=60), "worker", NOW)
    assert lease(tx, minutes=60) == ["delivery-2"]


def test_dead_delivery_holds_back_those_behind_it(tx):
    """What a person must decide on is not overtaken; other keys and other agreements go on."""
    outbox.put(
        tx,
        delivery_of(1, ordering_key="PO-1"),
        delivery_of(2, ordering_key="PO-1"),
        delivery_of(3, "aas", ordering_key="PO-1"),
    )
    first, other = outbox.lease(tx, "worker", NOW)
    assert outbox.dead(tx, first, "worker", NOW, "refused")
    assert outbox.sent(tx, other, "worker", NOW)
    assert lease(tx, minutes=10**6) == []


def test_oldest_due_deliveries_are_leased_first_and_not_too_many(tx):
    """A worker takes what it can do in its lease."""
    for number, minutes in ((1, 3), (2, 1), (3, 2)):
        outbox.put(tx, delivery_of(number, due_at=NOW + timedelta(minutes=minutes)))
    assert lease(tx, minutes=5, limit=2) == ["delivery-2", "delivery-3"]
    assert lease(tx, minutes=5) == ["delivery-1"]


def test_stopped_worker_gives_its_leases_back(tx):
    """A worker that is told to stop makes nobody wait; others' leases stay."""
    outbox.put(tx, delivery_of(1), delivery_of(2))
    lease(tx, "first", limit=1)
    lease(tx, "second", limit=1)
    assert sorted(outbox.owners(tx)) == ["first", "second"]
    outbox.release(tx, "first")
    assert outbox.owners(tx) == ("second",)
    assert lease(tx, "third") == ["delivery-1"]


def test_of_workers_that_lease_together_each_delivery_goes_to_one(store):
    """Eight workers share forty deliveries, none twice, none of a key beside another of it."""
    with store.write() as tx:
        outbox.put(tx, *(delivery_of(number, ordering_key=f"PO-{number % 20}") for number in range(40)))

    def work(which):
        with store.write() as tx:
            return outbox.lease(tx, f"worker {which}", NOW, limit=5)

    found = [one for batch in race(8, work) for one in batch]
    assert len({one.id for one in found}) == len(found) == len({one.ordering_key for one in found}) == 20


def test_depth_tells_what_waits_and_for_how_long(tx):
    """Waiting, the age of the oldest, and what is dead; done ones do not count."""
    assert outbox.depth(tx, NOW) == outbox.Depth(waiting=0, oldest_seconds=0.0, dead=0)
    outbox.put(tx, delivery_of(1), delivery_of(2), delivery_of(3, created_at=NOW - timedelta(minutes=20)))
    for one in outbox.lease(tx, "worker", NOW, limit=2):
        outbox.sent(tx, one, "worker", NOW) if one.id == "delivery-1" else outbox.dead(
            tx, one, "worker", NOW, "no"
        )
    assert outbox.depth(tx, NOW) == outbox.Depth(waiting=1, oldest_seconds=1200.0, dead=1)


def test_pause_grows_from_half_a_minute_to_two_hours():
    """Full jitter: chance decides over the whole of it."""
    assert [outbox.backoff(number, 1.0).total_seconds() for number in (1, 2, 3, 9, 10, 1000)] == [
        30.0,
        60.0,
        120.0,
        7200.0,
        7200.0,
        7200.0,
    ]
    assert outbox.backoff(5, 0.0) == timedelta(0)


@pytest.mark.rule("T-M1")
def test_attempt_cannot_be_tied_to_another_agreements_delivery(tx):
    """The database itself refuses a link across agreements."""
    outbox.put(tx, delivery_of())
    row = {"agreement_id": "aas", "delivery_id": "delivery-1", "number": 1, "at": NOW}
    with pytest.raises(IntegrityError), tx.begin_nested():
        tx.execute(tables.outbox_attempt.insert(), row | {"owner": "x", "outcome": "sent", "reason": ""})
