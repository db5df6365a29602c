"""A direct order to one address, or each branch's copies to the branch's own: then k orders (CHK-10)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from catalog_bridge.rules import splitting
from protocols.model.distribution import numbered

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from protocols.model.customer import Customer
    from protocols.model.distribution import Copy, CopyCodes
    from protocols.model.order import ShopOrder, ShopOrderLine


def own_addresses(customer: Customer) -> dict[str, str]:
    """Branch code → address, of the branches that have a listed one of their own."""
    return {
        branch.code: branch.address_id
        for branch in customer.branches
        if branch.address_id and customer.address(branch.address_id)
    }


def by_branch(whole: ShopOrder, customer: Customer) -> tuple[ShopOrder, ...]:
    """One order for each address that a copy goes to, in the order of the lines; no copy lost, none doubled.

    A copy goes to the address of its branch; one without, and one whose branch has none, to the address of
    the whole. A line for several places becomes a line in each, and lines are numbered anew in each order.
    """
    address_of = own_addresses(customer)
    lines: list[ShopOrderLine] = []
    goes: dict[int, str] = {}
    for line in whole.lines:
        for address, part in _parts(line, address_of, whole.delivery_address_id):
            number = len(lines) + 1
            goes[number] = address
            lines.append(replace(part, number=number))
    orders = splitting.parts(replace(whole, lines=tuple(lines)), goes)
    return tuple(replace(order, po_suffix=whole.po_suffix, lines=_in_turn(order)) for order in orders)


def shares(
    copies: Iterable[Copy], customer: Customer | None, otherwise: str
) -> tuple[tuple[str, tuple[CopyCodes, ...]], ...]:
    """The codes of the copies by address, that of the first copy first; all in one without a customer."""
    return _shares(copies, own_addresses(customer) if customer else {}, otherwise)


def _shares(
    copies: Iterable[Copy], address_of: Mapping[str, str], otherwise: str
) -> tuple[tuple[str, tuple[CopyCodes, ...]], ...]:
    groups = defaultdict(list)
    for copy in copies:
        groups[address_of.get(copy.codes.branch_code, otherwise)].append(copy.codes)
    return tuple((address, tuple(codes)) for address, codes in groups.items())


def _parts(
    line: ShopOrderLine, address_of: Mapping[str, str], otherwise: str
) -> Iterator[tuple[str, ShopOrderLine]]:
    """The line's copies by address; numbered anew in each part (DIST-4)."""
    for address, codes in _shares(line.copies, address_of, otherwise):
        yield address, replace(line, quantity=len(codes), copies=numbered(codes))


def _in_turn(order: ShopOrder) -> tuple[ShopOrderLine, ...]:
    return tuple(replace(line, number=number) for number, line in enumerate(order.lines, start=1))
