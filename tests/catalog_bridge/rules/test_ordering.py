"""What can be ordered."""

from dataclasses import replace
from decimal import Decimal

import pytest

from catalog_bridge.rules import ordering
from protocols.model.item import Product
from protocols.model.money import Money
from tests.catalog_bridge.rules.ways import both_ways

BOOK = Product(
    product_id="9788203187568", isbn="9788203187568", title="Måsen", list_price=Money(Decimal("249.00"))
)


@both_ways("CART-5")
@pytest.mark.parametrize(("status", "availability"), [("04", "20"), ("04", "21"), ("02", "10"), ("02", "11")])
def test_published_and_coming_titles_can_be_ordered(status, availability):
    """A forthcoming title waits; an active one is sent."""
    assert ordering.obstacle(replace(BOOK, publishing_status=status, availability=availability)) == ""


@both_ways("CART-5")
@pytest.mark.parametrize("availability", ["30", "31", "32", "33", "99"])
def test_title_out_of_stock_is_ordered_and_waits(availability):
    """Out of stock, reprinting or unsaid is no reason to turn an order away."""
    assert ordering.obstacle(replace(BOOK, availability=availability)) == ""


@both_ways("CART-5")
@pytest.mark.parametrize(
    ("status", "availability", "waits"),
    [
        ("02", "10", True),
        ("02", "20", True),
        ("03", "09", True),
        ("04", "11", True),
        ("04", "12", True),
        ("04", "30", True),
        ("04", "31", True),
        ("04", "32", True),
        ("04", "33", True),
        ("04", "20", False),
        ("04", "21", False),
        ("04", "22", False),
        ("04", "23", False),
        ("04", "99", False),
        ("", "", False),
    ],
)
def test_forthcoming_and_missing_titles_wait(status, availability, waits):
    """Lists 64 and 65: what is not out yet or out of stock for a time is backordered; the rest is sent."""
    product = replace(BOOK, publishing_status=status, availability=availability)
    assert ordering.waits(product) is waits
    assert ordering.obstacle(product) == ""


@both_ways("CART-5")
@pytest.mark.parametrize(
    "facts",
    [
        {"publishing_status": "01", "availability": "10"},
        {"publishing_status": "02", "availability": "01"},
        {"publishing_status": "02", "list_price": None},
    ],
)
def test_title_that_cannot_be_ordered_does_not_wait(facts):
    """Nothing is promised of a title that stops an order."""
    assert not ordering.waits(replace(BOOK, **facts))


@both_ways("CART-5")
@pytest.mark.parametrize(
    ("status", "reason"),
    [
        ("01", ordering.CANCELLED),
        ("07", ordering.OUT_OF_PRINT),
        ("11", ordering.WITHDRAWN),
        ("15", ordering.WITHDRAWN),
    ],
)
def test_publishing_status_stops_an_order(status, reason):
    """List 64: cancelled, out of print, withdrawn and recalled titles cannot be ordered."""
    assert ordering.obstacle(replace(BOOK, publishing_status=status)) == reason


@both_ways("CART-5")
@pytest.mark.parametrize(
    ("availability", "reason"),
    [
        ("01", ordering.CANCELLED),
        ("40", ordering.NOT_SUPPLIED),
        ("49", ordering.WITHDRAWN),
        ("51", ordering.OUT_OF_PRINT),
    ],
)
def test_availability_stops_an_order(availability, reason):
    """List 65: what will never come cannot be ordered, even when the publisher calls it active."""
    assert ordering.obstacle(replace(BOOK, availability=availability)) == reason


def test_offer_without_list_price_costs_nothing_and_cannot_be_ordered():
    """A missing price is a reason, never a gift."""
    offer = ordering.offer(replace(BOOK, list_price=None), Decimal(10))
    assert (offer.orderable, offer.reason) == (False, ordering.NO_PRICE)
    assert offer.unit_price == Money(Decimal("0.00"))


def test_offer_tells_price_discount_and_that_it_can_be_ordered():
    """An ordinary title is an offer with the customer's price."""
    offer = ordering.offer(BOOK, Decimal(10))
    assert (offer.orderable, offer.reason) == (True, "")
    assert (offer.unit_price, offer.discount_percent) == (Money(Decimal("224.10")), Decimal(10))
