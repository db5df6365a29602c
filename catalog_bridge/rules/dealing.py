"""Copies of returned lines dealt out to the order lines that were made of them (DIST-9, DIST-10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from catalog_bridge.rules import distribution
from catalog_bridge.rules.distribution import Approved, Change
from catalog_bridge.rules.joined import Share, countable
from catalog_bridge.rules.ladder import Match
from protocols.model.cart import FrozenLine
from protocols.model.distribution import CopyCodes
from protocols.model.order import OrderLine, PurchaseOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """How an agreement and a buyer want copies dealt with (DIST-9).

    on_reduction
        ``ask`` or ``trim``, where fewer copies were approved than planned and they differ.
    default
        Codes of copies that an approver added: the buyer's default profile; none stay unassigned.
    choices
        By order line, the numbers of the planned copies that the librarian keeps, the most wanted first.
    again
        True where a person has let a possible duplicate go on: copies that another order has are ordered once
        more, with the same codes (DIST-10).
    """

    on_reduction: str = "ask"
    default: CopyCodes | None = None
    choices: Mapping[int, Sequence[int]] = field(default_factory=dict)
    again: bool = False


def deal(order: PurchaseOrder, matches: Mapping[int, Match], habits: Habits) -> dict[int, Share]:
    """By line number, the share of each line that was found and can be counted.

    A merged line takes all that was merged. A frozen line that stands on several order lines is dealt out by
    line number, last to lines that name another item, whatever their order in the document.
    """
    sharing: dict[str, list[OrderLine]] = defaultdict(list)
    shares: dict[int, Share] = {}
    for line in filter(countable, order.lines):
        found = matches[line.number].lines
        if len(found) > 1:
            shares[line.number] = _all_of(line, found)
        elif found:
            sharing[found[0].token].append(line)
    for lines in sharing.values():
        shares.update(_shared(order, lines, matches[lines[0].number].lines[0], habits))
    return shares


def _all_of(line: OrderLine, found: Sequence[FrozenLine]) -> Share:
    merged = [(frozen.token, copy) for frozen in found for copy in frozen.free_copies]
    return Share(
        copies=distribution.renumbered([copy for _, copy in merged]),
        planned=tuple((token, copy.number) for token, copy in merged),
        change=Change.SAME,
        beside=(line.number,),
        total=int(line.quantity),
    )


def _shared(
    order: PurchaseOrder, lines: list[OrderLine], frozen: FrozenLine, habits: Habits
) -> Iterator[tuple[int, Share]]:
    """The share of each line, dealt from what is free; nothing for any of them where nothing is."""
    total = sum(int(line.quantity) for line in lines)
    frozen, habits = _as_chosen(lines, frozen, habits)
    outcome = _outcome(frozen, total, habits)
    change = _change(order, lines, outcome, habits)
    beside = tuple(sorted(line.number for line in lines))
    dealt = 0
    for line in sorted(lines, key=lambda line: (line.product_id != frozen.line.product_id, line.number)):
        copies = outcome.copies[dealt : dealt + int(line.quantity)]
        from_cart = copies[: max(0, len(frozen.free_copies) - dealt)]
        planned = tuple((frozen.token, copy.number) for copy in from_cart)
        yield line.number, Share(copies=copies, planned=planned, change=change, beside=beside, total=total)
        dealt += int(line.quantity)


def _as_chosen(lines: Sequence[OrderLine], frozen: FrozenLine, habits: Habits) -> tuple[FrozenLine, Habits]:
    """The copies that the librarian keeps first; where she has chosen, nobody asks again."""
    chosen = [number for line in lines for number in habits.choices.get(line.number, ())]
    if not chosen:
        return frozen, habits
    rank = {number: place for place, number in enumerate(chosen)}
    free = sorted(frozen.free_copies, key=lambda copy: rank.get(copy.number, len(rank)))
    return replace(frozen, free_copies=tuple(free)), replace(habits, on_reduction="trim")


def _outcome(frozen: FrozenLine, total: int, habits: Habits) -> Approved:
    copies = frozen.free_copies or (frozen.line.copies if habits.again else ())
    if not copies:
        return Approved(copies=(), change=Change.SAME)
    return distribution.approved(copies, total, on_reduction=habits.on_reduction, default=habits.default)


def _change(order: PurchaseOrder, lines: Sequence[OrderLine], outcome: Approved, habits: Habits) -> Change:
    """ASK also where lines for different places share unlike copies: which goes where nobody has said."""
    if len(lines) == 1 or habits.on_reduction != "ask":
        return outcome.change
    places = {line.ship_to or order.ship_to for line in lines}
    unlike = len({copy.codes for copy in outcome.copies}) > 1
    return Change.ASK if len(places) > 1 and unlike else outcome.change
