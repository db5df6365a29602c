"""A catalogue of the test's own, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from catalog_bridge.embedded.catalogue import Catalogue
from tests.catalog_bridge.catalogue.shelf import Pointer


@pytest.fixture
def catalogue(database_url: str) -> Iterator[Catalogue]:
    """An empty catalogue, its pointer in memory."""
    catalogue = Catalogue(database_url, Pointer())
    yield catalogue
    catalogue.close()
