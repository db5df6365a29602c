"""The tables that Alembic makes are those that the statements are written for."""

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from session_store import schema
from session_store.database import Database
from session_store.tables import METADATA
from tests.session_store.racing import race


def test_upgraded_database_has_exactly_the_tables_of_the_program(shared_store):
    """Nothing is left to migrate: Alembic finds no difference between database and table definitions."""
    with shared_store.read() as tx:
        tx.execution_options(across="migration")
        context = MigrationContext.configure(
            tx, opts={"version_table": schema.VERSION_TABLE, "compare_type": False}
        )
        assert compare_metadata(context, METADATA) == []


def test_processes_that_upgrade_together_all_succeed(database_url):
    """Whoever comes second waits, and then finds nothing left to do."""
    databases = [Database.open(database_url) for _ in range(4)]
    assert race(4, lambda which: databases[which].upgrade()) == [None] * 4
    assert databases[0].at_head()
    for database in databases:
        database.close()


def test_at_head_tells_an_empty_database_from_an_upgraded_one(database_url):
    """Start-up can say that `punchout db upgrade` is missing, and it may be run twice."""
    database = Database.open(database_url)
    assert not database.at_head()
    database.upgrade()
    database.upgrade()
    assert database.at_head()
    database.close()
