"""What orders a cart becomes: by address, by branch, and for what is not here yet."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.rules import dividing
from catalog_bridge.rules.dividing import Goes, Wish
from protocols.model.cart import Division
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


BY_BRANCH = Division(by_branch=True)
both_ways = [pytest.mark.rule("CHK-10", way="direct"), pytest.mark.rule("CHK-10", way="punchout")]


def marked(*marks):
    """The test under all these marks."""

    def on(test):
        for mark in marks:
            test = mark(test)
        return test

    return on


@marked(*both_ways)
def test_each_branch_gets_an_order_of_its_own():
    """A line for several branches becomes a line in each; what has no own address goes to the chosen one."""
    orders = dividing.of_cart(order_of(["HBB", "BJO", "HBB"], ["BUS", ""], ["BJO"]), CUSTOMER, BY_BRANCH)
    assert shown(orders) == {
        "A1": [("9781", ["HBB", "HBB"])],
        "A2": [("9781", ["BJO"]), ("9783", ["BJO"])],
        "A3": [("9782", ["BUS", ""])],
    }
    assert {order.order_name for order in orders} == {"Vår"}
    assert [order.po_suffix for order in orders] == ["-1", "-2", "-3"]
    assert [[line.number for line in order.lines] for order in orders] == [[1], [1, 3], [2]]


@marked(*both_ways)
def test_an_address_that_is_no_longer_listed_is_not_used():
    """The branch's copies go to the chosen address."""
    assert shown(dividing.of_cart(order_of(["OLD"]), CUSTOMER, BY_BRANCH)) == {"A3": [("9781", ["OLD"])]}


@marked(*both_ways)
def test_nothing_is_divided_that_nobody_wished():
    """One order, as it is."""
    whole = order_of(["HBB", "BJO"], ["BUS"])
    assert dividing.of_cart(whole, CUSTOMER, Division()) == (whole,)


@pytest.mark.rule("INV-2")
def test_what_is_not_here_yet_can_go_apart():
    """At each address an order for what is here, and one for what comes later."""
    whole = order_of(["HBB", "BJO"], ["BJO"], ["HBB"])
    apart = Division(apart=("9783",))
    assert [
        [line.product_id for line in order.lines] for order in dividing.of_cart(whole, CUSTOMER, apart)
    ] == [
        ["9781", "9782"],
        ["9783"],
    ]
    both = dividing.of_cart(whole, CUSTOMER, Division(by_branch=True, apart=("9781",)))
    assert [(order.delivery_address_id, [line.product_id for line in order.lines]) for order in both] == [
        ("A1", ["9781"]),
        ("A2", ["9781"]),
        ("A2", ["9782"]),
        ("A1", ["9783"]),
    ]


@marked(*both_ways)
@pytest.mark.rule("INV-2")
@pytest.mark.parametrize(
    ("lines", "to", "waiting", "spread", "wait"),
    [
        ((["HBB"], ["BJO"]), "A3", (), True, False),
        ((["HBB"], ["BUS"]), "A3", (), True, False),
        ((["HBB"], ["BUS"]), "A1", (), False, False),
        ((["HBB", ""],), "", (), True, False),
        ((["BUS"], ["", "?"]), "A3", (), False, False),
        ((["BUS"], [""]), "A3", ("9782",), False, True),
        ((["BUS"], [""]), "A3", ("9781", "9782"), False, False),
        ((["BUS"], [""]), "A3", ("9789",), False, False),
    ],
)
def test_only_what_makes_a_difference_is_offered(lines, to, waiting, spread, wait):
    """Several places; titles that are not here yet beside others. A wish for anything else is none."""
    would = dividing.outlook(order_of(*lines, to=to), CUSTOMER, Wish(by_branch=True, apart=True), waiting)
    assert (would.may_spread, would.may_wait) == (spread, wait)
    assert would.division == Division(by_branch=spread, apart=waiting if wait else ())
    assert len(would.orders) == (2 if spread or wait else 1)


def copies(orders):
    """How often each product goes to each branch."""
    return Counter(
        (line.product_id, copy.codes.branch_code)
        for order in orders
        for line in order.lines
        for copy in line.copies
    )


@marked(*both_ways)
@pytest.mark.rule("INV-2")
@given(
    st.lists(
        st.lists(st.sampled_from(["HBB", "BJO", "BUS", "OLD", "", "?"]), min_size=1, max_size=8),
        min_size=1,
        max_size=8,
    ),
    st.sampled_from(["A1", "A3", ""]),
    st.frozensets(st.integers(1, 8)),
)
def test_no_copy_is_lost_doubled_or_sent_elsewhere(lines, to, later):
    """An order for each address and one beside it for what comes later; quantity is always copies."""
    whole = order_of(*lines, to=to)
    apart = frozenset(f"978{number}" for number in later)
    orders = dividing.of_cart(whole, CUSTOMER, Division(by_branch=True, apart=tuple(sorted(apart))))
    assert copies(orders) == copies([whole])
    kinds = [(order.delivery_address_id, order.lines[0].product_id in apart) for order in orders]
    assert len(set(kinds)) == len(kinds)
    for order in orders:
        assert len({line.product_id in apart for line in order.lines}) == 1
        assert len({line.number for line in order.lines}) == len(order.lines)
        for line in order.lines:
            assert [copy.number for copy in line.copies] == list(range(1, line.quantity + 1))
            where = {GOES.get(copy.codes.branch_code, to) for copy in line.copies}
            assert where == {order.delivery_address_id}


@pytest.mark.rule("CHK-8", way="punchout")
@given(st.dictionaries(st.integers(1, 50), st.sampled_from(["HBB", "BJØ", "LIL"]), min_size=1), st.randoms())
def test_every_line_is_in_exactly_one_part(address_of, chance):
    """With all its copies, under the one PO number, marked -1 … -k by the lowest line number."""
    numbers = chance.sample(sorted(address_of), len(address_of))
    template = order_of(["HBB", "BJO"])
    lines = tuple(replace(template.lines[0], number=number) for number in numbers)
    whole = replace(template, lines=lines, po_number="4500001")
    parts = dividing.divided(whole, {number: [Goes(to)] * 2 for number, to in address_of.items()})
    assert sorted(entry.number for part in parts for entry in part.lines) == sorted(address_of)
    for part in parts:
        assert part.po_number == "4500001"
        assert {address_of[entry.number] for entry in part.lines} == {part.delivery_address_id}
        assert all(entry in whole.lines for entry in part.lines)
    lowest = [min(entry.number for entry in part.lines) for part in parts]
    assert lowest == sorted(lowest)
    marks = [part.po_suffix for part in parts]
    assert marks == ([""] if len(parts) == 1 else [f"-{turn}" for turn in range(1, len(parts) + 1)])
