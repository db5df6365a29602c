"""The live generation of the catalogue, as the bookshop reads it (design §4.4)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import NamedTuple, TypeVar

from sqlalchemy import Connection, bindparam, make_url, select

from catalog_bridge.bookshop import CatalogueStatus, SearchQuery, ShopUnavailable
from catalog_bridge.calendar_day import calendar_day
from catalog_bridge.embedded.generation import Generations, title
from catalog_bridge.embedded.on_postgres import PostgresGenerations
from catalog_bridge.embedded.on_sqlite import SqliteGenerations
from catalog_bridge.embedded.pointer import Pointer
from catalog_bridge.embedded.search import best
from catalog_bridge.embedded.word_index import CAP
from catalog_bridge.rules.browsing import Period
from protocols.model.item import Product
from protocols.model.serial import from_json

_BY_PRODUCT = select(title.c.payload).where(title.c.product_id.in_(bindparam("product_ids", expanding=True)))
_BY_ID = select(title.c.id, title.c.payload).where(title.c.id.in_(bindparam("ids", expanding=True)))
_LARGEST_PAGE = 100

T = TypeVar("T")


class Found(NamedTuple):
    """One page of a search; ``matching`` counts to 2,000, ``more`` says that there are more than that."""

    products: tuple[Product, ...]
    matching: int
    more: bool


class Catalogue:
    """Titles of the live generation; every call looks which one that is.

    url
        ``sqlite:///…/catalogue.db`` (generations beside it) or a PostgreSQL database (a schema each).
    now
        The clock: with it, a fixed price that is over gives way to the recommended one (PRICE-2).
    """

    def __init__(self, url: str, pointer: Pointer, *, now: Callable[[], datetime] | None = None) -> None:
        self.pointer = pointer
        self.generations = _generations(url)
        self._now = now

    def product(self, product_id: str) -> Product | None:
        """The product, None when it is not there."""
        return self.products([product_id]).get(product_id)

    def products(self, product_ids: Iterable[str]) -> Mapping[str, Product]:
        """Those of the products that are there, by product id."""
        wanted = list(product_ids)

        def read(connection: Connection) -> list[str]:
            return list(connection.scalars(_BY_PRODUCT, {"product_ids": wanted}))

        payloads = self._reading(read) if wanted else None
        return {product.product_id: product for product in map(self._product, payloads or ())}

    def search(self, query: SearchQuery, period: Period | None = None) -> Found:
        """A page of matching products, best first; no text is browsing, newest first.

        period
            Of publication: what ``query.when`` means today.
        """

        def read(connection: Connection) -> Found:
            ids = best(connection, self.generations.index, query, period)
            payloads = _in_order(connection, _page(ids[:CAP], query))
            return Found(tuple(map(self._product, payloads)), min(len(ids), CAP), more=len(ids) > CAP)

        return self._reading(read) or Found((), 0, more=False)

    def status(self) -> CatalogueStatus:
        """What the live generation holds."""
        return self.pointer.status()

    def close(self) -> None:
        """Gives every connection back."""
        self.generations.close()

    def _reading(self, read: Callable[[Connection], T]) -> T | None:
        """What the live generation says; None before the first import.

        A reader that was slow finds its generation removed by later imports, and reads the one that is live
        by then; ShopUnavailable when the one that is live is missing.
        """
        while live := self.pointer.generation():
            try:
                with self.generations.reading(live) as connection:
                    return read(connection)
            except ShopUnavailable:
                if self.pointer.generation() == live:
                    raise
        return None

    def _product(self, payload: str) -> Product:
        product = from_json(payload, Product)
        return product.on(calendar_day(self._now())) if self._now else product


def _generations(url: str) -> Generations:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return SqliteGenerations(Path(parsed.database or "catalogue.db"))
    return PostgresGenerations(parsed.set(drivername="postgresql+psycopg"))


def _page(ids: list[int], query: SearchQuery) -> list[int]:
    size = min(max(query.size, 1), _LARGEST_PAGE)
    start = (max(query.page, 1) - 1) * size
    return ids[start : start + size]


def _in_order(connection: Connection, ids: list[int]) -> list[str]:
    payloads = {row.id: row.payload for row in connection.execute(_BY_ID, {"ids": ids})}
    return [payloads[number] for number in ids]
