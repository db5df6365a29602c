"""Copies of a placed order, assigned or moved until their line is picked, by both ways in (DIST-13).

The bookshop judges every code, and tells the library system in the same transaction (HO-1).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog_bridge.grids import Moved
from catalog_bridge.rules import assigning, templates
from punchout.roundtrip.bought import note_order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from catalog_bridge.order_history import FoundOrder
    from protocols.model.distribution import CopyCodes
    from protocols.model.order import BookshopOrder, ShopOrderLine
    from punchout.roundtrip.world import World

LIBRARIAN = "librarian"
"""Who moves copies, as the journal says it: never a person's name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mover:
    """Whose orders may be moved from where the librarian is.

    own
        Only orders of the person with this e-mail; None for all of the customer's (PO-ID-5).
    """

    customer_number: str
    own: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assigned:
    """What came of assigning all that was left of an order.

    copies
        How many have got codes.
    left
        How many open ones have none yet: no template fits their title, or it plans fewer.
    moved
        The order afterwards, and the lines that were refused.
    """

    copies: int
    left: int
    moved: Moved


def find(world: World, mover: Mover, order_number: str) -> FoundOrder:
    """The order, where the mover may see it; NotFound."""
    return world.order_history.order(mover.customer_number, order_number, own=mover.own)


def planned(
    world: World, mover: Mover, lines: Iterable[ShopOrderLine]
) -> dict[int, tuple[CopyCodes, ...] | None]:
    """Line number → what the first template that fits its title gives copies 1…n; None where none fits."""
    patterns = world.registers.templates(mover.customer_number)
    asked = tuple(lines) if patterns else ()
    offers = world.grids.offers(mover.customer_number, tuple(line.product_id for line in asked))
    return {
        line.number: templates.share_at(offers[line.product_id].product, line.unit_price, patterns)
        for line in asked
        if line.product_id in offers
    }


def move(
    world: World,
    mover: Mover,
    order_number: str,
    line_number: int,
    codes: tuple[CopyCodes, ...],
    *,
    seen: str,
) -> BookshopOrder:
    """The order with the line's copies carrying these codes.

    seen
        ``rules.grid.mark`` of the copies that the librarian looked at.

    Raises NotFound, ChangedMeanwhile when somebody was faster, and Refused as the bookshop does.
    """
    before = find(world, mover, order_number).order
    after = world.shop.set_order_copies(mover.customer_number, order_number, line_number, codes, seen)
    if count := _moved(before, after):
        _note(world, after, f"line {line_number}: copies moved: {count}")
    return after


def assign(world: World, mover: Mover, order_number: str, profile: CopyCodes | None) -> Assigned:
    """All open copies without codes, with the profile's, or by the templates where there is none.

    Copies that carry codes stay as they are. A line that was picked or changed meanwhile is left out and
    said so; the others are assigned. NotFound.
    """
    before = find(world, mover, order_number).order
    wanted = {} if profile is not None else planned(world, mover, assigning.open_lines(before))
    changes = (
        assigning.change(
            line,
            assigning.with_profile(line.copies, profile)
            if profile is not None
            else assigning.with_template(line.copies, wanted.get(line.number) or ()),
        )
        for line in assigning.open_lines(before)
    )
    lines = tuple(filter(None, changes))
    moved = world.grids.move(mover.customer_number, order_number, lines) if lines else Moved(order=before)
    if count := _moved(before, moved.order):
        _note(world, moved.order, f"copies assigned: {count}")
    return Assigned(copies=count, left=assigning.left(moved.order), moved=moved)


def _moved(before: BookshopOrder, after: BookshopOrder) -> int:
    """How many copies carry other codes than before."""
    had = {copy.copy_id: copy.codes for line in before.order.lines for copy in line.copies}
    return sum(
        had.get(copy.copy_id, copy.codes) != copy.codes for line in after.order.lines for copy in line.copies
    )


def _note(world: World, order: BookshopOrder, words: str) -> None:
    note_order(world, order, "order.copies_moved", LIBRARIAN, words)
