"""What our schema accepts and refuses, held against the official DTD."""

from pathlib import Path

import pytest
from lxml import etree

import schemas
from tests.fixtures.cases import FOLDER
from tests.schemas.mutations import attribute_dropped, attribute_set, changes, damaged, dropped, swapped
from tests.schemas.samples import plain_root_of, root_of
from tests.services.places import corpus_files

OPAQUE = {
    *(
        "Identity",
        "SharedSecret",
        "BuyerCookie",
        "Extrinsic",
        "SupplierPartAuxiliaryID",
        "Routing",
        "Creator",
    ),
    *(
        "Modifications",
        "TransportInformation",
        "TaxLocation",
        "BusinessPartner",
        "PaymentTerm",
        "ControlKeys",
    ),
    *("TermsOfDelivery", "DeliveryPeriod", "Dimension", "SpendDetail", "ScheduleLine"),
    "{http://www.w3.org/2000/09/xmldsig#}Signature",
}
"""Elements that our schema does not look into, as far as generic/order-everything has them."""

ELSEWHERE = {
    "ConfirmationRequest": "Fulfill",
    "ShipNoticeRequest": "Fulfill",
    "InvoiceDetailRequest": "InvoiceDetail",
    "QuoteMessage": "Quote",
}
"""Payloads whose official DTD is not cXML.dtd."""


def official(corpus: Path, root: etree._Element) -> etree.DTD:
    """The official DTD 1.2.071 for the document's payload."""
    payload = next((name for name in ELSEWHERE if root.find(f"*/{name}") is not None), "")
    return etree.DTD(file=str(corpus / f"cxml/dtd/1.2.071/{ELSEWHERE.get(payload, 'cXML')}.dtd"))


def accepted(root: etree._Element) -> bool:
    """What our schema says."""
    return schemas.load("cxml").validate(root)


@pytest.mark.parametrize("path", corpus_files("cxml/documents/*.xml"))
def test_a_document_of_the_corpus_is_judged_as_by_the_official_dtd(path, corpus):
    """Our verdict on each document of other people is the official one, version 1.2.071."""
    root = plain_root_of(path)
    assert accepted(root) == official(corpus, root).validate(root)


@pytest.mark.parametrize("name", ["order-everything", "confirmation", "status-update"])
def test_our_schema_differs_from_the_official_dtd_only_where_it_means_to(corpus, name):
    """Each structural damage to an order with everything in it gets the official verdict; so for its answers.

    Left out are damages inside opaque elements, and values: there we mean to be stricter.
    """
    root = root_of(FOLDER / f"generic/{name}/request.xml")
    dtd = official(corpus, root)
    differing = [
        f"{root.getroottree().getpath(element)} {name}"
        for position, element in enumerate(root.iter())
        if not opaque(element)
        for name, change in changes(element)
        if structural(name, element)
        for document in [damaged(root, position, change)]
        if accepted(document) != dtd.validate(document)
    ]
    assert differing == []


def opaque(element: etree._Element) -> bool:
    """Whether the element, or one around it, is not looked into."""
    return any(entry.tag in OPAQUE for entry in (element, *element.iterancestors()))


def structural(name: str, element: etree._Element) -> bool:
    """Whether the damage is to the structure: values of attributes, and the text of Money, are not."""
    return not name.endswith(("spoiled", "emptied")) and (name, element.tag) != ("written_on", "Money")


ORDER = FOLDER / "generic/order/request.xml"
SETUP = FOLDER / "ariba/setup/request.xml"


@pytest.mark.parametrize(
    ("path", "where", "change"),
    [
        (SETUP, "//UserAgent", dropped),
        (SETUP, "//BuyerCookie", dropped),
        (SETUP, "//BuyerCookie", swapped),
        (SETUP, "//BrowserFormPost", swapped),
        (SETUP, "//SelectedItem/ItemID", dropped),
        (SETUP, "//PunchOutSetupRequest", attribute_set("operation", "browse")),
        (SETUP, "//Request", attribute_set("deploymentMode", "PROD")),
        (SETUP, "//Extrinsic", attribute_dropped("name")),
        (SETUP, "/cXML", attribute_dropped("payloadID")),
        (SETUP, "/cXML", attribute_set("payloadID", " ")),
        (SETUP, "/cXML", attribute_set("timestamp", "Mon May 19 18:29:48 +0000 2008")),
        (ORDER, "//BillTo", dropped),
        (ORDER, "//Money", attribute_set("currency", "kr")),
        (ORDER, "//Description", attribute_dropped("{http://www.w3.org/XML/1998/namespace}lang")),
        (ORDER, "//OrderRequestHeader", attribute_set("orderID", "")),
        (ORDER, "//OrderRequestHeader", attribute_set("type", "nyt")),
        (ORDER, "//ItemOut", attribute_set("quantity", "-1")),
        (ORDER, "//ItemOut", attribute_set("quantity", "1,5")),
        (ORDER, "//ItemOut", attribute_set("colour", "blue")),
    ],
    ids=lambda value: getattr(value, "__qualname__", None) and value.__qualname__.split(".")[0],
)
def test_what_we_map_is_held_to_its_rules(path, where, change):
    """A missing part, a wrong order, a word nobody agreed on or a number that is none is refused."""
    root = root_of(path)
    assert accepted(root)
    change(root.xpath(where)[0])
    assert not accepted(root)


def test_an_order_without_lines_is_refused():
    """OrderRequest needs at least one ItemOut."""
    root = root_of(ORDER)
    for item in root.findall(".//ItemOut"):
        item.getparent().remove(item)
    assert not accepted(root)


@pytest.mark.parametrize("amount", ["1.234,50", "1 234.50", "12.5.0", "NOK 5", "", "1e3", "٣"])
def test_an_amount_that_could_be_misread_is_refused(amount):
    """Money is a plain decimal number: no grouping, no comma, no exponent."""
    root = root_of(ORDER)
    root.find(".//Total/Money").text = amount
    assert not accepted(root)


@pytest.mark.parametrize("amount", ["0", "-12.50", "+3", ".34", "5.", " 199.00 ", "1505.0"])
def test_an_amount_as_real_senders_write_it_is_accepted(amount):
    """Sign, missing zero before the point and white space around are seen in real orders."""
    root = root_of(ORDER)
    root.find(".//Total/Money").text = amount
    assert accepted(root)
