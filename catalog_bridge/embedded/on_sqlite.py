"""Catalogue generations as SQLite files with an FTS5 index: ``catalogue-<n>.db`` beside the configured name.

A finished file is never written to or renamed over: a reader that opened it in between would see old rows.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    Select,
    String,
    bindparam,
    column,
    create_engine,
    exists,
    func,
    literal_column,
    select,
    table,
    text,
)
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from catalog_bridge.bookshop import ShopUnavailable
from catalog_bridge.embedded.generation import metadata, title
from catalog_bridge.embedded.one_engine import OneEngine
from catalog_bridge.embedded.word_index import Entry, Scope, Wanted

# The ascii tokenizer takes every character above 127 as a letter, so its words are exactly our folded ones.
# Two letters are the beginning of thousands of words, so those get an index of their own; positions and
# lengths serve phrases and bm25, which we do not use.
_CREATE_WORDS = text(
    "CREATE VIRTUAL TABLE words USING fts5(heading, names, rest, marks,"
    " tokenize='ascii', prefix='2', detail='column', columnsize=0)"
)
_ADD = text(
    "INSERT INTO words(rowid, heading, names, rest, marks) VALUES (:id, :heading, :names, :rest, :marks)"
)
_REMOVE = text("DELETE FROM words WHERE rowid = :id")
_COLUMNS = {
    Scope.HEADING: "{heading}",
    Scope.NAMES: "{heading names}",
    Scope.ALL: "{heading names rest}",
}
_words = table("words", column("rowid"))


@dataclass(frozen=True)
class Fts5:
    """The word index on FTS5."""

    def add(self, connection: Connection, entries: Iterable[Entry]) -> None:
        """Makes the entries findable."""
        rows = [_row(entry) for entry in entries]
        if rows:
            connection.execute(_ADD, rows)

    def remove(self, connection: Connection, ids: Iterable[int]) -> None:
        """Forgets these ids."""
        rows = [{"id": number} for number in ids]
        if rows:
            connection.execute(_REMOVE, rows)

    def hits(self, scope: Scope) -> Select[int]:
        """The statement for matching ids; FTS5 stops reading at a limit."""
        matches = literal_column("words").op("MATCH")(bindparam(scope.value))
        return select(_words.c.rowid.label("id")).where(matches)

    def expression(self, wanted: Wanted, scope: Scope) -> str:
        """FTS5's query language; every word in quotes, so none of them is an operator.

        >>> asked = Wanted(words=("near", "bl"), unfinished=True, marks=("§lnob",))
        >>> Fts5().expression(asked, Scope.HEADING)
        '{heading} : ("near" AND "bl" *) AND marks : ("§lnob")'
        """
        terms = [f'"{word}"' for word in wanted.words]
        if wanted.unfinished:
            terms[-1] += " *"
        in_columns = {
            _COLUMNS[scope]: terms,
            "{rest}": [f'"{code}" *' for code in wanted.classes],
            "marks": [f'"{mark}"' for mark in wanted.marks],
        }
        return " AND ".join(f"{name} : ({' AND '.join(any_)})" for name, any_ in in_columns.items() if any_)

    def dewey(self) -> ColumnElement[str]:
        """The Dewey number in the title's payload."""
        return func.json_extract(title.c.payload, "$.dewey", type_=String)

    def has_thema(self, beginning: ColumnElement[str]) -> ColumnElement[bool]:
        """Whether one of the Thema subjects in the title's payload begins so."""
        each = func.json_each(title.c.payload, "$.thema").table_valued("value")
        return exists().where(func.substr(each.c.value, 1, func.length(beginning)) == beginning)


def _row(entry: Entry) -> dict[str, str | int]:
    return {
        "id": entry.id,
        "heading": " ".join(entry.heading),
        "names": " ".join(entry.names),
        "rest": " ".join(entry.rest),
        "marks": " ".join(entry.marks),
    }


class SqliteGenerations:
    """Generations as files beside ``path``; a lock file holds back a second import on this host."""

    def __init__(self, path: Path) -> None:
        self.index = Fts5()
        self._path = path
        self._reader = OneEngine()

    def file(self, number: int) -> Path:
        """Where the generation is kept."""
        return self._path.with_name(f"{self._path.stem}-{number}{self._path.suffix}")

    @contextmanager
    def reading(self, number: int) -> Iterator[Connection]:
        """A connection that cannot write; ShopUnavailable when the file is missing."""
        try:
            with self._reader.get(number, lambda: self._read_only(number)).connect() as connection:
                yield connection
        except OperationalError as error:
            file = self.file(number)
            if file.is_file():
                raise
            raise ShopUnavailable(f"{file} is missing: import the catalogue again.") from error

    def _read_only(self, number: int) -> Engine:
        """An engine that takes no locks, because a generation is never written again (immutable)."""
        file = self.file(number)
        return create_engine(f"sqlite:///file:{quote(str(file))}?mode=ro&immutable=1&uri=true")

    @contextmanager
    def building(self, number: int, base: int) -> Iterator[Connection]:
        """A connection to a new file, a copy of the base; on disk when the block ends well."""
        file = self.file(number)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.unlink(missing_ok=True)  # what a killed import left
        try:
            known = base > 0 and self.file(base).is_file()
            if known:
                shutil.copyfile(self.file(base), file)
            with _unguarded(file) as connection:
                if not known:
                    metadata.create_all(connection)
                    connection.execute(_CREATE_WORDS)
                yield connection
            _sync(file)
        except BaseException:
            file.unlink(missing_ok=True)
            raise

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Holds back every other import; the lock dies with the process."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._path.with_suffix(".lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise ShopUnavailable("Another import is running; start again when it has ended.") from None
            yield

    def forget(self, before: int) -> None:
        """Removes older files; who still reads one keeps it until the end."""
        for file in self._path.parent.glob(f"{self._path.stem}-*{self._path.suffix}"):
            number = file.stem.removeprefix(f"{self._path.stem}-")
            if number.isdecimal() and int(number) < before:
                file.unlink(missing_ok=True)

    def close(self) -> None:
        """Gives every connection back."""
        self._reader.close()


@contextmanager
def _unguarded(file: Path) -> Iterator[Connection]:
    """A connection without journal and syncing: until the pointer names it, the file may be thrown away."""
    engine = create_engine(f"sqlite:///{file}", poolclass=NullPool)
    with engine.connect() as connection:
        for setting in ("journal_mode=MEMORY", "synchronous=OFF", "cache_size=-32000"):
            connection.exec_driver_sql(f"PRAGMA {setting}")
        yield connection
        connection.commit()
    engine.dispose()


def _sync(file: Path) -> None:
    """File and folder on disk, so that the pointer never names what a power cut can take."""
    for path in (file, file.parent):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
