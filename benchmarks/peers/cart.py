"""A PunchOutOrderMessage by hand: SubElement after SubElement, no checks, the same bytes as ours."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lxml import etree
from lxml.etree import SubElement

if TYPE_CHECKING:
    from protocols.model.cart import ReturnedCart, ReturnedLine
    from protocols.model.money import Money

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_HEAD = b"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.014/cXML.dtd">
"""


def build(cart: ReturnedCart, cookie: str, *, shop: str, buyer: str, payload_id: str, time: str) -> bytes:
    """The document for this cart, from one NetworkID to the other."""
    root = etree.Element("cXML", payloadID=payload_id, timestamp=time)
    root.set(_LANG, "nb")
    header = SubElement(root, "Header")
    _credential(SubElement(header, "From"), shop)
    _credential(SubElement(header, "To"), buyer)
    sender = SubElement(header, "Sender")
    _credential(sender, shop)
    SubElement(sender, "UserAgent").text = "PunchOut gateway"
    message = SubElement(SubElement(root, "Message", deploymentMode="test"), "PunchOutOrderMessage")
    SubElement(message, "BuyerCookie").text = cookie
    _header(message, cart)
    for line in cart.lines:
        _item(message, line)
    return _HEAD + etree.tostring(root, encoding="UTF-8", xml_declaration=False)


def _credential(party: etree._Element, identity: str) -> None:
    SubElement(SubElement(party, "Credential", domain="NetworkID"), "Identity").text = identity


def _header(message: etree._Element, cart: ReturnedCart) -> None:
    header = SubElement(message, "PunchOutOrderMessageHeader")
    header.set("operationAllowed", cart.operation_allowed.value)
    header.set("quoteStatus", "final")
    _money(header, "Total", cart.total)
    SubElement(header, "SupplierOrderInfo", orderID=cart.quote_id)


def _item(message: etree._Element, line: ReturnedLine) -> None:
    item = SubElement(message, "ItemIn", quantity=str(line.quantity), lineNumber=str(line.number))
    ids = SubElement(item, "ItemID")
    SubElement(ids, "SupplierPartID").text = line.product_id
    SubElement(ids, "SupplierPartAuxiliaryID").text = line.line_token
    detail = SubElement(item, "ItemDetail")
    _money(detail, "UnitPrice", line.unit_price)
    description = SubElement(detail, "Description")
    description.set(_LANG, "nb")
    short_name = SubElement(description, "ShortName")
    short_name.text, short_name.tail = line.short_name, line.description
    SubElement(detail, "UnitOfMeasure").text = line.unit
    SubElement(detail, "Classification", domain="UNSPSC").text = line.classification
    SubElement(detail, "ManufacturerName").text = line.publisher


def _money(parent: etree._Element, tag: str, value: Money) -> None:
    amount = SubElement(SubElement(parent, tag), "Money", currency=value.currency)
    amount.text = f"{value.amount:.2f}"
