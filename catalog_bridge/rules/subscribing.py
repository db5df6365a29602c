"""Series and packages in a cart, and the subscriptions that it becomes at checkout (CART-2, CHK-5)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.rules import dividing
from protocols.model.item import Product
from protocols.model.standing import Subscription

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocols.model.cart import Cart, CartLine
    from protocols.model.customer import Customer
    from protocols.model.item import Kind
    from protocols.model.standing import SeriesOffer

NOT_OFFERED = "This series is not offered any more."
NOT_HERE = (
    "Series and book packages are subscribed to in the bookshop itself. A cart for the procurement system "
    "cannot hold them."
)


def check(offer: SeriesOffer | None, kind: Kind, number: str) -> SeriesOffer:
    """The offer; NotFound when there is none of this kind, Refused when it has ended."""
    if offer is None or offer.kind is not kind:
        raise NotFound("There is no series or book package with number %(number)s.", number=number)
    if offer.ended:
        raise Refused(NOT_OFFERED)
    return offer


def obstacle(offer: SeriesOffer | None, kind: Kind) -> str:
    """``NOT_OFFERED`` for what can no longer be subscribed to, else empty (CART-5)."""
    return "" if offer and offer.kind is kind and not offer.ended else NOT_OFFERED


def product(offer: SeriesOffer) -> Product:
    """The offer as cart lines show it: without a price, a form or a language."""
    return Product(
        product_id=offer.product_id,
        isbn="",
        title=offer.title,
        description=offer.description,
        audience=offer.audience,
        form="",
        language="",
        kind=offer.kind,
    )


def begun(
    cart: Cart, lines: Iterable[CartLine], customer: Customer, *, by_branch: bool, begun_by: str
) -> tuple[Subscription, ...]:
    """What the lines become: a subscription each, under the cart's order name (CHK-5).

    Its id is the line's and the part's for ever: of a frozen cart each is begun once, however often it is
    tried. Its services are those of the line, as the buyer saw them.

    by_branch
        True where each branch's copies go to its own address: a subscription for each address (CHK-10).
    """
    return tuple(
        Subscription(
            subscription_id=_id(cart.cart_id, line.line_id, number),
            customer_number=cart.customer_number,
            kind=line.kind,
            product_id=line.product.product_id,
            title=line.product.title,
            copies=codes,
            order_name=cart.order_name,
            delivery_address_id=address,
            services=tuple(entry.service_id for entry in line.services),
            begun_by=begun_by,
        )
        for line in lines
        for number, (address, codes) in enumerate(
            dividing.shares(line.copies, customer if by_branch else None, cart.delivery_address_id), start=1
        )
    )


def _id(cart_id: str, line_id: str, number: int) -> str:
    return hashlib.sha256(f"{cart_id}\n{line_id}\n{number}".encode()).hexdigest()[:24]
