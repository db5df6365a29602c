"""What to place, change and cancel in the bookshop so that it has what a buyer ordered (CHK-8)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from catalog_bridge.rules.dividing import part_of
from protocols.model.order import RefusedChange, ShopOrder, ShopOrderLine, Standing

Fits = Callable[[Standing, ShopOrder], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """An order that the bookshop does not have yet; ``position`` is its place among the wanted ones."""

    wanted: ShopOrder
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """An order that the bookshop has, and what it should be now."""

    standing: Standing
    wanted: ShopOrder
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    """An order that the bookshop has, and that is not wanted any more."""

    standing: Standing


Step = Place | Change | Cancel


def steps(standing: Sequence[Standing], wanted: Sequence[ShopOrder]) -> tuple[Step, ...]:
    """The steps from what stands to what is wanted; the same for the same orders.

    An order goes on as the one for its own customer and address, the one with lines of its own before
    others, else as one of that customer that nothing else is wanted of; what is left over is cancelled, what
    is missing is placed. A line leaves its order before it comes into another, for one that has been picked
    cannot leave; so do copies of a line that stands in several. Where all lines of an order come from others
    it is placed anew.
    """
    left = list(standing)
    matched: list[Standing | None] = [None] * len(wanted)
    for fits in (_with_its_lines, _at_same_address, _of_same_customer):
        matched = [found or _taken(left, order, fits) for found, order in zip(matched, wanted, strict=True)]
    leaving_of = {one.order_number: set(one.lines) for one in left}
    leaving_of |= {
        one.order_number: _leaving(one, order) for one, order in zip(matched, wanted, strict=True) if one
    }
    leaving: list[Step] = []
    coming: list[Step] = []
    for position, (found, order) in enumerate(zip(matched, wanted, strict=True)):
        staying = _staying(found, order, leaving_of)
        if found is None or (order.lines and not staying.lines):
            left += [found] if found else []
            coming.append(Place(wanted=order, position=position))
            continue
        leaving.append(Change(standing=found, wanted=staying, position=position))
        if staying != order:
            coming.append(Change(standing=found, wanted=order, position=position))
    return (*(Cancel(standing=gone) for gone in left), *leaving, *coming)


def without(order: ShopOrder, lines: Collection[int], standing: Standing | None = None) -> ShopOrder:
    """The order without what these lines would bring into it: that comes later, or stays where it was picked.

    standing
        What the bookshop has of the order: so many copies of such a line may stay in it.
    """
    return replace(order, lines=tuple(_held_back(order, lines, standing)))


def _held_back(
    order: ShopOrder, lines: Collection[int], standing: Standing | None
) -> Iterator[ShopOrderLine]:
    for line in order.lines:
        room = standing.copies_of(line.number) if standing else 0
        if line.number not in lines or line.quantity <= room:
            yield line
        elif room:
            yield part_of(line, line.copies[:room])


def after(step: Step, order_number: str, refused: Sequence[RefusedChange]) -> Standing:
    """What the bookshop has of the order after a step; its lines are those that could not leave, too."""
    stuck = {change.line for change in refused} - {0}
    before = None if isinstance(step, Place) else step.standing
    asked = {} if isinstance(step, Cancel) else {line.number: line.quantity for line in step.wanted.lines}
    counts = asked | {number: before.copies_of(number) for number in stuck if before}
    lines = tuple(sorted(counts))
    copies = tuple(counts[number] for number in lines) if before is None or before.copies or not stuck else ()
    if isinstance(step, Cancel):
        return replace(step.standing, lines=lines, copies=copies)
    stays = any(change.line == 0 for change in refused)
    where = step.standing if isinstance(step, Change) and stays else step.wanted
    return Standing(
        order_number=order_number,
        customer_number=step.wanted.customer_number,
        delivery_address_id=where.delivery_address_id,
        lines=lines,
        copies=copies,
    )


def _leaving(one: Standing, order: ShopOrder) -> set[int]:
    """The lines of which the order is to have fewer copies than stand in it, or none."""
    wanted = {line.number: line.quantity for line in order.lines}
    counts = one.copies or (1,) * len(one.lines)
    return {number for number, count in zip(one.lines, counts, strict=True) if wanted.get(number, 0) < count}


def _staying(
    found: Standing | None, order: ShopOrder, leaving_of: Mapping[str, Collection[int]]
) -> ShopOrder:
    """The order without the copies that may have to leave another one first."""
    own = found.order_number if found else ""
    return without(
        order, {number for name, lines in leaving_of.items() if name != own for number in lines}, found
    )


def _taken(left: list[Standing], order: ShopOrder, fits: Fits) -> Standing | None:
    """The first of those left that fits, which is then left no more."""
    found = next((one for one in left if fits(one, order)), None)
    if found is not None:
        left.remove(found)
    return found


def _with_its_lines(one: Standing, other: ShopOrder) -> bool:
    return _at_same_address(one, other) and any(line.number in one.lines for line in other.lines)


def _of_same_customer(one: Standing, other: ShopOrder) -> bool:
    return one.customer_number == other.customer_number


def _at_same_address(one: Standing, other: ShopOrder) -> bool:
    return _of_same_customer(one, other) and one.delivery_address_id == other.delivery_address_id
