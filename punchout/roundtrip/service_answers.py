"""What a confirmation says of the services in an order: they follow their books (SVC-4, cxml.md §9)."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from protocols.model.fulfilment import ConfirmedLine, LineAnswer, LineStatus

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from protocols.model.order import OrderLine, ShopOrderLine
    from protocols.model.service import LineService
    from punchout.roundtrip.done import Done
    from session_store.orders import StoredOrder

_NOT_DONE = "This service is done for as many copies as its books have in this order."


def differing(stored: StoredOrder, done: Done) -> Iterator[ConfirmedLine]:
    """The lines of services that are not simply accepted: copies wait, get it not, or at another price."""
    placed = [line for order in stored.shop_orders for line in order.lines]
    books = {line.buyer_line or line.number for line in placed}
    for asked in stored.order.lines:
        if asked.number not in books:
            answers = tuple(_answers(asked, placed, done.waiting))
            if any(answer.status is not LineStatus.ACCEPT for answer in answers):
                yield ConfirmedLine(
                    number=asked.number, quantity=asked.quantity, unit=asked.unit, answers=answers
                )


def late(stored: StoredOrder, lines: Collection[int]) -> set[int]:
    """The buyer's lines of services that belong to these lines of books."""
    return {
        service.buyer_line
        for order in stored.shop_orders
        for line in order.lines
        if line.number in lines
        for service in line.services
        if service.buyer_line
    }


def _answers(
    asked: OrderLine, placed: Collection[ShopOrderLine], waiting: Collection[str]
) -> Iterator[LineAnswer]:
    served = [(line, service) for line in placed for service in line.services if _is_for(service, asked)]
    now = sum(line.quantity for line, _ in served if line.product_id not in waiting)
    later = sum(line.quantity for line, _ in served if line.product_id in waiting)
    price = next((service.unit_price for _, service in served), None)
    charged = None if asked.unit_price in {None, price} else price
    rest = asked.quantity - now - later
    if now:
        status = LineStatus.DETAIL if charged else LineStatus.ACCEPT
        yield LineAnswer(status=status, quantity=Decimal(now), unit=asked.unit, unit_price=charged)
    if later:
        yield LineAnswer(
            status=LineStatus.BACKORDERED, quantity=Decimal(later), unit=asked.unit, unit_price=charged
        )
    if rest:
        yield LineAnswer(status=LineStatus.REJECT, quantity=rest, unit=asked.unit, comments=_NOT_DONE)


def _is_for(service: LineService, asked: OrderLine) -> bool:
    return service.buyer_line == asked.number
