"""A new generation of the catalogue from a feed: the live one plus what the feed says, made live at the end.

Until then nobody sees it, so an import that is killed or refused changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Connection, func, select

from catalog_bridge.bookshop import CatalogueStatus
from catalog_bridge.embedded.batches import Batches
from catalog_bridge.embedded.catalogue import Catalogue
from catalog_bridge.embedded.catalogue_changes import Changes
from catalog_bridge.embedded.generation import quarantine, title
from catalog_bridge.feeds.record import Event, Quarantined

_KEPT = 2  # generations: the live one, and the one that a slow reader may still be in


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did; every record that was read counts in one of the other numbers.

    generation
        The one that is live now.
    older
        Left alone, because a newer message had come before (CAT-1).
    reasons
        The first hundred quarantined records; all of them stay in the generation's quarantine.
    stopped
        Why the feed could not be read to its end, empty when it was; what came before that is in.
    """

    generation: int
    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    older: int = 0
    deleted: int = 0
    quarantined: int = 0
    reasons: tuple[Quarantined, ...] = ()
    stopped: str = ""


def build(
    catalogue: Catalogue,
    events: Iterable[Event],
    *,
    now: datetime,
    progress: Callable[[int], None] | None = None,
) -> ImportReport:
    """The report of an import that is live when this returns.

    ``progress`` hears how many records have been read. A feed that breaks off is imported as far as it could
    be read, and the report says so. Raises what the reader raised when nothing could be read, and
    ShopUnavailable while another import is running; nothing is changed then.
    """
    feed = Batches(events)
    with catalogue.generations.exclusive():
        live = catalogue.pointer.generation()
        with catalogue.generations.building(live + 1, base=live) as connection:
            changes = Changes(connection, catalogue.generations.index, now)
            for batch in feed:
                changes.take(batch)
                if progress:
                    progress(changes.tally["read"])
            status = _status(connection, live + 1, now)
        catalogue.pointer.flip(status)
        catalogue.generations.forget(before=live + 2 - _KEPT)
    reasons = tuple(changes.reasons)
    return ImportReport(generation=live + 1, reasons=reasons, stopped=feed.stopped, **changes.tally)


def _status(connection: Connection, generation: int, now: datetime) -> CatalogueStatus:
    products, demo = connection.execute(
        select(func.count(title.c.product_id), func.coalesce(func.max(title.c.demo), 0))
    ).one()
    return CatalogueStatus(
        generation=generation,
        products=products,
        quarantined=connection.scalar(select(func.count()).select_from(quarantine)) or 0,
        imported_at=now.astimezone(UTC).isoformat(timespec="seconds"),
        demo=bool(demo),
    )
