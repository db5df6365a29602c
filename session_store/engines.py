"""Engines with the settings that keep promises (security §10): one way for SQLite, one for PostgreSQL."""

from __future__ import annotations

import sqlite3
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import URL, Connection, Engine, create_engine, event

from session_store.scope import guard

if TYPE_CHECKING:
    from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
    from sqlalchemy.pool import ConnectionPoolEntry

_PRAGMAS = (
    "busy_timeout=10000",
    "synchronous=FULL",
    "foreign_keys=ON",
    "trusted_schema=OFF",
    "wal_autocheckpoint=1000",
    "mmap_size=0",
)

_WAL_TRIES = 200
_WAL_PAUSE_SECONDS = 0.05

_POSTGRESQL = {
    "statement_timeout": "10s",
    "lock_timeout": "3s",
    "idle_in_transaction_session_timeout": "15s",
    "synchronous_commit": "on",
    "timezone": "UTC",
    "client_encoding": "UTF8",
}


@dataclass(frozen=True, slots=True)
class Engines:
    """Where transactions come from, one engine for those that write and one for those that only read."""

    writer: Engine
    reader: Engine

    def dispose(self, *, close: bool) -> None:
        """Nothing: the pools are emptied; a forked child must not close what its parent still uses."""
        self.writer.dispose(close=close)
        self.reader.dispose(close=close)


def make(url: URL) -> Engines:
    """Fresh engines for the database, no connection made yet; ValueError for a URL that we cannot serve."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url)
    if url.get_backend_name() == "postgresql":
        return _postgresql(url.set(drivername="postgresql+psycopg"))
    raise ValueError(
        f"{url.get_backend_name()} databases are not supported: use sqlite:///FILE or postgresql://HOST/DATABASE"
    )


def _sqlite(url: URL) -> Engines:
    if not url.database or url.database == ":memory:":
        raise ValueError(
            "an SQLite database must be a file, for several connections share it: sqlite:///FILE"
        )
    Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    # One connection is enough to write with: there is one in-process write lock.
    writer = create_engine(
        url, connect_args={"isolation_level": None}, pool_size=1, max_overflow=0, hide_parameters=True
    )
    reader = create_engine(
        url, connect_args={"isolation_level": None}, pool_size=10, max_overflow=30, hide_parameters=True
    )
    _set_up_sqlite(writer, _PRAGMAS, "BEGIN IMMEDIATE")
    _set_up_sqlite(reader, (*_PRAGMAS, "query_only=ON"), "BEGIN")
    return Engines(writer, reader)


def _engine(url: URL, connect_args: dict[str, Any], **pool: int) -> Engine:
    """An engine whose errors do not repeat the values they are about, which may be people's."""
    return create_engine(url, connect_args=connect_args, hide_parameters=True, **pool)


def _set_up_sqlite(engine: Engine, pragmas: tuple[str, ...], begin: str) -> None:
    """Every connection gets the pragmas, every transaction its own BEGIN (the driver's comes too late)."""

    @event.listens_for(engine, "connect")
    def set_pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        _write_ahead(cursor)
        for pragma in pragmas:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def open_transaction(connection: Connection) -> None:
        connection.connection.cursor().execute(begin)

    guard(engine)


def _write_ahead(cursor: DBAPICursor) -> None:
    """Nothing: the file keeps a write-ahead log; ``sqlite3.OperationalError`` when others hold it for 10 s.

    Only a new file is switched. SQLite does not wait for its lock then, whatever the busy timeout says
    (two that wait for each other while switching would never end), so several first starters try again.
    """
    for tries_left in reversed(range(_WAL_TRIES)):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode & 0xFF != sqlite3.SQLITE_BUSY or not tries_left:
                raise
        else:
            return
        time.sleep(_WAL_PAUSE_SECONDS)


def _postgresql(url: URL) -> Engines:
    options = " ".join(f"-c {name}={value}" for name, value in _POSTGRESQL.items())
    connect_args = {"options": options, "connect_timeout": 5}
    writer = _engine(url, connect_args, pool_pre_ping=True, pool_size=10, max_overflow=30)
    guard(writer)
    reader = writer.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Engines(writer, reader)
