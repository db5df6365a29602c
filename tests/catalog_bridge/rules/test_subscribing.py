"""What a cart's series become (CHK-5, CHK-10)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from catalog_bridge.rules import subscribing
from protocols.model.cart import Cart, CartLine
from protocols.model.customer import Branch, Customer, DeliveryAddress
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.item import Kind
from protocols.model.money import Money
from protocols.model.party import Address
from protocols.model.service import LineService
from tests.catalog_bridge.contract.world import BJO, HBB, KRIM, LIBRARY

PLASTIC = LineService(service_id="PLAST", name="Plasting", unit_price=Money(Decimal("24.50")))
LINE = CartLine(
    line_id="line-1",
    product=subscribing.product(KRIM),
    quantity=4,
    unit_price=Money(Decimal("0.00")),
    copies=numbered((BJO, HBB, CopyCodes(), BJO)),
    kind=Kind.SERIES,
    services=(PLASTIC,),
)
CART = Cart(
    cart_id="cart-1",
    customer_number=LIBRARY,
    lines=(LINE,),
    order_name="Krim, ny",
    delivery_address_id="HBB",
)
CUSTOMER = Customer(
    number=LIBRARY,
    name="Testby",
    addresses=tuple(DeliveryAddress(address_id=name, address=Address(name=name)) for name in ("HBB", "BJO")),
    branches=(Branch(code="BJO", name="Bjørnsletta", address_id="BJO"),),
)


def begun(cart=CART, *, by_branch=False):
    """What the cart's lines become."""
    return subscribing.begun(cart, cart.lines, CUSTOMER, by_branch=by_branch, begun_by="kari@testby.example")


@pytest.mark.rule("CHK-5", way="direct")
def test_a_line_becomes_a_subscription_under_the_typed_order_name():
    """With its copies, its services, and who began it."""
    (one,) = begun()
    assert (one.order_name, one.delivery_address_id, one.services) == ("Krim, ny", "HBB", ("PLAST",))
    assert (one.kind, one.product_id, one.title) == (Kind.SERIES, KRIM.product_id, KRIM.title)
    assert one.copies == (BJO, HBB, CopyCodes(), BJO)
    assert (one.begun_by, one.ended, one.po_number) == ("kari@testby.example", False, "")


@pytest.mark.rule("CHK-10", way="direct")
def test_each_branch_to_its_own_address_is_a_subscription_for_each():
    """No copy is lost, none doubled, and each has an id of its own."""
    parts = begun(by_branch=True)
    assert [(one.delivery_address_id, one.copies) for one in parts] == [
        ("BJO", (BJO, BJO)),
        ("HBB", (HBB, CopyCodes())),
    ]
    assert len({one.subscription_id for one in parts}) == 2


@pytest.mark.rule("ORD-1")
def test_ids_are_the_lines_own():
    """The same line of the same cart has the same id, another cart's another, and each fits its column."""
    ids = {one.subscription_id for one in begun()}
    assert ids == {one.subscription_id for one in begun()}
    assert ids.isdisjoint(one.subscription_id for one in begun(replace(CART, cart_id="cart-1-rest")))
    other = replace(LINE, line_id="line-2")
    assert ids.isdisjoint(one.subscription_id for one in begun(replace(CART, lines=(other,))))
    assert all(len(id_) <= 40 for id_ in ids)
