"""Placed orders as stored: once per idempotency key, with every copy and its codes (ORD-1, DIST-8)."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from itertools import count

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Connection,
    Row,
    Select,
    bindparam,
    insert,
    select,
    update,
)

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.embedded import tables
from protocols.model.distribution import Copy, CopyCodes
from protocols.model.item import Kind
from protocols.model.money import Money
from protocols.model.order import BookshopOrder, ShopOrder, ShopOrderLine
from protocols.model.serial import to_json

AnyRow = Row[tuple[object, ...]]

PREFIX = {False: "", True: "TEST-"}
"""Order numbers in earnest, and those of orders that are never shipped (design §6)."""

CODE_FIELDS = tuple(entry.name for entry in fields(CopyCodes))

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
    tx.execute(insert(tables.order), _order_row(placed, key, content_hash(order)))
    tx.execute(insert(tables.order_line), list(_line_rows(placed)))
    tx.execute(insert(tables.order_copy), list(_copy_rows(placed)))
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


def _order_row(placed: BookshopOrder, key: str, content: str) -> dict[str, object]:
    order = placed.order
    return {
        "customer_number": order.customer_number,
        "order_number": placed.order_number,
        "idempotency_key": key,
        "content_hash": content,
        "delivery_address_id": order.delivery_address_id,
        "order_name": order.order_name,
        "po_number": order.po_number,
        "requisition_id": order.requisition_id,
        "ordered_by": order.ordered_by,
        "ordered_by_email": order.ordered_by_email,
        "way": order.way,
        "test": order.test,
        "status": placed.status,
        "placed_at": placed.placed_at,
    }


def _line_rows(placed: BookshopOrder) -> Iterator[dict[str, object]]:
    for line in placed.order.lines:
        yield {
            "customer_number": placed.order.customer_number,
            "order_number": placed.order_number,
            "number": line.number,
            "product_id": line.product_id,
            "unit_price": str(line.unit_price.amount),
            "currency": line.unit_price.currency,
            "kind": line.kind.value,
            "note": line.note,
            "buyer_line": line.buyer_line,
        }


def _copy_rows(placed: BookshopOrder) -> Iterator[dict[str, object]]:
    for line in placed.order.lines:
        for copy in line.copies:
            yield {
                "customer_number": placed.order.customer_number,
                "order_number": placed.order_number,
                "line_number": line.number,
                "number": copy.number,
                "copy_id": copy.copy_id,
                "barcode": copy.barcode,
                **{field: getattr(copy.codes, field) for field in CODE_FIELDS},
            }


def _read(tx: Connection, selection: _Selection, **wanted: str) -> tuple[BookshopOrder, ...]:
    copies: dict[tuple[str, int], list[Copy]] = defaultdict(list)
    for row in tx.execute(selection.copies, wanted):
        copies[row.order_number, row.line_number].append(_copy(row))
    lines: dict[str, list[ShopOrderLine]] = defaultdict(list)
    for row in tx.execute(selection.lines, wanted):
        lines[row.order_number].append(_line(row, tuple(copies[row.order_number, row.number])))
    return tuple(_order(row, tuple(lines[row.order_number])) for row in tx.execute(selection.orders, wanted))


def _order(row: AnyRow, lines: tuple[ShopOrderLine, ...]) -> BookshopOrder:
    return BookshopOrder(
        order_number=row.order_number,
        status=row.status,
        placed_at=row.placed_at,
        order=ShopOrder(
            customer_number=row.customer_number,
            delivery_address_id=row.delivery_address_id,
            lines=lines,
            order_name=row.order_name,
            po_number=row.po_number,
            requisition_id=row.requisition_id,
            ordered_by=row.ordered_by,
            ordered_by_email=row.ordered_by_email,
            way=row.way,
            test=row.test,
        ),
    )


def _line(row: AnyRow, copies: tuple[Copy, ...]) -> ShopOrderLine:
    return ShopOrderLine(
        number=row.number,
        product_id=row.product_id,
        quantity=len(copies),
        unit_price=Money(Decimal(row.unit_price), row.currency),
        copies=copies,
        kind=Kind(row.kind),
        note=row.note,
        buyer_line=row.buyer_line,
    )


def _copy(row: AnyRow) -> Copy:
    return Copy(
        number=row.number,
        codes=CopyCodes(**{field: getattr(row, field) for field in CODE_FIELDS}),
        barcode=row.barcode,
        copy_id=row.copy_id,
    )
