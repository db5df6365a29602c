"""What to place, change and cancel in the bookshop so that it has what a buyer ordered (CHK-8)."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace

from protocols.model.order import RefusedChange, ShopOrder, Standing

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

    An order goes on as the one for its own customer and address, else as one of that customer that nothing
    else is wanted of; what is left over is cancelled, what is missing is placed. A line leaves its order
    before it comes into another, for one that has been picked cannot leave; where all lines of an order come
    from others it is placed anew.
    """
    left = list(standing)
    matched = [_taken(left, order, _at_same_address) for order in wanted]
    matched = [
        found or _taken(left, order, _of_same_customer) for found, order in zip(matched, wanted, strict=True)
    ]
    leaving: list[Step] = []
    coming: list[Step] = []
    for position, (found, order) in enumerate(zip(matched, wanted, strict=True)):
        staying = _staying(found, order, standing)
        if found is None or (order.lines and not staying.lines):
            left += [found] if found else []
            coming.append(Place(wanted=order, position=position))
            continue
        leaving.append(Change(standing=found, wanted=staying, position=position))
        if staying != order:
            coming.append(Change(standing=found, wanted=order, position=position))
    return (*(Cancel(standing=gone) for gone in left), *leaving, *coming)


def without(order: ShopOrder, lines: Collection[int]) -> ShopOrder:
    """The order without the lines of these numbers: those that come later, or stay where they were picked."""
    return replace(order, lines=tuple(line for line in order.lines if line.number not in lines))


def after(step: Step, order_number: str, refused: Sequence[RefusedChange]) -> Standing:
    """What the bookshop has of the order after a step; its lines are those that could not leave, too."""
    stuck = {change.line for change in refused} - {0}
    if isinstance(step, Cancel):
        return replace(step.standing, lines=tuple(sorted(stuck)))
    stays = any(change.line == 0 for change in refused)
    where = step.standing if isinstance(step, Change) and stays else step.wanted
    return Standing(
        order_number=order_number,
        customer_number=step.wanted.customer_number,
        delivery_address_id=where.delivery_address_id,
        lines=tuple(sorted(stuck.union(line.number for line in step.wanted.lines))),
    )


def _staying(found: Standing | None, order: ShopOrder, standing: Sequence[Standing]) -> ShopOrder:
    """The order without the lines that stand in another one now."""
    return without(order, {number for one in standing if one is not found for number in one.lines})


def _taken(left: list[Standing], order: ShopOrder, fits: Fits) -> Standing | None:
    """The first of those left that fits, which is then left no more."""
    found = next((one for one in left if fits(one, order)), None)
    if found is not None:
        left.remove(found)
    return found


def _of_same_customer(one: Standing, other: ShopOrder) -> bool:
    return one.customer_number == other.customer_number


def _at_same_address(one: Standing, other: ShopOrder) -> bool:
    return _of_same_customer(one, other) and one.delivery_address_id == other.delivery_address_id
