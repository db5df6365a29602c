"""What a feed changes in a generation under construction: decided one by one, written in batches (CAT-1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from catalog_bridge.embedded.generation import Entry, WordIndex, entry, quarantine, row_of, title
from catalog_bridge.feeds.record import Deletion, Quarantined, Record
from protocols.model.item import Product
from protocols.model.serial import from_json, to_json

Event = Record | Deletion | Quarantined

_REASONS_SHOWN = 100
_HELD = select(title.c.id, title.c.reference, title.c.sent_at, title.c.product_id, title.c.payload).where(
    or_(
        title.c.reference.in_(bindparam("references", expanding=True)),
        title.c.product_id.in_(bindparam("product_ids", expanding=True)),
    )
)
_LAST_ID = select(func.coalesce(func.max(title.c.id), 0))
_REMOVE = delete(title).where(title.c.id.in_(bindparam("ids", expanding=True)))
_SENT_AGAIN = update(title).where(title.c.id == bindparam("held_id")).values(sent_at=bindparam("again"))
_NAMELESS = delete(quarantine).where(quarantine.c.reference == "")
_RELEASE = delete(quarantine).where(quarantine.c.reference.in_(bindparam("references", expanding=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Held:
    """What the generation holds of one record; no product id and no payload once it was deleted."""

    id: int
    sent_at: str
    product_id: str | None
    payload: str | None


@dataclass(slots=True)
class _Batch:
    """Some hundred records: what was held of them, whose each product is, and what is to be written."""

    held: dict[str, _Held]
    owner: dict[str, str]
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)
    resent: dict[int, str] = field(default_factory=dict)
    aside: list[Quarantined] = field(default_factory=list)
    readable: list[str] = field(default_factory=list)


class Changes:
    """The changes of one import.

    tally
        How many records were ``read``, and what became of them, named as in ImportReport.
    reasons
        The first hundred that were quarantined.
    """

    def __init__(self, connection: Connection, index: WordIndex, now: datetime) -> None:
        self.tally: Counter[str] = Counter()
        self.reasons: list[Quarantined] = []
        self._connection = connection
        self._index = index
        self._at = _moment(now)
        self._last_id = connection.scalar(_LAST_ID) or 0
        connection.execute(_NAMELESS)  # of earlier feeds: nothing that comes later could let them out

    def take(self, events: Sequence[Event]) -> None:
        """Decides about every event in order, then writes what came of it."""
        batch, known = self._look_up(events), self._last_id
        for event in events:
            self.tally["read"] += 1
            self.tally[self._decided(event, batch)] += 1
        self._write(batch, known)

    def _look_up(self, events: Sequence[Event]) -> _Batch:
        values = {
            "references": [event.reference for event in events],
            "product_ids": [event.product.product_id for event in events if isinstance(event, Record)],
        }
        rows = self._connection.execute(_HELD, values).all()
        return _Batch(
            held={
                row.reference: _Held(
                    id=row.id, sent_at=row.sent_at, product_id=row.product_id, payload=row.payload
                )
                for row in rows
            },
            owner={row.product_id: row.reference for row in rows if row.product_id},
        )

    def _decided(self, event: Event, batch: _Batch) -> str:
        """What became of the event, as the report counts it."""
        if isinstance(event, Quarantined):
            return self._put_aside(event, batch)
        held = batch.held.get(event.reference)
        if held and held.sent_at > _moment(event.sent_at):
            return "older"
        if isinstance(event, Deletion):
            self._keep(event, None, batch)
            return "deleted"
        if reason := _objection(event, held, batch):
            return self._put_aside(Quarantined(reference=event.reference, place="", reason=reason), batch)
        return self._stored(event, held, batch)

    def _put_aside(self, event: Quarantined, batch: _Batch) -> str:
        batch.aside.append(event)
        if len(self.reasons) < _REASONS_SHOWN:
            self.reasons.append(event)
        return "quarantined"

    def _stored(self, record: Record, held: _Held | None, batch: _Batch) -> str:
        product = _completed(record, held)
        batch.readable.append(record.reference)
        if held and held.payload == to_json(product):
            batch.resent[held.id] = _moment(record.sent_at)
            return "unchanged"
        self._keep(record, product, batch)
        return "changed" if held and held.payload else "added"

    def _keep(self, event: Record | Deletion, product: Product | None, batch: _Batch) -> None:
        """Notes the row to be written; without a product it only remembers when the record was deleted."""
        before = batch.held.get(event.reference)
        held = _Held(
            id=before.id if before else self._next_id(),
            sent_at=_moment(event.sent_at),
            product_id=product.product_id if product else None,
            payload=to_json(product) if product else None,
        )
        batch.held[event.reference] = held
        if before and before.product_id:
            del batch.owner[before.product_id]
        batch.rows[held.id] = _row(event.reference, held, product)
        batch.entries.pop(held.id, None)
        if product:
            batch.owner[product.product_id] = event.reference
            batch.entries[held.id] = entry(held.id, product)

    def _next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def _write(self, batch: _Batch, known: int) -> None:
        """Writes the batch; ids up to ``known`` are in the tables already."""
        replaced = [number for number in batch.rows if number <= known]
        if replaced:
            self._index.remove(self._connection, replaced)
            self._connection.execute(_REMOVE, {"ids": replaced})
        if batch.rows:
            self._connection.execute(insert(title), list(batch.rows.values()))
        self._index.add(self._connection, batch.entries.values())
        if batch.resent:
            again = [{"held_id": number, "again": moment} for number, moment in batch.resent.items()]
            self._connection.execute(_SENT_AGAIN, again)
        self._write_quarantine(batch)

    def _write_quarantine(self, batch: _Batch) -> None:
        """Replaces what was put aside before; a record that can be read now is let out."""
        again = [event.reference for event in batch.aside if event.reference]
        self._connection.execute(_RELEASE, {"references": batch.readable + again})
        rows = [asdict(event) | {"at": self._at} for event in batch.aside]
        if rows:
            self._connection.execute(insert(quarantine), rows)


def _moment(at: datetime) -> str:
    """The time in UTC, written so that text compares as time does."""
    return at.astimezone(UTC).isoformat(timespec="seconds")


def _objection(record: Record, held: _Held | None, batch: _Batch) -> str:
    """Why the record cannot be kept, empty when it can."""
    owner = batch.owner.get(record.product.product_id, record.reference)
    if owner != record.reference:
        number = record.product.product_id
        return f"{number} belongs to record {owner}; the supplier must delete that one first."
    if record.kept and not (held and held.payload):
        return "A partial update of a record that we do not have; ask for the whole record."
    return ""


def _completed(record: Record, held: _Held | None) -> Product:
    """The product, with what a partial update did not speak of taken from what is held."""
    if not record.kept or not held or not held.payload:
        return record.product
    before = from_json(held.payload, Product)
    return replace(record.product, **{name: getattr(before, name) for name in record.kept})


def _row(reference: str, held: _Held, product: Product | None) -> dict[str, Any]:
    columns = row_of(product) if product else _NOTHING
    return {
        "id": held.id,
        "reference": reference,
        "sent_at": held.sent_at,
        "payload": held.payload,
        **columns,
    }


_NOTHING: dict[str, Any] = {
    "product_id": None,
    "heading": "",
    "language": "",
    "audience": "",
    "form": "",
    "published": "",
    "demo": 0,
}
