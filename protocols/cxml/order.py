"""OrderRequest: the approved order (cxml.md §7)."""

from __future__ import annotations

from dataclasses import replace

from lxml import etree

from protocols.cxml.attachments import note_missing
from protocols.cxml.elements import (
    Findings,
    add,
    add_money,
    add_text,
    attribute,
    children,
    money,
    only_child,
    path,
    put,
)
from protocols.cxml.envelope import Envelope
from protocols.cxml.frame import Route, Stamp, finished, request
from protocols.cxml.items import add_item_out, comments, lines
from protocols.cxml.parties import (
    add_address,
    add_contacts,
    add_extrinsics,
    address,
    contacts,
    extrinsics,
)
from protocols.dialects import Dialect
from protocols.errors import Malformed
from protocols.model.finding import Finding
from protocols.model.money import Money, total
from protocols.model.order import OrderLine, OrderPlaces, OrderType, PurchaseOrder
from protocols.model.party import Address
from protocols.model.session import Deployment
from protocols.moments import parsed

_LONGEST_NUMBER = 255
_HEADER_DELIVERY_DATE = (1, 2, 63)
"""First DTD that we know to have OrderRequestHeader/@requestedDeliveryDate; 1.2.020 has it not."""

PLACES = OrderPlaces(
    header="OrderRequest/OrderRequestHeader",
    quote="SupplierOrderInfo/@orderID",
    total="Total",
    ship_to="ShipTo/Address",
    line="OrderRequest/ItemOut[@lineNumber={number}]",
    token="ItemID/SupplierPartAuxiliaryID",  # noqa: S106 - a place, no secret
    item="ItemID/SupplierPartID",
    quantity="@quantity",
    unit="ItemDetail/UnitOfMeasure",
    unit_price="ItemDetail/UnitPrice",
    line_ship_to="ShipTo/Address",
)


def parse(envelope: Envelope) -> tuple[PurchaseOrder, tuple[Finding, ...]]:
    """The order and what deviated in it; header values are not copied to the lines.

    Raises Malformed for what makes no order: no payloadID, no orderID, no lines (unless it is a delete), a
    quantity that is not positive, money that is not plain; TooLarge for more than 10,000 lines.
    """
    element, found = envelope.payload, Findings()
    header = only_child(element, "OrderRequestHeader")
    if header is None:
        raise Malformed("The order has no OrderRequestHeader.", where=path(element))
    if not envelope.payload_id:
        raise Malformed(
            "An order needs a payloadID: without it a repeat cannot be told.", where="/cXML/@payloadID"
        )
    order = _header(header, found)
    items = lines(element, "ItemOut", found)
    if not items and order.type is not OrderType.DELETE:
        raise Malformed("The order has no lines; send at least one ItemOut.", where=path(element))
    note_missing(envelope, found)
    return replace(order, lines=items), found.all()


def _header(header: etree._Element, found: Findings) -> PurchaseOrder:
    parts = children(header)
    _drop_card(parts.get("Payment"), found)
    return PurchaseOrder(
        order_id=_order_id(header),
        order_date=_order_date(header, found),
        lines=(),
        type=_type(header),
        order_kind=attribute(header, "orderType").lower() or "regular",
        version=_number(header, "orderVersion"),
        requisition_id=attribute(header, "requisitionID"),
        total=money(parts.get("Total")),
        ship_to=address(parts.get("ShipTo")),
        bill_to=address(parts.get("BillTo")),
        supplier_order_id=_attribute_of(parts.get("SupplierOrderInfo"), "orderID"),
        previous_payload_id=_attribute_of(parts.get("DocumentReference"), "payloadID"),
        requested_delivery=attribute(header, "requestedDeliveryDate"),
        comments=comments(header),
        contacts=contacts(header, found),
        extrinsics=extrinsics(header, found),
    )


def _order_id(header: etree._Element) -> str:
    order_id = _number(header, "orderID")
    if not order_id:
        raise Malformed("The order has no number; send orderID.", where=f"{path(header)}/@orderID")
    return order_id


def _number(header: etree._Element, name: str) -> str:
    """A number that the order is known by; no paper and no index holds one of any length."""
    number = attribute(header, name)
    if len(number) > _LONGEST_NUMBER:
        raise Malformed(
            f"The {name} is longer than {_LONGEST_NUMBER} characters.", where=f"{path(header)}/@{name}"
        )
    return number


def _order_date(header: etree._Element, found: Findings) -> str:
    """The date as sent: evidence, with a finding when it is none."""
    written = attribute(header, "orderDate")
    if not written:
        found.note("value.missing", f"{path(header)}/@orderDate")
    elif parsed(written) is None:
        found.note("timestamp.unreadable", f"{path(header)}/@orderDate", got=written)
    return written


def _type(header: etree._Element) -> OrderType:
    written = attribute(header, "type") or OrderType.NEW
    try:
        return OrderType(written.lower())
    except ValueError:
        where = f"{path(header)}/@type"
        raise Malformed("An order's type must be new, update or delete.", where=where) from None


def _attribute_of(element: etree._Element | None, name: str) -> str:
    return "" if element is None else attribute(element, name)


def _drop_card(payment: etree._Element | None, found: Findings) -> None:
    """A card is never read, kept or shown (cxml.md §7)."""
    card = None if payment is None else children(payment).get("PCard")
    if card is not None:
        advice = "Send orders without card data; the shop invoices."
        found.note("payment.dropped", card, advice=advice)


def build(
    order: PurchaseOrder,
    route: Route,
    stamp: Stamp,
    dialect: Dialect,
    deployment: Deployment,
    lang: str = "nb",
) -> bytes:
    """The OrderRequest document, secret included; the inverse of ``parse``.

    Total and BillTo are mandatory: without them go out the sum of the lines and an empty address. The
    header's delivery date goes to the lines where the dialect's DTD has no place for it.
    """
    body = request(route, stamp, deployment, lang)
    element = etree.SubElement(body, "OrderRequest")
    if not _dates_in_header(dialect):
        order = _dates_on_lines(order)
    _add_header(element, order, lang)
    for line in order.lines:
        add_item_out(element, line, lang)
    return finished(body, dialect.dtd_version)


def _dates_in_header(dialect: Dialect) -> bool:
    return tuple(int(part) for part in dialect.dtd_version.split(".")) >= _HEADER_DELIVERY_DATE


def _dates_on_lines(order: PurchaseOrder) -> PurchaseOrder:
    if not order.requested_delivery:
        return order
    dated = (
        replace(line, requested_delivery=line.requested_delivery or order.requested_delivery)
        for line in order.lines
    )
    return replace(order, requested_delivery="", lines=tuple(dated))


def _add_header(parent: etree._Element, order: PurchaseOrder, lang: str) -> None:
    header = etree.SubElement(parent, "OrderRequestHeader")
    _set_attributes(header, order)
    add_money(header, "Total", order.total or _sum(order.lines))
    if order.ship_to is not None:
        add_address(header, "ShipTo", order.ship_to, lang)
    add_address(header, "BillTo", order.bill_to or Address(country=""), lang)
    add_contacts(header, order.contacts, lang)
    if order.comments:
        add_text(header, "Comments", order.comments, lang)
    if order.previous_payload_id:
        put(add(header, "DocumentReference"), "payloadID", order.previous_payload_id)
    if order.supplier_order_id:
        put(add(header, "SupplierOrderInfo"), "orderID", order.supplier_order_id)
    add_extrinsics(header, order.extrinsics)


def _set_attributes(header: etree._Element, order: PurchaseOrder) -> None:
    put(header, "orderID", order.order_id)
    put(header, "orderDate", order.order_date)
    put(header, "orderType", order.order_kind)
    put(header, "type", order.type.value)
    put(header, "orderVersion", order.version)
    put(header, "requisitionID", order.requisition_id)
    put(header, "requestedDeliveryDate", order.requested_delivery)


def _sum(items: tuple[OrderLine, ...]) -> Money:
    priced = [line.unit_price.times(line.quantity) for line in items if line.unit_price is not None]
    return total(priced, priced[0].currency) if priced else total(())
