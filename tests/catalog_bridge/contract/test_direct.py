"""What buying directly asks of a bookshop: prices as they were, branches, and whether orders need names."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from protocols.model.customer import Branch
from protocols.model.money import Money
from tests.catalog_bridge.contract.world import LIBRARY, NOVEL, PICTURE_BOOK, SCHOOL, customers


@pytest.mark.rule("PRICE-6", way="direct")
def test_a_line_remembers_the_price_it_was_added_at(house, cart):
    """A new list price shows beside the one from before; more copies of the title change nothing in that."""
    line = house.shop.add_to_cart(LIBRARY, cart, NOVEL.product_id).lines[0]
    assert line.added_price == line.unit_price
    assert not line.price_changed
    dearer = replace(NOVEL, list_price=Money(Decimal("499.00")))
    house.take_titles((dearer, PICTURE_BOOK))
    line = house.shop.add_to_cart(LIBRARY, cart, NOVEL.product_id).lines[0]
    assert line.price_changed
    assert line.added_price == Money(Decimal("349.13"))
    assert line.unit_price == Money(Decimal("436.63"))


@pytest.mark.rule("CHK-10", way="direct")
def test_a_customer_tells_its_branches(house):
    """Code, name, and the address that a branch has of its own, if it has one."""
    document = json.loads(customers())
    document["customers"][0]["branches"] = [
        {"code": "HBB", "name": "Hovedbiblioteket", "address": "HBB"},
        {"code": "BJO", "name": "Bjørnsletta"},
    ]
    house.take_customers(json.dumps(document))
    assert house.shop.customer(LIBRARY).branches == (
        Branch(code="BJO", name="Bjørnsletta"),
        Branch(code="HBB", name="Hovedbiblioteket", address_id="HBB"),
    )


@pytest.mark.rule("CHK-3", way="direct")
def test_a_customer_may_require_order_names(house):
    """It says so in its settings; others do not."""
    document = json.loads(customers())
    document["customers"][0]["settings"]["order_name_required"] = True
    house.take_customers(json.dumps(document))
    assert house.shop.customer(LIBRARY).order_name_required
    assert not house.shop.customer(SCHOOL).order_name_required
