"""Transactions on SQLite or PostgreSQL: reading, writing, and what to do when the database is away."""

from __future__ import annotations

import os
import threading
import time
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, TypeVar
from weakref import WeakSet

from sqlalchemy import URL, Connection, func, make_url, select

from protocols.errors import Unavailable
from session_store import engines
from session_store.away import DATABASE_ERRORS, is_away, is_worth_repeating
from session_store.scope import MIGRATION

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

T = TypeVar("T")

Transaction = Connection
"""What a use case holds while it reads or writes; only the stores say SQL to it."""

_TURN_SECONDS = 10
_TRIES = 3

_open: WeakSet[Database] = WeakSet()
_inherited: list[engines.Engines] = []
_here = threading.local()


class Database:
    """One database: SQLite with a single writer at a time, or PostgreSQL with as many as it likes.

    kind
        ``sqlite`` or ``postgresql``.
    name
        The file, or the database's name on its server.
    """

    def __init__(self, url: URL) -> None:
        """Keep the address; connections are made when they are needed, in the process that needs them."""
        self._url = url
        self.name = url.database
        self.kind = url.get_backend_name()
        self._engines = engines.make(url)
        self._turn = threading.Lock()
        _open.add(self)

    @classmethod
    def open(cls, url: str) -> Database:
        """The database at an SQLAlchemy URL, its folder made; ValueError for another kind of database."""
        return cls(make_url(url))

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """A transaction that sees one state of the data and changes nothing; Unavailable when it is away."""
        with _inside("read"), _away_is_unavailable(), self._engines.reader.begin() as tx:
            yield tx

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """A transaction, durable when the block is left, or leaving nothing; Unavailable when it is away.

        Short, and without network, XML or waiting inside (T-D1); RuntimeError inside another writing one.
        """
        if in_transaction() == "write":
            raise RuntimeError("this thread is already writing: hand its transaction on")
        with self._my_turn(), _inside("write"), _away_is_unavailable(), self._engines.writer.begin() as tx:
            yield tx

    def agreement_mark(self) -> str | None:
        """The mark of the last change of agreements (``session_store.directory``); Unavailable when away.

        Every document begins with this look, so it goes past transaction and statement to the driver.
        """
        with _away_is_unavailable(), closing(self._engines.reader.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT mark FROM agreement_mark")
            row = cursor.fetchone()
        return row[0] if row else None

    def anyone_failed(self) -> bool:
        """Whether any failed sign-in is remembered (``session_store.throttle``); Unavailable when away.

        Normally none is, and then nothing more need be asked; as cheap as the look at the mark.
        """
        with _away_is_unavailable(), closing(self._engines.reader.raw_connection()) as connection:
            cursor = connection.cursor()
            cursor.execute("SELECT 1 FROM auth_failure LIMIT 1")
            return cursor.fetchone() is not None

    def upgrade(self) -> None:
        """Nothing: the tables are as this release wants them."""
        from session_store import schema  # noqa: PLC0415 - Alembic costs start-up time that serving need not pay

        with self.write() as tx:
            tx.execution_options(across=MIGRATION)
            if self.kind == "postgresql":
                tx.exec_driver_sql("SET LOCAL statement_timeout = 0")
                tx.exec_driver_sql("SET LOCAL lock_timeout = '60s'")  # for whoever upgrades at the same time
                tx.execute(select(func.pg_advisory_xact_lock(schema.LOCK)))
                tx.exec_driver_sql("SET LOCAL lock_timeout = '3s'")
            schema.upgrade(tx)

    def at_head(self) -> bool:
        """Whether the tables are as this release wants them."""
        from session_store import schema  # noqa: PLC0415 - as in upgrade

        with self.read() as tx:
            return schema.at_head(tx)

    def close(self) -> None:
        """Nothing: no connection is open any more; the next transaction would make one."""
        self._engines.dispose(close=True)

    @contextmanager
    def _my_turn(self) -> Iterator[None]:
        """One writer at a time in this process: waiting here is fairer and cheaper than on SQLite's lock."""
        if self.kind != "sqlite":
            yield
            return
        if not self._turn.acquire(timeout=_TURN_SECONDS):
            raise Unavailable("other writes keep the database busy; send the same again in half a minute")
        try:
            yield
        finally:
            self._turn.release()

    def _start_over(self) -> None:
        """Nothing: in a forked child, what belongs to the parent is put aside unused."""
        _inherited.append(self._engines)  # kept, for closing them would end the parent's connections
        self._engines = engines.make(self._url)
        self._turn = threading.Lock()


def in_transaction() -> str:
    """``write`` or ``read`` while this thread has such a transaction open, else empty (T-D1)."""
    return getattr(_here, "kind", "")


def run_retrying(
    db: Database, work: Callable[[Connection], T], *, pause: Callable[[int], None] | None = None
) -> T:
    """What ``work`` returns, its transaction committed; a race lost to another transaction is run 3 times.

    ``work`` starts from nothing each time, so it must only touch what its transaction undoes.
    """
    for attempt in range(1, _TRIES):
        try:
            with db.write() as tx:
                return work(tx)
        except (Unavailable, *DATABASE_ERRORS) as error:
            if not is_worth_repeating(error.__cause__ or error):
                raise
        (pause or _pause)(attempt)
    with db.write() as tx:
        return work(tx)


def moment(tx: Connection, now: datetime) -> datetime:
    """The time that leases are compared with: PostgreSQL's own where several hosts share it, else ``now``."""
    if tx.dialect.name == "sqlite":
        return now
    found: datetime = tx.execute(select(func.clock_timestamp())).scalar_one()
    return found


@contextmanager
def _inside(kind: str) -> Iterator[None]:
    before = in_transaction()
    _here.kind = kind if kind == "write" else before or kind
    try:
        yield
    finally:
        _here.kind = before


@contextmanager
def _away_is_unavailable() -> Iterator[None]:
    try:
        yield
    except DATABASE_ERRORS as error:
        if not is_away(error):
            raise
        raise Unavailable(
            "the database is busy, full or away; send the same again in half a minute"
        ) from error


def _pause(attempt: int) -> None:
    """Nothing, after 0 to 50 ms for each attempt: the clock's last digits keep two losers apart."""
    time.sleep(attempt * (time.monotonic_ns() % 50) / 1000)


def _forget_the_parent() -> None:
    for database in list(_open):
        database._start_over()  # noqa: SLF001 - the class's own module


os.register_at_fork(after_in_child=_forget_the_parent)
