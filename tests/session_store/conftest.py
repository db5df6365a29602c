"""Stores of both kinds with their tables made, and two agreements in them that share their sender."""

from contextlib import suppress

import pytest

from session_store import agreements
from session_store.database import Database
from tests.services.databases import PostgresDatabases
from tests.session_store.made import NOW, agreement_of, keyring, new_secret


@pytest.fixture(scope="session")
def upgraded(databases):
    """The URL of a database with all tables and the agreements, copied for each test."""
    url = databases.create()
    database = Database.open(url)
    database.upgrade()
    with database.write() as tx:
        for agreement_id in ("boe", "aas"):
            secrets = [new_secret(f"hemmelig-{agreement_id}")]
            agreements.save(tx, agreement_of(agreement_id), secrets, keyring=keyring(), now=NOW)
    database.close()
    yield url
    databases.drop(url)


@pytest.fixture
def store_url(databases, upgraded):
    """The URL of this test's own database."""
    url = databases.create(upgraded)
    yield url
    databases.drop(url)


@pytest.fixture
def store(store_url):
    """This test's own database, open."""
    database = Database.open(store_url)
    yield database
    database.close()


@pytest.fixture(scope="session")
def shared_store(databases, upgraded):
    """A database for tests that undo all they did."""
    url = databases.create(upgraded)
    database = Database.open(url)
    yield database
    database.close()
    databases.drop(url)


class _Undone(Exception):
    """Raised at the end of a test, so that nothing of it stays."""


@pytest.fixture
def tx(shared_store):
    """A writing transaction that is undone: for tests of what one transaction does and sees."""
    with suppress(_Undone), shared_store.write() as opened:
        yield opened
        raise _Undone


@pytest.fixture
def sqlite_store(tmp_path):
    """An SQLite database without tables, for what is SQLite's alone."""
    database = Database.open(f"sqlite:///{tmp_path}/var/alone.db")
    yield database
    database.close()


@pytest.fixture
def postgres_store(postgres_server):
    """A PostgreSQL database without tables, for what is PostgreSQL's alone."""
    made = PostgresDatabases(postgres_server)
    url = made.create()
    database = Database.open(url)
    yield database
    database.close()
    made.drop(url)
