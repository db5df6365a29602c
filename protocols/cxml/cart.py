"""PunchOutOrderMessage: the cart on its way back to the buyer, through the shopper's browser (cxml.md §6)."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass

from lxml import etree

from protocols import form
from protocols.charset import DECLARATION
from protocols.cxml.elements import (
    Findings,
    add,
    add_money,
    add_text,
    attribute,
    children,
    every,
    inner_xml,
    money,
    path,
    put,
    put_inner_xml,
)
from protocols.cxml.envelope import Envelope
from protocols.cxml.frame import Route, Stamp, add_status, finished, message
from protocols.cxml.item_in import add_item_in
from protocols.cxml.items import lines
from protocols.cxml.status import TEXTS
from protocols.dialects import Dialect
from protocols.errors import Malformed
from protocols.model.cart import ReturnedCart
from protocols.model.finding import Finding
from protocols.model.money import Money
from protocols.model.order import OrderLine
from protocols.model.session import Deployment, Operation

URLENCODED, BASE64 = "cXML-urlencoded", "cXML-base64"


@dataclass(frozen=True, slots=True, kw_only=True)
class CartMessage:
    """A returned cart as the buyer's side reads it.

    unchanged
        True when the message says that nothing changes (Status 204).
    quote_id
        SupplierOrderInfo/@orderID: the seller's number for the cart, to be echoed with the order.
    """

    buyer_cookie: str
    operation_allowed: Operation
    total: Money
    lines: tuple[OrderLine, ...]
    unchanged: bool = False
    quote_id: str = ""


def parse(envelope: Envelope) -> tuple[CartMessage, tuple[Finding, ...]]:
    """The cart in the message and what deviated in it; Malformed without header, total or operation."""
    element, found = envelope.payload, Findings()
    parts = children(element)
    header = parts.get("PunchOutOrderMessageHeader")
    if header is None:
        raise Malformed("The cart has no PunchOutOrderMessageHeader.", where=path(element))
    facts = children(header)
    total = money(facts.get("Total"))
    if total is None:
        raise Malformed("The cart has no Total.", where=path(header))
    info = facts.get("SupplierOrderInfo")
    return CartMessage(
        buyer_cookie=inner_xml(parts.get("BuyerCookie")),
        operation_allowed=_operation(header),
        total=total,
        lines=lines(element, "ItemIn", found),
        unchanged=_says_unchanged(element),
        quote_id="" if info is None else attribute(info, "orderID"),
    ), found.all()


def _operation(header: etree._Element) -> Operation:
    try:
        return Operation(attribute(header, "operationAllowed"))
    except ValueError:
        where = f"{path(header)}/@operationAllowed"
        raise Malformed("operationAllowed must be create, inspect or edit.", where=where) from None


def _says_unchanged(element: etree._Element) -> bool:
    """Whether a Status 204 stands beside the cart."""
    around = element.getparent()
    return around is not None and any(attribute(entry, "code") == "204" for entry in every(around, "Status"))


def build(
    cart: ReturnedCart,
    buyer_cookie: str,
    route: Route,
    stamp: Stamp,
    dialect: Dialect,
    deployment: Deployment,
    lang: str = "nb",
) -> tuple[bytes, tuple[Finding, ...]]:
    """The PunchOutOrderMessage document and what had to be changed in it for this buyer.

    An unchanged cart goes as Status 204 without lines: an empty one alone would delete the buyer's lines
    in an edit session. No secret is ever in it. A finding of severity error: do not send.
    """
    found = Findings()
    body = message(route, stamp, deployment, lang)
    if cart.unchanged:
        add_status(body, 204, TEXTS[204], "", lang)
    element = etree.SubElement(body, "PunchOutOrderMessage")
    put_inner_xml(add(element, "BuyerCookie"), buyer_cookie)
    _add_header(element, cart, lang)
    for line in () if cart.unchanged else cart.lines:
        add_item_in(element, line, dialect, lang, found)
    return finished(body, dialect.dtd_version), found.all()


def _add_header(parent: etree._Element, cart: ReturnedCart, lang: str) -> None:
    """Total is the sum of the lines; tax stands beside it, where there is any."""
    header = etree.SubElement(parent, "PunchOutOrderMessageHeader")
    header.set("operationAllowed", cart.operation_allowed.value)
    header.set("quoteStatus", "final")
    add_money(header, "Total", Money(cart.total.amount * 0, cart.currency) if cart.unchanged else cart.total)
    if cart.tax.amount and not cart.unchanged:
        add_text(add_money(header, "Tax", cart.tax), "Description", "", lang)
    put(add(header, "SupplierOrderInfo"), "orderID", cart.quote_id)


def form_field(document: bytes, dialect: Dialect) -> tuple[str, str]:
    """Name and value of the hidden field that carries the document.

    The value is pure ASCII: base64 of the bytes, or the XML with character references for all else. It
    still has to be escaped for the HTML attribute, and must not be URL-encoded: the browser does that.
    """
    if dialect.cart_encoding == "base64":
        return dialect.cart_field or BASE64, b64encode(document).decode()
    text = document.decode().encode("ascii", "xmlcharrefreplace").decode()
    return dialect.cart_field or URLENCODED, text


def read_form(fields: Mapping[str, str]) -> bytes:
    """The document that a cart form carries, for ``parse_untrusted``; NotAcceptable when there is none.

    Names are compared without case and base64 is preferred. The declaration counts in base64 only; from
    the text it is dropped, for the form has its own encoding.
    """
    carried = form.document(fields)
    if isinstance(carried, bytes):
        return carried
    text, _ = form.unwrapped(carried)
    return text if isinstance(text, bytes) else DECLARATION.sub(b"", text.encode(), count=1)
