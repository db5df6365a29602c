"""Bibliographic records as they came, by ISBN; the newest import wins (CAT-4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, bindparam, func, select

from catalog_bridge.embedded import tables
from catalog_bridge.embedded.available import reading, writing
from catalog_bridge.embedded.batches import Batches
from catalog_bridge.embedded.database import Database, put
from catalog_bridge.embedded.stamps import stamp
from catalog_bridge.feeds.marc import Event
from catalog_bridge.feeds.record import Quarantined
from catalog_bridge.marc import MarcFormat, MarcRecord

_TABLE = tables.marc_record
_ONE = select(_TABLE).where(_TABLE.c.isbn == bindparam("isbn"))
_BODIES = select(_TABLE.c.isbn, _TABLE.c.body).where(_TABLE.c.isbn.in_(bindparam("isbns", expanding=True)))
_COUNT = select(func.count()).select_from(_TABLE)
_REASONS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordReport:
    """What an import did; every record that was read counts in one of the other numbers.

    without_isbn
        Nothing joins them to a title, so they are not kept.
    reasons
        The first hundred quarantined records.
    stopped
        Why the file could not be read to its end, empty when it was; what came before that is in.
    """

    read: int = 0
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    without_isbn: int = 0
    quarantined: int = 0
    reasons: tuple[Quarantined, ...] = ()
    stopped: str = ""


class MarcRecords:
    """The records that the bookshop keeps.

    now
        The clock.
    """

    def __init__(self, db: Database, *, now: Callable[[], datetime]) -> None:
        self._db = db
        self._now = now

    def take(self, events: Iterable[Event]) -> RecordReport:
        """The report of an import, which has kept what could be read, some hundred records at a time.

        Raises what the reader raised when nothing could be read.
        """
        tally: Counter[str] = Counter()
        reasons: list[Quarantined] = []
        feed = Batches(events)
        for batch in feed:
            reasons += [event for event in batch if isinstance(event, Quarantined)]
            del reasons[_REASONS:]
            with writing(self._db) as tx:
                tally.update(_kept(tx, batch, stamp(self._now())))
        return RecordReport(read=tally.total(), reasons=tuple(reasons), stopped=feed.stopped, **tally)

    def count(self) -> int:
        """Of how many ISBNs there is a record."""
        with reading(self._db) as tx:
            return int(tx.scalar(_COUNT) or 0)


def one(tx: Connection, isbn: str) -> MarcRecord | None:
    """The record of this ISBN-13, None where none has come."""
    row = tx.execute(_ONE, {"isbn": isbn}).one_or_none()
    if row is None:
        return None
    return MarcRecord(
        isbns=(row.isbn,),
        bibbi_id=row.bibbi_id,
        format=MarcFormat(row.format),
        charset=row.charset,
        body=row.body,
    )


def _kept(tx: Connection, batch: list[Event], at: str) -> list[str]:
    """What became of each record of the batch, as the report counts it."""
    records = [event for event in batch if isinstance(event, MarcRecord)]
    known = _known(tx, records)
    rows: dict[str, dict[str, object]] = {}
    outcomes = ["quarantined"] * (len(batch) - len(records))
    for record in records:
        outcomes.append(_outcome(record, known))
        fresh = [isbn for isbn in record.isbns if known.get(isbn) != record.body]
        rows |= {isbn: _row(isbn, record, at) for isbn in fresh}
        known |= dict.fromkeys(record.isbns, record.body)
    put(tx, _TABLE, list(rows.values()))
    return outcomes


def _known(tx: Connection, records: list[MarcRecord]) -> dict[str, bytes]:
    isbns = sorted({isbn for record in records for isbn in record.isbns})
    return {row.isbn: row.body for row in tx.execute(_BODIES, {"isbns": isbns})}


def _outcome(record: MarcRecord, known: Mapping[str, bytes]) -> str:
    if not record.isbns:
        return "without_isbn"
    before = [known[isbn] for isbn in record.isbns if isbn in known]
    if len(before) < len(record.isbns):
        return "new"
    return "unchanged" if all(body == record.body for body in before) else "changed"


def _row(isbn: str, record: MarcRecord, at: str) -> dict[str, object]:
    return {
        "isbn": isbn,
        "bibbi_id": record.bibbi_id,
        "format": record.format.value,
        "charset": record.charset,
        "body": record.body,
        "received_at": at,
    }
