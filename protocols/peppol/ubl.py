"""Small parts that every UBL document is read from and built of (peppol.md §10).

Names are written with the prefixes that everybody uses; a document may use others, its namespaces decide.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache

from lxml import etree

from protocols import reading
from protocols.errors import Malformed
from protocols.model.money import Money, round_money

SBDH = "http://www.unece.org/cefact/namespaces/StandardBusinessDocumentHeader"
ORDER = "urn:oasis:names:specification:ubl:schema:xsd:Order-2"
_CAC = "urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
_CBC = "urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2"
NAMESPACES = {"cac": _CAC, "cbc": _CBC}
_PREFIXES = {_CAC: "cac:", _CBC: "cbc:"}
_IN_BRACES = re.compile(r"\{([^{}]*)\}")
_SCHEMED = re.compile(r"(?P<scheme>[0-9]{4}):(?P<id>.+)", re.DOTALL).fullmatch

_PARTY = (
    *(
        "cbc:EndpointID",
        "cac:PartyIdentification",
        "cac:PartyName",
        "cac:PostalAddress",
        "cac:PartyLegalEntity",
    ),
    "cac:Contact",
)
_ADDRESS = (
    *("cbc:StreetName", "cbc:AdditionalStreetName", "cbc:CityName", "cbc:PostalZone", "cac:AddressLine"),
    "cac:Country",
)
_PERIOD = ("cbc:StartDate", "cbc:EndDate")
SEQUENCES: dict[str, tuple[str, ...]] = {
    "Order": (
        *("cbc:CustomizationID", "cbc:ProfileID", "cbc:ID", "cbc:SalesOrderID", "cbc:IssueDate"),
        *("cbc:IssueTime", "cbc:OrderTypeCode", "cbc:Note", "cbc:DocumentCurrencyCode"),
        *("cbc:CustomerReference", "cbc:AccountingCost", "cac:ValidityPeriod"),
        *("cac:QuotationDocumentReference", "cac:OrderDocumentReference", "cac:OriginatorDocumentReference"),
        *("cac:CatalogueReference", "cac:Contract", "cac:ProjectReference"),
        *("cac:BuyerCustomerParty", "cac:SellerSupplierParty"),
        *("cac:OriginatorCustomerParty", "cac:AccountingCustomerParty", "cac:Delivery"),
        *("cac:AllowanceCharge", "cac:TaxTotal", "cac:AnticipatedMonetaryTotal", "cac:OrderLine"),
    ),
    "cac:Party": _PARTY,
    "cac:OriginatorParty": _PARTY,
    "cac:DeliveryParty": _PARTY,
    "cac:PartyLegalEntity": ("cbc:RegistrationName", "cbc:CompanyID"),
    "cac:Contact": ("cbc:Name", "cbc:Telephone", "cbc:ElectronicMail"),
    "cac:PostalAddress": _ADDRESS,
    "cac:Address": _ADDRESS,
    "cac:ValidityPeriod": _PERIOD,
    "cac:RequestedDeliveryPeriod": _PERIOD,
    "cac:Delivery": (
        *("cbc:ID", "cac:DeliveryLocation", "cac:RequestedDeliveryPeriod", "cac:DeliveryParty"),
        "cac:Shipment",
    ),
    "cac:DeliveryLocation": ("cbc:ID", "cbc:Name", "cac:Address"),
    "cac:Shipment": ("cbc:ID", "cac:TransportHandlingUnit"),
    "cac:AllowanceCharge": ("cbc:ChargeIndicator", "cbc:AllowanceChargeReason", "cbc:Amount"),
    "cac:AnticipatedMonetaryTotal": (
        *("cbc:LineExtensionAmount", "cbc:AllowanceTotalAmount", "cbc:ChargeTotalAmount"),
        "cbc:PayableAmount",
    ),
    "cac:OrderLine": ("cbc:Note", "cac:LineItem", "cac:QuotationLineReference"),
    "cac:LineItem": (
        *("cbc:ID", "cbc:Quantity", "cbc:LineExtensionAmount", "cbc:PartialDeliveryIndicator"),
        *("cbc:AccountingCost", "cac:Delivery", "cac:OriginatorParty", "cac:AllowanceCharge", "cac:Price"),
        "cac:Item",
    ),
    "cac:Price": ("cbc:PriceAmount", "cbc:BaseQuantity"),
    "cac:Item": (
        *("cbc:Name", "cac:SellersItemIdentification", "cac:StandardItemIdentification"),
        *("cac:CommodityClassification", "cac:AdditionalItemProperty"),
    ),
    "cac:AdditionalItemProperty": ("cbc:Name", "cbc:Value"),
}
"""The parts that we write, in the order of the official schema."""


def name(element: etree._Element) -> str:
    """The element's name with the usual prefix; without one outside UBL's two common namespaces."""
    tag = etree.QName(element)
    return _PREFIXES.get(tag.namespace or "", "") + tag.localname


def prefixed(text: str) -> str:
    """The text with the usual prefixes, and none, in place of ``{namespace}``.

    >>> prefixed("{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}Note or {urn:x}Note")
    'cbc:Note or Note'
    """
    return _IN_BRACES.sub(lambda found: _PREFIXES.get(found[1], ""), text)


def place(element: etree._Element) -> str:
    """Where the element stands in their document, as ``/Order/cac:OrderLine[2]/cac:LineItem``."""
    around = [entry for entry in element.iterancestors() if etree.QName(entry).namespace != SBDH]
    return "/".join(("", *map(_step, reversed((element, *around)))))


def _step(element: etree._Element) -> str:
    tag = str(element.tag)
    before = len([*element.itersiblings(tag, preceding=True)])
    alone = not before and next(element.itersiblings(tag), None) is None
    return name(element) if alone else f"{name(element)}[{before + 1}]"


def clark(name: str) -> str:
    """A prefixed name as lxml's own."""
    prefix, _, local = name.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


@cache
def _steps(path: str) -> tuple[str, ...]:
    """The path of prefixed names as lxml's own names."""
    return tuple(map(clark, path.split("/")))


def first(element: etree._Element | None, path: str) -> etree._Element | None:
    """The first element at this path of prefixed names, by the first of each name; None where there is none.

    lxml's ``find`` costs several times as much, and lines make documents long (P6).
    """
    for step in _steps(path):
        if element is None:
            return None
        element = next(element.iterchildren(step), None)
    return element


def every(element: etree._Element, path: str) -> list[etree._Element]:
    """All elements at this path, in document order."""
    found = [element]
    for step in _steps(path):
        found = [child for parent in found for child in parent.iterchildren(step)]
    return found


def value(element: etree._Element | None, path: str) -> str:
    """The text of the first element at this path, trimmed; empty without one; TooLarge over the limit."""
    return reading.text(first(element, path))


def shown(element: etree._Element | None, path: str) -> str:
    """The same for what others will see as a name."""
    return reading.shown(first(element, path))


def identifier(element: etree._Element | None, path: str) -> str:
    """An identifier as ``scheme:id``; the id alone where it names no scheme."""
    found = first(element, path)
    written = reading.text(found)
    scheme = "" if found is None else found.get("schemeID", "").strip()
    return f"{scheme}:{written}" if scheme and written else written


def money(element: etree._Element | None, path: str) -> Money | None:
    """The amount at this path; None where there is none, Malformed for one that is not plain."""
    found = first(element, path)
    if found is None or not (written := reading.text(found)):
        return None
    amount = reading.amount(written, found.get("currencyID", ""))
    if amount is None:
        raise Malformed(
            "An amount must be a plain number, at most four decimals (1234.50); its currencyID in capitals.",
            where=place(found),
        )
    return amount


def root(tag: str, namespace: str) -> etree._Element:
    """A new document of this kind."""
    return etree.Element(etree.QName(namespace, tag), nsmap=dict([(None, namespace), *NAMESPACES.items()]))


def add(parent: etree._Element, tag: str, text: str = "") -> etree._Element:
    """A new child; one that stays empty is not in the finished document."""
    prefix, _, local = tag.partition(":")
    element = etree.SubElement(parent, etree.QName(NAMESPACES[prefix], local))
    if text:
        element.text = reading.writable(text)
    return element


def add_identifier(parent: etree._Element, tag: str, identifier: str) -> None:
    """A child with the id, and with the scheme where it has one."""
    parts = _SCHEMED(identifier)
    element = add(parent, tag, parts["id"] if parts else identifier)
    if parts:
        element.set("schemeID", parts["scheme"])


def add_amount(parent: etree._Element, tag: str, amount: Money) -> None:
    """A child with the amount, two decimals out (design §6)."""
    add(parent, tag, f"{round_money(amount.amount):f}").set("currencyID", amount.currency)


def add_quantity(parent: etree._Element, tag: str, quantity: Decimal, unit: str) -> None:
    """A child with the quantity in its unit."""
    add(parent, tag, f"{quantity:f}").set("unitCode", unit)


def remove(element: etree._Element) -> None:
    """Nothing: the element is gone from its document."""
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def finished(document: etree._Element) -> etree._Element:
    """The document without empty elements, the parts of each in the schema's order."""
    for element in reversed([*document.iter()]):
        if not len(element) and not element.text:
            remove(element)
    for element in [*document.iter()]:
        sequence = SEQUENCES.get(name(element))
        if sequence:
            element[:] = sorted(element, key=lambda child: sequence.index(name(child)))
    return document
