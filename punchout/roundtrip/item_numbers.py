"""What is looked up before an order's lines are rejoined: which of two item numbers is meant."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.rules import standard_number
from catalog_bridge.rules.ladder import OPEN_FOR
from session_store import carts

if TYPE_CHECKING:
    from collections.abc import Container

    from protocols.model.agreement import Agreement
    from protocols.model.finding import Finding
    from protocols.model.order import OrderPlaces, PurchaseOrder
    from punchout.roundtrip.world import World


def as_meant(
    world: World, agreement: Agreement, order: PurchaseOrder, listed: Container[str], places: OrderPlaces
) -> tuple[PurchaseOrder, tuple[Finding, ...]]:
    """The order with the number of each line that somebody here knows, and what is to be said of it.

    listed
        Numbers that are known already: of the order's own carts, and of services.
    """
    named = {line.standard_id for line in order.lines if standard_number.doubtful(line)}
    if not named:
        return order, ()
    with world.store.read() as tx:
        found = carts.by_products(tx, agreement.id, named, since=world.now() - OPEN_FOR)
    in_carts = {frozen.line.product_id for frozen in found.values()}

    @cache
    def names(number: str) -> frozenset[str]:
        kept = {number} if number in listed or number in in_carts else set()
        return frozenset(kept | _sold_as(world, agreement, number))

    return standard_number.as_meant(order, names, places)


def _sold_as(world: World, agreement: Agreement, number: str) -> set[str]:
    """All numbers of what the bookshop sells by this one, to whichever of the agreement's customers."""
    customer = agreement.default_customer or next(iter(agreement.customers), "")
    try:
        product = world.shop.offer(customer, number).product
    except (NotFound, Refused):
        return set()
    return {number, product.product_id, product.isbn} - {""}
