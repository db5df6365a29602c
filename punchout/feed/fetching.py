"""The feed from where it was left to its end: pages are imported, then the place is kept (CAT-3)."""

from __future__ import annotations

from contextlib import ExitStack, closing
from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog_bridge.embedded import building
from catalog_bridge.feeds import onix
from punchout.feed.errors import FeedError
from session_store.crashpoints import crashpoint

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import date, datetime

    from catalog_bridge.embedded.building import ImportReport
    from catalog_bridge.embedded.catalogue import Catalogue
    from catalog_bridge.embedded.feed_place import FeedPlace
    from catalog_bridge.feeds.record import Event
    from punchout.feed.pages import Page, Pages

MOST_PAGES = 64
"""Of one import: each builds a whole generation, which takes longer the more titles there are."""

_MOST_BYTES = 1_000_000_000  # on disk at once


class SinceMissing(Exception):
    """Nobody knows from where to read; the text says what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Fetching:
    """What a run needs."""

    pages: Pages
    place: FeedPlace
    catalogue: Catalogue
    now: Callable[[], datetime]

    def start(self, since: date | None) -> str:
        """The address of the first page: by date when there is one, else where the last run stopped.

        Raises SinceMissing for a feed that was never read.
        """
        feed = self.pages.feed
        if since:
            return feed.since(since)
        kept = self.place.read()
        if kept is None:
            raise SinceMissing("the feed has never been fetched; say from when: --since YYYY-MM-DD")
        if kept.url != feed.url:
            raise SinceMissing("the feed's url has changed since; say from when to read: --since YYYY-MM-DD")
        return kept.next

    def run(self, address: str) -> Iterator[ImportReport | None]:
        """What each import did, its place kept; None where there was nothing to import.

        The first import has one page and each later one up to twice as many, so that a short run keeps its
        place after every page and a long one does not build a generation for each. Killed before the place is
        kept, the same pages come again, which changes nothing (CAT-1). Raises FeedError where the feed could
        not be read on; what came before it is in and kept.
        """
        asked: set[str] = set()
        most = 1
        while address:
            with ExitStack() as closed:
                batch = self._batch(address, most, asked, closed)
                report = self._import(batch.pages)
                yield report
                if report and report.stopped:
                    raise FeedError(f"a page of the feed broke off and was read to there: {report.stopped}")
                if batch.failed:
                    raise batch.failed
            address, most = batch.following, min(2 * most, MOST_PAGES)

    def _batch(self, address: str, most: int, asked: set[str], closed: ExitStack) -> _Batch:
        """Pages from there on; one that fails ends them, and alone it is raised."""
        pages: list[Page] = []
        while address and len(pages) < most and sum(page.size for page in pages) < _MOST_BYTES:
            try:
                page = self.pages.page(address, self.now())
            except FeedError as error:
                if not pages:
                    raise
                return _Batch(pages=pages, following="", failed=error)
            closed.enter_context(closing(page.stream))
            pages.append(page)
            asked.add(address)
            address = "" if page.empty or page.following in asked else page.following
        return _Batch(pages=pages, following=address)

    def _import(self, pages: list[Page]) -> ImportReport | None:
        """The report, when the place after the last whole page has been kept."""
        now = self.now()
        reading = _Reading([page for page in pages if not page.empty], now)
        report = building.build(self.catalogue, reading.events(), now=now) if reading.pages else None
        crashpoint("feed-imported")
        whole = pages if not (report and report.stopped) else reading.pages[: reading.whole]
        if whole:
            last = whole[-1]
            self.place.keep(self.pages.feed.url, last.following or last.address, now)
        return report


@dataclass(frozen=True, slots=True, kw_only=True)
class _Batch:
    """Pages for one import.

    following
        Address to go on from; empty at the feed's end.
    failed
        Why the page after them did not come.
    """

    pages: list[Page]
    following: str
    failed: FeedError | None = None


class _Reading:
    """Pages read as one feed; ``whole`` counts those that were read to their end."""

    def __init__(self, pages: list[Page], now: datetime) -> None:
        self.pages = pages
        self.whole = 0
        self._now = now

    def events(self) -> Iterator[Event]:
        """What the pages say, in order."""
        for page in self.pages:
            yield from onix.read(page.stream, now=self._now)
            self.whole += 1
