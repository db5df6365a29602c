"""What an order says that never was in a cart."""

from dataclasses import replace
from decimal import Decimal

import pytest

from catalog_bridge.rules import standing
from protocols.model.distribution import CopyCodes
from protocols.model.item import Kind, Offer, Product
from protocols.model.money import Money
from protocols.model.standing import Subscription

OFFER = Offer(
    product=Product(product_id="9788203187568", isbn="9788203187568", title="Bind 7"),
    unit_price=Money(Decimal("349.13")),
)
SUBSCRIPTION = Subscription(
    subscription_id="S-1",
    customer_number="100234",
    kind=Kind.SERIES,
    product_id="SERIE-KRIM",
    title="Krim på Ås",
    copies=(CopyCodes(branch_code="HBB"), CopyCodes(branch_code="BJO"), CopyCodes(branch_code="HBB")),
    order_name="Krimserien, voksen",
    delivery_address_id="HBB",
    po_number="RAMME-2026-4",
)


@pytest.mark.rule("ORD-7")
@pytest.mark.rule("CHK-5")
def test_a_release_carries_what_the_shop_has_preset():
    """Order name, blanket order, address, and each copy's codes in their order."""
    order = standing.release_order(SUBSCRIPTION, OFFER)
    (line,) = order.lines
    assert (order.order_name, order.po_number) == ("Krimserien, voksen", "RAMME-2026-4")
    assert (order.delivery_address_id, order.way, order.test) == ("HBB", "standing", False)
    assert (line.product_id, line.quantity, line.unit_price) == (
        "9788203187568",
        3,
        Money(Decimal("349.13")),
    )
    assert [copy.codes.branch_code for copy in line.copies] == ["HBB", "BJO", "HBB"]
    assert [copy.number for copy in line.copies] == [1, 2, 3]


@pytest.mark.rule("ORD-8")
def test_a_gift_costs_nothing_and_names_no_blanket_order():
    """All else is as in any release: the library system has to know the copies."""
    bought, given = standing.release_order(SUBSCRIPTION, OFFER), standing.gift_order(SUBSCRIPTION, OFFER)
    (line,) = given.lines
    assert line.unit_price == Money(Decimal("0.00"))
    assert replace(given, lines=bought.lines, po_number=bought.po_number) == bought
    assert replace(line, unit_price=bought.lines[0].unit_price) == bought.lines[0]


def test_each_title_has_a_key_of_its_own_in_each_subscription():
    """So that the same release is told twice and ordered once."""
    keys = {
        standing.release_key(replace(SUBSCRIPTION, subscription_id=id_), title, gift=gift)
        for id_ in ("S-1", "S-2")
        for title in ("a", "b")
        for gift in (False, True)
    }
    assert len(keys) == 8
