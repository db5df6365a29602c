"""Edit and inspect: the lines that a buyer sends back become a cart again (FLOW-5, cxml.md §5)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog_bridge.rules.ladder import OPEN_FOR
from protocols.errors import PreconditionFailed
from protocols.model.finding import Finding
from protocols.model.refill import Refill
from protocols.model.session import Operation
from punchout.roundtrip import person
from punchout.roundtrip.putting_back import Match, put_back, services, unholdable
from session_store import carts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from datetime import datetime

    from protocols.model.agreement import Agreement
    from protocols.model.cart import FrozenLine
    from protocols.model.order import OrderLine
    from protocols.model.refill import RefilledLine
    from protocols.model.session import SetupRequest
    from punchout.roundtrip.world import World
    from session_store.database import Transaction

_KEPT_BY = {
    Operation.EDIT: frozenset({Operation.EDIT}),
    Operation.INSPECT: frozenset({Operation.EDIT, Operation.INSPECT}),
}
"""Operation asked for → what a cart must have promised for it (cxml.md §6)."""

_OPERATION, _ITEMS = "PunchOutSetupRequest/@operation", "PunchOutSetupRequest/ItemOut"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reopened:
    """What the session opens with, None for one that begins empty; and how the lines deviated."""

    refill: Refill | None = None
    findings: tuple[Finding, ...] = ()


def reopen(world: World, agreement: Agreement, setup: SetupRequest) -> Reopened:
    """The lines of an edit or inspect, found again in our store.

    A line is found by its token, else by its item where only one returned line can be meant: in the carts
    that other lines of the request belong to, else in those of the same person. Raises PreconditionFailed
    where no line is found, where one was not promised, and where they belong to several libraries.
    """
    if setup.operation not in _KEPT_BY:
        return Reopened()
    persons = person.fingerprints(world.keyring, agreement.id, setup)
    services_known = frozenset(entry.service_id for entry in world.shop.services())
    with world.store.read() as tx:
        matches = _matches(tx, agreement.id, setup.items, persons, world.now(), services_known)
    _check_promised(setup.operation, matches)
    books = put_back(matches, setup.operation, persons, world.new_id)
    _check_books(setup.operation, books)
    customer = _customer(agreement, matches)
    found = {match.asked.number for match in matches}
    unknown = tuple(line for line in setup.items if line.number not in found)
    divisions = {match.frozen.quote_id: match.frozen.cart.division for match in matches}.values()
    refill = Refill(
        customer_number=customer,
        lines=books,
        unknown=unknown,
        services=services(matches),
        order_name=_agreed(match.frozen.cart.order_name for match in matches),
        delivery_address_id=_agreed(match.frozen.cart.delivery_address_id for match in matches),
        by_branch=all(division.by_branch for division in divisions),
        apart=all(division.apart for division in divisions),
    )
    return Reopened(refill=refill, findings=_findings(matches, unknown))


def _matches(
    tx: Transaction,
    agreement_id: str,
    lines: Sequence[OrderLine],
    persons: Sequence[bytes],
    now: datetime,
    services: frozenset[str],
) -> list[Match]:
    by_token = carts.by_tokens(tx, agreement_id, (line.line_token for line in lines if line.line_token))
    lost = [line for line in lines if not _same_item(line, by_token.get(line.line_token))]
    by_item = _by_item(tx, agreement_id, [line for line in lost if line.product_id not in services], now)
    quotes = {found.quote_id for found in by_token.values()}
    for around in carts.by_quotes(tx, agreement_id, quotes if lost else ()).values():
        if around.line.product_id in services:
            by_item[around.line.product_id].append(around)
    matches = []
    for line in lines:
        found = by_token.get(line.line_token)
        if found is not None and _same_item(line, found):
            matches.append(Match(asked=line, frozen=found))
        elif only := _only(by_item.get(line.product_id, []), quotes, persons):
            matches.append(Match(asked=line, frozen=only, by_token=False))
    return matches


def _same_item(line: OrderLine, found: FrozenLine | None) -> bool:
    return found is not None and line.product_id in {"", found.line.product_id}


def _by_item(
    tx: Transaction, agreement_id: str, lines: Sequence[OrderLine], now: datetime
) -> defaultdict[str, list[FrozenLine]]:
    wanted = {line.product_id for line in lines if line.product_id}
    grouped: defaultdict[str, list[FrozenLine]] = defaultdict(list)
    for found in carts.by_products(tx, agreement_id, wanted, since=now - OPEN_FOR).values():
        grouped[found.line.product_id].append(found)
    return grouped


def _only(candidates: list[FrozenLine], quotes: set[str], persons: Sequence[bytes]) -> FrozenLine | None:
    """The one line that can be meant; None where there are two, for nobody guesses between them."""

    def of_person(found: FrozenLine) -> bool:
        return found.person_hash in persons if persons else found.person_hash is None

    here = _open(candidates, lambda found: found.quote_id in quotes) or _open(candidates, of_person)
    return here[0] if len(here) == 1 else None


def _open(candidates: list[FrozenLine], belongs: Callable[[FrozenLine], bool]) -> list[FrozenLine]:
    """Those that belong; where some have copies that no order has taken, only these."""
    mine = [found for found in candidates if belongs(found)]
    return [found for found in mine if found.free_copies] or mine


def _check_promised(operation: Operation, matches: Sequence[Match]) -> None:
    if not matches:
        raise PreconditionFailed(
            f"nothing to {operation}: no line belongs to a cart that was returned to this buyer; send each "
            "line with its SupplierPartAuxiliaryID, or open the shop with create",
            where=_ITEMS,
        )
    for match in matches:
        promised = match.frozen.cart.operation_allowed
        if promised not in _KEPT_BY[operation]:
            raise PreconditionFailed(
                f"operation {operation} was not promised: the cart went back with operationAllowed "
                f"{promised}; open the shop with create",
                where=_OPERATION,
            )


def _check_books(operation: Operation, books: Sequence[RefilledLine]) -> None:
    """A service alone is nothing to edit: it belongs to its books (SVC-4)."""
    if not books:
        raise PreconditionFailed(
            f"nothing to {operation}: the lines are services without the books that they belong to; send the "
            "lines of the books too, or open the shop with create",
            where=_ITEMS,
        )


def _customer(agreement: Agreement, matches: Sequence[Match]) -> str:
    numbers = {match.frozen.cart.customer_number for match in matches}
    if len(numbers) > 1:
        raise PreconditionFailed(
            "the lines come from carts of several libraries; send those of one at a time", where=_ITEMS
        )
    (number,) = numbers
    if number not in agreement.customers:
        raise PreconditionFailed(
            "the cart belongs to a library that the agreement no longer covers; open the shop with create",
            where=_ITEMS,
        )
    return number


def _agreed(values: Iterable[str]) -> str:
    """The value that all carts have; empty where they differ."""
    different = set(values)
    return different.pop() if len(different) == 1 else ""


def _findings(matches: Sequence[Match], unknown: Sequence[OrderLine]) -> tuple[Finding, ...]:
    by_item = (
        Finding(
            code="line.ladder",
            where=f"{_where(match.asked)}/ItemID/SupplierPartAuxiliaryID",
            expected=match.frozen.token,
            got=match.asked.line_token[:40],
            advice="found by its item number; keep the SupplierPartAuxiliaryID with each line",
        )
        for match in matches
        if not match.by_token
    )
    lost = (
        Finding(
            code="line.unknown",
            where=_where(line),
            expected="a line of a returned cart of this agreement",
            got=line.product_id[:40],
            advice="it is shown to the shopper and not put into the cart",
        )
        for line in unknown
    )
    uncounted = (_uncounted(match.asked) for match in matches if unholdable(match.asked.quantity))
    return (*by_item, *lost, *uncounted)


def _uncounted(line: OrderLine) -> Finding:
    return Finding(
        code=unholdable(line.quantity),
        where=f"{_where(line)}/@quantity",
        expected="a whole number of copies that one line can hold",
        got=str(line.quantity),
        advice="the shopper is told how many the cart holds instead",
    )


def _where(line: OrderLine) -> str:
    return f"{_ITEMS}[@lineNumber={line.number}]"
