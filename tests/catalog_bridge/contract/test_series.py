"""Series and packages in a cart, whatever bookshop keeps it (CART-2, ORD-7)."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.rules import subscribing
from protocols.model.cart import KeptLine
from protocols.model.item import Kind
from protocols.model.money import Money
from tests.catalog_bridge.contract.world import (
    BJO,
    HBB,
    KRIM,
    LIBRARY,
    NOVEL,
    PICTURES,
    customers,
    line_of,
    order_of,
)

NOTHING = Money(Decimal("0.00"))


@pytest.fixture
def shop(house):
    """The bookshop, with a series and a package on its list."""
    house.take_series(KRIM, PICTURES)
    return house.shop


@pytest.fixture
def cart(shop):
    """The id of an empty cart that may hold subscriptions."""
    return shop.open_cart(LIBRARY, "direct-1", subscriptions=True).cart_id


@pytest.mark.rule("CART-2", way="direct")
@pytest.mark.rule("ORD-7", way="direct")
def test_a_series_stands_in_the_cart_with_its_copies_and_costs_nothing_now(shop, cart):
    """Beside titles, with codes for each copy; neither it nor its services count in the sum."""
    book = shop.add_to_cart(LIBRARY, cart, NOVEL.product_id)
    shop.add_to_cart(LIBRARY, cart, KRIM.product_id, 2, HBB, kind=Kind.SERIES)
    found = shop.add_to_cart(LIBRARY, cart, KRIM.product_id, 1, BJO, kind=Kind.SERIES)
    line = found.lines[1]
    assert (line.kind, line.product.title, line.quantity, line.problem) == (Kind.SERIES, KRIM.title, 3, "")
    assert [copy.codes for copy in line.copies] == [HBB, HBB, BJO]
    served = shop.set_services(LIBRARY, cart, {line.line_id: ("PLAST", "HYLLEKLAR")})
    assert [entry.service_id for entry in served.lines[1].services] == ["HYLLEKLAR", "PLAST"]
    assert not served.lines[1].problem
    assert (served.lines[1].total, served.total) == (NOTHING, book.total)
    assert (served.goods, served.subscribing) == (served.lines[:1], served.lines[1:])
    assert shop.set_quantity(LIBRARY, cart, line.line_id, 5).lines[1].quantity == 5
    assert shop.cart(LIBRARY, cart).lines[1].product.title == KRIM.title


@pytest.mark.rule("SVC-3")
def test_a_series_begins_with_the_usual_services(house, shop, cart):
    """As a title does."""
    world = json.loads(customers())
    world["customers"][0]["settings"]["services"] = ["PLAST"]
    house.take_customers(json.dumps(world))
    (line,) = shop.add_to_cart(LIBRARY, cart, PICTURES.product_id, kind=Kind.PACKAGE).lines
    assert [entry.service_id for entry in line.services] == ["PLAST"]


@pytest.mark.rule("PO-ID-5", way="punchout")
@pytest.mark.rule("CART-2", way="punchout")
def test_a_cart_for_a_procurement_system_holds_no_subscription(shop):
    """However one tries to get it in."""
    shop.open_cart(LIBRARY, "session")
    with pytest.raises(Refused, match="in the bookshop itself"):
        shop.add_to_cart(LIBRARY, "session", KRIM.product_id, kind=Kind.SERIES)
    with pytest.raises(NotFound):
        shop.add_to_cart(LIBRARY, "session", KRIM.product_id)
    kept = KeptLine(line_id="a", product_id=KRIM.product_id, title="", codes=(HBB,), kind=Kind.SERIES)
    with pytest.raises(Refused, match="in the bookshop itself"):
        shop.fill_cart(LIBRARY, "edit", (kept,))
    assert shop.cart(LIBRARY, "session").lines == ()
    assert len(shop.fill_cart(LIBRARY, "rest", (kept,), subscriptions=True).lines) == 1


@pytest.mark.rule("ORD-7", way="direct")
def test_a_subscription_is_no_order_line(shop):
    """Whoever places it, and by whatever number."""
    for product_id in (KRIM.product_id, NOVEL.product_id):
        line = line_of(1, NOVEL, HBB, product_id=product_id, kind=Kind.SERIES)
        with pytest.raises(Refused, match="subscribed to, not ordered"):
            shop.place_order(order_of(line), f"key-{product_id}")


@pytest.mark.rule("CART-5", way="direct")
def test_what_is_not_offered_any_more_is_said_at_its_line(house, shop, cart):
    """And cannot be put in anew; a series that never was is not found, nor one that is a package."""
    shop.add_to_cart(LIBRARY, cart, KRIM.product_id, kind=Kind.SERIES)
    house.take_series(replace(KRIM, ended=True))
    assert shop.cart(LIBRARY, cart).lines[0].problem == subscribing.NOT_OFFERED
    with pytest.raises(Refused, match="not offered"):
        shop.add_to_cart(LIBRARY, cart, KRIM.product_id, kind=Kind.SERIES)
    for number in (PICTURES.product_id, "SERIE-INGEN", "", "SERIE\x00"):
        with pytest.raises(NotFound):
            shop.add_to_cart(LIBRARY, cart, number, kind=Kind.SERIES)


@pytest.mark.rule("DIST-6")
def test_a_retired_code_flags_a_subscription_too(house, shop, cart):
    """As it flags a title."""
    shop.add_to_cart(LIBRARY, cart, KRIM.product_id, 1, BJO, kind=Kind.SERIES)
    house.take_customers(customers(retired="BARN"))
    assert "no longer in the register" in shop.cart(LIBRARY, cart).lines[0].problem
