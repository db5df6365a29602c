"""No statement touches business data without saying whose (security §6).

A listener on the engine looks at every statement before it runs. For each table with ``info["scope"]`` a
statement must compare that column with the bind parameter ``:scope`` among its top-level AND terms, and an
INSERT must bring the column among its parameters. A statement that must look across agreements says which
exit it takes: ``execution_options(across="outbox lease")``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from weakref import WeakKeyDictionary

from sqlalchemy import BindParameter, Delete, Insert, Select, Table, TextClause, Update, event
from sqlalchemy.schema import ExecutableDDLElement
from sqlalchemy.sql import elements, operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, BooleanClauseList, ClauseElement, ColumnClause, Grouping
from sqlalchemy.sql.selectable import AliasedReturnsRows, CompoundSelect, FromClause, Join, TableClause

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from sqlalchemy import Connection, Engine

    Terms = tuple[ClauseElement, ...]

PARAMETER = "scope"

EXITS: dict[str, frozenset[str]] = {
    "agreement list": frozenset({"agreement"}),
    "credential look-up": frozenset({"agreement", "credential", "secret"}),
    "start-token look-up": frozenset({"session"}),
    "handle look-up": frozenset({"session"}),
    "outbox lease": frozenset({"outbox"}),
    "reference look-up": frozenset({"purchase_order"}),
    "user look-up": frozenset({"shop_user", "shop_customer"}),
    "counter's lists": frozenset(
        {
            *("shop_customer", "shop_address", "shop_order", "shop_order_line", "shop_order_copy"),
            *("shop_parcel", "shop_slip", "shop_handled_copy"),
        }
    ),
    "operator's list": frozenset({"purchase_order", "outbox"}),
    "release": frozenset({"shop_subscription"}),
    "retention": frozenset(
        {
            *("session", "returned_cart", "inbox", "inbox_original", "outbox", "outbox_attempt", "journal"),
            "attachment",
        }
    ),
}
"""The closed list of ways past the guard, each with the only tables it opens."""

MIGRATION = "migration"
"""The exit of ``Database.upgrade``: any statement, textual ones too."""


_NO_DATA = (
    ExecutableDDLElement,
    elements.SavepointClause,
    elements.RollbackToSavepointClause,
    elements.ReleaseSavepointClause,
)


class ScopeMissing(Exception):
    """A statement of ours forgot its agreement or customer: a mistake in the program, never in the data."""


def guard(engine: Engine) -> None:
    """The engine refuses unscoped statements from now on, by raising ScopeMissing before they run."""
    verdicts: WeakKeyDictionary[ClauseElement, frozenset[str]] = WeakKeyDictionary()

    @event.listens_for(engine, "before_execute")
    def look(
        _connection: Connection,
        statement: ClauseElement,
        rows: Sequence[Mapping[str, Any]],
        row: Mapping[str, Any],
        options: Mapping[str, Any],
    ) -> None:
        across = options.get("across")
        if across == MIGRATION or isinstance(statement, _NO_DATA):
            return
        if isinstance(statement, Insert | Update):
            _check_parameters(statement, rows[0] if rows else row)
        unscoped = verdicts.get(statement)
        if unscoped is None:
            unscoped = verdicts[statement] = frozenset(_unscoped(statement))
        if unscoped:
            _check_exit(unscoped, across)


def refuse_unscoped(statement: Insert | Update, row: Mapping[str, Any]) -> None:
    """Nothing; ScopeMissing for a statement that the guard would refuse, no exits known."""
    _check_parameters(statement, row)
    if unscoped := frozenset(_unscoped(statement)):
        _check_exit(unscoped, None)


def _check_parameters(statement: Insert | Update, row: Mapping[str, Any]) -> None:
    """A row is born with its scope, given as a parameter, and never moves to another one."""
    table = statement.table
    column = table.info.get("scope") if isinstance(table, Table) else None
    if column and (column in row) is not isinstance(statement, Insert):
        verb = "bring it among" if isinstance(statement, Insert) else "an UPDATE may not have it among"
        raise ScopeMissing(f"{statement.table}.{column}: {verb} the parameters")


def _check_exit(unscoped: frozenset[str], across: str | None) -> None:
    tables = ", ".join(sorted(unscoped))
    if across is None:
        raise ScopeMissing(f"{tables}: compare the scope column with :{PARAMETER} in WHERE, or name an exit")
    if across not in EXITS:
        raise ScopeMissing(f"{tables}: no exit is called {across!r}; there are {', '.join(sorted(EXITS))}")
    if not unscoped <= EXITS[across]:
        raise ScopeMissing(f"{tables}: the exit {across!r} opens only {', '.join(sorted(EXITS[across]))}")


def _unscoped(statement: ClauseElement) -> Iterator[str]:
    """Names of tables that the statement touches without scope, and of what the guard cannot look into."""
    if not isinstance(statement, Select | CompoundSelect | Insert | Update | Delete):
        yield type(statement).__name__
        return
    for part in visitors.iterate(statement):
        if _hides_sql(part):
            yield "text()"
        elif isinstance(part, Select):
            yield from _open_tables(part.get_final_froms(), part.whereclause)
        elif isinstance(part, Update | Delete):
            yield from _open_tables({part.table, *_joined(part.whereclause)}, part.whereclause)


def _hides_sql(part: object) -> bool:
    """Whether SQL is written out here: text(), or a literal_column() of more than one word."""
    written_out = isinstance(part, ColumnClause) and part.is_literal and len(part.name.split()) > 1
    return written_out or isinstance(part, TextClause)


def _joined(where: ClauseElement | None) -> Iterator[FromClause]:
    """Tables that a WHERE names itself, as UPDATE … FROM joins them; sub-selects are looked at there."""
    if where is None or isinstance(where, Select):
        return
    if isinstance(where, ColumnClause) and where.table is not None:
        yield where.table
    for child in where.get_children():
        yield from _joined(child)


def _open_tables(froms: Iterable[FromClause], where: ClauseElement | None) -> Iterator[str]:
    for source in froms:
        for table, joined_on in _leaves(source, ()):
            if not _is_scoped(table, (*_terms(where), *joined_on)):
                yield str(_base(table).description)


def _leaves(source: FromClause, on: Terms) -> Iterator[tuple[FromClause, Terms]]:
    """Tables with the ON terms that bind them: an outer join's ON says nothing about its left side."""
    if not isinstance(source, Join):
        yield source, on
        return
    own = () if source.full else tuple(_terms(source.onclause))
    yield from _leaves(source.left, on if source.isouter else (*on, *own))
    yield from _leaves(source.right, (*on, *own))


def _is_scoped(table: FromClause, terms: Iterable[ClauseElement]) -> bool:
    base = _base(table)
    if not isinstance(base, TableClause):
        return True  # a sub-select or function: its own parts are looked at
    if not isinstance(base, Table):
        return False  # table("name") hides which table it is
    column = base.info.get("scope")
    return column is None or any(_compares(term, table.c[column]) for term in terms)


def _base(table: FromClause) -> FromClause:
    while isinstance(table, AliasedReturnsRows) and isinstance(table.element, FromClause):
        table = table.element
    return table


def _compares(term: ClauseElement, column: ClauseElement) -> bool:
    """Whether the term is ``column = :scope``, either way round."""
    if not isinstance(term, BinaryExpression) or term.operator is not operators.eq:
        return False
    sides = (term.left, term.right)
    binds = [side for side in sides if isinstance(side, BindParameter) and side.key == PARAMETER]
    return len(binds) == 1 and any(side is column for side in sides)


def _terms(where: ClauseElement | None) -> Iterator[ClauseElement]:
    """The terms that must all hold; what stands inside OR or NOT is no promise."""
    is_and = isinstance(where, BooleanClauseList) and where.operator is operators.and_
    if where is not None and (is_and or isinstance(where, Grouping)):
        for clause in where.get_children():
            yield from _terms(clause)
    elif where is not None:
        yield where
