"""The bookshops that the contract is held against."""

import json
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from catalog_bridge.bookshop import Bookshop, CatalogueStatus, SearchQuery
from catalog_bridge.embedded import tables
from catalog_bridge.embedded.counter import EmbeddedCounter
from catalog_bridge.embedded.customers_import import import_json
from catalog_bridge.embedded.grids import EmbeddedGrids
from catalog_bridge.embedded.series_import import import_series
from catalog_bridge.embedded.shop import EmbeddedBookshop
from catalog_bridge.grids import Grids
from catalog_bridge.rules.browsing import Period
from protocols.model.item import Product
from protocols.model.order import BookshopOrder
from protocols.model.standing import SeriesOffer
from session_store.database import Database
from tests.catalog_bridge.contract.through_json import ThroughJson
from tests.catalog_bridge.contract.world import SERVICES, TITLES, House, customers

IDS = [entry.service_id for entry in SERVICES]
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class Shelves:
    """A catalogue in memory, for shops that take one."""

    titles: dict[str, Product] = field(default_factory=dict)

    def product(self, product_id: str) -> Product | None:
        """The product, if it is there."""
        return self.titles.get(product_id)

    def products(self, product_ids: Sequence[str]) -> Mapping[str, Product]:
        """Those of the products that are there."""
        return {number: self.titles[number] for number in product_ids if number in self.titles}

    def search(self, query: SearchQuery, period: Period | None = None) -> tuple[Sequence[Product], int, bool]:
        """The page of titles that hold the text."""
        wanted = query.text.casefold()
        found = [
            title
            for title in self.titles.values()
            if wanted in f"{title.title} {title.isbn}".casefold()
            and (query.audience or title.audience) == title.audience
            and (period is None or period.first <= str(title.published) <= period.last)
        ]
        start = (query.page - 1) * query.size
        return found[start : start + query.size], len(found), False

    def status(self) -> CatalogueStatus:
        """How many titles there are."""
        return CatalogueStatus(generation=1, products=len(self.titles), quarantined=0)


class Clock:
    """A clock that moves a second at each look, and as far as a test puts it forward."""

    def __init__(self) -> None:
        self._ticks, self._ahead = count(), timedelta()

    def __call__(self) -> datetime:
        """The time."""
        return START + self._ahead + timedelta(seconds=next(self._ticks))

    def forward(self, **by: float) -> None:
        """Nothing; it is so much later: ``days=14``."""
        self._ahead += timedelta(**by)


@dataclass
class EmbeddedHouse:
    """The embedded bookshop on a database, with a clock that moves a second at each look."""

    shop: Bookshop
    grids: Grids
    db: Database
    shelves: Shelves
    counter: EmbeddedCounter
    clock: Clock

    def take_customers(self, text: str) -> None:
        """Imports them."""
        assert not import_json(self.db, text, services=IDS).remarks

    def take_titles(self, titles: tuple[Product, ...]) -> None:
        """Puts them on the shelves in memory."""
        self.shelves.titles = {title.product_id: title for title in titles}

    def take_series(self, *offers: SeriesOffer) -> None:
        """Imports them."""
        listed = [
            {("id" if name == "product_id" else name): value for name, value in asdict(offer).items()}
            for offer in offers
        ]
        assert not import_series(self.db, json.dumps({"series": listed}), filename="series.json").remarks

    def pick(self, placed: BookshopOrder, line_number: int) -> BookshopOrder:
        """Takes it at the counter."""
        return self.counter.pick(placed.order.customer_number, placed.order_number, line_number)


def empty(db: Database) -> None:
    """Nothing; no customer, cart or order is left in the database, and its number series go on."""
    with db.write() as tx:
        tx.execution_options(across="migration")
        for table in reversed(tables.METADATA.sorted_tables):
            if table is not tables.sequence:
                tx.execute(table.delete())


def fresh(db: Database) -> None:
    """Nothing; the database holds the customers of the world and nothing else."""
    empty(db)
    assert not import_json(db, customers()).remarks


def embedded(db: Database) -> EmbeddedHouse:
    """The embedded bookshop itself, on a fresh database."""
    shelves, clock = Shelves(), Clock()
    chance = {"now": clock, "new_id": lambda: str(uuid.uuid4()), "services": SERVICES}
    shop, grids = EmbeddedBookshop(db, shelves, **chance), EmbeddedGrids(db, shelves, **chance)
    counter = EmbeddedCounter(db, shelves, now=clock)
    house = EmbeddedHouse(shop=shop, grids=grids, db=db, shelves=shelves, counter=counter, clock=clock)
    house.take_titles(TITLES)
    return house


def behind_json(db: Database) -> House:
    """The embedded bookshop, seen only through JSON."""
    house = embedded(db)
    house.shop, house.grids = ThroughJson(house.shop), ThroughJson(house.grids, Grids)
    return house


IMPLEMENTATIONS: dict[str, Callable[[Database], House]] = {
    "embedded": embedded,
    "behind-json": behind_json,
}
"""Name → the house opened on a database that is ``fresh``."""
