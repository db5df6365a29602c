"""What orders a cart becomes: by address, by branch, and for what is not here yet (CHK-8, CHK-10, INV-2).

Every order has one delivery address. A copy goes to its branch's own address where the librarian chose that,
else where its line goes; titles that are not here yet go in orders of their own where she chose that. Both
are one division: an order for each address, and one beside it for what comes later.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple

from catalog_bridge.rules.distribution import renumbered
from protocols.model.cart import Division
from protocols.model.order import ShopOrderLine

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from catalog_bridge.rules.joined import JoinedLine
    from protocols.model.cart import CartLine
    from protocols.model.customer import Customer
    from protocols.model.distribution import Copy, CopyCodes
    from protocols.model.order import ShopOrder


class Goes(NamedTuple):
    """Which of the orders a copy goes into: the one for this address, or for what comes there later."""

    address_id: str
    later: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What the librarian wants: each branch's copies to its own address, what is not here yet apart."""

    by_branch: bool = False
    apart: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """What a cart would become.

    orders
        As they would be placed; lines keep their numbers.
    division
        The wish, as far as there is anything to choose: what is frozen with the cart.
    may_spread
        Whether the copies go to several places when each branch has its own.
    may_wait
        Whether titles that are not here yet stand beside others.
    """

    orders: tuple[ShopOrder, ...]
    division: Division
    may_spread: bool
    may_wait: bool


def own_addresses(customer: Customer) -> dict[str, str]:
    """Branch code → address, of the branches that have a listed one of their own."""
    return {
        branch.code: branch.address_id
        for branch in customer.branches
        if branch.address_id and customer.address(branch.address_id)
    }


def outlook(whole: ShopOrder, customer: Customer, wish: Wish, waiting: Collection[str]) -> Outlook:
    """What the whole would become by this wish.

    waiting
        Product ids of what is not here yet.
    """
    products = dict.fromkeys(line.product_id for line in whole.lines)
    later = tuple(product for product in products if product in waiting)
    spread, may_wait = may_spread(whole, customer), 0 < len(later) < len(products)
    division = Division(by_branch=wish.by_branch and spread, apart=later if wish.apart and may_wait else ())
    return Outlook(
        orders=of_cart(whole, customer, division),
        division=division,
        may_spread=spread,
        may_wait=may_wait,
    )


def may_spread(whole: ShopOrder, customer: Customer) -> bool:
    """Whether the copies go to several places when each branch has its own."""
    return len({goes.address_id for goes in _every(whole, customer, Division(by_branch=True))}) > 1


def of_cart(whole: ShopOrder, customer: Customer, division: Division) -> tuple[ShopOrder, ...]:
    """The orders that the whole becomes; copies of no branch with its own address go where the whole does."""
    own = own_addresses(customer)
    return divided(
        whole,
        {
            line.number: [
                _goes(line.product_id, copy, division, whole.delivery_address_id, own) for copy in line.copies
            ]
            for line in whole.lines
        },
    )


def of_line(joined: JoinedLine, address_id: str, own: Mapping[str, str]) -> tuple[Goes, ...]:
    """Where each copy of an order's line goes, by the choice frozen with the cart that the copy came from.

    Copies that an approver added follow the line's own cart. A line of no returned cart goes where the order
    says, whole.

    address_id
        Where the order says that the line goes.
    own
        Branch code → address.
    """
    of_token = {frozen.token: frozen.cart.division for frozen in joined.match.lines}
    others = joined.frozen.cart.division if joined.frozen else Division()
    chosen = [of_token[token] for token, _ in joined.planned]
    chosen += [others] * (len(joined.copies) - len(chosen))
    return tuple(
        _goes(joined.line.product_id, copy, division, address_id, own)
        for copy, division in zip(joined.copies, chosen, strict=True)
    )


def divided(whole: ShopOrder, goes: Mapping[int, Sequence[Goes]]) -> tuple[ShopOrder, ...]:
    """One order for each place that a copy goes to, marked -1 … -k where there are several.

    That of the lowest line first, and of its first copy. Every copy is in exactly one of them. A line for
    several places becomes a line in each, under the same number.

    goes
        By line number, where its copies go, in their order.
    """
    in_turn = (place for line in sorted(whole.lines, key=_number) for place in goes[line.number])
    lines: dict[Goes, list[ShopOrderLine]] = {place: [] for place in in_turn}
    for line in whole.lines:
        for place, part in _parts(line, goes[line.number]).items():
            lines[place].append(part)
    return tuple(
        replace(
            whole,
            delivery_address_id=place.address_id,
            lines=tuple(parts),
            po_suffix=f"-{turn}" if len(lines) > 1 else "",
        )
        for turn, (place, parts) in enumerate(lines.items(), start=1)
    )


def part_of(line: ShopOrderLine, copies: Sequence[Copy]) -> ShopOrderLine:
    """The line with these of its copies, numbered anew (DIST-4): the one place where a line is cut."""
    return replace(line, quantity=len(copies), copies=renumbered(copies))


def shares(
    copies: Iterable[Copy], customer: Customer | None, otherwise: str
) -> tuple[tuple[str, tuple[CopyCodes, ...]], ...]:
    """The codes of the copies by address, that of the first copy first; all in one without a customer."""
    own = own_addresses(customer) if customer else {}
    groups = defaultdict(list)
    for copy in copies:
        groups[own.get(copy.codes.branch_code, otherwise)].append(copy.codes)
    return tuple((address, tuple(codes)) for address, codes in groups.items())


def as_ordered(number: int, line: CartLine) -> ShopOrderLine:
    """A line of a cart as it would be ordered now."""
    return ShopOrderLine(
        number=number,
        product_id=line.product.product_id,
        quantity=line.quantity,
        unit_price=line.unit_price,
        copies=line.copies,
        kind=line.kind,
        note=line.note,
        services=line.services,
    )


def _number(line: ShopOrderLine) -> int:
    return line.number


def _every(whole: ShopOrder, customer: Customer, division: Division) -> set[Goes]:
    own = own_addresses(customer)
    return {
        _goes(line.product_id, copy, division, whole.delivery_address_id, own)
        for line in whole.lines
        for copy in line.copies
    }


def _goes(product_id: str, copy: Copy, division: Division, otherwise: str, own: Mapping[str, str]) -> Goes:
    address = own.get(copy.codes.branch_code, otherwise) if division.by_branch else otherwise
    return Goes(address, later=product_id in division.apart)


def _parts(line: ShopOrderLine, goes: Sequence[Goes]) -> dict[Goes, ShopOrderLine]:
    groups: defaultdict[Goes, list[Copy]] = defaultdict(list)
    for copy, place in zip(line.copies, goes, strict=True):
        groups[place].append(copy)
    if len(groups) == 1:
        return dict.fromkeys(groups, line)
    return {place: part_of(line, copies) for place, copies in groups.items()}
