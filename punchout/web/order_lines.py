"""The lines of a placed order as people read them: by number, each with where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from catalog_bridge.rules import assigning
from punchout.catalogues import marked

if TYPE_CHECKING:
    from protocols.model.order import BookshopOrder, ShopOrderLine

_STATES = {
    "open": marked("Ordered"),
    "picked": marked("Picked from the shelf"),
    "cancelled": marked("Cancelled"),
}


class Stated(NamedTuple):
    """A line; ``stands`` is a message id.

    unassigned
        How many of its copies carry no code; 0 where they can no longer be given any.
    """

    line: ShopOrderLine
    stands: str
    movable: bool
    unassigned: int


def stated(order: BookshopOrder) -> list[Stated]:
    """All lines, cancelled ones too."""
    movable = {line.number for line in assigning.open_lines(order)}
    live = [_stated(line, movable=line.number in movable) for line in order.order.lines]
    gone = [Stated(line, _STATES["cancelled"], movable=False, unassigned=0) for line in order.cancelled]
    return sorted([*live, *gone], key=lambda one: one.line.number)


def _stated(line: ShopOrderLine, *, movable: bool) -> Stated:
    stands = _STATES["open" if movable else "picked"]
    return Stated(line, stands, movable, assigning.unassigned(line) if movable else 0)
