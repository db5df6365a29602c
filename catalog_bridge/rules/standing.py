"""Orders that nobody puts in a cart: releases of subscriptions, and books that are given (ORD-7, ORD-8)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from catalog_bridge.rules import services
from protocols.model.distribution import numbered
from protocols.model.item import Kind, Offer
from protocols.model.money import Money
from protocols.model.order import ShopOrder, ShopOrderLine
from protocols.model.standing import Subscription

WAY = "standing"
"""``ShopOrder.way`` of such orders: neither direct nor punchout."""


def release_order(subscription: Subscription, offer: Offer, usual: tuple[str, ...] = ()) -> ShopOrder:
    """The order of one release: the preset order name, the blanket order's number, each copy's codes (CHK-5).

    It never was a cart, so nothing of it goes to the buyer for approval. It gets the subscription's own
    services, else the library's usual ones, as far as the title allows (SVC-1).

    usual
        Ids of the library's usual services.
    """
    wanted = usual if subscription.services is None else subscription.services
    line = ShopOrderLine(
        number=1,
        product_id=offer.product.product_id,
        quantity=len(subscription.copies),
        unit_price=offer.unit_price,
        copies=numbered(subscription.copies),
        kind=Kind.TITLE,
        services=services.usual(wanted, offer.services),
    )
    return ShopOrder(
        customer_number=subscription.customer_number,
        delivery_address_id=subscription.delivery_address_id,
        lines=(line,),
        order_name=subscription.order_name,
        po_number=subscription.po_number,
        way=WAY,
    )


def gift_order(subscription: Subscription, offer: Offer, usual: tuple[str, ...] = ()) -> ShopOrder:
    """The order of a book at price 0: it reaches the library system and never an invoice (ORD-8).

    It may be made shelf-ready like any other, and that is charged.
    """
    order = release_order(subscription, offer, usual)
    free = Money(Decimal("0.00"), offer.unit_price.currency)
    return replace(order, lines=tuple(replace(line, unit_price=free) for line in order.lines), po_number="")


def release_key(subscription: Subscription, product_id: str, *, gift: bool) -> str:
    """The idempotency key of a release, however often it is told.

    A subscription gets each title once as its own release, and once as a gift: neither is the other.
    """
    what = "gift" if gift else "release"
    return f"{what}:{subscription.customer_number}:{subscription.subscription_id}:{product_id}"
