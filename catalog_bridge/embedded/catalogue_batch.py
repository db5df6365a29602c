"""Some hundred records of an import: what a generation holds of them, and what is written in their place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, or_, select, update

from catalog_bridge.embedded.generation import quarantine, row_of, title
from catalog_bridge.embedded.word_index import Entry, WordIndex, entry
from catalog_bridge.feeds.record import Event, Quarantined, Record
from protocols.model.item import Product

_HELD = select(title.c.id, title.c.reference, title.c.sent_at, title.c.product_id, title.c.payload).where(
    or_(
        title.c.reference.in_(bindparam("references", expanding=True)),
        title.c.product_id.in_(bindparam("product_ids", expanding=True)),
    )
)
_LAST_ID = select(func.coalesce(func.max(title.c.id), 0))
_REMOVE = delete(title).where(title.c.id.in_(bindparam("ids", expanding=True)))
_SENT_AGAIN = update(title).where(title.c.id == bindparam("held_id")).values(sent_at=bindparam("again"))
_RELEASE = delete(quarantine).where(quarantine.c.reference.in_(bindparam("references", expanding=True)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a generation holds of one record; no product id and no payload once it was deleted."""

    id: int
    sent_at: str
    product_id: str | None
    payload: str | None


@dataclass(slots=True, kw_only=True)
class Batch:
    """What is known of the records while they are decided about, and what is to be written.

    known, last
        The last id in the tables, and the last one given out.
    owner
        Which record each product belongs to.
    settled
        Records that are not, or no longer, in quarantine.
    """

    known: int
    last: int
    held: dict[str, Held]
    owner: dict[str, str]
    rows: dict[int, dict[str, Any]] = field(default_factory=dict)
    entries: dict[int, Entry] = field(default_factory=dict)
    resent: dict[int, str] = field(default_factory=dict)
    aside: list[Quarantined] = field(default_factory=list)
    settled: list[str] = field(default_factory=list)

    def id_of(self, reference: str) -> int:
        """The record's id, a new one when it has none."""
        if reference not in self.held:
            self.last += 1
            return self.last
        return self.held[reference].id

    def keep(self, reference: str, held: Held, product: Product | None) -> None:
        """Puts the product in the record's place; without one, only the time when it was deleted."""
        before = self.held.get(reference)
        if before and before.product_id:
            del self.owner[before.product_id]
        self.held[reference] = held
        self.rows[held.id] = row_of(product) | asdict(held) | {"reference": reference}
        self.resent.pop(held.id, None)
        self.entries.pop(held.id, None)
        if product:
            self.owner[product.product_id] = reference
            self.entries[held.id] = entry(held.id, product)

    def keep_unchanged(self, reference: str, held: Held) -> None:
        """Notes only that the record was sent again."""
        self.held[reference] = held
        self.resent[held.id] = held.sent_at

    def settle(self, reference: str) -> None:
        """Lets the record out of quarantine, should it be there."""
        self.settled.append(reference)
        self.aside = [event for event in self.aside if event.reference != reference]


def look_up(connection: Connection, events: Sequence[Event]) -> Batch:
    """The batch of these events, with what the generation holds of their records and products."""
    values = {
        "references": [event.reference for event in events],
        "product_ids": [event.product.product_id for event in events if isinstance(event, Record)],
    }
    rows = connection.execute(_HELD, values).all()
    known = connection.scalar(_LAST_ID) or 0
    return Batch(
        known=known,
        last=known,
        held={
            row.reference: Held(
                id=row.id, sent_at=row.sent_at, product_id=row.product_id, payload=row.payload
            )
            for row in rows
        },
        owner={row.product_id: row.reference for row in rows if row.product_id},
    )


def write(connection: Connection, index: WordIndex, batch: Batch, *, at: str) -> None:
    """Nothing; what was decided is in the tables, the word index and the quarantine."""
    replaced = [number for number in batch.rows if number <= batch.known]
    if replaced:
        index.remove(connection, replaced)
        connection.execute(_REMOVE, {"ids": replaced})
    if batch.rows:
        connection.execute(insert(title), list(batch.rows.values()))
    index.add(connection, batch.entries.values())
    if batch.resent:
        connection.execute(_SENT_AGAIN, [{"held_id": n, "again": sent} for n, sent in batch.resent.items()])
    _write_quarantine(connection, batch, at)


def _write_quarantine(connection: Connection, batch: Batch, at: str) -> None:
    """Replaces what was put aside before under the same reference."""
    again = [event.reference for event in batch.aside if event.reference]
    connection.execute(_RELEASE, {"references": batch.settled + again})
    if batch.aside:
        connection.execute(insert(quarantine), [asdict(event) | {"at": at} for event in batch.aside])
