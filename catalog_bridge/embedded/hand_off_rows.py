"""Documents for library systems as rows, and what happens to their lines (DIST-11)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, select, update

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.embedded import tables
from catalog_bridge.library_systems import (
    Document,
    DocumentFacts,
    Event,
    LineFacts,
    LineHandOff,
    LineState,
    after,
)
from protocols.library.order import LibraryOrder
from protocols.model.serial import from_json

AnyRow = Row[tuple[object, ...]]

_DOCUMENT, _LINE = tables.library_document.c, tables.library_line.c
_MY_DOCUMENTS = _DOCUMENT.customer_number == bindparam("scope")
_MY_LINES = _LINE.customer_number == bindparam("scope")
_IS_DOCUMENT = (_MY_DOCUMENTS, _DOCUMENT.number == bindparam("of"))
_FACTS = (_DOCUMENT.number, _DOCUMENT.order_number, _DOCUMENT.profile, _DOCUMENT.queued_at)

_LOCK = select(_DOCUMENT.number).where(*_IS_DOCUMENT).with_for_update()
_WHOLE = select(*_FACTS, _DOCUMENT.body).where(*_IS_DOCUMENT)
_CONTENTS = (
    select(_DOCUMENT.number, _DOCUMENT.content)
    .where(_MY_DOCUMENTS, _DOCUMENT.order_number == bindparam("of_order"))
    .order_by(_DOCUMENT.number)
)
_HAPPENS = update(tables.library_line).where(
    _MY_LINES, _LINE.document == bindparam("of"), _LINE.order_line_id == bindparam("line")
)


MOST = 100
"""Documents that are listed at once of those that wait: the rest follows when these are settled."""


@dataclass(frozen=True, slots=True)
class _Selection:
    """The documents of one customer that a condition picks, by number, with their lines."""

    documents: Select[tuple[object, ...]]
    lines: Select[tuple[object, ...]]


def _selection(*conditions: ColumnElement[bool], most: int | None = None) -> _Selection:
    mine = (_MY_DOCUMENTS, *conditions)
    numbers = select(_DOCUMENT.number).where(*mine).order_by(_DOCUMENT.number).limit(most)
    return _Selection(
        select(*_FACTS).where(*mine).order_by(_DOCUMENT.number).limit(most),
        select(tables.library_line)
        .where(_MY_LINES, _LINE.document.in_(numbers))
        .order_by(_LINE.document, _LINE.line_number),
    )


_WAITING_STATES = (LineState.QUEUED.value, LineState.SENT.value)
_ALL = _selection()
_WAITING = _selection(
    _DOCUMENT.number.in_(select(_LINE.document).where(_MY_LINES, _LINE.state.in_(_WAITING_STATES))), most=MOST
)
_ONE = _selection(_DOCUMENT.number == bindparam("of"))
_OF_ORDER = _selection(_DOCUMENT.order_number == bindparam("of_order"))


def listed(tx: Connection, customer_number: str, *, waiting: bool = False) -> tuple[DocumentFacts, ...]:
    """The customer's documents, by number; only the first that the library system has yet to deal with."""
    return _read(tx, _WAITING if waiting else _ALL, scope=customer_number)


def of_order(tx: Connection, customer_number: str, order_number: str) -> tuple[LineHandOff, ...]:
    """Each line of the order as its newest document has it, by number."""
    keys = {"scope": customer_number, "of_order": order_number}
    told = {
        (row.number, line.order_line_id): line
        for row in tx.execute(_CONTENTS, keys)
        for line in from_json(row.content, LibraryOrder).lines
    }
    newest = {
        line.order_line_id: LineHandOff(
            document=document.number, line=told[document.number, line.order_line_id], facts=line
        )
        for document in _read(tx, _OF_ORDER, **keys)
        for line in document.lines
    }
    return tuple(sorted(newest.values(), key=lambda one: one.facts.line_number))


@dataclass(frozen=True, slots=True)
class DocumentRows:
    """One document inside one transaction."""

    tx: Connection
    customer_number: str
    number: int

    def lock(self) -> None:
        """Nothing; others who change it wait for us. NotFound."""
        if self.tx.execute(_LOCK, self._keys()).first() is None:
            raise self._unknown()

    def document(self) -> Document:
        """The document as it stands; NotFound."""
        row = self.tx.execute(_WHOLE, self._keys()).first()
        if row is None:
            raise self._unknown()
        (facts,) = _read(self.tx, _ONE, **self._keys())
        return Document(facts=facts, body=bytes(row.body))

    def sent_lines(self) -> tuple[str, ...]:
        """The ids of the lines that the document holds: all but those that could not be written."""
        return tuple(line.order_line_id for line in self._lines() if not line.left_out)

    def happens(self, events: Mapping[str, tuple[Event, str]], at: str) -> None:
        """Nothing; each named line is in the state that follows, for the reason given.

        Refused, and nothing is changed, for a line that the document does not hold or that is not so far.
        """
        known = {line.order_line_id: line for line in self._lines() if not line.left_out}
        if stray := next((name for name in events if name not in known), ""):
            raise Refused("Line %(line)s is not in document %(number)d.", line=stray, number=self.number)
        alike: dict[tuple[LineState, str], list[str]] = defaultdict(list)
        for name, (event, reason) in events.items():
            line = known[name]
            becomes = (after(line.state, event), line.reason if event is Event.PULLED else reason)
            if becomes != (line.state, line.reason):
                alike[becomes].append(name)
        for (state, reason), names in alike.items():
            written = _HAPPENS.values(state=state.value, reason=reason, changed_at=at)
            self.tx.execute(written, [{**self._keys(), "line": name} for name in names])

    def _lines(self) -> tuple[LineFacts, ...]:
        return tuple(line for facts in _read(self.tx, _ONE, **self._keys()) for line in facts.lines)

    def _keys(self) -> dict[str, str | int]:
        return {"scope": self.customer_number, "of": self.number}

    def _unknown(self) -> NotFound:
        return NotFound("There is no document %(number)d for this customer.", number=self.number)


def _read(tx: Connection, selection: _Selection, **wanted: str | int) -> tuple[DocumentFacts, ...]:
    lines: dict[int, list[LineFacts]] = defaultdict(list)
    for row in tx.execute(selection.lines, wanted):
        lines[row.document].append(_line_of(row))
    return tuple(_facts_of(row, lines[row.number]) for row in tx.execute(selection.documents, wanted))


def _facts_of(row: AnyRow, lines: Iterable[LineFacts]) -> DocumentFacts:
    return DocumentFacts(
        number=row.number,
        order_number=row.order_number,
        profile=row.profile,
        queued_at=row.queued_at,
        lines=tuple(lines),
    )


def _line_of(row: AnyRow) -> LineFacts:
    return LineFacts(
        order_line_id=row.order_line_id,
        line_number=row.line_number,
        state=LineState(row.state),
        reason=row.reason,
        changed_at=row.changed_at,
        left_out=row.left_out,
    )
