"""Catalogue generations as PostgreSQL schemas ``catalogue_<n>`` with a text search index."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Engine,
    Integer,
    MetaData,
    Select,
    String,
    Table,
    bindparam,
    cast,
    create_engine,
    delete,
    exists,
    func,
    insert,
    inspect,
    select,
)
from sqlalchemy.dialects.postgresql import JSON, TSQUERY, TSVECTOR
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError, OperationalError

from catalog_bridge.bookshop import ShopUnavailable
from catalog_bridge.embedded.generation import metadata, title
from catalog_bridge.embedded.one_engine import OneEngine
from catalog_bridge.embedded.word_index import Entry, Scope, Wanted

# Lexemes are written as they are, because PostgreSQL's own parser takes "1e5" or "2b" apart otherwise than
# SQLite does. Where a word stands is said by lexemes of their own: weights are not in a GIN index, so each
# match would have to be looked at again.
_words = Table("words", MetaData(), Column("id", Integer), Column("document", TSVECTOR))
_CREATE_WORDS = "CREATE TABLE {0}.words (id integer PRIMARY KEY, document tsvector NOT NULL)"
_COPY = (
    "INSERT INTO {0}.title SELECT * FROM {1}.title",
    "INSERT INTO {0}.words SELECT * FROM {1}.words",
    "INSERT INTO {0}.quarantine SELECT * FROM {1}.quarantine",
)
_FINISH = (
    "CREATE INDEX words_document ON {0}.words USING gin (document)",
    "ANALYZE {0}.title, {0}.words",
)
_PATIENT = (
    "SET LOCAL statement_timeout = 0",
    "SET LOCAL idle_in_transaction_session_timeout = 0",  # a feed may come in drops
)
_STANDS = {Scope.HEADING: "§h", Scope.NAMES: "§n", Scope.ALL: ""}
_LOCK = 7_261_982_004  # any number that nothing else in this database takes
_GONE = ("3F000", "42P01", "40P01")  # no such schema, no such table, held up by the one who removes them


@dataclass(frozen=True)
class TextSearch:
    """The word index on PostgreSQL's text search."""

    def add(self, connection: Connection, entries: Iterable[Entry]) -> None:
        """Makes the entries findable."""
        rows = [{"id": entry.id, "document": _document(entry)} for entry in entries]
        if rows:
            connection.execute(insert(_words), rows)

    def remove(self, connection: Connection, ids: Iterable[int]) -> None:
        """Forgets these ids."""
        connection.execute(delete(_words).where(_words.c.id.in_(list(ids))))

    def hits(self, scope: Scope) -> Select[int]:
        """The statement for matching ids."""
        matches = _words.c.document.op("@@")(cast(bindparam(scope.value), TSQUERY))
        return select(_words.c.id).where(matches)

    def expression(self, wanted: Wanted, scope: Scope) -> str:
        """PostgreSQL's query language; every word in quotes, so none of them is an operator.

        >>> asked = Wanted(words=("near", "bl"), unfinished=True, marks=("§lnob",))
        >>> TextSearch().expression(asked, Scope.NAMES)
        "'§nnear' & '§nbl':* & '§lnob'"
        """
        terms = [f"'{_STANDS[scope]}{word}'" for word in wanted.words]
        if wanted.unfinished:
            terms[-1] += ":*"
        classes = (f"'{code}':*" for code in wanted.classes)
        return " & ".join((*terms, *classes, *(f"'{mark}'" for mark in wanted.marks)))

    def dewey(self) -> ColumnElement[str]:
        """The Dewey number in the title's payload."""
        return cast(title.c.payload, JSON).op("->>", return_type=String())("dewey")

    def has_thema(self, beginning: ColumnElement[str]) -> ColumnElement[bool]:
        """Whether one of the Thema subjects in the title's payload begins so."""
        subjects = cast(title.c.payload, JSON)["thema"]
        each = func.json_array_elements_text(subjects).table_valued("value")
        return exists().where(func.substr(each.c.value, 1, func.length(beginning)) == beginning)


def _document(entry: Entry) -> str:
    """The tsvector as PostgreSQL writes it: every word, and again with where it stands."""
    named = (*entry.heading, *entry.names)
    lexemes = (
        *named,
        *entry.rest,
        *entry.marks,
        *(_STANDS[Scope.HEADING] + word for word in entry.heading),
        *(_STANDS[Scope.NAMES] + word for word in named),
    )
    return " ".join(f"'{lexeme}'" for lexeme in dict.fromkeys(lexemes))


class PostgresGenerations:
    """Generations as schemas of the database at ``url``; an advisory lock holds back a second import."""

    def __init__(self, url: URL) -> None:
        self.index = TextSearch()
        self._url = url
        self._engines = OneEngine()

    @contextmanager
    def reading(self, number: int) -> Iterator[Connection]:
        """A connection that cannot write; ShopUnavailable when the schema is missing."""
        try:
            with self._engine().connect() as connection:
                yield _inside(connection, number).execution_options(postgresql_readonly=True)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", "") not in _GONE:
                raise
            raise ShopUnavailable(f"{_schema(number)} is missing: import the catalogue again.") from error

    @contextmanager
    def building(self, number: int, base: int) -> Iterator[Connection]:
        """A connection to a new schema, a copy of the base, in one transaction."""
        with self._engine().begin() as connection:
            _run(connection, _PATIENT)
            _create(_inside(connection, number), _schema(number), _schema(base))
            yield connection
            _run(connection, _FINISH, _schema(number))

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        """Holds back every other import; the lock dies with the connection."""
        with self._engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            if not connection.scalar(select(func.pg_try_advisory_lock(_LOCK))):
                raise ShopUnavailable("Another import is running; start again when it has ended.")
            try:
                yield
            finally:
                connection.execute(select(func.pg_advisory_unlock(_LOCK)))

    def forget(self, before: int) -> None:
        """Drops older schemas; one that is still being read is left for the next import."""
        with self._engine().connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("SET lock_timeout = '3s'")
            for schema in inspect(connection).get_schema_names():
                number = schema.removeprefix("catalogue_")
                if number.isdecimal() and int(number) < before:
                    with suppress(OperationalError):
                        _run(connection, ("DROP SCHEMA {0} CASCADE",), schema)
            connection.exec_driver_sql("RESET lock_timeout")

    def close(self) -> None:
        """Gives every connection back."""
        self._engines.close()

    def _engine(self) -> Engine:
        return self._engines.get(0, lambda: create_engine(self._url, pool_pre_ping=True))


def _schema(number: int) -> str:
    return f"catalogue_{number}"


def _inside(connection: Connection, number: int) -> Connection:
    """The connection, our tables meaning those of this generation."""
    return connection.execution_options(schema_translate_map={None: _schema(number)})


def _run(connection: Connection, statements: Iterable[str], *schemas: str) -> None:
    for statement in statements:
        connection.exec_driver_sql(statement.format(*schemas))


def _create(connection: Connection, schema: str, base: str) -> None:
    """The new schema with what the base holds; what a killed import left is dropped first."""
    known = inspect(connection).has_schema(base)
    _run(connection, ("DROP SCHEMA IF EXISTS {0} CASCADE", "CREATE SCHEMA {0}", _CREATE_WORDS), schema)
    metadata.create_all(connection)
    if known:
        _run(connection, _COPY, schema, base)
