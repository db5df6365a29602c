"""How the services of a cart go back to a buyer: items of their own beside the books (SVC-4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from catalog_bridge.rules.ordering import MOST_COPIES
from protocols.model.cart import CartLine
from protocols.model.service import LineService

PER_ORDER = "per_order"
"""``Policy.services_as``: a service is one item for all books that have it; else one for each of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceItem:
    """One item.

    line_id
        The same whenever the cart goes back with this service on these lines.
    quantity
        The copies of all lines that it serves, at most 999: more become another item.
    served
        Ids of those lines, in cart order.
    """

    line_id: str
    service: LineService
    quantity: int
    served: tuple[str, ...]


def items(lines: Sequence[CartLine], service_lines: str) -> tuple[ServiceItem, ...]:
    """The items, each copy of each line counted once for each of its services."""
    if service_lines == PER_ORDER:
        return tuple(_together(lines))
    return tuple(
        ServiceItem(
            line_id=f"{line.line_id}+{service.service_id}",
            service=service,
            quantity=line.quantity,
            served=(line.line_id,),
        )
        for line in lines
        for service in line.services
    )


def _together(lines: Sequence[CartLine]) -> Iterator[ServiceItem]:
    services = dict.fromkeys(service for line in lines for service in line.services)
    for service in services:
        having = [line for line in lines if service in line.services]
        for turn, group in enumerate(_groups(having), start=1):
            yield ServiceItem(
                line_id=f"+{service.service_id}" + (f".{turn}" if turn > 1 else ""),
                service=service,
                quantity=sum(line.quantity for line in group),
                served=tuple(line.line_id for line in group),
            )


def _groups(lines: Sequence[CartLine]) -> Iterator[list[CartLine]]:
    """The lines, as many together as one item can count."""
    group: list[CartLine] = []
    copies = 0
    for line in lines:
        if group and copies + line.quantity > MOST_COPIES:
            yield group
            group, copies = [], 0
        group.append(line)
        copies += line.quantity
    if group:
        yield group
