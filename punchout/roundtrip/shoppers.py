"""Who is told what becomes of an order, and stands on it as the one who ordered (ORD-9, SHIP-4)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from protocols.model.session import NOBODY, Shopper
from session_store import orders, sessions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from catalog_bridge.rules.joined import JoinedLine
    from protocols.model.agreement import Agreement
    from protocols.model.order import PurchaseOrder
    from punchout.roundtrip.world import World
    from session_store.sessions import StoredSession


def of_carts(
    world: World, agreement: Agreement, order: PurchaseOrder, lines: Sequence[JoinedLine]
) -> Shopper:
    """Who filled the cart that the order was made of, else whom the order names."""
    quote = next((line.frozen.quote_id for line in lines if line.frozen), "")
    with world.store.read() as tx:
        session = sessions.of_quote(tx, agreement.id, quote) if quote else None
    shopper = session.shopper if session else NOBODY
    return shopper if shopper.email else _with_name(named(order), session)


def _with_name(of_order: Shopper, session: StoredSession | None) -> Shopper:
    """The person whom the order names, under the name that she gave in the session (PO-ID-6)."""
    said = session.named if session else None
    return replace(of_order, name=said.name) if said and said.name else of_order


def of_order(world: World, agreement: Agreement, order: PurchaseOrder) -> Shopper:
    """Who is known of the order that this one cancels, else whom it names itself."""
    with world.store.read() as tx:
        versions = orders.versions(tx, agreement.id, order.order_id)
        first = orders.get(tx, agreement.id, versions[0].id) if versions else None
    return first.shopper if first and first.shopper.email else named(order)


def named(order: PurchaseOrder) -> Shopper:
    """The person whom the order itself names; its fields are empty where it names none."""
    return Shopper(
        name=next((contact.name for contact in order.contacts if contact.name), ""),
        email=next((contact.email for contact in order.contacts if contact.email), ""),
    )
