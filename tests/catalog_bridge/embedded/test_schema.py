"""The bookshop's tables, as migrations make them."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import insert

from catalog_bridge.embedded import order_rows, schema, tables
from catalog_bridge.embedded.carts import CartRows
from catalog_bridge.embedded.customer_entries import from_json
from catalog_bridge.embedded.customer_records import check
from catalog_bridge.embedded.customer_rows import rows_of
from catalog_bridge.embedded.standing import EmbeddedStandingOrders
from catalog_bridge.embedded.users import EmbeddedUsers
from protocols.model.order import BookshopOrder
from session_store.database import Database
from tests.catalog_bridge.contract.implementations import embedded, fresh
from tests.catalog_bridge.contract.world import BJO, HBB, LIBRARY, NOVEL, customers, line_of, order_of
from tests.catalog_bridge.embedded.test_standing import KRIM

WITHOUT_SCOPE = {
    "shop_old_number",
    "shop_sequence",
    "shop_catalogue",
    "shop_feed",
    "shop_library_token",
    "shop_series",
    "shop_marc_record",
}


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


def test_order_from_before_changes_came_can_be_changed(db):
    """Orders of the first release get what changing needs: their lines are open, their ids are counted."""
    to_revision(db, "0001")
    import_as_the_first_release(db, customers())
    wish = order_of(line_of(1, NOVEL, HBB, BJO))
    copies = tuple(replace(copy, copy_id=f"7-{copy.number}") for copy in wish.lines[0].copies)
    lines = (replace(wish.lines[0], copies=copies),)
    old = BookshopOrder(
        order_number="7", status="received", placed_at="2026-01-02", order=replace(wish, lines=lines)
    )
    place_as_the_first_release(db, old, "key-1")
    schema.upgrade(db)
    shop = embedded(db).shop
    assert shop.place_order(wish, "key-1") == old
    change = shop.change_order("7", order_of(line_of(1, NOVEL, BJO, BJO)), "change-1").order
    assert [copy.copy_id for copy in change.order.lines[0].copies] == ["7-2", "7-3"]
    assert shop.place_order(wish, "key-1") == change


@pytest.mark.rule("PO-ID-5", way="punchout")
def test_open_carts_of_before_hold_subscriptions_only_in_the_direct_shop(db):
    """Nobody has to begin a new cart, and no session's cart takes a series."""
    to_revision(db, "0009")
    row = {"customer_number": LIBRARY, "order_name": "", "delivery_address_id": "", "currency": "NOK"}
    with db.write() as tx:
        tx.execution_options(across="migration")
        for table, rows in rows_of(check(from_json(customers(), "customers.json")[0]).record):
            if table is tables.customer:
                tx.execute(insert(table), rows)
        for cart_id in ("direct-1", "session"):
            tx.execute(insert(tables.cart), row | {"cart_id": cart_id, "opened_at": "", "changed_at": ""})
    schema.upgrade(db)
    with db.read() as tx:
        held = {id_: CartRows(tx, LIBRARY, id_).row().subscriptions for id_ in ("direct-1", "session")}
    assert held == {"direct-1": True, "session": False}


def import_as_the_first_release(db, text):
    """Nothing; the customers of the file are there, without what came later."""
    with db.write() as tx:
        for entry in from_json(text, "customers.json"):
            for table, rows in rows_of(check(entry).record):
                if rows:
                    tx.execute(
                        insert(table), [without(row, "order_name_required", "services") for row in rows]
                    )


def to_revision(db, revision, way=command.upgrade):
    """Nothing; the tables are those of this revision."""
    with db.write() as tx:
        tx.execution_options(across="migration")
        config = schema._config()
        config.attributes["connection"] = tx
        way(config, revision)


def place_as_the_first_release(db, placed, key):
    """Nothing; the rows are there that the first release wrote for an order."""
    lines = [without(row, "state", "services") for row in order_rows.line_rows(placed)]
    with db.write() as tx:
        row = order_rows.order_row(placed, key, 0)
        tx.execute(insert(tables.order), without(row, "copies_named", "po_suffix"))
        tx.execute(insert(tables.order_line), lines)
        tx.execute(insert(tables.order_copy), list(order_rows.copy_rows(placed, placed.order.lines)))


def without(row, *columns):
    """The row without columns that were not there yet."""
    return {name: value for name, value in row.items() if name not in columns}


@pytest.mark.rule("ORD-8")
def test_gifts_of_before_stay_one_order_up_and_down(db):
    """Told again after the upgrade a gift is the order it was, with room for the paid release; and back."""
    schema.upgrade(db)
    fresh(db)
    standing = EmbeddedStandingOrders(db, embedded(db).shop)
    standing.subscribe(KRIM)
    given = standing.release(KRIM.product_id, NOVEL.product_id, gift=True)
    to_revision(db, "0008", command.downgrade)
    with db.read() as tx:
        key = tx.exec_driver_sql("SELECT idempotency_key FROM shop_order").scalar_one()
    assert key.startswith("release:")
    schema.upgrade(db)
    assert standing.release(KRIM.product_id, NOVEL.product_id, gift=True) == given
    paid = standing.release(KRIM.product_id, NOVEL.product_id)
    assert paid != given
    to_revision(db, "0008", command.downgrade)
    schema.upgrade(db)
    assert standing.release(KRIM.product_id, NOVEL.product_id) == paid


@pytest.mark.rule("LOGIN-4")
def test_users_of_before_are_found_by_the_addresses_that_log_in_looks_for(db):
    """Domains in their ASCII form; two spellings of one user become one, who keeps administrator access."""
    to_revision(db, "0005")
    import_as_the_first_release(db, customers())
    row = {"customer_number": LIBRARY, "name": "Kari", "default_profile": ""}
    mails = {"kari@blåfjell.example": True, "kari@xn--blfjell-fxa.example": False, "bo@ås.example": False}
    with db.write() as tx:
        tx.execution_options(across="migration")
        for email, administrator in mails.items():
            tx.execute(insert(tables.user), row | {"email": email, "administrator": administrator})
    schema.upgrade(db)
    users = EmbeddedUsers(db)
    (kari,) = users.memberships("kari@xn--blfjell-fxa.example")
    assert kari.administrator
    assert users.memberships("bo@xn--s-1fa.example")


def test_series_can_be_taken_back_and_brought_in_again(db):
    """Down and up, on both databases."""
    schema.upgrade(db)
    with db.write() as tx:
        tx.execution_options(across="migration")
        config = schema._config()
        config.attributes["connection"] = tx
        command.downgrade(config, "0009")
    assert not schema.at_head(db)
    schema.upgrade(db)
    assert schema.at_head(db)
