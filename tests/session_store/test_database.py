"""Transactions: what they promise, and what they say when the database cannot keep it."""

import socket
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime, timedelta, timezone

import pytest
from sqlalchemy import Column, Integer, MetaData, Table, Text, insert, select, update
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError, StatementError

from protocols.errors import Unavailable
from session_store.columns import UtcTime
from session_store.database import Database, in_transaction, moment, run_retrying
from tests.session_store.racing import race

THINGS = Table(
    "thing", MetaData(), Column("id", Integer, primary_key=True), Column("name", Text), Column("at", UtcTime)
)


@pytest.fixture
def things(shared_store):
    """A store with one table of our own."""
    with shared_store.write() as tx:
        THINGS.create(tx)
    yield shared_store
    with shared_store.write() as tx:
        THINGS.drop(tx)


def fail_after(_done):
    """What goes wrong once something has been done."""
    raise ZeroDivisionError


def names(store):
    """All names in the table, by id."""
    with store.read() as tx:
        return list(tx.execute(select(THINGS.c.name).order_by(THINGS.c.id)).scalars())


def test_committed_rows_stay_and_failed_ones_leave_nothing(things):
    """Leaving the block commits, an error in it undoes everything."""
    with things.write() as tx:
        tx.execute(insert(THINGS), {"name": "Bø"})
    with pytest.raises(ZeroDivisionError), things.write() as tx:
        fail_after(tx.execute(insert(THINGS), {"name": "Ås"}))
    assert names(things) == ["Bø"]


def test_norwegian_letters_and_sami_ones_come_back(things):
    """Text is kept as it is on both databases, whatever the server's locale."""
    with things.write() as tx:
        tx.execute(insert(THINGS), {"name": "Blåbærsyltetøy čšŋ ÆØÅ 😀"})
    assert names(things) == ["Blåbærsyltetøy čšŋ ÆØÅ 😀"]


def test_times_come_back_in_utc_and_sort_as_time(things):
    """A time of any zone is the same moment again; whole seconds sort with fractions on SQLite too."""
    first = datetime(2026, 3, 2, 10, 0, tzinfo=timezone(timedelta(hours=1)))
    second = datetime(2026, 3, 2, 9, 0, 0, 1, tzinfo=UTC)
    with things.write() as tx:
        tx.execute(insert(THINGS), [{"name": "b", "at": second}, {"name": "a", "at": first}])
    with things.read() as tx:
        found = tx.execute(select(THINGS.c.at).order_by(THINGS.c.at)).scalars().all()
    assert found == [first, second]
    assert [time.utcoffset() for time in found] == [timedelta(0)] * 2


def test_time_without_zone_is_refused(things):
    """What cannot be said in UTC is not stored."""
    with pytest.raises(StatementError, match="without zone"), things.write() as tx:
        tx.execute(insert(THINGS), {"name": "?", "at": datetime(2026, 3, 2)})  # noqa: DTZ001 - the point of the test


def test_reading_transaction_sees_one_state(things):
    """What others commit meanwhile is not seen until the next transaction."""
    with things.read() as tx:
        before = tx.execute(select(THINGS.c.name)).all()
        with things.write() as other:
            other.execute(insert(THINGS), {"name": "Ås"})
        assert tx.execute(select(THINGS.c.name)).all() == before
    assert names(things) == ["Ås"]


def test_reading_transaction_cannot_write(things):
    """A reader that tries to write is refused by the database itself."""
    with pytest.raises(DBAPIError, match=r"read-?only"), things.read() as tx:
        tx.execute(insert(THINGS), {"name": "x"})
    assert names(things) == []


def test_second_writing_transaction_in_the_same_thread_is_refused(things):
    """It would wait for itself; the mistake is told at once."""
    with things.write(), pytest.raises(RuntimeError, match="already writing"), things.write():
        pass


def test_read_then_write_is_never_lost_to_a_lock(store_url, store):
    """Threads and (as two stores of one file) processes that read and then write all come through."""
    with store.write() as tx:
        THINGS.create(tx)
        tx.execute(insert(THINGS), {"id": 1, "name": "0"})
    others = [store, Database.open(store_url)]

    def count_up(which):
        for _ in range(10):
            with others[which % 2].write() as tx:
                row = tx.execute(select(THINGS.c.name).where(THINGS.c.id == 1).with_for_update()).scalar_one()
                tx.execute(update(THINGS).where(THINGS.c.id == 1), {"name": str(int(row) + 1)})

    assert race(8, count_up) == [None] * 8
    assert names(store) == ["80"]
    others[1].close()


@pytest.mark.rule("T-D1")
def test_socket_use_inside_a_transaction_raises(shared_store):
    """Nobody waits for the network while a transaction is open; outside, sockets work."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        for transaction in (shared_store.read, shared_store.write):
            with transaction(), socket.socket() as tried, pytest.raises(RuntimeError, match="transaction"):
                tried.connect(listener.getsockname())
        with socket.socket() as free:
            free.connect(listener.getsockname())


def test_a_thread_knows_what_transaction_it_has_open(shared_store):
    """The marker is set inside a transaction only, and is behind an inner one what it was before."""
    assert in_transaction() == ""
    with shared_store.read():
        assert in_transaction() == "read"
        with shared_store.write():
            assert in_transaction() == "write"
        assert in_transaction() == "read"
    with shared_store.write(), shared_store.read():
        assert in_transaction() == "write"
    assert in_transaction() == ""


@pytest.mark.rule("T-D1")
def test_marker_of_one_thread_is_not_anothers(shared_store):
    """Another thread may use the network while this one writes."""
    with shared_store.write():
        assert race(1, lambda _: in_transaction()) == [""]


def test_sqlite_connections_keep_their_promises(sqlite_store):
    """Every connection, writing or reading, has the settings that make a commit durable."""
    for transaction in (sqlite_store.write, sqlite_store.read):
        with transaction() as tx:
            ask = tx.connection.cursor()
            found = {
                pragma: ask.execute(f"PRAGMA {pragma}").fetchone()[0]
                for pragma in (
                    "journal_mode",
                    "synchronous",
                    "busy_timeout",
                    "foreign_keys",
                    "trusted_schema",
                    "wal_autocheckpoint",
                    "mmap_size",
                )
            }
        assert found == {
            "journal_mode": "wal",
            "synchronous": 2,
            "busy_timeout": 10000,
            "foreign_keys": 1,
            "trusted_schema": 0,
            "wal_autocheckpoint": 1000,
            "mmap_size": 0,
        }


def test_postgresql_connections_keep_their_promises(postgres_store):
    """Every connection has bounded waits and durable commits."""
    for transaction in (postgres_store.write, postgres_store.read):
        with transaction() as tx:
            ask = tx.connection.cursor()
            found = {
                name: ask.execute(f"SHOW {name}").fetchone()[0]
                for name in (
                    "statement_timeout",
                    "lock_timeout",
                    "idle_in_transaction_session_timeout",
                    "synchronous_commit",
                    "TimeZone",
                )
            }
        assert list(found.values()) == ["10s", "3s", "15s", "on", "UTC"]


@pytest.mark.rule("T-D2")
def test_full_disk_is_told_as_unavailable_and_loses_nothing(sqlite_store):
    """What was committed stays, and writing goes on when there is room again."""
    with sqlite_store.write() as tx:
        THINGS.create(tx)
        tx.execute(insert(THINGS), {"name": "kept"})
        tx.connection.cursor().execute("PRAGMA max_page_count = 10")
    with pytest.raises(Unavailable, match="full"), sqlite_store.write() as tx:
        tx.execute(insert(THINGS), [{"name": "x" * 4000} for _ in range(20)])
    with sqlite_store.write() as tx:
        tx.connection.cursor().execute("PRAGMA max_page_count = 1000")
        tx.execute(insert(THINGS), {"name": "y" * 4000})
    assert names(sqlite_store) == ["kept", "y" * 4000]


def test_busy_database_is_unavailable(sqlite_store, tmp_path):
    """A lock that another process holds too long gives a clear refusal, and no broken connection."""
    with sqlite_store.write() as tx:
        THINGS.create(tx)
        tx.connection.cursor().execute("PRAGMA busy_timeout = 0")
    holder = sqlite3.connect(tmp_path / "var" / "alone.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    with pytest.raises(Unavailable), sqlite_store.write():
        pass
    holder.execute("ROLLBACK")
    holder.close()
    with sqlite_store.write() as tx:
        tx.execute(insert(THINGS), {"name": "again"})
    assert names(sqlite_store) == ["again"]


def test_unreachable_database_is_unavailable(tmp_path):
    """No server, or no file that could be one: the peer is asked to come again."""
    (tmp_path / "folder.db").mkdir()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        nobody = f"postgresql://nobody@127.0.0.1:{taken.getsockname()[1]}/nothing"
        for url in (f"sqlite:///{tmp_path}/folder.db", nobody):
            with pytest.raises(Unavailable), Database.open(url).read():
                pass


def test_mistake_of_the_program_is_not_called_unavailable(shared_store):
    """A missing table is ours to mend: the buyer need not try again."""
    with pytest.raises((OperationalError, ProgrammingError)), shared_store.read() as tx:
        tx.execute(select(THINGS))


def test_errors_do_not_repeat_the_values_they_are_about(things):
    """They end up in logs, and the values may be somebody's name."""
    with pytest.raises(DBAPIError) as told, things.write() as tx:
        tx.execute(insert(THINGS), [{"id": 1, "name": "Innkjøper Testby"}] * 2)
    assert "Testby" not in str(told.value)


def test_other_kinds_of_database_are_refused():
    """What we cannot serve is told when it is named."""
    for url in ("sqlite://", "sqlite:///:memory:", "mssql://host/database"):
        with pytest.raises(ValueError, match=r"sqlite:///FILE"):
            Database.open(url)


def test_lost_serialization_is_tried_again(postgres_store):
    """Work that PostgreSQL undid because of another transaction is done anew, from the start."""
    with postgres_store.write() as tx:
        THINGS.create(tx)
        tx.execute(insert(THINGS), {"id": 1, "name": "start"})
    pauses = []

    def work(tx):
        tx.connection.cursor().execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        seen = tx.execute(select(THINGS.c.name).where(THINGS.c.id == 1)).scalar_one()
        if not pauses:
            assert race(1, lambda _: write_meanwhile()) == [None]
        tx.execute(update(THINGS).where(THINGS.c.id == 1), {"name": f"{seen} and work"})
        return seen

    def write_meanwhile():
        with postgres_store.write() as other:
            other.execute(update(THINGS).where(THINGS.c.id == 1), {"name": "other"})

    assert run_retrying(postgres_store, work, pause=pauses.append) == "other"
    assert (names(postgres_store), pauses) == (["other and work"], [1])


def test_work_is_tried_three_times_and_then_told_as_unavailable(shared_store):
    """Deadlock after deadlock ends in a refusal, with the waits between them growing."""
    tries, pauses = [], []

    class Deadlock(Exception):
        sqlstate = "40P01"

    def work(_tx):
        tries.append(1)
        raise OperationalError("UPDATE", {}, Deadlock())

    with pytest.raises(Unavailable):
        run_retrying(shared_store, work, pause=pauses.append)
    assert (len(tries), pauses) == (3, [1, 2])


def test_other_trouble_is_not_tried_again(shared_store):
    """Work that failed for another reason runs once."""
    tries = []

    def work(_tx):
        tries.append(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        run_retrying(shared_store, work)
    assert tries == [1]


def test_moment_is_the_shared_clock_where_hosts_share_a_database(shared_store):
    """Leases are compared by PostgreSQL's clock; on SQLite by the one host's own."""
    given = datetime(2020, 1, 1, tzinfo=UTC)
    with shared_store.read() as tx:
        found = moment(tx, given)
    assert found == given if shared_store.kind == "sqlite" else found > given
    assert found.utcoffset() == timedelta(0)


FORKING = """
import os, sys
from sqlalchemy import Column, Integer, MetaData, Table, insert, select
from session_store.database import Database
things = Table("thing", MetaData(), Column("id", Integer, primary_key=True))
store = Database.open(sys.argv[1])
with store.write() as tx:
    things.create(tx)
    tx.execute(insert(things), {"id": 1})
store._turn.acquire()  # as if another thread of the parent were writing just now
children = []
for number in (2, 3):
    child = os.fork()
    if child == 0:
        with store.write() as tx:
            tx.execute(insert(things), {"id": number})
        os._exit(0)
    children.append(child)
store._turn.release()
assert [os.waitpid(child, 0)[1] for child in children] == [0, 0]
with store.write() as tx:
    tx.execute(insert(things), {"id": 4})
with store.read() as tx:
    print(tx.execute(select(things.c.id).order_by(things.c.id)).scalars().all())
store.close()
"""


def test_forked_children_make_connections_of_their_own(database_url):
    """A server that loads first and forks then serves from every process, the parent too."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", FORKING, database_url],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "[1, 2, 3, 4]\n", "")
