"""What a feed changes in a generation under construction, decided record by record (CAT-1)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from sqlalchemy import Connection, delete

from catalog_bridge.embedded.catalogue_batch import Batch, Held, look_up, write
from catalog_bridge.embedded.generation import quarantine
from catalog_bridge.embedded.word_index import WordIndex
from catalog_bridge.feeds.record import Deletion, Event, Quarantined, Record
from protocols.model.item import Product
from protocols.model.serial import from_json, to_json

_REASONS_SHOWN = 100
_NAMELESS = delete(quarantine).where(quarantine.c.reference == "")


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
        connection.execute(_NAMELESS)  # of earlier feeds: nothing that comes later could let them out

    def take(self, events: Sequence[Event]) -> None:
        """Decides about every event in order, then writes what came of it."""
        batch = look_up(self._connection, events)
        for event in events:
            self.tally["read"] += 1
            self.tally[self._decided(event, batch)] += 1
        write(self._connection, self._index, batch, at=self._at)

    def _decided(self, event: Event, batch: Batch) -> str:
        """What became of the event, as the report counts it."""
        if isinstance(event, Quarantined):
            return self._put_aside(event, batch)
        held = batch.held.get(event.reference)
        if held and held.sent_at > _moment(event.sent_at):
            return "older"
        if isinstance(event, Deletion):
            return _deleted(event, batch)
        if reason := _objection(event, held, batch):
            return self._put_aside(Quarantined(reference=event.reference, place="", reason=reason), batch)
        return _stored(event, held, batch)

    def _put_aside(self, event: Quarantined, batch: Batch) -> str:
        batch.aside.append(event)
        if len(self.reasons) < _REASONS_SHOWN:
            self.reasons.append(event)
        return "quarantined"


def _deleted(event: Deletion, batch: Batch) -> str:
    """The record is forgotten but for the time, so that an older message cannot revive it."""
    gone = Held(
        id=batch.id_of(event.reference), sent_at=_moment(event.sent_at), product_id=None, payload=None
    )
    batch.keep(event.reference, gone, None)
    batch.settle(event.reference)
    return "deleted"


def _stored(record: Record, held: Held | None, batch: Batch) -> str:
    product = _completed(record, held)
    stored = Held(
        id=batch.id_of(record.reference),
        sent_at=_moment(record.sent_at),
        product_id=product.product_id,
        payload=to_json(product),
    )
    batch.settle(record.reference)
    if held and held.payload == stored.payload:
        batch.keep_unchanged(record.reference, stored)
        return "unchanged"
    batch.keep(record.reference, stored, product)
    return "changed" if held and held.payload else "added"


def _objection(record: Record, held: Held | None, batch: Batch) -> str:
    """Why the record cannot be kept, empty when it can."""
    number = record.product.product_id
    owner = batch.owner.get(number, record.reference)
    if owner != record.reference:
        return f"{number} belongs to record {owner}; the supplier must delete that one first."
    if record.kept and not (held and held.payload):
        return "A partial update of a record that we do not have; ask for the whole record."
    return ""


def _completed(record: Record, held: Held | None) -> Product:
    """The product, with what a partial update did not speak of taken from what is held."""
    if not record.kept or not held or not held.payload:
        return record.product
    before = from_json(held.payload, Product)
    return replace(record.product, **{name: getattr(before, name) for name in record.kept})


def _moment(at: datetime) -> str:
    """The time in UTC, written so that text compares as time does."""
    return at.astimezone(UTC).isoformat(timespec="seconds")
