"""What the embedded bookshop is handed: a database for its rows, and a catalogue to look titles up in."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from typing import Protocol

from sqlalchemy import Connection, Table
from sqlalchemy.dialects import postgresql, sqlite

from catalog_bridge.bookshop import CatalogueStatus, SearchQuery
from catalog_bridge.rules.browsing import Period
from protocols.model.item import Product

Insert = sqlite.Insert | postgresql.Insert

_INSERTS: dict[str, Callable[[Table], Insert]] = {
    "sqlite": sqlite.insert,
    "postgresql": postgresql.insert,
}


class Database(Protocol):
    """Transactions on SQLite or PostgreSQL.

    kind
        ``sqlite`` or ``postgresql``.
    read, write
        A connection inside its own transaction, committed at the end of a ``write`` and rolled back on error;
        ``protocols.errors.Unavailable`` when the database is busy or away.
    """

    @property
    def kind(self) -> str:
        """Which database it is."""

    def read(self) -> AbstractContextManager[Connection]:
        """A connection to read with."""

    def write(self) -> AbstractContextManager[Connection]:
        """A connection to write with; one writer at a time on SQLite."""


class Catalogue(Protocol):
    """Titles with bibliographic facts and list prices; nothing of any customer."""

    def product(self, product_id: str) -> Product | None:
        """The product, None when it is not there."""

    def products(self, product_ids: Sequence[str]) -> Mapping[str, Product]:
        """Those of the products that are there."""

    def search(self, query: SearchQuery, period: Period | None = None) -> tuple[Sequence[Product], int, bool]:
        """A page of products, how many match (at most 2,000), and whether there are more than that.

        period
            Of publication: what ``query.when`` means today.
        """

    def status(self) -> CatalogueStatus:
        """What it holds."""


def insert_new(tx: Connection, table: Table, row: Mapping[str, object]) -> bool:
    """Whether the row is new; it is there afterwards, and one with the same key is left alone."""
    statement = _INSERTS[tx.dialect.name](table).on_conflict_do_nothing()
    return tx.execute(statement, row, execution_options={"preserve_rowcount": True}).rowcount == 1


def put(tx: Connection, table: Table, rows: Sequence[Mapping[str, object]]) -> None:
    """Nothing; the rows are there afterwards as given, found by their primary key.

    All rows name the same columns; what they do not name stays as it is, or is what the table begins with.
    """
    statement = _INSERTS[tx.dialect.name](table)
    keys = table.primary_key.columns
    if rows:
        changes = {name: statement.excluded[name] for name in rows[0] if name not in keys}
        tx.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=changes), rows)
