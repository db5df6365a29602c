"""Fresh databases of either kind, made and dropped in a moment."""

import itertools
import secrets
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Protocol

import psycopg
from psycopg import sql
from sqlalchemy import make_url


class Databases(Protocol):
    """Where a test gets databases of its own; addresses are SQLAlchemy URLs, password included."""

    def create(self, template: str | None = None) -> str:
        """The address of a new database: empty, or a copy of the (unused) one at `template`."""

    def drop(self, url: str) -> None:
        """Nothing: the database is gone, whoever is still connected."""


class SqliteDatabases:
    """Each database a file in a folder of its own, so that -wal and -shm files go with it."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._numbers = itertools.count(1)

    def create(self, template: str | None = None) -> str:
        """The address of a new database file; a copy has also what its template's WAL still holds."""
        place = self._folder / f"{next(self._numbers)}"
        place.mkdir()
        file = place / "test.db"
        if template:
            with closing(sqlite3.connect(_file(template))) as old, closing(sqlite3.connect(file)) as new:
                old.backup(new)
        return f"sqlite:///{file}"

    def drop(self, url: str) -> None:
        """Nothing: the file's folder is removed."""
        shutil.rmtree(_file(url).parent)


class PostgresDatabases:
    """Databases on one server; names carry a random part, since several runs may share the server."""

    def __init__(self, server: str) -> None:
        self._server = server
        self._prefix = f"punchout_test_{secrets.token_hex(4)}"
        self._numbers = itertools.count(1)

    def create(self, template: str | None = None) -> str:
        """The address of a new database, copied from `template` or from the server's own empty one."""
        name = f"{self._prefix}_{next(self._numbers)}"
        source = (make_url(template).database if template else None) or "template0"
        self._command("CREATE DATABASE {} TEMPLATE {}", name, source)
        url = make_url(self._server).set(drivername="postgresql+psycopg", database=name)
        return url.render_as_string(hide_password=False)

    def drop(self, url: str) -> None:
        """Nothing: open connections are cut and the database dropped."""
        self._command("DROP DATABASE {} WITH (FORCE)", make_url(url).database or "")

    def _command(self, statement: str, *names: str) -> None:
        with psycopg.connect(self._server, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _file(url: str) -> Path:
    return Path(make_url(url).database or "")
