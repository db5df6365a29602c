"""An order as the counter works on it: where the copies of each line are, and what the titles are called."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection

from catalog_bridge.bookshop import NotFound
from catalog_bridge.embedded import customers, handled, orders
from catalog_bridge.embedded.handled import HandledCopies
from catalog_bridge.rules import ordering
from protocols.model.customer import Customer
from protocols.model.item import Product
from protocols.model.order import BookshopOrder, ShopOrderLine
from protocols.model.shipment import LineAtCounter, OrderAtCounter


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """Everything of an order that one transaction reads; titles come after it, from the catalogue."""

    placed: BookshopOrder
    customer: Customer
    copies: HandledCopies

    @property
    def product_ids(self) -> list[str]:
        """The products to look up."""
        return [line.product_id for line in self.placed.order.lines]


def work(tx: Connection, customer_number: str, order_number: str) -> Work:
    """The order as it stands in this transaction; NotFound."""
    return Work(
        placed=orders.one(tx, customer_number, order_number),
        customer=customers.read(tx, customer_number),
        copies=handled.read(tx, customer_number, order_number),
    )


def shown(work: Work, products: Mapping[str, Product]) -> OrderAtCounter:
    """The order with its live lines; NotFound where its address is not listed any more."""
    placed, order = work.placed, work.placed.order
    listed = work.customer.address(order.delivery_address_id)
    if listed is None:
        raise NotFound("Order %(number)s has no delivery address.", number=placed.order_number)
    return OrderAtCounter(
        order_number=placed.order_number,
        customer_number=order.customer_number,
        customer_name=work.customer.name,
        address_id=listed.address_id,
        address=listed.address,
        placed_at=placed.placed_at,
        status=placed.status,
        ordered=sum(line.quantity for line in order.lines),
        picked=len(work.copies.picked),
        packed=len(work.copies.packed),
        sent=len(work.copies.sent),
        order_name=order.order_name,
        po_number=f"{order.po_number}{order.po_suffix}",
        way=order.way,
        test=order.test,
        lines=tuple(_line(line, work.copies, products.get(line.product_id)) for line in order.lines),
    )


def _line(line: ShopOrderLine, copies: HandledCopies, product: Product | None) -> LineAtCounter:
    ids = {copy.copy_id for copy in line.copies}
    return LineAtCounter(
        number=line.number,
        product_id=line.product_id,
        title=product.title if product else line.product_id,
        by=product.by if product else "",
        copies=line.copies,
        picked=len(ids & copies.picked),
        packed=len(ids.intersection(copies.packed)),
        waits=product is not None and ordering.waits(product),
        services=line.services,
    )
