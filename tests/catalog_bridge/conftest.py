"""A bookshop with the contract's world in it, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from tests.catalog_bridge.contract.implementations import EmbeddedHouse, embedded, prepare
from tests.services.databases import Databases


@pytest.fixture(scope="session")
def prepared(databases: Databases) -> Iterator[str]:
    """The URL of a database with the bookshop's tables and customers; copied for each test, never used."""
    url = databases.create()
    prepare(url)
    yield url
    databases.drop(url)


@pytest.fixture
def shop_url(databases: Databases, prepared: str) -> Iterator[str]:
    """The URL of this test's own database with the bookshop's tables and customers."""
    url = databases.create(prepared)
    yield url
    databases.drop(url)


@pytest.fixture
def house(shop_url: str) -> Iterator[EmbeddedHouse]:
    """The embedded bookshop on this test's own database."""
    with embedded(shop_url) as house:
        yield house
