"""What became of an order line on its way back to the copies of a returned cart (DIST-8 to DIST-10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalog_bridge.rules.distribution import Change
from catalog_bridge.rules.ladder import Match
from catalog_bridge.rules.ordering import MOST_COPIES
from protocols.model.cart import FrozenLine
from protocols.model.distribution import Copy
from protocols.model.finding import Finding
from protocols.model.order import OrderLine

Planned = tuple[tuple[str, int], ...]
"""Token and number of each copy that comes from a returned cart."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """What one order line gets of what was found for it.

    copies
        As many as the line wants; none where nothing is free.
    change
        What the order does to the frozen line as a whole.
    beside
        Numbers of all the order lines that share the frozen line, rising.
    total
        How many copies these lines want together.
    """

    copies: tuple[Copy, ...]
    planned: Planned
    change: Change
    beside: tuple[int, ...]
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedLine:
    """An order line with what was found for it; a finding of severity error holds the order.

    copies
        Exactly as many as the ordered quantity; empty where no line can hold so many, or nothing is free.
    planned
        Those of them that come from a returned cart; the others are an approver's addition.
    """

    line: OrderLine
    match: Match
    copies: tuple[Copy, ...]
    planned: Planned = ()
    findings: tuple[Finding, ...] = ()

    @property
    def frozen(self) -> FrozenLine | None:
        """The line of a returned cart, the first of those that were merged; None where none was found."""
        return self.match.lines[0] if self.match.lines else None


def countable(line: OrderLine) -> bool:
    """Whether copies can be made for the line: a slip of the pen must not make none, or a million."""
    return whole(line) and 0 < line.quantity <= MOST_COPIES


def whole(line: OrderLine) -> bool:
    """Whether the quantity is a whole number."""
    return line.quantity == line.quantity.to_integral_value()


def raised(joined: JoinedLine) -> bool:
    """Whether an approver wants more copies of a returned line than were planned (DIST-9)."""
    return bool(joined.match.lines) and len(joined.copies) > len(joined.planned)


def wanted(lines: Iterable[JoinedLine]) -> dict[str, list[int]]:
    """By token, the numbers of the copies that the order takes out of returned carts."""
    numbers: dict[str, list[int]] = defaultdict(list)
    for joined in lines:
        for token, number in joined.planned:
            numbers[token].append(number)
    return dict(numbers)


def quotes(lines: Iterable[JoinedLine]) -> set[str]:
    """The quote ids of the carts that the order came from."""
    return {frozen.quote_id for joined in lines for frozen in joined.match.lines}


def left_over(lines: Sequence[JoinedLine], kept: Iterable[FrozenLine]) -> tuple[FrozenLine, ...]:
    """What the carts that the order came from hold, and the order no longer does, in cart order (DIST-9).

    kept
        The lines of these carts; lines of other carts do no harm.
    """
    known = {frozen.token for joined in lines for frozen in joined.match.lines + joined.match.rivals}
    carts = quotes(lines)
    left = [
        frozen
        for frozen in kept
        if frozen.quote_id in carts and frozen.token not in known and frozen.free_copies
    ]
    return tuple(sorted(left, key=lambda frozen: (frozen.quote_id, frozen.line.number)))
