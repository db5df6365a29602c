"""The libraries' own barcodes: each number is given once, to one copy, and never again (SVC-5)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sqlalchemy import BindParameter, Connection, bindparam, select, update

from catalog_bridge.embedded import tables
from catalog_bridge.rules.services import takes_barcodes
from protocols.model.distribution import Copy
from protocols.model.order import ShopOrder, ShopOrderLine
from protocols.model.service import BarcodeSeries

_SCOPE: BindParameter[str] = bindparam("scope")
_TABLE = tables.barcode_series
_MINE = _TABLE.c.customer_number == _SCOPE
_ALL = select(_TABLE).where(_MINE).order_by(_TABLE.c.position, _TABLE.c.first)
_LOCK = _ALL.with_for_update()
_GIVE = update(_TABLE).where(_MINE, _TABLE.c.first == bindparam("of")).values(given=bindparam("in_all"))


def series(tx: Connection, customer_number: str) -> tuple[BarcodeSeries, ...]:
    """The customer's series in the sequence in which they are used."""
    rows = tx.execute(_ALL, {"scope": customer_number})
    return tuple(BarcodeSeries(first=row.first, last=row.last, given=row.given) for row in rows)


def named(tx: Connection, order: ShopOrder) -> ShopOrder:
    """The order with a barcode on each copy that takes one and has none, as long as there are any.

    A test never uses a number up: its copies stay without.
    """
    missing = sum(1 for line in order.lines for copy in line.copies if _takes_one(line, copy))
    if order.test or not missing:
        return order
    numbers = iter(_taken(tx, order.customer_number, missing))
    return replace(order, lines=tuple(_line(line, numbers) for line in order.lines))


def unmarked(line: ShopOrderLine) -> ShopOrderLine:
    """The line with no barcode on any copy."""
    return replace(line, copies=tuple(replace(copy, barcode="") for copy in line.copies))


def _line(line: ShopOrderLine, numbers: Iterator[str]) -> ShopOrderLine:
    copies = tuple(
        replace(copy, barcode=next(numbers, "")) if _takes_one(line, copy) else copy for copy in line.copies
    )
    return replace(line, copies=copies)


def _takes_one(line: ShopOrderLine, copy: Copy) -> bool:
    return takes_barcodes(line) and not copy.barcode


def _taken(tx: Connection, customer_number: str, count: int) -> list[str]:
    """So many numbers, fewer where the series are used up; whoever else wants some waits for us."""
    numbers: list[str] = []
    for row in tx.execute(_LOCK, {"scope": customer_number}).all():
        one = BarcodeSeries(first=row.first, last=row.last, given=row.given)
        taken = one.taken(count - len(numbers))
        if taken:
            numbers += taken
            keys = {"scope": customer_number, "of": row.first, "in_all": row.given + len(taken)}
            tx.execute(_GIVE, keys)
    return numbers
