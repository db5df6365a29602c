"""What the counter has to do, for all customers: orders to pick, and those that can be invoiced."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, bindparam, func, select

from catalog_bridge.embedded import tables
from catalog_bridge.embedded.order_rows import LineState
from catalog_bridge.rules.order_status import TO_PICK
from protocols.model.party import Address
from protocols.model.serial import from_json
from protocols.model.shipment import OrderAtCounter

_order, _line, _copy, _handled = (
    table.c for table in (tables.order, tables.order_line, tables.order_copy, tables.handled_copy)
)
_ITS_HANDLED = and_(
    _handled.customer_number == _order.customer_number, _handled.order_number == _order.order_number
)


def _count(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    """How many copies of the order the counter has handled so far."""
    return (
        select(func.count())
        .select_from(tables.handled_copy)
        .where(_ITS_HANDLED, *conditions)
        .correlate(tables.order)
        .scalar_subquery()
    )


_ORDERED = (
    select(func.count())
    .select_from(tables.order_copy)
    .join(
        tables.order_line,
        and_(
            _line.customer_number == _copy.customer_number,
            _line.order_number == _copy.order_number,
            _line.number == _copy.line_number,
        ),
    )
    .where(
        _copy.customer_number == _order.customer_number,
        _copy.order_number == _order.order_number,
        _line.state != LineState.CANCELLED,
    )
    .correlate(tables.order)
    .scalar_subquery()
)
_PACKED = _count(_handled.parcel_number.is_not(None))
_COLUMNS = (
    _order.customer_number,
    tables.customer.c.name.label("customer_name"),
    _order.order_number,
    _order.order_name,
    _order.po_number,
    _order.po_suffix,
    _order.delivery_address_id,
    _order.placed_at,
    _order.status,
    _order.way,
    _order.test,
    tables.address.c.address,
    _ORDERED.label("ordered"),
    _count().label("picked"),
    _PACKED.label("packed"),
    _count(_handled.sent).label("sent"),
)
_ALL = (
    select(*_COLUMNS)
    .join_from(tables.order, tables.customer, tables.customer.c.customer_number == _order.customer_number)
    .join(
        tables.address,
        and_(
            tables.address.c.customer_number == _order.customer_number,
            tables.address.c.address_id == _order.delivery_address_id,
        ),
    )
)
_TO_PICK = (
    _ALL.where(_order.status.in_(TO_PICK), _ORDERED > _PACKED)
    .order_by(_order.placed_at, _order.order_number)
    .limit(bindparam("most"))
    .execution_options(across="counter's lists")
)
_TO_PACK_AT = (
    _ALL.where(
        _order.status.in_(TO_PICK),
        _order.delivery_address_id == bindparam("address_id"),
        _order.test == bindparam("is_test"),
        _count() > _PACKED,
    )
    .order_by(_order.placed_at, _order.order_number)
    .execution_options(across="counter's lists")
)
_UNBILLED = (
    select(_handled.customer_number, _handled.order_number)
    .where(_handled.charged, _handled.sent, _handled.invoice_number.is_(None))
    .distinct()
    .order_by(_handled.order_number)
    .limit(bindparam("most"))
    .execution_options(across="counter's lists")
)


def to_pick(tx: Connection, most: int) -> tuple[OrderAtCounter, ...]:
    """Orders of which something is in no parcel yet, the oldest first."""
    return tuple(_at_counter(row) for row in tx.execute(_TO_PICK, {"most": most}))


def to_pack_at(tx: Connection, address_id: str, *, test: bool) -> tuple[OrderAtCounter, ...]:
    """Orders with something to pack, to whatever customers call by this id, the oldest first."""
    rows = tx.execute(_TO_PACK_AT, {"address_id": address_id, "is_test": test})
    return tuple(_at_counter(row) for row in rows)


def unbilled(tx: Connection, most: int) -> Iterator[tuple[str, str]]:
    """Customer and order of shipments that cost something and stand on no invoice."""
    for row in tx.execute(_UNBILLED, {"most": most}).all():
        yield row.customer_number, row.order_number


def _at_counter(row: Row[*tuple[Any, ...]]) -> OrderAtCounter:
    return OrderAtCounter(
        order_number=row.order_number,
        customer_number=row.customer_number,
        customer_name=row.customer_name,
        address_id=row.delivery_address_id,
        address=from_json(row.address, Address),
        placed_at=row.placed_at,
        status=row.status,
        ordered=row.ordered,
        picked=row.picked,
        packed=row.packed,
        sent=row.sent,
        order_name=row.order_name,
        po_number=f"{row.po_number}{row.po_suffix}",
        way=row.way,
        test=row.test,
    )
