"""What people tell of the pages, as it is kept; on both databases."""

from datetime import timedelta

from session_store import feedback
from session_store.feedback import Feedback
from tests.session_store.made import NOW
from tests.session_store.racing import race


def told(store, id_, **changes):
    """Nothing: this message is kept."""
    message = {
        "at": NOW,
        "origin": "AB12CD34",
        "customer_number": "100234",
        "page": "cart",
        "text": "Bra på Ås!",
    }
    with store.write() as tx:
        feedback.put(tx, Feedback(id=id_, **message | changes))


def listed(store):
    """All messages."""
    with store.read() as tx:
        return feedback.listing(tx)


def test_a_message_comes_back_as_it_was_written(store):
    """Letters, line breaks and blanks included."""
    text = "Første linje\n  «æøå» & <b> ' \" \\ 🙂\n"
    told(store, "1", text=text, reply_to="barn@bibliotek.testby.example")
    (message,) = listed(store)
    assert (message.text, message.reply_to, message.done_at) == (text, "barn@bibliotek.testby.example", None)


def test_what_waits_stands_first_and_the_newest_before_the_others(store):
    """However new the others are."""
    for id_, minutes in (("old", 1), ("new", 3), ("done", 5)):
        told(store, id_, at=NOW + timedelta(minutes=minutes))
    with store.write() as tx:
        assert feedback.settle(tx, "done", NOW, "operator:Åse")
    assert [message.id for message in listed(store)] == ["new", "old", "done"]


def test_of_many_who_see_to_a_message_one_does(store):
    """The others are told."""
    told(store, "1")

    def settle(which):
        with store.write() as tx:
            return feedback.settle(tx, "1", NOW, f"operator:{which}")

    assert sorted(race(8, settle)) == [False] * 7 + [True]


def test_messages_are_counted_by_where_they_come_from(store):
    """And by when."""
    told(store, "1")
    told(store, "2", origin="other")
    told(store, "3", at=NOW - timedelta(days=2))
    with store.read() as tx:
        assert feedback.count_since(tx, "AB12CD34", NOW - timedelta(days=1)) == 1
