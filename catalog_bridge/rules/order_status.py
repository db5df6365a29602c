"""Where an order stands, by what became of its copies (ORD-2)."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from catalog_bridge.rules.invoicing import is_charged
from protocols.library.order import LineStatus
from protocols.model.order import BookshopOrder

CANCELLED, PART_DELIVERED, DELIVERED, INVOICED = "cancelled", "part_delivered", "delivered", "invoiced"

_REACHED = {DELIVERED: LineStatus.DELIVERED, INVOICED: LineStatus.INVOICED}

TO_PICK = ("received", "confirmed", "backordered", PART_DELIVERED)
"""The states in which the counter has something to take from the shelf."""


def derived(order: BookshopOrder, sent: Collection[str], billed: Collection[str]) -> str:
    """The status that the order's lines give it; before anything is sent, the one it has.

    An order of nothing but free books ends as delivered: no invoice comes (ORD-8).

    sent, billed
        Ids of its copies that have left, and of those that an invoice charges.
    """
    lines = order.order.lines
    if not lines:
        return CANCELLED
    gone = [copy.copy_id in sent for line in lines for copy in line.copies]
    if not any(gone):
        return order.status
    if not all(gone):
        return PART_DELIVERED
    charged = [copy.copy_id in billed for line in lines if is_charged(line) for copy in line.copies]
    return INVOICED if charged and all(charged) else DELIVERED


def reached(order: BookshopOrder, sent: Collection[str], billed: Collection[str]) -> dict[int, LineStatus]:
    """The lines that have left whole, or been charged whole, as the library system is told of them (HO-1)."""
    alone = {
        line.number: derived(replace(order, order=replace(order.order, lines=(line,))), sent, billed)
        for line in order.order.lines
    }
    return {number: _REACHED[status] for number, status in alone.items() if status in _REACHED}
