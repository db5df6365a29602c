"""How far the trade's feed has been read: one row in the shop's own database (CAT-3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import select

from catalog_bridge.embedded.available import reading, writing
from catalog_bridge.embedded.database import Database, put
from catalog_bridge.embedded.tables import feed

_ROW = select(feed).where(feed.c.id == 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a feed is to be read on.

    url
        The feed's own address, as set when the place was kept: it means nothing in another feed.
    next
        Address of the next page, with the feed's token in it; nobody else's business.
    fetched_at
        When the page before it came, UTC in ISO 8601.
    """

    url: str = field(repr=False)
    next: str = field(repr=False)
    fetched_at: str


class FeedPlace:
    """The place in table ``shop_feed``; ShopUnavailable when the database is busy or away."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def read(self) -> Place | None:
        """The place that was kept last; None before the first page."""
        with reading(self._db) as tx:
            row = tx.execute(_ROW).one_or_none()
        return None if row is None else Place(url=row.url, next=row.next, fetched_at=row.fetched_at)

    def keep(self, url: str, following: str, now: datetime) -> None:
        """Nothing; the feed at ``url`` is read on at ``following``."""
        at = now.astimezone(UTC).isoformat(timespec="seconds")
        with writing(self._db) as tx:
            put(tx, feed, [{"id": 1, "url": url, "next": following, "fetched_at": at}])
