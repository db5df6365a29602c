"""POST /cxml without a network: the WSGI application called as a server calls it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from io import BytesIO
from typing import TYPE_CHECKING, Any

from werkzeug.test import EnvironBuilder

from benchmarks import documents

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path
    from wsgiref.types import WSGIEnvironment

    from flask import Flask

CALL_UPS = ("inbox", "session", "journal")
ORDERS = ("inbox", "purchase_order", "outbox", "journal")
"""The tables in which every document of the kind leaves one row."""

Row = dict[str, Any]


class Door:
    """An application and its database file, which count what went in and what stayed.

    tables
        In which every document leaves one row.
    """

    def __init__(self, app: Flask, database: Path, tables: Sequence[str] = CALL_UPS) -> None:
        """Remember all; nothing has been sent yet."""
        self._app = app
        self._database = database
        self._tables = tables
        self._before = {table: len(self.rows(table)) for table in tables}
        self._sent = 0

    def call_ups(self, count: int) -> Callable[[], object]:
        """The work of sending so many new call-ups, requests and all made ready before."""
        return self.posts([documents.call_up() for _ in range(count)])

    def posts(self, bodies: Iterable[bytes]) -> Callable[[], object]:
        """The work of sending these documents, requests made ready before."""
        environs = [_environ(body) for body in bodies]
        return lambda: [self._send(environ) for environ in environs]

    def send(self, body: bytes) -> bytes:
        """The answer to this document; AssertionError unless HTTP says 200."""
        return self._send(_environ(body))

    def rows(self, table: str) -> list[Row]:
        """Everything that the table holds."""
        return rows(self._database, table)

    def check_promises(self) -> None:
        """AssertionError unless each document left its row in each table."""
        for table in self._tables:
            stored = len(self.rows(table)) - self._before[table]
            assert stored == self._sent, f"{table}: {stored} rows after {self._sent} documents"

    def _send(self, environ: WSGIEnvironment) -> bytes:
        self._sent += 1
        with closing(self._app.wsgi_app(environ, _expect_ok)) as answer:  # type: ignore[type-var]  # Werkzeug's has close()
            return b"".join(answer)


def rows(database: Path, table: str) -> list[Row]:
    """Everything that the table of this database holds, in the order in which it came."""
    with closing(sqlite3.connect(database)) as connection:
        connection.row_factory = sqlite3.Row
        statement = f"SELECT * FROM {table} ORDER BY rowid"  # noqa: S608 - our own names
        return [dict(row) for row in connection.execute(statement)]


def _environ(body: bytes) -> WSGIEnvironment:
    builder = EnvironBuilder(
        path="/cxml", method="POST", input_stream=BytesIO(body), content_type="text/xml; charset=UTF-8"
    )
    builder.content_length = len(body)
    return builder.get_environ()


def _expect_ok(status: str, _headers: object, _error: object = None) -> Callable[[bytes], object]:
    assert status.startswith("200"), status
    return lambda _: None
