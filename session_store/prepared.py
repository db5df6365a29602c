"""Statements that every document runs: compiled once, then handed to the driver as they are.

Core compiles a statement once too, but assembles each execution anew, which for a short INSERT costs several
times what the database needs (measured on a call-up). So the few statements of that road go past it: same
tables, same types, same guard, and the errors are the driver's own.
"""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any

from session_store.scope import refuse_unscoped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from sqlalchemy import Connection, Dialect, Insert, Update
    from sqlalchemy.sql.compiler import SQLCompiler

    Processor = Callable[[Any], Any] | None
    Ready = tuple[str, Callable[[Mapping[str, Any]], Any]]


class Prepared:
    """An INSERT or UPDATE whose every parameter is given by name, the same names each time."""

    def __init__(self, statement: Insert | Update) -> None:
        """Keep the statement; it is compiled when it first runs on a kind of database."""
        self._statement = statement
        self._ready: dict[str, Ready] = {}

    def run(self, tx: Connection, values: Mapping[str, Any]) -> int:
        """How many rows were written; ScopeMissing where Core's own execution would raise it."""
        text, arranged = self._made_ready(tx, values)
        with closing(tx.connection.cursor()) as cursor:
            cursor.execute(text, arranged(values))
            return cursor.rowcount

    def run_all(self, tx: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Nothing: it has run for each row, of which there is one at least."""
        text, arranged = self._made_ready(tx, rows[0])
        with closing(tx.connection.cursor()) as cursor:
            cursor.executemany(text, [arranged(row) for row in rows])

    def _made_ready(self, tx: Connection, values: Mapping[str, Any]) -> Ready:
        ready = self._ready.get(tx.dialect.name)
        if ready is None:
            refuse_unscoped(self._statement, values)
            ready = self._ready[tx.dialect.name] = _compiled(self._statement, tx.dialect, values)
        return ready


def _compiled(statement: Insert | Update, dialect: Dialect, values: Mapping[str, Any]) -> Ready:
    compiled: SQLCompiler = statement.compile(dialect=dialect, column_keys=list(values))
    processors = {name: _processor(compiled, name, dialect) for name in compiled.binds}
    if compiled.positiontup is not None:
        return compiled.string, _in_order([(name, processors[name]) for name in compiled.positiontup])
    return compiled.string, _by_name(processors)


def _processor(compiled: SQLCompiler, name: str, dialect: Dialect) -> Processor:
    """What turns a value of ours into the driver's; None where it takes ours."""
    return compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect)


def _in_order(names: list[tuple[str, Processor]]) -> Callable[[Mapping[str, Any]], list[Any]]:
    return lambda values: [
        values[name] if process is None else process(values[name]) for name, process in names
    ]


def _by_name(names: Mapping[str, Processor]) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    return lambda values: {
        name: values[name] if process is None else process(values[name]) for name, process in names.items()
    }
