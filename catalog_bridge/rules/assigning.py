"""Copies of a placed order that nobody has assigned, and what they are given (DIST-9, DIST-13)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from catalog_bridge.grids import LineCopies
from catalog_bridge.rules.distribution import NOTHING
from catalog_bridge.rules.grid import mark
from protocols.model.customer import DistributionUse
from protocols.model.distribution import Copy, CopyCodes
from protocols.model.order import BookshopOrder, ShopOrderLine


def open_lines(order: BookshopOrder) -> Iterator[ShopOrderLine]:
    """The lines whose copies can be moved: neither picked nor cancelled (DIST-13)."""
    return (line for line in order.order.lines if line.number not in order.picked)


def offered(order: BookshopOrder, use: DistributionUse) -> bool:
    """Whether its copies can be given codes: somewhere that uses them, or where some carry them (DIST-7)."""
    lines = tuple(open_lines(order))
    carried = any(copy.codes.assigned for line in lines for copy in line.copies)
    return bool(lines) and (carried or use is not DistributionUse.OFF)


def unassigned(line: ShopOrderLine) -> int:
    """How many copies of the line carry no code at all."""
    return sum(not copy.codes.assigned for copy in line.copies)


def left(order: BookshopOrder) -> int:
    """How many copies of the order's open lines carry no code at all."""
    return sum(map(unassigned, open_lines(order)))


def with_profile(copies: Sequence[Copy], profile: CopyCodes) -> tuple[CopyCodes, ...]:
    """The codes of all copies, those that had none being the profile's."""
    return tuple(copy.codes if copy.codes.assigned else profile for copy in copies)


def with_template(copies: Sequence[Copy], planned: Sequence[CopyCodes]) -> tuple[CopyCodes, ...]:
    """The codes of all copies, those that had none taking what a template gives a copy of their place.

    planned
        The template's codes for copies 1…n, by its order of priority (DIST-14). A copy beyond them stays as
        it is: the library did not say where so many of a title belong.
    """
    codes = (*planned, *(NOTHING,) * (len(copies) - len(planned)))
    return tuple(copy.codes if copy.codes.assigned else codes[place] for place, copy in enumerate(copies))


def change(line: ShopOrderLine, codes: tuple[CopyCodes, ...]) -> LineCopies | None:
    """The line with these codes, as it has been looked at; None where nothing about it is new."""
    seen = tuple(copy.codes for copy in line.copies)
    return LineCopies(number=line.number, codes=codes, seen=mark(seen)) if codes != seen else None
