"""The outbox as people look at it, and how deliveries end that were not simply sent."""

from dataclasses import replace
from datetime import timedelta

import pytest

from session_store import agreements, live_secrets, orders, outbox, outbox_book
from tests.session_store.made import (
    NOW,
    SENDER,
    agreement_of,
    delivery_of,
    keep,
    keyring,
    new_secret,
    order_of,
)

LATER = NOW + timedelta(hours=1)
PLACE = ("sender", *live_secrets.key(SENDER.domain, SENDER.identity))


def leased(tx, minutes=0):
    """The one delivery that is due so many minutes later, leased."""
    (one,) = outbox.lease(tx, "worker", NOW + timedelta(minutes=minutes))
    return one


def listed(tx, *states, agreement_id="boe"):
    """State, attempts, outcome and reason of each."""
    found = outbox_book.listing(tx, agreement_id, states or outbox_book.STATES)
    return [(one.state, one.attempts, one.outcome, one.reason) for one in found]


def test_the_listing_shows_how_each_delivery_stands(tx):
    """Not begun, tried, and given up, with the last reason, in the order in which they were put."""
    outbox.put(tx, *(delivery_of(number) for number in (1, 2, 3)))
    first, second, _ = outbox.lease(tx, "worker", NOW)
    outbox.again(tx, first, "worker", NOW, LATER, "busy")
    outbox.dead(tx, second, "worker", NOW, "never")
    assert listed(tx) == [
        ("waiting", 1, "again", "busy"),
        ("dead", 1, "dead", "never"),
        ("waiting", 1, "", ""),
    ]
    assert listed(tx, "dead") == [("dead", 1, "dead", "never")]


def test_what_was_done_without_being_sent_says_how(tx):
    """It is over, and holds nobody back."""
    outbox.put(tx, delivery_of(), delivery_of(2, ordering_key="order-1"))
    assert outbox.sent(tx, leased(tx), "worker", NOW, "shown", "at the desk")
    assert listed(tx)[0] == ("sent", 1, "shown", "at the desk")
    assert leased(tx).id == "delivery-2"


def test_a_postponed_delivery_was_not_tried(tx):
    """It waits until then, with the attempts that it had."""
    outbox.put(tx, delivery_of())
    assert outbox.postponed(tx, leased(tx), "worker", NOW, NOW + timedelta(minutes=5), "resting")
    assert listed(tx) == [("waiting", 0, "", "")]
    assert outbox.lease(tx, "worker", NOW + timedelta(minutes=4)) == ()
    assert leased(tx, minutes=5).attempts == 1


def test_a_delivery_handed_back_was_never_leased(tx):
    """However old it is: another worker has it at once, as its first attempt."""
    outbox.put(tx, delivery_of(created_at=NOW - outbox.GIVE_UP_AFTER))
    assert outbox.hand_back(tx, leased(tx), "worker")
    assert listed(tx) == [("waiting", 0, "", "")]
    assert leased(tx).attempts == 1


def test_a_delivery_is_not_postponed_for_ever(tx):
    """After 72 hours it is dead, as if it had been tried."""
    outbox.put(tx, delivery_of())
    one = leased(tx)
    assert outbox.postponed(tx, one, "worker", NOW + outbox.GIVE_UP_AFTER, LATER, "resting")
    assert listed(tx) == [("dead", 1, "dead", "resting")]


def test_one_whose_lease_is_gone_cannot_postpone(tx):
    """The one that has it now decides."""
    outbox.put(tx, delivery_of())
    old = leased(tx)
    leased(tx, minutes=2)
    assert not outbox.postponed(tx, old, "worker", NOW, LATER, "resting")


def test_the_last_attempts_are_those_of_these_kinds(tx):
    """Newest first, at most so many, of this agreement alone."""
    outbox.put(tx, *(delivery_of(number, kind=kind) for number, kind in enumerate("aab", start=1)))
    outbox.put(tx, delivery_of(4, agreement_id="aas", kind="a"))
    for minute, one in enumerate(outbox.lease(tx, "worker", NOW)):
        outbox.again(tx, one, "worker", NOW + timedelta(minutes=minute), LATER, one.id)
    told = [(one.at, one.outcome, one.reason) for one in outbox_book.attempts(tx, "boe", ["a"], 5)]
    assert told == [
        (NOW + timedelta(minutes=1), "again", "delivery-2"),
        (NOW, "again", "delivery-1"),
    ]
    assert len(outbox_book.attempts(tx, "boe", ["a"], 1)) == 1


def test_a_dead_delivery_lives_again_with_the_same_key(tx):
    """At once, its attempts counted on."""
    outbox.put(tx, delivery_of())
    outbox.dead(tx, leased(tx), "worker", NOW, "never")
    assert outbox_book.retry(tx, "boe", "delivery-1", NOW)
    again = leased(tx)
    assert (again.id, again.attempts) == ("delivery-1", 2)


def test_what_waits_may_be_done_at_once(tx):
    """Somebody knows that the other side is back."""
    outbox.put(tx, delivery_of())
    outbox.again(tx, leased(tx), "worker", NOW, LATER, "busy")
    assert outbox_book.retry(tx, "boe", "delivery-1", NOW)
    assert leased(tx).id == "delivery-1"


def test_what_is_done_is_not_done_again(tx):
    """Nor is what does not exist."""
    outbox.put(tx, delivery_of())
    outbox.sent(tx, leased(tx), "worker", NOW)
    assert not outbox_book.retry(tx, "boe", "delivery-1", NOW)
    assert not outbox_book.retry(tx, "boe", "delivery-2", NOW)


@pytest.mark.rule("T-M1")
def test_another_agreements_deliveries_and_orders_are_not_found(tx):
    """Not listed, not found, not revived; the same of an order by its payloadID."""
    outbox.put(tx, delivery_of())
    keep(tx, order_of())
    assert listed(tx, agreement_id="aas") == []
    assert outbox_book.find(tx, "aas", "delivery-1") is None
    assert not outbox_book.retry(tx, "aas", "delivery-1", NOW)
    assert orders.by_payload(tx, "aas", order_of().payload_id) is None


def test_a_delivery_is_found_with_its_content(tx):
    """To be joined to what others say about it."""
    outbox.put(tx, delivery_of())
    found = outbox_book.find(tx, "boe", "delivery-1")
    assert (found.kind, found.state, found.payload) == ("carry_out", "waiting", delivery_of().payload)


def test_an_order_is_found_by_the_document_it_came_in(tx):
    """Of several versions the one of this document."""
    second = replace(order_of(id_="order-2", payload_id="2@buyer.example"), number="2")
    for one in (order_of(), second):
        keep(tx, one)
    assert orders.by_payload(tx, "boe", "2@buyer.example").id == "order-2"


@pytest.fixture
def changing(tx):
    """The agreement while its secret changes over."""
    agreements.save(tx, agreement_of("boe"), [new_secret("new")], keyring=keyring(), now=NOW)
    return tx


@pytest.mark.parametrize(
    ("used", "shown"),
    [({}, "new"), ({1: 0}, "hemmelig-boe"), ({1: 0, 2: 1}, "new"), ({1: 1, 2: 0}, "hemmelig-boe")],
)
def test_the_secret_in_use_is_the_one_seen_last(changing, used, shown):
    """Until one of two was seen the newest counts."""
    for version, minutes in used.items():
        live_secrets.mark_used(changing, "boe", PLACE, version, NOW + timedelta(minutes=minutes))
    assert live_secrets.in_use(changing, "boe", PLACE, keyring()) == shown


def test_without_a_secret_there_is_none_in_use(tx):
    """Neither for another role nor for another agreement's place."""
    assert live_secrets.in_use(tx, "boe", ("to", *PLACE[1:]), keyring()) == ""
    assert live_secrets.in_use(tx, "nobody", PLACE, keyring()) == ""
