"""Our schema of an Order, held against UBL's own, and against the explainer."""

from functools import cache

import pytest
from lxml import etree

import schemas
from protocols.peppol.verdict import SCHEMA
from schemas.explain import _schema, explain
from tests.schemas.mutations import attribute_dropped, changes, damaged, dropped, swapped
from tests.schemas.samples import plain_root_of
from tests.services.places import corpus_files

OPAQUE = {
    *("AdditionalDocumentReference", "DeliveryTerms", "PaymentTerms", "AllowanceCharge", "PaymentMeans"),
    *("PartyTaxScheme", "CorporateRegistrationScheme", "Despatch", "ClassifiedTaxCategory", "ItemInstance"),
    *("UBLExtensions", "Certificate", "TransactionConditions", "PackagingTransportHandlingUnit"),
    *("LotIdentification", "OriginAddress", "Attachment", "TaxSubtotal", "Dimension", "HazardousItem"),
    *("OrderableUnitFactorRate", "ItemSpecificationDocumentReference"),
}
"""Elements that our schema does not look into, as far as the examples have them."""

ORDERS = (
    *corpus_files("peppol/examples/*/*Order_Example.xml"),
    *corpus_files("peppol/examples/peppol/UC*_Order.xml"),
    *corpus_files("peppol/bookshop/2-order.xml"),
)


@cache
def official(corpus):
    """UBL 2.1's schema of an Order."""
    return etree.XMLSchema(etree.parse(corpus / "peppol/xsd/ubl-2.1/maindoc/UBL-Order-2.1.xsd"))


def accepted(root):
    """What our schema says."""
    return schemas.load(SCHEMA).validate(root)


def opaque(element):
    """Whether the element, or one around it, is not looked into."""
    around = (element, *element.iterancestors())
    return any(etree.QName(entry).localname in OPAQUE for entry in around)


def structural(change):
    """Whether the damage is to the structure: of values and their attributes we know more, or less."""
    return not change.endswith(("spoiled", "emptied")) and change != "written_on"


@pytest.mark.parametrize("path", ORDERS)
def test_an_example_is_judged_as_by_the_official_schema(path, corpus):
    """Everybody's orders are valid by both, if by one."""
    root = plain_root_of(path)
    assert accepted(root) == official(corpus).validate(root)


@pytest.mark.parametrize("path", corpus_files("peppol/examples/peppol/Order_Example.xml"))
def test_our_schema_differs_from_the_official_one_only_where_it_means_to(path, corpus):
    """Each structural damage to an order with everything in it gets the official verdict."""
    root = plain_root_of(path)
    theirs = official(corpus)
    differing = [
        f"{root.getroottree().getpath(element)} {name}"
        for position, element in enumerate(root.iter())
        if not opaque(element)
        for name, change in changes(element)
        if structural(name)
        for document in [damaged(root, position, change)]
        if accepted(document) != theirs.validate(document)
    ]
    assert differing == []


@pytest.mark.parametrize("path", corpus_files("peppol/bookshop/2-order.xml"))
def test_judge_and_explainer_agree_on_every_small_damage_to_a_line(path):
    """libxml2's verdict and xmlschema's, on the order with its first line alone."""
    root = plain_root_of(path)
    for line in root.findall("{*}OrderLine")[1:]:
        root.remove(line)
    disagreements = [
        f"{root.getroottree().getpath(element)} {name}"
        for position, element in enumerate(root.iter())
        for name, change in changes(element)
        for document in [damaged(root, position, change)]
        if accepted(document) != _schema(SCHEMA).is_valid(document)
    ]
    assert disagreements == []


@pytest.mark.parametrize("path", corpus_files("peppol/bookshop/2-order.xml"))
@pytest.mark.parametrize(
    ("where", "change"),
    [
        ("{*}ID", dropped),
        ("{*}IssueDate", dropped),
        ("{*}OrderLine/{*}LineItem/{*}Item", dropped),
        ("{*}SellerSupplierParty", dropped),
        ("{*}CustomizationID", swapped),
        (".//{*}PriceAmount", attribute_dropped("currencyID")),
    ],
)
def test_what_we_map_is_held_to_its_rules(path, where, change):
    """A missing part, a wrong order or an amount in no currency is refused."""
    root = plain_root_of(path)
    assert accepted(root)
    change(root.find(where))
    assert not accepted(root)


@pytest.mark.parametrize("path", corpus_files("peppol/bookshop/2-order.xml"))
@pytest.mark.parametrize(
    ("where", "text"),
    [
        ("{*}ID", " "),
        ("{*}IssueDate", "2026-05-21Z"),
        (".//{*}Quantity", "1,5"),
        (".//{*}PriceAmount", "1e3"),
    ],
)
def test_a_value_that_could_be_misread_is_refused(path, where, text):
    """No empty number, no date with a zone, no comma and no exponent."""
    root = plain_root_of(path)
    root.find(where).text = text
    assert not accepted(root)


@pytest.mark.parametrize("path", corpus_files("peppol/bookshop/2-order.xml"))
def test_a_refusal_is_explained_with_its_place(path):
    """In the words of the value's type."""
    raw = path.read_bytes().replace(b'unitCode="C62">3<', b'unitCode="C62">three<', 1)
    (found,) = explain(SCHEMA, raw)
    assert found.path.endswith("cac:LineItem/cbc:Quantity")
    assert (
        found.reason
        == "'three' was found, expected a decimal number with a point and no grouping, such as 199.00"
    )
