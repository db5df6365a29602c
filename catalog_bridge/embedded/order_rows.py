"""Orders as rows and back, without loss."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields
from decimal import Decimal
from enum import StrEnum

from sqlalchemy import Row

from protocols.model.distribution import Copy, CopyCodes
from protocols.model.item import Kind
from protocols.model.money import Money
from protocols.model.order import BookshopOrder, ShopOrder, ShopOrderLine
from protocols.model.serial import from_json, to_json
from protocols.model.service import LineService

AnyRow = Row[tuple[object, ...]]

CODE_FIELDS = tuple(entry.name for entry in fields(CopyCodes))


class LineState(StrEnum):
    """Where a line of a placed order stands (ORD-6)."""

    OPEN = "open"
    PICKED = "picked"
    CANCELLED = "cancelled"


def order_row(placed: BookshopOrder, key: str, copies_named: int) -> dict[str, object]:
    """The row of a new order itself."""
    return {
        "customer_number": placed.order.customer_number,
        "order_number": placed.order_number,
        "idempotency_key": key,
        "way": placed.order.way,
        "test": placed.order.test,
        "placed_at": placed.placed_at,
        "copies_named": copies_named,
        **changing_values(placed),
    }


def changing_values(placed: BookshopOrder) -> dict[str, object]:
    """What of the order's own row can change once it is placed."""
    order = placed.order
    return {
        "delivery_address_id": order.delivery_address_id,
        "order_name": order.order_name,
        "po_number": order.po_number,
        "po_suffix": order.po_suffix,
        "requisition_id": order.requisition_id,
        "ordered_by": order.ordered_by,
        "ordered_by_email": order.ordered_by_email,
        "status": placed.status,
    }


def line_rows(placed: BookshopOrder) -> Iterator[dict[str, object]]:
    """A row for each line, cancelled ones too; its quantity is the number of its copies."""
    for line, state in _stated(placed):
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
            "state": state.value,
            "services": to_json(line.services),
        }


def copy_rows(placed: BookshopOrder, lines: Iterable[ShopOrderLine]) -> Iterator[dict[str, object]]:
    """A row for each physical book of these lines of the order."""
    for line in lines:
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


def order_of(row: AnyRow, lines: Mapping[LineState, list[ShopOrderLine]]) -> BookshopOrder:
    """The order of a row, with the lines found for it in each state, by number."""
    live = sorted((*lines[LineState.OPEN], *lines[LineState.PICKED]), key=lambda line: line.number)
    return BookshopOrder(
        order_number=row.order_number,
        status=row.status,
        placed_at=row.placed_at,
        order=ShopOrder(
            customer_number=row.customer_number,
            delivery_address_id=row.delivery_address_id,
            lines=tuple(live),
            order_name=row.order_name,
            po_number=row.po_number,
            po_suffix=row.po_suffix,
            requisition_id=row.requisition_id,
            ordered_by=row.ordered_by,
            ordered_by_email=row.ordered_by_email,
            way=row.way,
            test=row.test,
        ),
        cancelled=tuple(lines[LineState.CANCELLED]),
        picked=tuple(line.number for line in lines[LineState.PICKED]),
    )


def line_of(row: AnyRow, copies: tuple[Copy, ...]) -> ShopOrderLine:
    """The line of a row, with the copies found for it."""
    return ShopOrderLine(
        number=row.number,
        product_id=row.product_id,
        quantity=len(copies),
        unit_price=Money(Decimal(row.unit_price), row.currency),
        copies=copies,
        kind=Kind(row.kind),
        note=row.note,
        buyer_line=row.buyer_line,
        services=from_json(row.services, tuple[LineService, ...]),
    )


def copy_of(row: AnyRow) -> Copy:
    """The copy of a row."""
    return Copy(
        number=row.number,
        codes=CopyCodes(**{field: getattr(row, field) for field in CODE_FIELDS}),
        barcode=row.barcode,
        copy_id=row.copy_id,
    )


def _stated(placed: BookshopOrder) -> Iterator[tuple[ShopOrderLine, LineState]]:
    picked = frozenset(placed.picked)
    for line in placed.order.lines:
        yield line, LineState.PICKED if line.number in picked else LineState.OPEN
    for line in placed.cancelled:
        yield line, LineState.CANCELLED
