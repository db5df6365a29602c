"""A database that is busy or away, in the bookshop's own words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection

from catalog_bridge.bookshop import ShopUnavailable
from catalog_bridge.embedded.database import Database
from protocols.errors import Unavailable


@contextmanager
def reading(db: Database) -> Iterator[Connection]:
    """A connection to read with; ShopUnavailable when the database is busy or away."""
    with available(), db.read() as tx:
        yield tx


@contextmanager
def writing(db: Database) -> Iterator[Connection]:
    """The same to write with."""
    with available(), db.write() as tx:
        yield tx


@contextmanager
def available() -> Iterator[None]:
    """Nothing; a database that is busy or away becomes ShopUnavailable."""
    try:
        yield
    except Unavailable as error:
        raise ShopUnavailable("The bookshop is busy; try again in a moment.") from error
