"""POST /cxml without a network: the WSGI application called as a server calls it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from io import BytesIO
from typing import TYPE_CHECKING, Any

from werkzeug.test import EnvironBuilder

from benchmarks import documents

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from wsgiref.types import WSGIEnvironment

    from flask import Flask

PROMISED = ("inbox", "session", "journal")
"""The tables in which every call-up leaves one row."""


class Door:
    """An application and its database file, which count what went in and what stayed."""

    def __init__(self, app: Flask, database: Path) -> None:
        """Remember both; nothing has been sent yet."""
        self._app = app
        self._database = database
        self._sent = 0

    def call_ups(self, count: int) -> Callable[[], object]:
        """The work of sending so many new call-ups, requests and all made ready before."""
        environs = [_environ(documents.call_up()) for _ in range(count)]
        return lambda: [self._send(environ) for environ in environs]

    def send(self, body: bytes) -> bytes:
        """The answer to this document; AssertionError unless HTTP says 200."""
        return self._send(_environ(body))

    def rows(self, table: str) -> list[dict[str, Any]]:
        """Everything that the table holds."""
        with closing(sqlite3.connect(self._database)) as connection:
            connection.row_factory = sqlite3.Row
            return [dict(row) for row in connection.execute(f"SELECT * FROM {table}")]  # noqa: S608 - our own names

    def check_promises(self) -> None:
        """AssertionError unless each call-up left its row in each table."""
        for table in PROMISED:
            stored = len(self.rows(table))
            assert stored == self._sent, f"{table}: {stored} rows after {self._sent} call-ups"

    def _send(self, environ: WSGIEnvironment) -> bytes:
        self._sent += 1
        with closing(self._app.wsgi_app(environ, _expect_ok)) as answer:  # type: ignore[type-var]  # Werkzeug's has close()
            return b"".join(answer)


def _environ(body: bytes) -> WSGIEnvironment:
    builder = EnvironBuilder(
        path="/cxml", method="POST", input_stream=BytesIO(body), content_type="text/xml; charset=UTF-8"
    )
    builder.content_length = len(body)
    return builder.get_environ()


def _expect_ok(status: str, _headers: object, _error: object = None) -> Callable[[bytes], object]:
    assert status.startswith("200"), status
    return lambda _: None
