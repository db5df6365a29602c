"""Placed orders as stored: once per idempotency key, with every copy and its codes (ORD-1, DIST-8)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from dataclasses import dataclass, replace
from itertools import count

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
from catalog_bridge.embedded import tables
from catalog_bridge.embedded.order_rows import copy_of, copy_rows, line_of, line_rows, order_of, order_row
from protocols.model.distribution import Copy
from protocols.model.order import BookshopOrder, ShopOrder, ShopOrderLine
from protocols.model.serial import to_json

PREFIX = {False: "", True: "TEST-"}
"""Order numbers in earnest, and those of orders that are never shipped (design §6)."""

_SCOPE: BindParameter[str] = bindparam("scope")
_NEXT = (
    update(tables.sequence)
    .where(tables.sequence.c.series == bindparam("name"))
    .values(last=tables.sequence.c.last + 1)
    .returning(tables.sequence.c.last)
)


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
_BY_KEY = select(tables.order.c.order_number, tables.order.c.content_hash).where(
    tables.order.c.customer_number == _SCOPE, tables.order.c.idempotency_key == bindparam("key")
)


def place(tx: Connection, order: ShopOrder, key: str, at: str) -> BookshopOrder:
    """The order as placed, numbered in its series; IntegrityError when the key has been used before."""
    last = tx.execute(_NEXT, {"name": "test" if order.test else "order"}).scalar_one()
    number = f"{PREFIX[order.test]}{last}"
    placed = BookshopOrder(
        order_number=number, status="received", placed_at=at, order=_with_copy_ids(order, number)
    )
    tx.execute(insert(tables.order), order_row(placed, key, content_hash(order)))
    tx.execute(insert(tables.order_line), list(line_rows(placed)))
    tx.execute(insert(tables.order_copy), list(copy_rows(placed)))
    return placed


def replayed(tx: Connection, order: ShopOrder, key: str) -> BookshopOrder | None:
    """The order that this key placed before, or None; Refused when its content was another (ORD-1)."""
    row = tx.execute(_BY_KEY, {"scope": order.customer_number, "key": key}).first()
    if row is None:
        return None
    if row.content_hash != content_hash(order):
        raise Refused("The same key has placed another order: %(number)s.", number=row.order_number)
    return one(tx, order.customer_number, row.order_number)


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


def content_hash(order: ShopOrder) -> str:
    """SHA-256 of what was ordered, in hex: the same content gives the same text."""
    return hashlib.sha256(to_json(order).encode()).hexdigest()


def _with_copy_ids(order: ShopOrder, number: str) -> ShopOrder:
    """The order with its copies named after it, counted through all lines: unique, ≤ 20 characters."""
    running = count(1)
    return replace(
        order,
        lines=tuple(
            replace(
                line,
                copies=tuple(replace(copy, copy_id=f"{number}-{next(running)}") for copy in line.copies),
            )
            for line in order.lines
        ),
    )


def _read(tx: Connection, selection: _Selection, **wanted: str) -> tuple[BookshopOrder, ...]:
    copies: dict[tuple[str, int], list[Copy]] = defaultdict(list)
    for row in tx.execute(selection.copies, wanted):
        copies[row.order_number, row.line_number].append(copy_of(row))
    lines: dict[str, list[ShopOrderLine]] = defaultdict(list)
    for row in tx.execute(selection.lines, wanted):
        lines[row.order_number].append(line_of(row, tuple(copies[row.order_number, row.number])))
    return tuple(
        order_of(row, tuple(lines[row.order_number])) for row in tx.execute(selection.orders, wanted)
    )
