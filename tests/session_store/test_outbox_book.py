"""The outbox as people look at it; on both databases."""

from dataclasses import replace

from session_store import outbox, outbox_book
from tests.session_store.made import NOW, delivery_of


def test_what_has_become_of_each_delivery_is_listed(store):
    """State, attempts and what the last one said, in the order in which they were put."""
    with store.write() as tx:
        outbox.put(tx, delivery_of(1), replace(delivery_of(2), ordering_key="other"))
        first, second = outbox.lease(tx, "w", NOW)
        outbox.sent(tx, first, "w", NOW)
        outbox.dead(tx, second, "w", NOW, "refused")
        listed = outbox_book.listing(tx, "boe")
        dead = outbox_book.listing(tx, "boe", states=("dead",))
    assert [(one.state, one.attempts, one.reason) for one in listed] == [
        ("sent", 1, ""),
        ("dead", 1, "refused"),
    ]
    assert [one.id for one in dead] == [second.id]


def test_a_dead_delivery_is_due_again_under_its_old_id_and_a_done_one_is_not(store):
    """Nothing that is done is done twice; what had been given up keeps its key."""
    with store.write() as tx:
        outbox.put(tx, delivery_of(1), replace(delivery_of(2), ordering_key="other"))
        first, second = outbox.lease(tx, "w", NOW)
        outbox.sent(tx, first, "w", NOW)
        outbox.dead(tx, second, "w", NOW, "refused")
        assert not outbox_book.retry(tx, "boe", first.id, NOW)
        assert not outbox_book.retry(tx, "aas", second.id, NOW)
        assert outbox_book.retry(tx, "boe", second.id, NOW)
        (again,) = outbox.lease(tx, "w", NOW)
    assert (again.id, again.attempts) == (second.id, 2)


def test_deliveries_of_a_kind_are_found_newest_first(store):
    """Of every agreement, done or not, at most so many."""
    with store.write() as tx:
        outbox.put(tx, *(replace(delivery_of(number), kind="mail") for number in (1, 2, 3)), delivery_of(4))
        found = outbox.of_kind(tx, "mail", most=2)
    assert [one.id for one in found] == [delivery_of(3).id, delivery_of(2).id]
