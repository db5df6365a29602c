"""Which of a line's two numbers is meant: the shop's own, or the GTIN or ISBN beside it (peppol.md §4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from protocols.model.finding import Finding
from protocols.model.order import OrderLine, OrderPlaces, PurchaseOrder

_SHOWN = 40


def as_meant(
    order: PurchaseOrder, is_known: Callable[[str], bool], places: OrderPlaces
) -> tuple[PurchaseOrder, tuple[Finding, ...]]:
    """The order with the standard number on each line whose own number nobody knows, and a finding for each.

    is_known
        Whether a number is one of the bookshop or of a returned cart; asked only where there are two of them.
    """
    changed = {line.number for line in order.lines if _stands_in(line, is_known)}
    if not changed:
        return order, ()
    lines = tuple(
        replace(line, product_id=line.standard_id) if line.number in changed else line for line in order.lines
    )
    return replace(order, lines=lines), tuple(_told(order, changed, places))


def doubtful(line: OrderLine) -> bool:
    """Whether the line names two numbers."""
    return bool(line.standard_id) and line.standard_id != line.product_id


def _stands_in(line: OrderLine, is_known: Callable[[str], bool]) -> bool:
    return doubtful(line) and not is_known(line.product_id) and is_known(line.standard_id)


def _told(order: PurchaseOrder, changed: set[int], places: OrderPlaces) -> Iterator[Finding]:
    for line in order.lines:
        if line.number in changed:
            yield Finding(
                code="item.standard",
                where=places.of(line, places.item),
                expected=line.standard_id[:_SHOWN],
                got=line.product_id[:_SHOWN],
                advice="send back the item number of the cart",
            )
