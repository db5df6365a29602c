"""What is looked up before an order's lines are rejoined: which of two item numbers is meant."""

from __future__ import annotations

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
    sold: dict[str, bool] = {}

    def is_known(number: str) -> bool:
        if number in listed or number in in_carts:
            return True
        if number not in sold:
            sold[number] = _is_sold(world, agreement, number)
        return sold[number]

    return standard_number.as_meant(order, is_known, places)


def _is_sold(world: World, agreement: Agreement, number: str) -> bool:
    """Whether the bookshop knows the number; which of the agreement's customers asks does not matter."""
    customer = agreement.default_customer or next(iter(agreement.customers), "")
    try:
        world.shop.offer(customer, number)
    except (NotFound, Refused):
        return False
    return True
