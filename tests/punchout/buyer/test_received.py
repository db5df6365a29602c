"""The buyer's judgement of a cart."""

from decimal import Decimal

import pytest

from protocols import dialects
from protocols.model.money import Money
from punchout.buyer import received
from tests.services import places


def broken(cart):
    """What the verdicts that do not hold are about."""
    return [verdict.about for verdict in cart.verdicts if not verdict.holds]


def test_a_cart_of_ours_holds(buyer, returned):
    """Nothing is wrong with what the shop builds."""
    cart = buyer.read_document(returned("c1"), "c1")
    assert broken(cart) == []
    assert cart.findings == ()


def test_another_cookie_is_noticed(buyer, returned):
    """A cart for another session is told."""
    assert broken(buyer.read_document(returned("c2"), "c1")) == ["BuyerCookie"]


def test_a_total_that_does_not_add_up_is_noticed(buyer, returned):
    """Strict buyers add the lines themselves."""
    document = returned("c1").replace(b">597.00<", b">598.00<")
    assert broken(buyer.read_document(document, "c1")) == ["total"]


def test_an_unchanged_cart_holds(buyer, returned):
    """A shopper who left brings a cart without lines and without a total."""
    cart = buyer.read_document(returned("c1", unchanged=True), "c1")
    assert cart.message.unchanged
    assert broken(cart) == []


def test_a_secret_in_the_browser_is_noticed(buyer, returned):
    """A SharedSecret never belongs into what a browser carries."""
    document = returned("c1").replace(
        b'<Sender><Credential domain="NetworkID"><Identity>shop</Identity>',
        b'<Sender><Credential domain="NetworkID"><Identity>shop</Identity><SharedSecret>x</SharedSecret>',
    )
    assert "no secret" in broken(buyer.read_document(document, "c1"))


def test_a_description_over_the_dialects_limit_is_noticed(buyer, returned):
    """Systems cut or refuse what is longer than they hold."""
    document = returned("c1").replace("Øya utenfor kartet".encode(), b"x" * 2001)
    assert broken(buyer.read_document(document, "c1")) == ["field lengths"]


def test_an_id_that_the_system_refuses_is_noticed(buyer, returned):
    """SAP Ariba takes no question mark in a part id; the generic buyer takes anything."""
    document = returned("c1").replace(b"<SupplierPartID>978", b"<SupplierPartID>978?")
    assert broken(buyer.read_document(document, "c1")) == []
    judged = received.receive(document, "c1", dialects.load("ariba"), None)
    assert broken(judged) == ["part ids"]
    assert [verdict.detail for verdict in judged.verdicts if not verdict.holds] == [
        "line 1: product_id holds ?"
    ]


def test_a_limit_counts_what_the_system_counts(buyer, returned):
    """Of 2,000 bytes, Norwegian letters take two."""
    document = returned("c1").replace("Øya utenfor kartet".encode(), "ø".encode() * 1001)
    assert broken(buyer.read_document(document, "c1")) == []
    assert broken(received.receive(document, "c1", dialects.load("sap_srm"), None)) == ["field lengths"]


def test_a_document_against_our_schema_is_noticed(buyer, returned):
    """What does not fit the schema is told with its place."""
    document = returned("c1").replace(b"<UnitOfMeasure>EA</UnitOfMeasure>", b"")
    (verdict,) = [entry for entry in buyer.read_document(document, "c1").verdicts if entry.about == "schema"]
    assert not verdict.holds
    assert "UnitOfMeasure" in verdict.detail


def test_official_dtds_are_asked_where_they_are(buyer, returned):
    """With a folder of standards each version gives its own verdict."""
    folder = places.corpus_dir() or pytest.skip(places.CORPUS_MISSING)
    judged = type(buyer)(**{**_fields(buyer), "standards": folder})
    cart = judged.read_document(returned("c1", tax=Money(Decimal("0.00"))), "c1")
    asked = {verdict.about for verdict in cart.verdicts if verdict.about.startswith("DTD")}
    assert {"DTD 1.2.014", "DTD 1.2.071"} <= asked
    assert broken(cart) == []


def _fields(buyer):
    return {name: getattr(buyer, name) for name in buyer.__dataclass_fields__}
