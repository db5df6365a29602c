"""Returned lines that were found again, put together as lines of a new cart (DIST-9)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from catalog_bridge.rules import distribution
from catalog_bridge.rules.ordering import MOST_COPIES
from protocols.model.cart import KeptLine
from protocols.model.item import Kind
from protocols.model.refill import RefilledLine
from protocols.model.session import Operation

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from protocols.model.cart import FrozenLine
    from protocols.model.distribution import CopyCodes
    from protocols.model.order import OrderLine


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A line of the request and the returned line that it means.

    by_token
        False where its item number had to find it.
    """

    asked: OrderLine
    frozen: FrozenLine
    by_token: bool = True


def unholdable(quantity: Decimal) -> str:
    """The finding code for a quantity that no line can hold; empty for one that it can."""
    if quantity != quantity.to_integral_value():
        return "quantity.fraction"
    return "quantity.many" if quantity > MOST_COPIES else ""


def put_back(
    matches: Iterable[Match], operation: Operation, persons: Sequence[bytes], new_id: Callable[[], str]
) -> tuple[RefilledLine, ...]:
    """The lines of the cart, in the request's order; a title that stands on several of them becomes one.

    An order that has taken copies of a line has made it history: for an edit it then comes back as a new
    line, with a token of its own at the next return, so that the next order of it is no duplicate.

    A line has the services that the request still has for it (SVC-4).
    """
    titles: defaultdict[tuple[str, str], list[Match]] = defaultdict(list)
    served: defaultdict[str, list[str]] = defaultdict(list)
    for match in matches:
        line = match.frozen.line
        if line.kind is Kind.SERVICE:
            for token in line.serves:
                served[token].append(line.product_id)
        else:
            titles[line.product_id, line.kind].append(match)
    return tuple(_line(group, operation, persons, new_id, served) for group in titles.values())


def services(matches: Iterable[Match]) -> tuple[tuple[str, str], ...]:
    """Id and token of each service that no order has taken: it goes back as what it was."""
    found = (match.frozen for match in matches if match.frozen.line.kind is Kind.SERVICE)
    return tuple((frozen.line.line_id, frozen.token) for frozen in found if not frozen.order_keys)


def _line(
    group: list[Match],
    operation: Operation,
    persons: Sequence[bytes],
    new_id: Callable[[], str],
    served: Mapping[str, list[str]],
) -> RefilledLine:
    asked: defaultdict[str, Decimal] = defaultdict(Decimal)
    for match in group:
        asked[match.frozen.token] += match.asked.quantity
    frozen = {match.frozen.token: match.frozen for match in group}
    ordered = [found for found in frozen.values() if found.order_keys]
    lead = min(frozen.values(), key=lambda found: bool(found.order_keys))
    renewed = bool(lead.order_keys) and operation is Operation.EDIT
    codes = [code for token, found in frozen.items() for code in _codes(found, asked[token], operation)]
    return RefilledLine(
        line=KeptLine(
            line_id=new_id() if renewed else lead.line.line_id,
            product_id=lead.line.product_id,
            title=lead.line.short_name or lead.line.description,
            codes=tuple(codes[:MOST_COPIES]),
            note=lead.line.note,
            kind=lead.line.kind,
            services=tuple(dict.fromkeys(id_ for token in frozen for id_ in served.get(token, ()))),
        ),
        line_token="" if renewed else lead.token,
        returned=sum(found.line.quantity for found in frozen.values()),
        asked=_written(sum(asked.values(), Decimal())),
        unit_price=lead.line.unit_price,
        ordered=bool(ordered),
        order_key=_own_order(ordered, persons),
    )


def _written(quantity: Decimal) -> str:
    """The quantity without decimals that say nothing: many systems write ``3.00``."""
    return f"{quantity:.0f}" if quantity == quantity.to_integral_value() else f"{quantity:f}"


def _codes(found: FrozenLine, asked: Decimal, operation: Operation) -> list[CopyCodes]:
    """The codes of as many copies as the buyer asks for; those still to be ordered go first."""
    planned = found.line.copies if operation is Operation.INSPECT else found.free_copies or found.line.copies
    fraction = asked != asked.to_integral_value()
    wanted = found.line.quantity if fraction else min(int(asked), MOST_COPIES)
    return [copy.codes for copy in distribution.approved(planned, wanted).copies]


def _own_order(ordered: Sequence[FrozenLine], persons: Sequence[bytes]) -> str:
    """The order that took copies of the shopper's own cart; other people's are not told (PO-ID-5)."""
    own = (found.order_keys[0] for found in ordered if found.person_hash in persons)
    return next(own, "")
