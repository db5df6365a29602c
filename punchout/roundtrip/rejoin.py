"""What is kept here of an order's carts, and the order's lines rejoined with it (design §4.3, DIST-8)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from catalog_bridge.bookshop import NotFound
from catalog_bridge.rules import joined, rejoin_findings, rejoining
from catalog_bridge.rules.dealing import Habits
from catalog_bridge.rules.ladder import OPEN_FOR, Clues
from protocols import dialects
from protocols.cxml.order import PLACES
from protocols.model.item import Kind
from protocols.model.party import extrinsic
from punchout.roundtrip import item_numbers
from session_store import carts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog_bridge.rules.joined import JoinedLine
    from protocols.model.agreement import Agreement
    from protocols.model.cart import FrozenLine
    from protocols.model.distribution import CopyCodes
    from protocols.model.finding import Finding
    from protocols.model.order import OrderLine, OrderPlaces, PurchaseOrder
    from punchout.roundtrip.world import World
    from session_store.database import Transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class Rejoined:
    """The lines of an order with their copies, and what is to be said of the order as a whole.

    wanted
        By token, the numbers of the copies that the order takes: what ``carts.consume_all`` is given.
    findings
        Those of the lines first.
    """

    lines: tuple[JoinedLine, ...]
    wanted: dict[str, list[int]]
    findings: tuple[Finding, ...]


def rejoin(
    world: World,
    agreement: Agreement,
    order: PurchaseOrder,
    *,
    held_by: str = "",
    choices: Mapping[int, Sequence[int]] | None = None,
    again: bool = False,
    places: OrderPlaces = PLACES,
) -> Rejoined:
    """The order's lines, each with the copies of the returned cart that it came from.

    Where nobody knows a line's item number and somebody its GTIN or ISBN, that one stands on the joined line.

    held_by
        The key under which an earlier version of this order consumed its copies: for this one they are free.
    choices
        By line number, the planned copies that the librarian keeps where fewer were approved (DIST-9).
    again
        True where a person has let a possible duplicate go on (DIST-10).
    """
    customers = customers_of(agreement, order)
    clues = Clues(
        now=world.now(),
        order_name=order_name(agreement, order),
        customer_number=customers.pop() if len(customers) == 1 else "",
    )
    habits = Habits(on_reduction=agreement.policy.on_reduction, choices=choices or {}, again=again)
    services = frozenset(entry.service_id for entry in world.shop.services())
    with world.store.read() as tx:
        kept = _kept(tx, agreement.id, order, clues, held_by, services)
    listed = {frozen.line.product_id for frozen in kept.values()} | services
    order, renumbered = item_numbers.as_meant(world, agreement, order, listed, places)
    if renumbered:
        with world.store.read() as tx:
            kept = _kept(tx, agreement.id, order, clues, held_by, services)
    lines = rejoining.rejoin(order, kept, clues, places, habits)
    if any(joined.raised(line) for line in lines):
        habits = replace(habits, default=_default_codes(world, order, lines))
        lines = rejoining.rejoin(order, kept, clues, places, habits)
    with world.store.read() as tx:
        left = joined.left_over(lines, _siblings(tx, agreement.id, lines, kept, held_by))
    of_order = (
        *rejoin_findings.of_order(order, joined.quotes(lines), left, places),
        *rejoin_findings.perhaps_merged(lines, left, places),
    )
    return Rejoined(
        lines=lines,
        wanted=joined.wanted(lines),
        findings=(*renumbered, *(finding for line in lines for finding in line.findings), *of_order),
    )


def _kept(
    tx: Transaction,
    agreement_id: str,
    order: PurchaseOrder,
    clues: Clues,
    held_by: str,
    services: frozenset[str],
) -> dict[str, FrozenLine]:
    """Every frozen line that the order may mean: of the carts it names, by its tokens, and by its items.

    A cart that is named wins over a later return of the same lines, for that is what was approved. A service
    stands in most carts, so one that lost its token is looked for in those of the order's books only; one
    that has grown may be several of theirs.
    """
    named = {line.quote_id for line in order.lines} | {order.supplier_order_id}
    kept = carts.by_quotes(tx, agreement_id, named - {""}, held_by=held_by)
    tokens = {line.line_token for line in order.lines} - kept.keys() - {""}
    kept |= carts.by_tokens(tx, agreement_id, tokens, held_by=held_by)
    lost = {line.product_id for line in order.lines if line.line_token not in kept}
    if books := lost - services:
        since = clues.now - OPEN_FOR
        kept = carts.by_products(tx, agreement_id, books, since=since, held_by=held_by) | kept
    around = _grown(order, kept)
    if lost & services:
        around = {frozen.quote_id for frozen in kept.values()}
    if around:
        kept = carts.by_quotes(tx, agreement_id, around, held_by=held_by) | kept
    return kept


def _grown(order: PurchaseOrder, kept: Mapping[str, FrozenLine]) -> set[str]:
    """The order's carts, where more is ordered of a service than went back: it may be several of theirs."""
    found = [(line, kept[line.line_token]) for line in order.lines if line.line_token in kept]
    if not any(_has_grown(line, frozen) for line, frozen in found):
        return set()
    return {frozen.quote_id for _, frozen in found}


def _has_grown(line: OrderLine, frozen: FrozenLine) -> bool:
    return frozen.line.kind is Kind.SERVICE and line.quantity > frozen.line.quantity


def _default_codes(world: World, order: PurchaseOrder, lines: Sequence[JoinedLine]) -> CopyCodes | None:
    """The codes for copies that nobody planned; None where it is not known who bought them (DIST-9)."""
    customers = {frozen.cart.customer_number for line in lines for frozen in line.match.lines}
    email = next((contact.email for contact in order.contacts if contact.email), "")
    if len(customers) != 1 or not email:
        return None
    try:
        return world.shop.default_codes(customers.pop(), email)
    except NotFound:
        return None


def _siblings(
    tx: Transaction,
    agreement_id: str,
    lines: tuple[JoinedLine, ...],
    kept: dict[str, FrozenLine],
    held_by: str,
) -> list[FrozenLine]:
    """All lines of the carts that these lines came from."""
    missing = carts.tokens_of(tx, agreement_id, joined.quotes(lines)) - kept.keys()
    return [*kept.values(), *carts.by_tokens(tx, agreement_id, missing, held_by=held_by).values()]


def order_name(agreement: Agreement, order: PurchaseOrder) -> str:
    """The name under which the buyer's system sends the order; empty where it sends none (CHK-4)."""
    return extrinsic(order.extrinsics, *dialects.agreed(agreement).order_name_extrinsics)


def customers_of(agreement: Agreement, order: PurchaseOrder) -> set[str]:
    """The customers of the org code in the header, else of the cost centres that its lines are laid on.

    A UBL Order names units instead. Empty where the order names none (PO-ID-3).
    """
    names = dialects.agreed(agreement).library_extrinsics
    code = extrinsic(order.extrinsics, *names)
    codes = {code} if code in agreement.org_codes else order.laid_on(*names) & agreement.org_codes.keys()
    if not codes:
        known = (units & agreement.org_codes.keys() for units in order.units())
        codes = next(filter(None, known), frozenset())
    return {agreement.org_codes[code] for code in codes}
