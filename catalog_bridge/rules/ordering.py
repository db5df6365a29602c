"""Whether something can be ordered, and what an order must be before the shop takes it (CART-5, DIST-4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from decimal import Decimal

from catalog_bridge.bookshop import Refused
from catalog_bridge.rules.delivery import listed
from catalog_bridge.rules.distribution import fitting
from catalog_bridge.rules.order_name import RECEIVED_LIMIT
from catalog_bridge.rules.plain_text import one_line
from catalog_bridge.rules.pricing import customer_price
from protocols.model.customer import Customer
from protocols.model.item import Offer, Product
from protocols.model.money import Money
from protocols.model.order import ShopOrder, ShopOrderLine

MOST_COPIES = 999
NOTE_LENGTH = 255
"""Of one line (CART-2)."""

CANCELLED = "The publisher has cancelled this title."
OUT_OF_PRINT = "This title is out of print."
WITHDRAWN = "This title has been withdrawn from sale."
NOT_SUPPLIED = "The shop can no longer get this title."
NOT_ALONE = "This title is not sold on its own."
NO_PRICE = "This title has no price yet; ask customer service."
UNKNOWN = "This title is no longer in the catalogue."

PUBLISHING_STATUS = {
    "01": CANCELLED,
    "06": OUT_OF_PRINT,
    "07": OUT_OF_PRINT,
    "08": NOT_SUPPLIED,
    "11": WITHDRAWN,
    "13": NOT_ALONE,
    "15": WITHDRAWN,
    "16": WITHDRAWN,
    "17": WITHDRAWN,
}
"""ONIX list 64: what stops an order. Forthcoming and postponed titles are ordered and wait (CART-5)."""

AVAILABILITY = {
    "01": CANCELLED,
    "34": WITHDRAWN,
    "40": NOT_SUPPLIED,
    "41": NOT_SUPPLIED,
    "42": NOT_SUPPLIED,
    "43": NOT_SUPPLIED,
    "44": NOT_SUPPLIED,
    "45": NOT_ALONE,
    "46": WITHDRAWN,
    "47": NOT_SUPPLIED,
    "48": NOT_SUPPLIED,
    "49": WITHDRAWN,
    "50": NOT_ALONE,
    "51": OUT_OF_PRINT,
    "52": NOT_SUPPLIED,
}
"""ONIX list 65: what stops an order. Not yet published and out of stock are ordered and wait (CART-5)."""

FORTHCOMING_STATUS = frozenset({"02", "03"})
"""ONIX list 64: forthcoming, and postponed for an unknown time."""

FORTHCOMING = frozenset({"09", "10", "11", "12"})
"""ONIX list 65: not yet available."""

OUT_OF_STOCK = frozenset({"30", "31", "32", "33"})
"""ONIX list 65: out of stock for a time."""


def obstacle(product: Product) -> str:
    """Why the product cannot be ordered, one of the sentences above; empty when it can (CART-5)."""
    return (
        PUBLISHING_STATUS.get(product.publishing_status)
        or AVAILABILITY.get(product.availability)
        or ("" if product.list_price else NO_PRICE)
    )


def waits(product: Product) -> bool:
    """Whether the product can be ordered but not sent yet: forthcoming, or out of stock for a time (CART-5).

    Such a line of an order is ``backordered`` (ORD-2).
    """
    return (forthcoming(product) or out_of_stock(product)) and not obstacle(product)


def forthcoming(product: Product) -> bool:
    """Whether the product is not out yet, by what its publisher says of it or of its stock."""
    return product.publishing_status in FORTHCOMING_STATUS or product.availability in FORTHCOMING


def out_of_stock(product: Product) -> bool:
    """Whether the product has been out, and is missing for a time."""
    return product.availability in OUT_OF_STOCK


def offer(product: Product, discount_percent: Decimal) -> Offer:
    """The product as this customer may buy it; price zero and not orderable where the feed gave no price."""
    reason = obstacle(product)
    return Offer(
        product=product,
        unit_price=customer_price(product.list_price or Money(Decimal("0.00")), discount_percent),
        discount_percent=discount_percent,
        orderable=not reason,
        reason=reason,
    )


def check_quantity(quantity: int) -> int:
    """The quantity; Refused outside 1…999 (CART-2)."""
    if 1 <= quantity <= MOST_COPIES:
        return quantity
    raise Refused(
        "Quantity %(count)d is not possible: a line holds 1 to %(limit)d copies.",
        count=quantity,
        limit=MOST_COPIES,
    )


def check_order(
    order: ShopOrder,
    customer: Customer,
    products: Mapping[str, Product],
    *,
    ordered: Collection[int] = (),
) -> None:
    """Nothing; Refused, naming the line, for what the shop cannot take (CART-5, CHK-6, DIST-4).

    ordered
        Numbers of lines that were taken before, so that their titles need not be orderable any more.
    """
    if not listed(customer, order.delivery_address_id):
        raise Refused("The order has no delivery address.")
    if not order.lines:
        raise Refused("The order has no lines.")
    if len({line.number for line in order.lines}) < len(order.lines):
        raise Refused("Two lines of the order carry the same number.")
    one_line(order.order_name, field="Order name", limit=RECEIVED_LIMIT)
    for line in order.lines:
        if line.number not in ordered:
            _check_orderable(line, products.get(line.product_id))
        _check_copies(line)
        _check_services(line)


def _check_orderable(line: ShopOrderLine, product: Product | None) -> None:
    if line.kind.subscribed:
        raise Refused(
            "Line %(line)d: a series or book package is subscribed to, not ordered.", line=line.number
        )
    reason = obstacle(product) if product else UNKNOWN
    if reason:
        raise Refused(
            "Line %(line)d, %(product)s: %(field)s", line=line.number, product=line.product_id, field=reason
        )


def _check_services(line: ShopOrderLine) -> None:
    ids = [entry.service_id for entry in line.services]
    if len(set(ids)) < len(ids) or any(entry.unit_price.amount < 0 for entry in line.services):
        raise Refused("Line %(line)d: each service stands once, at no price below 0.", line=line.number)


def _check_copies(line: ShopOrderLine) -> None:
    check_quantity(line.quantity)
    if [copy.number for copy in line.copies] != list(range(1, line.quantity + 1)):
        raise Refused(
            "Line %(line)d: quantity %(count)d needs copies numbered 1 to %(count)d.",
            line=line.number,
            count=line.quantity,
        )
    one_line(line.note, field="Note", limit=NOTE_LENGTH)
    for codes in {copy.codes for copy in line.copies}:
        fitting(codes)
