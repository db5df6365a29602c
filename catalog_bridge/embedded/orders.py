"""Placed orders as stored: once per idempotency key, with every copy and its codes (ORD-1, DIST-8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Select,
    bindparam,
    insert,
    select,
    update,
)

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.embedded import barcodes, tables
from catalog_bridge.embedded.order_digest import digest
from catalog_bridge.embedded.order_rows import (
    LineState,
    copy_of,
    copy_rows,
    line_of,
    line_rows,
    order_of,
    order_row,
)
from catalog_bridge.rules.services import takes_barcodes
from protocols.model.distribution import Copy
from protocols.model.order import BookshopOrder, ShopOrder, ShopOrderLine

PREFIX = {False: "", True: "TEST-"}
"""Order numbers in earnest, and those of orders that are never shipped (design §6)."""

_SCOPE: BindParameter[str] = bindparam("scope")
_NEXT = (
    update(tables.sequence)
    .where(tables.sequence.c.series == bindparam("name"))
    .values(last=tables.sequence.c.last + 1)
    .returning(tables.sequence.c.last)
)


@dataclass(slots=True)
class CopyNames:
    """The ids of an order's copies, counted through all its lines and all its changes: never the same twice.

    given
        How many have been given so far.
    """

    order_number: str
    given: int = 0

    def __call__(self) -> str:
        """The next id, at most 20 characters."""
        self.given += 1
        return f"{self.order_number}-{self.given}"


@dataclass(frozen=True, slots=True)
class _Selection:
    """The orders of one customer that a condition picks, newest first, with their lines and copies."""

    orders: Select[tuple[object, ...]]
    lines: Select[tuple[object, ...]]
    copies: Select[tuple[object, ...]]


def _selection(*conditions: ColumnElement[bool]) -> _Selection:
    order, line, copy = tables.order.c, tables.order_line.c, tables.order_copy.c
    mine = (order.customer_number == _SCOPE, *conditions)
    numbers = select(order.order_number).where(*mine)
    return _Selection(
        select(tables.order).where(*mine).order_by(order.placed_at.desc(), order.order_number.desc()),
        select(tables.order_line)
        .where(line.customer_number == _SCOPE, line.order_number.in_(numbers))
        .order_by(line.number),
        select(tables.order_copy)
        .where(copy.customer_number == _SCOPE, copy.order_number.in_(numbers))
        .order_by(copy.number),
    )


_ALL = _selection()
_BY_NUMBER = _selection(tables.order.c.order_number == bindparam("wanted"))
_BY_PO = _selection(tables.order.c.po_number == bindparam("wanted"))

_BY_KEY = select(tables.order.c.order_number, tables.order.c.placed_digest).where(
    tables.order.c.customer_number == _SCOPE, tables.order.c.idempotency_key == bindparam("wanted")
)


def as_kept(order: ShopOrder, customer_number: str) -> ShopOrder:
    """The order as it is stored and compared: today's customer number, lines in order, copies without ids.

    Nor do they have a barcode where the shop gives them one (SVC-5).
    """
    lines = [
        barcodes.unmarked(line) if takes_barcodes(line) else line
        for line in sorted(order.lines, key=lambda line: line.number)
    ]
    return replace(order, customer_number=customer_number, lines=_named(lines, lambda: ""))


def place(tx: Connection, order: ShopOrder, key: str, at: str) -> BookshopOrder:
    """The order as placed, numbered in its series; IntegrityError when the key has been used before.

    Its copies are named after it: unique for ever, at most 20 characters.
    """
    number = f"{PREFIX[order.test]}{next_in(tx, 'test' if order.test else 'order')}"
    names = CopyNames(number)
    kept = barcodes.named(tx, replace(order, lines=_named(order.lines, names)))
    placed = BookshopOrder(order_number=number, status="received", placed_at=at, order=kept)
    tx.execute(insert(tables.order), order_row(placed, key, names.given))
    tx.execute(insert(tables.order_line), list(line_rows(placed)))
    tx.execute(insert(tables.order_copy), list(copy_rows(placed, kept.lines)))
    return placed


def next_in(tx: Connection, series: str) -> int:
    """The next number of a series; none is left out, for a transaction that fails gives it back."""
    last: int = tx.execute(_NEXT, {"name": series}).scalar_one()
    return last


def replayed(tx: Connection, order: ShopOrder, key: str) -> BookshopOrder | None:
    """The order that this key placed before, as it is now, or None; Refused for another content (ORD-1).

    What counts is the order as it was placed: changes since do not make a repetition another order.
    """
    row = tx.execute(_BY_KEY, {"scope": order.customer_number, "wanted": key}).first()
    if row is None:
        return None
    found = one(tx, order.customer_number, row.order_number)
    if (row.placed_digest or said_by(found)) != digest(order):
        raise Refused("The same key has placed another order: %(number)s.", number=found.order_number)
    return found


def said_by(placed: BookshopOrder) -> str:
    """The digest of what the order says now, copy ids left out."""
    return digest(as_kept(placed.order, placed.order.customer_number))


def one(tx: Connection, customer_number: str, order_number: str) -> BookshopOrder:
    """One order; NotFound."""
    found = _read(tx, _BY_NUMBER, scope=customer_number, wanted=order_number)
    if not found:
        raise NotFound("There is no order %(number)s for this customer.", number=order_number)
    return found[0]


def listed(tx: Connection, customer_number: str, po_number: str) -> tuple[BookshopOrder, ...]:
    """The customer's orders, newest first; only those of one PO number where it is given (ORD-3)."""
    if po_number:
        return _read(tx, _BY_PO, scope=customer_number, wanted=po_number)
    return _read(tx, _ALL, scope=customer_number)


def _named(lines: Sequence[ShopOrderLine], name: Callable[[], str]) -> tuple[ShopOrderLine, ...]:
    """The lines with each copy's id drawn from ``name``, in order."""
    return tuple(
        replace(line, copies=tuple(replace(copy, copy_id=name()) for copy in line.copies)) for line in lines
    )


def _read(tx: Connection, selection: _Selection, **wanted: str) -> tuple[BookshopOrder, ...]:
    copies: dict[tuple[str, int], list[Copy]] = defaultdict(list)
    for row in tx.execute(selection.copies, wanted):
        copies[row.order_number, row.line_number].append(copy_of(row))
    lines: dict[str, dict[LineState, list[ShopOrderLine]]] = defaultdict(lambda: defaultdict(list))
    for row in tx.execute(selection.lines, wanted):
        line = line_of(row, tuple(copies[row.order_number, row.number]))
        lines[row.order_number][LineState(row.state)].append(line)
    return tuple(order_of(row, lines[row.order_number]) for row in tx.execute(selection.orders, wanted))
