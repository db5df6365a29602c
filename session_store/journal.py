"""What happened, in the order it happened, with findings and redacted documents: append-only."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select

from protocols.model.finding import Finding
from session_store.prepared import Prepared
from session_store.tables import journal

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing that happened.

    agreement_id
        Empty for what belongs to nobody yet, such as an unknown sender.
    kind
        Dotted word, e.g. ``setup.received``.
    reference
        The short code under which people find it; of the session or the order.
    actor
        Who did it, as far as known: a system, a shopper, an operator.
    document
        The raw document, already redacted; empty where there was none or its time is over (13 months).
    """

    at: datetime
    kind: str
    agreement_id: str = ""
    reference: str = ""
    session_id: str = ""
    actor: str = ""
    summary: str = ""
    findings: tuple[Finding, ...] = ()
    document: bytes = b""


_COLUMNS = [journal.c[field.name] for field in fields(Entry)]
_WRITE = Prepared(insert(journal).inline())
_TIMELINE = (
    select(*_COLUMNS)
    .where(journal.c.agreement_id == bindparam("scope"), journal.c.reference == bindparam("wanted"))
    .order_by(journal.c.id)
)


def write(tx: Connection, *entries: Entry) -> None:
    """Nothing: the entries are there for good, if the transaction commits."""
    for entry in entries:
        _WRITE.run(tx, {field.name: getattr(entry, field.name) for field in fields(entry)})


def timeline(tx: Connection, agreement_id: str, reference: str) -> tuple[Entry, ...]:
    """The agreement's entries under this reference, oldest first."""
    rows = tx.execute(_TIMELINE, {"scope": agreement_id, "wanted": reference}).mappings()
    return tuple(Entry(**{**row, "document": row["document"] or b""}) for row in rows)
