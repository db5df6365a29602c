"""Placed orders, as any bookshop takes and keeps them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from catalog_bridge.bookshop import NotFound, Refused
from protocols.model.distribution import CopyCodes
from protocols.model.money import Money
from protocols.model.order import BookshopOrder, ShopOrder
from tests.catalog_bridge.contract.world import (
    BJO,
    CANCELLED,
    HBB,
    LIBRARY,
    NOVEL,
    OLD_NUMBER,
    PICTURE_BOOK,
    SCHOOL,
    customers,
    line_of,
    order_of,
)


def both_ways(rule: str) -> pytest.MarkDecorator:
    """The test runs once for each way in, and proves the rule for it."""
    return pytest.mark.parametrize(
        "way", [pytest.param(way, marks=pytest.mark.rule(rule, way=way)) for way in ("direct", "punchout")]
    )


def as_ordered(placed: BookshopOrder) -> ShopOrder:
    """The order without what the shop added to it."""
    lines = tuple(
        replace(line, copies=tuple(replace(copy, copy_id="") for copy in line.copies))
        for line in placed.order.lines
    )
    return replace(placed.order, lines=lines)


FULL = order_of(
    line_of(1, NOVEL, HBB, BJO, CopyCodes(note="Gave fra ordføreren"), buyer_line=10),
    line_of(2, PICTURE_BOOK, BJO, note="Haster", unit_price=Money(Decimal("217.8750"))),
    order_name="Barneavdelingen på Ås, høsten",
    po_number="PO-77/å",
    po_suffix="-2",
    requisition_id="REK-12",
    ordered_by="Innkjøper Testby",
    ordered_by_email="innkjop@testby.example",
)


@both_ways("ORD-1")
def test_placed_order_is_kept_whole(shop, way):
    """Everything that was ordered is found again under the shop's own number."""
    order = replace(FULL, way=way)
    placed = shop.place_order(order, "key-1")
    assert as_ordered(placed) == order
    assert placed.status == "received"
    assert shop.order(LIBRARY, placed.order_number) == placed


@both_ways("DIST-4")
def test_every_copy_keeps_its_codes(shop, way):
    """The shop holds one record per physical book, with the codes that were chosen for it."""
    placed = shop.place_order(replace(FULL, way=way), "key-1")
    assert [copy.codes for copy in placed.order.lines[0].copies] == [
        HBB,
        BJO,
        CopyCodes(note="Gave fra ordføreren"),
    ]


def test_copy_id_is_unique_for_ever_and_short(shop):
    """No two copies of any orders share an id, and it fits where library systems keep 20 characters."""
    placed = [
        shop.place_order(replace(FULL, test=test), f"key-{test}-{n}")
        for n in (1, 2)
        for test in (True, False)
    ]
    ids = [copy.copy_id for order in placed for line in order.order.lines for copy in line.copies]
    assert len(set(ids)) == len(ids) == 16
    assert all(0 < len(copy_id) <= 20 for copy_id in ids)


@both_ways("ORD-1")
def test_same_key_gives_the_first_order_again(shop, way):
    """An order that is sent again because the answer was lost makes no second order."""
    order = replace(FULL, way=way)
    first = shop.place_order(order, "key-1")
    assert shop.place_order(order, "key-1") == first
    assert shop.orders(LIBRARY) == (first,)


@pytest.mark.rule("ORD-1")
def test_same_key_gives_the_first_order_even_when_its_title_is_gone(house, shop):
    """What has been promised is not judged again."""
    first = shop.place_order(order_of(), "key-1")
    house.take_titles(())
    assert shop.place_order(order_of(), "key-1") == first


@pytest.mark.rule("ORD-1")
def test_same_order_said_in_another_way_is_the_same(shop):
    """Lines in another sequence and prices with other zeros are no other content."""
    lines = (line_of(2, PICTURE_BOOK, BJO), line_of(1, NOVEL, HBB, unit_price=Money(Decimal("199.000"))))
    first = shop.place_order(order_of(*lines), "key-1")
    assert [line.number for line in first.order.lines] == [1, 2]
    assert shop.place_order(order_of(line_of(1, NOVEL, HBB), lines[0]), "key-1") == first


@pytest.mark.rule("ORD-1")
@pytest.mark.parametrize(
    "other", [order_of(order_name="En annen"), order_of(customer_number=SCHOOL, delivery_address_id="SKO")]
)
def test_same_key_with_other_content_is_refused(shop, other):
    """A key means one order, for ever; whoever mixes them up is told, and nothing is placed."""
    shop.place_order(order_of(), "key-1")
    with pytest.raises(Refused, match="same key"):
        shop.place_order(other, "key-1")
    assert len(shop.orders(LIBRARY)) == 1
    assert shop.orders(SCHOOL) == ()


def test_equal_orders_under_two_keys_are_two_orders(shop):
    """Whoever orders the same twice gets it twice."""
    first, second = (shop.place_order(order_of(), key) for key in ("key-1", "key-2"))
    assert first.order_number != second.order_number


def test_test_orders_have_a_number_series_of_their_own(shop):
    """A test order is told apart by its number, and takes no number from the real ones."""
    first = shop.place_order(order_of(), "key-1")
    test = shop.place_order(order_of(test=True), "key-2")
    second = shop.place_order(order_of(), "key-3")
    assert test.order_number.startswith("TEST-")
    assert int(second.order_number) == int(first.order_number) + 1


@both_ways("CHK-8")
def test_order_goes_to_exactly_one_listed_address(shop, way):
    """An order has one delivery address, and it is one of the customer's."""
    assert shop.place_order(order_of(way=way), "key-1").order.delivery_address_id == "HBB"
    for address_id in ("", "SKO", "Storgata 1"):
        with pytest.raises(Refused, match="address"):
            shop.place_order(order_of(way=way, delivery_address_id=address_id), f"key-{address_id}")


@pytest.mark.rule("CHK-4", way="punchout")
def test_long_order_name_of_a_procurement_system_is_kept_whole(shop):
    """Names of up to 255 characters are stored whole, beside order number and requisition."""
    name = "Årsplan for innkjøp " * 12
    order = order_of(order_name=name.strip(), po_number="PO-1", requisition_id="R-1")
    placed = shop.place_order(order, "key-1").order
    assert (placed.order_name, placed.po_number, placed.requisition_id) == (name.strip(), "PO-1", "R-1")
    with pytest.raises(Refused, match="255"):
        shop.place_order(order_of(order_name="å" * 256), "key-2")


@both_ways("CART-5")
def test_order_for_a_cancelled_title_is_refused_naming_the_line(shop, way):
    """The whole order waits for a person, who is told which line it is."""
    order = order_of(line_of(1, NOVEL), line_of(2, CANCELLED), way=way)
    with pytest.raises(Refused, match=rf"Line 2, {CANCELLED.product_id}.*cancelled"):
        shop.place_order(order, "key-1")
    assert shop.orders(LIBRARY) == ()


def test_order_for_an_unknown_title_is_refused_naming_the_line(shop):
    """An item number that the shop never had is not ordered."""
    with pytest.raises(Refused, match="Line 7, 9788205999992"):
        shop.place_order(order_of(line_of(7, replace(NOVEL, product_id="9788205999992"))), "key-1")


@pytest.mark.rule("DIST-4")
@pytest.mark.parametrize(
    "line",
    [
        line_of(1, NOVEL, HBB, quantity=2),
        replace(line_of(1, NOVEL, HBB, HBB), copies=line_of(1, NOVEL, HBB, HBB, HBB).copies[1:]),
        line_of(1, NOVEL, HBB, copies=(), quantity=1),
        line_of(1, NOVEL, HBB, copies=(), quantity=0),
    ],
    ids=["fewer copies", "numbered from 2", "no copies", "nothing at all"],
)
def test_line_whose_copies_are_not_its_quantity_is_refused(shop, line):
    """Quantity n means copies 1…n."""
    with pytest.raises(Refused):
        shop.place_order(order_of(line), "key-1")


@pytest.mark.parametrize(
    ("order", "says"),
    [
        (replace(order_of(), lines=()), "no lines"),
        (order_of(line_of(1, NOVEL), line_of(1, PICTURE_BOOK)), "same number"),
        (order_of(line_of(1, NOVEL, CopyCodes(branch_code="B" * 36))), "36"),
        (order_of(line_of(1, NOVEL, note="to\nlinjer")), "Note"),
    ],
)
def test_order_that_is_none_is_refused(shop, order, says):
    """An order that could not be printed or stored is refused before anything is."""
    with pytest.raises(Refused, match=says):
        shop.place_order(order, "key-1")
    assert shop.orders(LIBRARY) == ()


@both_ways("DIST-6")
def test_changing_the_register_never_rewrites_placed_orders(house, shop, way):
    """An order keeps the codes it was placed with, offered today or not."""
    placed = shop.place_order(replace(FULL, way=way), "key-1")
    house.take_customers(customers(retired="BJO"))
    assert shop.order(LIBRARY, placed.order_number) == placed


@both_ways("ORD-3")
def test_orders_of_a_customer_come_newest_first(shop, way):
    """All orders of one customer number stand in one list, whichever way they came."""
    other = shop.place_order(order_of(way="direct", po_number="A"), "key-1")
    own = shop.place_order(order_of(way=way, po_number="B"), "key-2")
    shop.place_order(order_of(customer_number=SCHOOL, delivery_address_id="SKO"), "key-3")
    assert shop.orders(LIBRARY) == (own, other)


def test_orders_are_found_by_po_number(shop):
    """One PO number may have become several orders."""
    first = shop.place_order(order_of(po_number="PO-1"), "key-1")
    shop.place_order(order_of(po_number="PO-2"), "key-2")
    third = shop.place_order(order_of(po_number="PO-1", delivery_address_id="BJO"), "key-3")
    assert shop.orders(LIBRARY, "PO-1") == (third, first)
    assert shop.orders(LIBRARY, "PO-9") == ()


@pytest.mark.rule("CUST-4")
def test_order_under_an_old_number_is_the_accounts(shop):
    """An old customer number on an incoming order means the account of today."""
    placed = shop.place_order(order_of(customer_number=OLD_NUMBER), "key-1")
    assert placed.order.customer_number == LIBRARY
    assert shop.place_order(order_of(), "key-1") == placed


def test_order_of_another_customer_is_not_found(shop):
    """An order number opens nothing for anybody else."""
    placed = shop.place_order(order_of(), "key-1")
    with pytest.raises(NotFound):
        shop.order(SCHOOL, placed.order_number)


def test_order_for_an_unknown_customer_is_not_found(shop):
    """Nothing is placed for a customer that the shop does not know."""
    with pytest.raises(NotFound):
        shop.place_order(order_of(customer_number="999999"), "key-1")
