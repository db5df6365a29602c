"""A stored cart as the shopper sees it: with titles, today's prices, and what stands in a line's way."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from catalog_bridge.embedded import series
from catalog_bridge.embedded.carts import CartRows, StoredLine
from catalog_bridge.embedded.customers import Terms, register, terms
from catalog_bridge.embedded.offers import offer
from catalog_bridge.rules import distribution, ordering, services, subscribing
from protocols.model.cart import Cart, CartLine
from protocols.model.distribution import Register, numbered
from protocols.model.item import Product
from protocols.model.money import Money
from protocols.model.service import Service
from protocols.model.standing import SeriesOffer


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """Everything of a cart that one transaction reads; titles come after it, from the catalogue.

    series
        Product id → the offer, of the series and packages in it.
    """

    cart: Cart
    lines: tuple[StoredLine, ...]
    terms: Terms
    register: Register
    series: Mapping[str, SeriesOffer]

    @property
    def product_ids(self) -> tuple[str, ...]:
        """The products to look up."""
        return tuple(line.product_id for line in self.lines if not line.kind.subscribed)


def snapshot(rows: CartRows) -> Snapshot:
    """The cart as it stands in this transaction; NotFound."""
    row, lines = rows.row(), rows.lines()
    return Snapshot(
        cart=Cart(
            cart_id=rows.cart_id,
            customer_number=rows.customer_number,
            order_name=row.order_name,
            delivery_address_id=row.delivery_address_id,
            currency=row.currency,
            version=row.version,
        ),
        lines=lines,
        terms=terms(rows.tx, rows.customer_number),
        register=register(rows.tx, rows.customer_number),
        series=series.some(rows.tx, [line.product_id for line in lines if line.kind.subscribed]),
    )


def shown(snapshot: Snapshot, products: Mapping[str, Product], price_list: Sequence[Service]) -> Cart:
    """The cart with its lines priced and judged (CART-5, DIST-6, PRICE-6, SVC-5).

    price_list
        The shop's services, at today's prices.
    """
    lines = (_line(line, snapshot, products, price_list) for line in snapshot.lines)
    return replace(snapshot.cart, lines=tuple(lines))


def _line(
    line: StoredLine, snapshot: Snapshot, products: Mapping[str, Product], price_list: Sequence[Service]
) -> CartLine:
    if line.kind.subscribed:
        return _subscribing(line, snapshot, price_list)
    product = products.get(line.product_id)
    found = offer(product or lost(line), snapshot.terms, price_list)
    taken = services.usual(line.services, found.services)
    copies = numbered(line.copies)
    reason = found.reason if product else ordering.UNKNOWN
    return CartLine(
        line_id=line.line_id,
        product=found.product,
        quantity=len(copies),
        unit_price=found.unit_price,
        copies=copies,
        note=line.note,
        kind=line.kind,
        added_price=line.added_price,
        problem=(
            reason or distribution.retired(copies, snapshot.register) or services.unplaced(copies, taken)
        ),
        services=taken,
        offered=found.services,
    )


def _subscribing(line: StoredLine, snapshot: Snapshot, price_list: Sequence[Service]) -> CartLine:
    """A series or package: without a price, and each book's shelf mark is given when it comes (SVC-5)."""
    found = snapshot.series.get(line.product_id)
    product = subscribing.product(found) if found else lost(line)
    offered = services.offered(price_list, product, snapshot.terms.library_system)
    copies = numbered(line.copies)
    return CartLine(
        line_id=line.line_id,
        product=product,
        quantity=len(copies),
        unit_price=Money(Decimal("0.00"), snapshot.cart.currency),
        copies=copies,
        note=line.note,
        kind=line.kind,
        problem=subscribing.obstacle(found, line.kind) or distribution.retired(copies, snapshot.register),
        services=services.usual(line.services, offered),
        offered=offered,
    )


def lost(line: StoredLine) -> Product:
    """What is left to show of a product that the catalogue no longer has."""
    return Product(product_id=line.product_id, isbn="", title=line.title, kind=line.kind)
