"""The catalogue's codes in words (CART-5)."""

from decimal import Decimal

import pytest

from protocols.model.item import Offer, Product
from protocols.model.money import Money
from punchout.web import vocabulary


def offer(**facts):
    """An offer of a book with these facts."""
    product = Product(product_id="1", isbn="", title="Øya", **facts)
    return Offer(product=product, unit_price=Money(Decimal("199.00")))


@pytest.mark.parametrize(
    ("code", "name"),
    [("BB", "Hardback"), ("AZ", "Audiobook"), ("EB", "E-book"), ("XA", "Other goods"), ("", "Other goods")],
)
def test_a_rare_form_is_named_by_its_family(code, name):
    """Codes that our list lacks still say what kind of thing it is."""
    assert vocabulary.form_name(code) == name


def test_languages_are_named_in_the_pages_language(app):
    """Babel knows the names; a code that nobody knows stays a code."""
    with app.test_request_context():
        assert vocabulary.language_name("nob") == "Norsk bokmål"
        assert vocabulary.language_name("sme") == "Nordsamisk"
        assert vocabulary.language_name("xxx") == "Xxx"
    assert (vocabulary.language_tag("sme"), vocabulary.language_tag("xxx")) == ("se", "")


@pytest.mark.rule("CART-5", way="punchout")
@pytest.mark.parametrize(
    ("facts", "tone", "text"),
    [
        ({"availability": "21"}, "yes", "In stock"),
        ({"availability": "20"}, "yes", "Can be ordered"),
        ({"availability": "10"}, "wait", "Not published yet: is ordered and waits"),
        ({"publishing_status": "02"}, "wait", "Not published yet: is ordered and waits"),
        ({"publishing_status": "03"}, "wait", "Not published yet: is ordered and waits"),
        ({"availability": "09"}, "wait", "Not published yet: is ordered and waits"),
        ({"availability": "31"}, "wait", "Out of stock for now: is ordered and waits"),
    ],
)
def test_what_can_be_ordered_says_how_soon(facts, tone, text):
    """Forthcoming and out-of-stock titles are ordered and wait; the rest can be had."""
    shown = vocabulary.availability(offer(**facts))
    assert (shown.tone, shown.text) == (tone, text)


def test_a_title_keeps_its_cover():
    """The drawn cover depends on the item number alone, and there are several."""
    products = [Product(product_id=f"97982000000{number:02}", isbn="", title="") for number in range(40)]
    covers = [vocabulary.cover(product) for product in products]
    assert covers == [vocabulary.cover(product) for product in products]
    assert set(covers) == set(range(8))
