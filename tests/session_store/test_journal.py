"""What happened stays as it was written; only a raw document may be forgotten when its time is over."""

from datetime import timedelta

import pytest
from sqlalchemy import bindparam, delete, text, update
from sqlalchemy.exc import DBAPIError

from protocols.model.finding import Finding, Severity
from session_store import journal
from session_store.tables import journal as table
from tests.session_store.made import NOW, entry_of

MINE = table.c.agreement_id == bindparam("scope")


def test_entry_comes_back_whole(tx):
    """Findings, names with æøå, and the document's bytes."""
    finding = Finding(code="value.missing", where="/cXML/Ås", severity=Severity.NOTE, advice="fyll ut")
    journal.write(tx, entry_of(findings=(finding,), session_id="s1"))
    assert journal.timeline(tx, "boe", "REF00001") == (entry_of(findings=(finding,), session_id="s1"),)


def test_timeline_is_one_reference_in_the_order_written(tx):
    """Other references and other agreements are not in it, also when they were written together."""
    mine = [entry_of(kind="a"), entry_of(kind="b", at=NOW - timedelta(days=1), document=b"")]
    journal.write(tx, mine[0], entry_of("aas"), entry_of(reference="other"), entry_of(""), mine[1])
    assert journal.timeline(tx, "boe", "REF00001") == tuple(mine)
    assert journal.timeline(tx, "", "REF00001") == (entry_of(""),)


@pytest.mark.parametrize(
    "statement",
    [
        update(table).where(MINE).values(summary="something else"),
        update(table).where(MINE).values(at=NOW + timedelta(days=1)),
        update(table).where(MINE).values(document=b"another document"),
        update(table).where(MINE).values(document=None, actor="somebody else"),
        delete(table).where(MINE),
    ],
    ids=["summary", "time", "document", "document and actor", "delete"],
)
def test_journal_cannot_be_rewritten(tx, statement):
    """The database itself refuses, whoever asks."""
    journal.write(tx, entry_of())
    with pytest.raises(DBAPIError, match="append-only"), tx.begin_nested():
        tx.execute(statement, {"scope": "boe"})
    assert journal.timeline(tx, "boe", "REF00001") == (entry_of(),)


def test_document_can_be_forgotten(tx):
    """The entry stays, without the raw document."""
    journal.write(tx, entry_of())
    tx.execute(update(table).where(MINE).values(document=None), {"scope": "boe"})
    assert journal.timeline(tx, "boe", "REF00001") == (entry_of(document=b""),)


def test_journal_cannot_be_emptied_at_once(postgres_store):
    """TRUNCATE, which PostgreSQL has beside DELETE, is refused too."""
    postgres_store.upgrade()
    with pytest.raises(DBAPIError, match="append-only"), postgres_store.write() as tx:
        tx.execute(text("TRUNCATE journal"), execution_options={"across": "migration"})
