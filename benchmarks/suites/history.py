"""ORD-4: a page of a library's orders, from 100 of them and from 10,000."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import insert

from benchmarks import world
from benchmarks.case import Case, Scale
from benchmarks.figures import ratio
from benchmarks.lanes import through
from catalog_bridge.embedded import order_rows, tables
from protocols.model.distribution import Copy, CopyCodes
from protocols.model.money import Money
from protocols.model.order import BookshopOrder, ShopOrder, ShopOrderLine

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from catalog_bridge.order_history import HistoryPage
    from punchout.house import House

    Look = Callable[[House], HistoryPage]

_CUSTOMER = "100234"
_BUYERS = ("anne@testby.example", "bo@testby.example")
_PAGES_A_TURN = 100
_DAY, _LATER = "2025-06-01", "2026-06-01"
"""When the first half of the orders came, and the others."""


@contextmanager
def cases(scale: Scale, folder: Path) -> Iterator[tuple[Case, ...]]:
    """A case for each way to look, on the smallest and the largest number of orders."""
    few, many = min(scale.growth), max(scale.growth)
    with ExitStack() as opened:
        small, large = (
            opened.enter_context(world.gateway(folder / f"history-{count}.db")) for count in (few, many)
        )
        _fill(small, few)
        _fill(large, many)
        yield tuple(_case(name, look, small, large) for name, look in _LOOKS.items())


def _page(house: House, *, after: str = "", own: str | None = None, **filters: str) -> HistoryPage:
    return house.world.order_history.page(_CUSTOMER, filters, after=after, own=own)


_LOOKS: dict[str, Look] = {
    "newest": _page,
    "buyer": partial(_page, buyer=_BUYERS[0]),
    "status": partial(_page, status="received"),
    "order name": partial(_page, order_name="barn"),
    "own": partial(_page, own=_BUYERS[0].upper()),
    "old ones": partial(_page, after=f"{_DAY}T23:59:59~9"),
}


def _case(name: str, look: Look, small: House, large: House) -> Case:
    lanes = {"few": small, "many": large, "few again": small}
    return Case(
        goal="ORD-4",
        variant=name,
        lanes=tuple(
            through(1, lane, partial(look, house), turn=_PAGES_A_TURN) for lane, house in lanes.items()
        ),
        figure=ratio("many", "few"),
        control=ratio("few again", "few"),
        agree=lambda: _compare(look, small, large),
    )


def _compare(look: Look, small: House, large: House) -> None:
    """As many orders on the page of either, unless there are not that many."""
    few, many = look(small).entries, look(large).entries
    assert few
    assert len(few) == len(many) or len(few) < len(many) <= 50


def _fill(house: House, count: int) -> None:
    """Nothing; so many orders of two buyers have been placed, half of them delivered."""
    placed = [_order(number, count) for number in range(count)]
    with house.store.write() as tx:
        tx.execute(insert(tables.order), [order_rows.order_row(one, one.order_number, 1) for one in placed])
        tx.execute(insert(tables.order_line), [row for one in placed for row in order_rows.line_rows(one)])
        tx.execute(
            insert(tables.order_copy),
            [row for one in placed for row in order_rows.copy_rows(one, one.order.lines)],
        )


def _order(number: int, count: int) -> BookshopOrder:
    buyer = _BUYERS[number % 2]
    copy = Copy(number=1, codes=CopyCodes(branch_code="HBB"), copy_id=f"{number}-1")
    line = ShopOrderLine(
        number=1,
        product_id="9799900000272",
        quantity=1,
        unit_price=Money(Decimal("249.00")),
        copies=(copy,),
    )
    order = ShopOrder(
        customer_number=_CUSTOMER,
        delivery_address_id="HBB",
        lines=(line,),
        order_name="Barnebøker" if number % 4 < 2 else "Voksne",
        ordered_by=buyer,
        ordered_by_email=buyer,
    )
    day = _DAY if number * 2 < count else _LATER
    return BookshopOrder(
        order_number=str(number),
        status="received" if number % 4 < 2 else "delivered",
        placed_at=f"{day}T{number % 24:02}:00:00.000+00:00",
        order=order,
    )
