"""A bookshop with the contract's world in it, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from catalog_bridge.embedded import schema
from session_store.database import Database
from tests.catalog_bridge.contract.implementations import EmbeddedHouse, embedded, fresh
from tests.services.databases import Databases


@pytest.fixture(scope="session")
def shared_db(databases: Databases) -> Iterator[Database]:
    """One database with the tables for all tests of the run: making one takes longer than a test."""
    url = databases.create()
    db = Database.open(url)
    schema.upgrade(db)
    yield db
    db.close()
    databases.drop(url)


@pytest.fixture
def shop_db(shared_db: Database) -> Database:
    """The database without carts and orders, and with the customers of the world."""
    fresh(shared_db)
    return shared_db


@pytest.fixture
def house(shop_db: Database) -> EmbeddedHouse:
    """The embedded bookshop."""
    return embedded(shop_db)
