"""A document sent twice is answered twice, byte for byte, and acted on once."""

import pytest
from sqlalchemy import select

from protocols.errors import Conflict, Unavailable
from session_store import inbox, orders, tables
from tests.session_store.made import NOW, keep, keyring, order_of
from tests.session_store.racing import race

HASH = b"h" * 32


def claim(tx, key="1@buyer", body_hash=HASH, agreement_id="boe", channel="cxml"):
    """The stored answer, or None when the document is ours to answer."""
    return inbox.claim(tx, agreement_id, channel, key, body_hash, now=NOW, keyring=keyring())


def fail_after(_done):
    """What goes wrong once something has been done."""
    raise ZeroDivisionError


def answer(tx, body, key="1@buyer", agreement_id="boe"):
    """The claimed document is answered."""
    inbox.answer(tx, agreement_id, "cxml", key, body, keyring=keyring())


@pytest.mark.rule("T-I1")
def test_repeated_document_gets_the_first_answer_byte_for_byte(store):
    """Also from another transaction, also when the answer is not text."""
    body = "<Status>æøå\r\n</Status>".encode("iso-8859-1") + bytes(range(256))
    with store.write() as tx:
        assert claim(tx) is None
        answer(tx, body)
    with store.write() as tx:
        assert claim(tx).body == body


@pytest.mark.rule("T-I1")
@pytest.mark.parametrize("work", ["session", "order"])
def test_of_sixteen_that_arrive_together_one_is_answered_and_all_get_its_answer(store, work):
    """Losers wait for the winner's commit and then have what it stored; there is one order."""

    def receive(which):
        with store.write() as tx:
            if stored := claim(tx):
                return "again", stored.body
            body = f"answer of {work} {which}".encode()
            keep(tx, order_of(id_=f"{work}-{which}"))
            answer(tx, body)
            return "first", body

    results = race(16, receive)
    assert sorted(said for said, _ in results) == ["again"] * 15 + ["first"]
    assert len({body for _, body in results}) == 1
    with store.read() as tx:
        assert len(orders.listing(tx, "boe")) == 1


@pytest.mark.rule("T-I1")
def test_claim_that_is_undone_leaves_the_document_to_the_next(tx):
    """When the work fails nothing was promised, and the retry is the first again."""
    with pytest.raises(ZeroDivisionError), tx.begin_nested():
        fail_after(claim(tx))
    assert claim(tx) is None


@pytest.mark.rule("T-I2")
def test_same_key_with_other_content_is_a_conflict(tx):
    """The first answer is not given to another document, and stays for its own."""
    claim(tx)
    answer(tx, b"first")
    with pytest.raises(Conflict, match="1@buyer was received before with other content"):
        claim(tx, body_hash=b"o" * 32)
    assert claim(tx).body == b"first"


@pytest.mark.rule("T-I2")
@pytest.mark.parametrize(
    ("channel", "named", "where"),
    [
        ("cxml", "payloadID", "/cXML/@payloadID"),
        ("peppol", "InstanceIdentifier", "DocumentIdentification/InstanceIdentifier"),
    ],
)
def test_a_conflict_names_the_key_as_its_senders_know_it(tx, channel, named, where):
    """Word and place are of the protocol that the document came by."""
    claim(tx, channel=channel)
    with pytest.raises(Conflict, match=f"under a new {named}") as caught:
        claim(tx, channel=channel, body_hash=b"o" * 32)
    assert caught.value.where.endswith(where)


@pytest.mark.rule("T-I3")
def test_same_key_of_another_agreement_or_channel_is_another_document(tx):
    """Buyers number their documents without knowing of each other."""
    assert [claim(tx), claim(tx, agreement_id="aas"), claim(tx, channel="peppol")] == [None] * 3


def test_stored_answer_is_sealed(tx):
    """It holds a start token, so it stands nowhere in the clear, and opens for its own key only."""
    claim(tx)
    answer(tx, b"https://shop.example/start/token")
    tx.execution_options(across="migration")
    (stored,) = tx.execute(select(tables.inbox.c.answer)).scalars()
    assert b"token" not in stored
    tx.execute(tables.inbox.update().values(message_key="2@buyer"))
    with pytest.raises(Exception, match="does not belong"):
        claim(tx, key="2@buyer")


def test_document_that_was_claimed_and_never_answered_is_not_answered_with_nothing(tx):
    """The sender is asked to come again rather than being told a lie."""
    claim(tx)
    with pytest.raises(Unavailable, match="not answered"):
        claim(tx)
