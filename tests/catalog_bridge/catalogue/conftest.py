"""A catalogue of the test's own, on SQLite and on PostgreSQL."""

from collections.abc import Iterator

import pytest

from catalog_bridge.embedded.catalogue import Catalogue
from tests.catalog_bridge.catalogue.shelf import Pointer
from tests.services.databases import Databases


@pytest.fixture(scope="module")
def shared_url(databases: Databases) -> Iterator[str]:
    """One database for the tests of a module: making one takes longer than emptying it."""
    url = databases.create()
    yield url
    databases.drop(url)


@pytest.fixture
def catalogue_url(shared_url: str) -> Iterator[str]:
    """Where a catalogue of this test's own may be; no generation is left there afterwards."""
    yield shared_url
    catalogue = Catalogue(shared_url, Pointer())
    catalogue.generations.forget(before=1_000)
    catalogue.close()


@pytest.fixture
def catalogue(catalogue_url: str) -> Iterator[Catalogue]:
    """An empty catalogue, its pointer in memory."""
    catalogue = Catalogue(catalogue_url, Pointer())
    yield catalogue
    catalogue.close()
