"""What the bookshop would get for an order, and what keeps it from that (PRICE-6, CHK-4, CHK-7, PO-ID-3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.rules import delivery, distribution, order_name, pricing
from catalog_bridge.rules.delivery import Found
from protocols import dialects
from protocols.errors import Malformed
from protocols.model.agreement import Difference
from protocols.model.finding import Finding, Severity
from protocols.model.money import Money, total
from protocols.model.order import ShopOrder, ShopOrderLine
from protocols.model.party import extrinsic
from protocols.model.session import Deployment
from punchout.roundtrip.rejoin import where

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from protocols.model.agreement import Agreement
    from protocols.model.cart import ReturnedCart
    from protocols.model.customer import Customer
    from protocols.model.order import OrderLine, PurchaseOrder
    from protocols.model.party import Address
    from punchout.roundtrip.rejoin import JoinedLine
    from punchout.roundtrip.world import World

_HEADER = "OrderRequest/OrderRequestHeader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """The order as the bookshop takes it, empty where something is missing; findings that say what."""

    shop_orders: tuple[ShopOrder, ...]
    findings: tuple[Finding, ...]


def assess(
    world: World,
    agreement: Agreement,
    order: PurchaseOrder,
    lines: Sequence[JoinedLine],
    deployment: Deployment,
) -> Verdict:
    """The verdict on customer, address, items, prices and total; Malformed where policy rejects a price."""
    findings: list[Finding] = []
    cart = next((line.frozen.cart for line in lines if line.frozen), None)
    customer = _customer(world, agreement, order, lines, findings)
    shop_lines = [_shop_line(world, agreement, customer, line, findings) for line in lines]
    address_id = _address(agreement, order, cart, customer, findings)
    findings += _total_differs(order)
    complete = bool(customer and address_id) and all(shop_lines)
    if not complete:
        return Verdict(shop_orders=(), findings=tuple(findings))
    shop_order = ShopOrder(
        customer_number=customer.number if customer else "",
        delivery_address_id=address_id,
        lines=tuple(line for line in shop_lines if line),
        order_name=_order_name(agreement, order, cart),
        po_number=order.order_id,
        requisition_id=order.requisition_id,
        ordered_by=next((contact.name for contact in order.contacts if contact.name), ""),
        ordered_by_email=next((contact.email for contact in order.contacts if contact.email), ""),
        test=Deployment.TEST in {deployment, agreement.deployment},
    )
    return Verdict(shop_orders=(shop_order,), findings=tuple(findings))


def _customer(
    world: World,
    agreement: Agreement,
    order: PurchaseOrder,
    lines: Sequence[JoinedLine],
    findings: list[Finding],
) -> Customer | None:
    """The customer of the returned carts, else of the org code, else of the agreement; it must be one."""
    numbers = {line.frozen.cart.customer_number for line in lines if line.frozen}
    code = extrinsic(order.extrinsics, *dialects.load(agreement.dialect).library_extrinsics)
    numbers = numbers or {agreement.org_codes.get(code, "") or agreement.default_customer} - {""}
    numbers = numbers or set(agreement.customers)
    if len(numbers) == 1:
        try:
            return world.shop.customer(numbers.pop())
        except NotFound:
            pass
    findings.append(
        Finding(
            code="customer.unknown",
            where=_HEADER,
            advice="the bookshop settles which of the agreement's libraries this order is for",
            severity=Severity.ERROR,
        )
    )
    return None


def _address(
    agreement: Agreement,
    order: PurchaseOrder,
    cart: ReturnedCart | None,
    customer: Customer | None,
    findings: list[Finding],
) -> str:
    """The id of the listed address that the order goes to; empty with a finding when it is not known."""
    places = _places(order)
    if len(places) > 1:
        findings.append(
            Finding(
                code="address.several",
                where="OrderRequest/ItemOut/ShipTo",
                got=", ".join(place.address_id or place.name for place in places),
                advice="send one order for each delivery address",
                severity=Severity.ERROR,
            )
        )
        return ""
    chosen = cart.delivery_address_id if cart else ""
    listed = customer.addresses if customer else ()
    only = listed[0].address_id if len(listed) == 1 else ""
    found = delivery.destination(
        places[0] if places else None, listed, agreement.addresses, chosen=chosen or only
    )
    findings += _address_finding(found.found, places)
    return found.address_id


def _places(order: PurchaseOrder) -> list[Address]:
    """The different ShipTo of the order; a line's own wins over the header's (cxml.md §7)."""
    named = [line.ship_to or order.ship_to for line in order.lines]
    return list(dict.fromkeys(place for place in named if place))


def _address_finding(found: Found, places: list[Address]) -> Iterator[Finding]:
    got = (places[0].address_id or places[0].name) if places else ""
    if found is Found.UNKNOWN:
        yield Finding(
            code="address.unknown",
            where=f"{_HEADER}/ShipTo/Address/@addressID",
            expected="an addressID of the agreement's address map",
            got=got,
            advice="the bookshop maps this address to one of the customer's, then the order goes on",
            severity=Severity.ERROR,
        )
    if found is Found.MATCHED:
        yield Finding(
            code="address.matched",
            where=f"{_HEADER}/ShipTo/Address",
            got=got,
            advice="found by street and postal code; add the addressID to the agreement",
            severity=Severity.NOTE,
        )


def _shop_line(
    world: World,
    agreement: Agreement,
    customer: Customer | None,
    joined: JoinedLine,
    findings: list[Finding],
) -> ShopOrderLine | None:
    """The line for the bookshop at the price that stands; None when the item or its copies are not known."""
    price = _our_price(world, agreement, customer, joined)
    if price is None:
        findings.append(_unknown_item(joined.line))
        return None
    if not joined.copies:
        return None
    compared = pricing.compare(
        joined.line.unit_price,
        price,
        policy=agreement.policy.price_difference,
        tolerance=agreement.policy.price_tolerance,
    )
    findings += _price_findings(joined.line, compared)
    return ShopOrderLine(
        number=joined.line.number,
        product_id=joined.line.product_id,
        quantity=len(joined.copies),
        unit_price=compared.price,
        copies=distribution.renumbered(joined.copies),
        note=joined.frozen.line.note if joined.frozen else "",
        buyer_line=joined.line.number,
    )


def _our_price(
    world: World, agreement: Agreement, customer: Customer | None, joined: JoinedLine
) -> Money | None:
    """The returned cart's price while its offer is valid, today's after that; None for an unknown item."""
    frozen, now = joined.frozen, world.now()
    if frozen and now <= frozen.cart.valid_until and frozen.line.product_id == joined.line.product_id:
        return frozen.line.unit_price
    number = customer.number if customer else agreement.customers[0]
    try:
        return world.shop.offer(number, joined.line.product_id).unit_price
    except (NotFound, Refused):
        return None


def _unknown_item(line: OrderLine) -> Finding:
    return Finding(
        code="item.unknown",
        where=f"{where(line)}/ItemID/SupplierPartID",
        expected="an item number of the bookshop (ISBN-13)",
        got=line.product_id[:40],
        advice="the bookshop looks for the item, or answers that it does not have it",
        severity=Severity.ERROR,
    )


def _price_findings(line: OrderLine, compared: pricing.Compared) -> Iterator[Finding]:
    if not compared.differs:
        return
    if compared.action is Difference.REJECT:
        raise Malformed(
            f"the price differs from the returned cart ({compared.expected}); shop anew for today's price",
            where=f"{where(line)}/ItemDetail/UnitPrice",
        )
    yield Finding(
        code="price.changed",
        where=f"{where(line)}/ItemDetail/UnitPrice",
        expected=str(compared.expected),
        got=str(compared.ordered),
        advice="the agreement's policy for price differences decides",
        severity=Severity.ERROR if compared.action is Difference.HOLD else Severity.WARNING,
    )


def _total_differs(order: PurchaseOrder) -> Iterator[Finding]:
    """A warning where Total is not the sum of the lines, with or without the tax of other readings."""
    priced = [(line.unit_price, line.quantity) for line in order.lines if line.unit_price]
    if order.total is None or len(priced) != len(order.lines):
        return
    if any(price.currency != order.total.currency for price, _ in priced):
        yield Finding(code="currency.changed", where=f"{_HEADER}/Total", got=order.total.currency)
        return
    lines_total = total((price.times(quantity) for price, quantity in priced), order.total.currency)
    if lines_total != order.total:
        yield Finding(
            code="total.changed",
            where=f"{_HEADER}/Total",
            expected=str(lines_total),
            got=str(order.total),
            advice="the sum of the lines is what will be invoiced",
        )


def _order_name(agreement: Agreement, order: PurchaseOrder, cart: ReturnedCart | None) -> str:
    """The name for slip and invoice, by precedence (CHK-4)."""
    return order_name.chosen(
        typed=cart.order_name if cart else "",
        sent=extrinsic(order.extrinsics, *dialects.load(agreement.dialect).order_name_extrinsics),
        requisition_id=order.requisition_id,
        order_id=order.order_id,
        first=agreement.policy.order_name,
    )
