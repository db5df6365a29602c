"""The tables that Alembic makes are those that the statements are written for."""

import sqlite3
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext

from session_store import agreements, carts, logins, orders, outbox, outbox_book, schema, sessions
from session_store.database import Database
from session_store.logins import Code
from session_store.scope import MIGRATION
from session_store.tables import METADATA
from tests.session_store.made import NOW, agreement_of, delivery_of, keyring, session_of, start_hash
from tests.session_store.racing import race

OLD_ROWS = Path(__file__).with_name("first_release.sql")


def config_on(tx):
    """Alembic's settings on this transaction, to stop at an earlier revision."""
    config = Config()
    config.set_main_option("script_location", "session_store:migrations")
    config.attributes["connection"] = tx
    return config


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


def test_orders_of_before_become_the_first_versions_of_themselves(database_url):
    """What was placed, held and put aside before orders had versions is found under its head, copies too."""
    database = Database.open(database_url)
    with database.write() as tx:
        tx.execution_options(across=MIGRATION)
        command.upgrade(config_on(tx), "0001")
        for statement in OLD_ROWS.read_text("utf-8").split(";\n"):
            tx.exec_driver_sql(statement)
    database.upgrade()
    with database.read() as tx:
        placed, aside = orders.versions(tx, "boe", "PO-1"), orders.versions(tx, "boe", "PO-1~ab12")
        free = [carts.by_tokens(tx, "boe", ["T1"], held_by=key)["T1"].free_copies for key in ("", "PO-1")]
    assert [(one.number, one.answer_code, bool(one.carried_out_at)) for one in placed] == [("", 200, True)]
    assert [(one.number, one.answer_code, bool(one.carried_out_at)) for one in aside] == [("", 201, False)]
    assert [[copy.number for copy in copies] for copies in free] == [[2, 3], [1, 2, 3]]
    database.close()


def test_deliveries_outlive_the_outbox_that_needed_an_agreement(database_url):
    """What waits and what was tried is there afterwards, and what belongs to no agreement can join it."""
    database = Database.open(database_url)
    with database.write() as tx:
        tx.execution_options(across=MIGRATION)
        command.upgrade(config_on(tx), "0007")
        for statement in OLD_ROWS.read_text("utf-8").split(";\n")[:1]:
            tx.exec_driver_sql(statement)
    with database.write() as tx:
        outbox.put(tx, delivery_of(1), delivery_of(2))
        tried = outbox.lease(tx, "w", NOW, limit=1)[0]
        outbox.again(tx, tried, "w", NOW, NOW, "away")
    database.upgrade()
    with database.write() as tx:
        outbox.put(tx, delivery_of(3, outbox.SHOPS_OWN))
        listed = outbox_book.listing(tx, "boe", ("waiting",))
        assert [(one.id, one.attempts, one.reason) for one in listed] == [
            (delivery_of(1).id, 1, "away"),
            (delivery_of(2).id, 0, ""),
        ]
        assert len(outbox.lease(tx, "w", NOW)) == 3
    database.close()


def test_a_new_file_that_another_process_reads_is_waited_for(tmp_path, monkeypatch):
    """SQLite itself does not wait when a file gets its write-ahead log; a second first starter must."""
    file = tmp_path / "new.db"
    other = sqlite3.connect(file, isolation_level=None)
    other.execute("CREATE TABLE theirs (id)")
    other.execute("BEGIN")
    other.execute("SELECT * FROM theirs").fetchall()
    pauses = []

    def let_go(seconds):
        pauses.append(seconds)
        other.execute("COMMIT")

    monkeypatch.setattr("session_store.engines.time.sleep", let_go)
    database = Database.open(f"sqlite:///{file}")
    assert not database.at_head()
    assert len(pauses) == 1
    database.close()
    other.close()


def test_codes_for_log_in_survive_the_way_up_and_down(database_url):
    """Up, every code can still be given; down, each address has its newest left."""
    database, hour = Database.open(database_url), timedelta(hours=1)
    asked = ((b"a", "kari", NOW), (b"b", "kari", NOW + hour), (b"c", "kari", NOW + hour), (b"d", "bo", NOW))
    database.upgrade()
    with database.write() as tx:
        for number, (browser, email, at) in enumerate(asked):
            logins.put(
                tx,
                Code(
                    email=email,
                    id=str(number),
                    browser_hash=browser,
                    code_hash="h",
                    asked_at=at,
                    expires_at=at + hour,
                    tries=number,
                ),
            )
    with database.write() as tx:
        tx.execution_options(across=MIGRATION)
        command.downgrade(config_on(tx), "0010")
    database.upgrade()
    with database.write() as tx:
        assert [logins.by_browser(tx, browser) is not None for browser in (b"a", b"b", b"c", b"d")] == [
            False,
            False,
            True,
            True,
        ]
        assert logins.begin_try(tx, b"c", NOW + hour).tries == 3
    database.close()


def test_direct_log_ins_can_be_taken_back_and_come_again(database_url):
    """The outbox stays free of agreements meanwhile, and what lies in it is kept."""
    database = Database.open(database_url)
    database.upgrade()
    with database.write() as tx:
        outbox.put(tx, replace(delivery_of(1), agreement_id=outbox.SHOPS_OWN))
        tx.execution_options(across=MIGRATION)
        command.downgrade(config_on(tx), "0009")
    database.upgrade()
    assert database.at_head()
    with database.read() as tx:
        assert len(outbox.of_kind(tx, delivery_of(1).kind)) == 1
    database.close()


def test_sessions_outlive_the_column_that_always_said_no(database_url):
    """Down and up again they are those that they were."""
    database = Database.open(database_url)
    database.upgrade()
    offered = session_of()
    with database.write() as tx:
        agreements.save(tx, agreement_of("boe", credentials=()), (), keyring=keyring(), now=NOW)
        sessions.offer(tx, offered, start_hash(1))
    with database.write() as tx:
        tx.execution_options(across=MIGRATION)
        command.downgrade(config_on(tx), "0012")
        assert not tx.exec_driver_sql("SELECT framed FROM session").scalar_one()
    database.upgrade()
    with database.read() as tx:
        assert sessions.find(tx, "boe", offered.reference) == offered
    database.close()
