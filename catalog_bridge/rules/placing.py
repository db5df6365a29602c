"""What to place, change and cancel in the bookshop so that it has what a buyer ordered (CHK-8)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from protocols.model.order import ShopOrder

Fits = Callable[[ShopOrder, ShopOrder], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An order that the bookshop has, under its own number."""

    order_number: str
    order: ShopOrder


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
    """The steps from what stands to what is wanted, cancellations first; the same for the same orders.

    An order goes on as the one for its own customer and address, else as one of that customer that nothing
    else is wanted of; what is left over is cancelled, what is missing is placed.
    """
    left = list(standing)
    matched = [_taken(left, order, _at_same_address) for order in wanted]
    matched = [
        found or _taken(left, order, _of_same_customer) for found, order in zip(matched, wanted, strict=True)
    ]
    asked = (
        Change(standing=found, wanted=order, position=position)
        if found
        else Place(wanted=order, position=position)
        for position, (found, order) in enumerate(zip(matched, wanted, strict=True))
    )
    return (*(Cancel(standing=gone) for gone in left), *asked)


def _taken(left: list[Standing], order: ShopOrder, fits: Fits) -> Standing | None:
    """The first of those left that fits, which is then left no more."""
    found = next((one for one in left if fits(one.order, order)), None)
    if found is not None:
        left.remove(found)
    return found


def _of_same_customer(one: ShopOrder, other: ShopOrder) -> bool:
    return one.customer_number == other.customer_number


def _at_same_address(one: ShopOrder, other: ShopOrder) -> bool:
    return _of_same_customer(one, other) and one.delivery_address_id == other.delivery_address_id
