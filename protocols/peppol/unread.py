"""What an Order says and nothing here reads: told, so that nothing is lost quietly (design §4.1)."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from protocols.model.finding import Severity
from protocols.peppol.ubl import ORDER, SEQUENCES, clark, value
from protocols.reading import Findings

_ALSO_READ = {
    "Order": ("cac:CatalogueReference",),
    "cac:AnticipatedMonetaryTotal": (
        *("cbc:TaxExclusiveAmount", "cbc:TaxInclusiveAmount", "cbc:PayableRoundingAmount"),
    ),
    "cac:Item": ("cbc:Description",),
}
_SAYS_NOTHING = {
    "Order": (
        *("cbc:UBLVersionID", "cbc:ProfileExecutionID", "cbc:CopyIndicator", "cbc:UUID"),
        *("cbc:LineCountNumeric", "cac:Signature"),
    ),
    "cac:LineItem": ("cbc:UUID",),
    "cac:Item": ("cac:ClassifiedTaxCategory",),
}
"""Names of the document itself, and the tax, which is the article's and never the order's (peppol.md §6)."""

_LOOKED_INTO = (
    *("Order", "cac:AnticipatedMonetaryTotal", "cac:Delivery", "cac:DeliveryLocation", "cac:OrderLine"),
    *("cac:LineItem", "cac:Price", "cac:Item"),
)
_TERMS = {
    clark(name)
    for name in (
        *("cac:DeliveryTerms", "cac:PaymentMeans", "cac:PaymentTerms", "cbc:PrepaidAmount"),
        *("cac:SubLineItem", "cac:TransactionConditions"),
    )
}
"""What the buyer expects of the trade itself."""


def _tag(name: str) -> str:
    return f"{{{ORDER}}}{name}" if name == "Order" else clark(name)


_READ = {
    _tag(name): frozenset(
        map(clark, (*SEQUENCES[name], *_ALSO_READ.get(name, ()), *_SAYS_NOTHING.get(name, ())))
    )
    for name in _LOOKED_INTO
}
"""Tag of a part → tags in it that are read, or say nothing."""


def tell(document: etree._Element, found: Findings) -> None:
    """Nothing; a finding for the first of each kind, without its text: it may hold a card."""
    told: set[tuple[str, str]] = set()
    for parent, element in _unread(document):
        kind = (str(parent.tag), str(element.tag))
        if kind not in told:
            told.add(kind)
            severity = Severity.WARNING if element.tag in _TERMS else Severity.NOTE
            found.note("value.unread", element, advice=_ADVICE, severity=severity)


_ADVICE = "agree on it with the bookshop, if it matters for the order"


def _unread(parent: etree._Element) -> Iterator[tuple[etree._Element, etree._Element]]:
    known = _READ[str(parent.tag)]
    for child in parent:
        if child.tag not in known:
            if _says_anything(child):
                yield parent, child
        elif child.tag in _READ:
            yield from _unread(child)
        elif child.tag == _DESCRIPTION and _says_more(parent):
            yield parent, child


_DESCRIPTION = clark("cbc:Description")


def _says_anything(element: etree._Element) -> bool:
    return any(text.strip() for text in element.itertext())


def _says_more(item: etree._Element) -> bool:
    """Whether an item that has a name says more in its description, which is not read beside it."""
    name = value(item, "cbc:Name")
    return bool(name) and value(item, "cbc:Description") not in {"", name}
