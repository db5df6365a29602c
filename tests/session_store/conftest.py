"""A store with its tables made, and agreements in it."""

import pytest

from session_store import agreements
from session_store.database import Database
from tests.session_store.made import NOW, agreement_of, keyring, new_secret


@pytest.fixture(scope="session")
def upgraded(databases):
    """The URL of a database with all tables, copied for each test instead of made again."""
    url = databases.create()
    database = Database.open(url)
    database.upgrade()
    database.close()
    yield url
    databases.drop(url)


@pytest.fixture
def store_url(databases, upgraded):
    """The URL of this test's own database, tables made and empty."""
    url = databases.create(upgraded)
    yield url
    databases.drop(url)


@pytest.fixture
def store(store_url):
    """This test's own database, open, with the agreements "bø" and "å" that list the same sender."""
    database = Database.open(store_url)
    with database.write() as tx:
        for agreement_id in ("boe", "aas"):
            agreements.save(
                tx,
                agreement_of(agreement_id),
                [new_secret(f"hemmelig-{agreement_id}")],
                keyring=keyring(),
                now=NOW,
            )
    yield database
    database.close()
