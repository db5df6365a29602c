"""The bookshop's tables, as migrations make them."""

from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from catalog_bridge.embedded import schema, tables
from session_store.database import Database

WITHOUT_SCOPE = {"shop_old_number", "shop_sequence", "shop_catalogue"}


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    """An empty database of this test's own."""
    db = Database.open(database_url)
    yield db
    db.close()


def test_upgrade_makes_the_tables_and_may_be_repeated(db):
    """An empty database is not at head; after an upgrade it is, and a second one changes nothing."""
    assert not schema.at_head(db)
    schema.upgrade(db)
    schema.upgrade(db)
    assert schema.at_head(db)


def test_migrations_make_exactly_the_tables_of_the_code(db):
    """Revisions and table definitions never drift apart."""
    schema.upgrade(db)
    with db.read() as tx:
        context = MigrationContext.configure(
            tx,
            opts={
                "version_table": schema.VERSION_TABLE,
                "compare_type": True,
                "include_object": lambda _object, name, kind, *_: kind != "table" or name.startswith("shop_"),
            },
        )
        assert compare_metadata(context, tables.METADATA) == []


def test_both_branches_live_in_one_database(db):
    """The bookshop's tables and the gateway's are upgraded apart, each with its own version table."""
    db.upgrade()
    schema.upgrade(db)
    assert db.at_head()
    assert schema.at_head(db)


@pytest.mark.rule("T-M1")
def test_every_table_of_business_data_is_scoped_by_customer():
    """Only numbers that belong to nobody stand outside the scope, and every table says where it belongs."""
    for name, table in tables.METADATA.tables.items():
        assert name.startswith("shop_")
        assert table.info == ({} if name in WITHOUT_SCOPE else {"scope": "customer_number"}), name
