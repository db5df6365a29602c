"""Each branch's copies to the branch's own address."""

from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.rules import dividing
from protocols.model.customer import Branch, Customer, DeliveryAddress
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.money import Money
from protocols.model.order import ShopOrder, ShopOrderLine
from protocols.model.party import Address

CUSTOMER = Customer(
    number="100234",
    name="Testby",
    addresses=tuple(DeliveryAddress(address_id=name, address=Address()) for name in ("A1", "A2", "A3")),
    branches=(
        Branch(code="HBB", name="Hoved", address_id="A1"),
        Branch(code="BJO", name="Bjørnsletta", address_id="A2"),
        Branch(code="BUS", name="Bokbussen"),
        Branch(code="OLD", name="Nedlagt", address_id="gone"),
    ),
)
GOES = {"HBB": "A1", "BJO": "A2"}


def order_of(*lines, to="A3"):
    """An order to the third address, each line with copies for these branches."""
    made = (
        ShopOrderLine(
            number=number,
            product_id=f"978{number}",
            quantity=len(branches),
            unit_price=Money(Decimal(100)),
            copies=numbered(tuple(CopyCodes(branch_code=branch) for branch in branches)),
        )
        for number, branches in enumerate(lines, start=1)
    )
    return ShopOrder(
        customer_number="100234", delivery_address_id=to, lines=tuple(made), order_name="Vår", way="direct"
    )


def shown(orders):
    """Address → (product, branches) of its lines."""
    return {
        order.delivery_address_id: [
            (line.product_id, [copy.codes.branch_code for copy in line.copies]) for line in order.lines
        ]
        for order in orders
    }


@pytest.mark.rule("CHK-10", way="direct")
def test_each_branch_gets_an_order_of_its_own():
    """A line for several branches becomes a line in each; what has no own address goes to the chosen one."""
    orders = dividing.by_branch(order_of(["HBB", "BJO", "HBB"], ["BUS", ""], ["BJO"]), CUSTOMER)
    assert shown(orders) == {
        "A1": [("9781", ["HBB", "HBB"])],
        "A2": [("9781", ["BJO"]), ("9783", ["BJO"])],
        "A3": [("9782", ["BUS", ""])],
    }
    assert {order.order_name for order in orders} == {"Vår"}
    assert {order.po_suffix for order in orders} == {""}


@pytest.mark.rule("CHK-10", way="direct")
def test_an_address_that_is_no_longer_listed_is_not_used():
    """The branch's copies go to the chosen address."""
    assert shown(dividing.by_branch(order_of(["OLD"]), CUSTOMER)) == {"A3": [("9781", ["OLD"])]}


def copies(orders):
    """How often each product goes to each branch."""
    return Counter(
        (line.product_id, copy.codes.branch_code)
        for order in orders
        for line in order.lines
        for copy in line.copies
    )


@pytest.mark.rule("CHK-10", way="direct")
@given(
    st.lists(
        st.lists(st.sampled_from(["HBB", "BJO", "BUS", "OLD", "", "?"]), min_size=1, max_size=8),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["A1", "A3", ""]),
)
def test_no_copy_is_lost_doubled_or_sent_elsewhere(lines, to):
    """One order for each address, every copy in one of them, and each where its branch says."""
    whole = order_of(*lines, to=to)
    orders = dividing.by_branch(whole, CUSTOMER)
    assert copies(orders) == copies([whole])
    assert len({order.delivery_address_id for order in orders}) == len(orders)
    for order in orders:
        assert [line.number for line in order.lines] == list(range(1, len(order.lines) + 1))
        for line in order.lines:
            assert [copy.number for copy in line.copies] == list(range(1, line.quantity + 1))
            where = {GOES.get(copy.codes.branch_code, to) for copy in line.copies}
            assert where == {order.delivery_address_id}
