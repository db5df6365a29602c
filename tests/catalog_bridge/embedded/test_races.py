"""Several people and workers at the same cart or order at once, on both databases."""

import json
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TypeVar

import pytest

from catalog_bridge.bookshop import Refused
from catalog_bridge.grids import Group, LineGroups
from catalog_bridge.rules import grid
from catalog_bridge.rules.services import chosen
from protocols.model.distribution import CopyCodes
from tests.catalog_bridge.contract.world import (
    BJO,
    HBB,
    LIBRARY,
    NOVEL,
    PICTURE_BOOK,
    SCHOOL,
    SERVICES,
    customers,
    line_of,
    order_of,
)

T = TypeVar("T")


def at_once(calls: Sequence[Callable[[], T]]) -> list[T]:
    """The results of all calls, made by as many threads that start together."""
    gate = threading.Barrier(len(calls))

    def when_all_are_there(call: Callable[[], T]) -> T:
        gate.wait()
        return call()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(when_all_are_there, calls))


@pytest.mark.rule("ORD-1")
def test_same_key_at_once_places_one_order(house):
    """Eight workers that deliver the same order get the same answer, and one order is there."""
    answers = at_once([lambda: house.shop.place_order(order_of(), "key-1")] * 8)
    assert len(set(answers)) == 1
    assert house.shop.orders(LIBRARY) == (answers[0],)


@pytest.mark.rule("SVC-5")
def test_orders_at_once_never_share_a_barcode(house):
    """Each number of the series goes to one copy."""
    world = json.loads(customers())
    world["customers"][0]["barcodes"] = [{"first": "001", "last": "012"}, {"first": "101", "last": "199"}]
    house.take_customers(json.dumps(world))
    services = chosen(["HYLLEKLAR"], SERVICES)
    line = line_of(1, NOVEL, *[replace(HBB, shelf_mark="839.82")] * 3, services=services)
    answers = at_once([lambda n=n: house.shop.place_order(order_of(line), f"key-{n}") for n in range(8)])
    given = sorted(copy.barcode for placed in answers for copy in placed.order.lines[0].copies)
    assert given == [f"{n:03d}" for n in (*range(1, 13), *range(101, 113))]


@pytest.mark.rule("ORD-1")
def test_same_key_at_once_with_other_content_places_one_order(house):
    """Whoever comes second with other content is refused, even when both looked before either wrote."""

    def place(quantity):
        try:
            return house.shop.place_order(order_of(line_of(1, NOVEL, *(HBB,) * quantity)), "key-1")
        except Refused:
            return None

    answers = at_once([lambda n=n: place(n) for n in range(1, 7)])
    assert house.shop.orders(LIBRARY) == tuple(filter(None, answers))
    assert len(house.shop.orders(LIBRARY)) == 1


def test_orders_at_once_get_numbers_of_their_own(house):
    """Numbers and copy ids never repeat, whoever orders at the same time."""
    orders = [
        order_of(),
        order_of(test=True),
        order_of(customer_number=SCHOOL, delivery_address_id="SKO"),
        order_of(delivery_address_id="BJO"),
    ]
    placed = at_once([lambda n=n: house.shop.place_order(orders[n % 4], f"key-{n}") for n in range(8)])
    assert len({order.order_number for order in placed}) == 8
    assert len({line.copies[0].copy_id for order in placed for line in order.order.lines}) == 8


@pytest.mark.rule("DIST-4")
def test_copies_added_at_once_to_one_line_are_all_there(house):
    """Two shoppers of one customer in the same cart lose nothing and double nothing."""
    house.shop.open_cart(LIBRARY, "c")
    codes = [HBB, BJO, CopyCodes(note="Gave")]
    at_once(
        [
            lambda n=n: house.shop.add_to_cart(LIBRARY, "c", NOVEL.product_id, n + 1, codes[n % 3])
            for n in range(6)
        ]
    )
    (line,) = house.shop.cart(LIBRARY, "c").lines
    found = [copy.codes for copy in line.copies]
    assert {code: found.count(code) for code in codes} == {codes[0]: 1 + 4, codes[1]: 2 + 5, codes[2]: 3 + 6}
    assert line.quantity == len(found) == 21


@pytest.mark.rule("DIST-4")
def test_changes_at_once_leave_one_of_them_whole(house):
    """Two pages saved together: the line is as one of them said, never a mixture."""
    house.shop.open_cart(LIBRARY, "c")
    line_id = house.shop.add_to_cart(LIBRARY, "c", NOVEL.product_id).lines[0].line_id
    wishes = [(HBB,) * 3, (BJO,) * 5, (HBB, BJO)]
    at_once(
        [lambda w=w: house.shop.set_copies(LIBRARY, "c", line_id, w, note=str(len(w))) for w in wishes * 2]
    )
    (line,) = house.shop.cart(LIBRARY, "c").lines
    assert tuple(copy.codes for copy in line.copies) in wishes
    assert line.note == str(line.quantity)


def test_title_added_by_two_at_once_is_one_line(house):
    """Two first copies of a title meet in one line; other titles stand beside it."""
    house.shop.open_cart(LIBRARY, "c")
    titles = [NOVEL, PICTURE_BOOK] * 4
    at_once([lambda t=t: house.shop.add_to_cart(LIBRARY, "c", t.product_id) for t in titles])
    lines = house.shop.cart(LIBRARY, "c").lines
    assert sorted((line.product.title, line.quantity) for line in lines) == [
        (PICTURE_BOOK.title, 4),
        (NOVEL.title, 4),
    ]


def test_cart_opened_by_two_at_once_is_one_cart(house):
    """A call-up that comes twice opens one cart."""
    opened = at_once([lambda: house.shop.open_cart(LIBRARY, "c")] * 6)
    assert len(set(opened)) == 1


def test_two_grids_saved_at_once_do_not_overwrite_each_other(house):
    """Of those who saw the same copies one is written; the others are told that the line has changed."""
    house.shop.open_cart(LIBRARY, "c")
    (line,) = house.shop.add_to_cart(LIBRARY, "c", NOVEL.product_id).lines
    seen = grid.mark(tuple(copy.codes for copy in line.copies))
    wishes = [
        (LineGroups(line_id=line.line_id, seen=seen, groups=(Group(count=n, codes=HBB),)),)
        for n in range(2, 8)
    ]
    answers = at_once([lambda w=w: house.grids.distribute(LIBRARY, "c", w) for w in wishes])
    (written,) = [answer.cart for answer in answers if not answer.refused]
    assert house.shop.cart(LIBRARY, "c").lines == written.lines


@pytest.mark.rule("ORD-6")
def test_changes_at_once_leave_one_of_them_whole_in_the_order(house):
    """Two documents that change one order follow each other: the last one stands, and no id is used twice."""
    shop = house.shop
    placed = shop.place_order(order_of(line_of(1, NOVEL, HBB)), "key-1")
    wishes = [
        order_of(line_of(1, NOVEL, *(HBB,) * n), line_of(n, PICTURE_BOOK, *(BJO,) * n), order_name=str(n))
        for n in range(2, 8)
    ]
    changes = at_once(
        [lambda w=w: shop.change_order(placed.order_number, w, w.order_name).order for w in wishes]
    )
    stored = shop.order(LIBRARY, placed.order_number)
    assert stored in changes
    named = {copy.copy_id: line.number for order in changes for line, copy in copies_of(order)}
    for order in changes:
        assert all(named[copy.copy_id] == line.number for line, copy in copies_of(order))
    assert {line.number for line in (*stored.order.lines, *stored.cancelled)} == set(range(1, 8))


def copies_of(order):
    """Each copy of the order's live lines, with its line."""
    return [(line, copy) for line in order.order.lines for copy in line.copies]


@pytest.mark.rule("ORD-1")
def test_one_change_delivered_by_many_at_once_is_made_once(house):
    """Eight workers with the same change get the same answer, and only one of them names copies."""
    placed = house.shop.place_order(order_of(line_of(1, NOVEL, HBB)), "key-1")
    wish = order_of(line_of(1, NOVEL, HBB, BJO, BJO))
    answers = at_once([lambda: house.shop.change_order(placed.order_number, wish, "change-1")] * 8)
    assert len(set(answers)) == 1
    names = [copy.copy_id.rpartition("-")[2] for copy in answers[0].order.order.lines[0].copies]
    assert names == ["1", "2", "3"]


@pytest.mark.rule("ORD-6")
def test_line_that_is_picked_while_it_changes_is_one_or_the_other(house):
    """What the counter takes from the shelf is what the order says, whoever comes first."""
    for round_ in range(6):
        placed = house.shop.place_order(order_of(line_of(1, NOVEL, HBB), line_of(2, NOVEL)), f"k-{round_}")
        wish = order_of(line_of(1, NOVEL, BJO, BJO), line_of(2, NOVEL))
        picked, change = at_once(
            [
                lambda p=placed: house.pick(p, 1),
                lambda p=placed, w=wish: house.shop.change_order(p.order_number, w, "change-1"),
            ]
        )
        stored = house.shop.order(LIBRARY, placed.order_number)
        assert picked.order.lines[0] == stored.order.lines[0]
        taken = stored.order.lines[0].quantity == 2
        assert [refusal.line for refusal in change.refused] == ([] if taken else [1])


@pytest.mark.rule("ORD-6")
def test_line_that_is_picked_while_the_order_is_cancelled_is_one_or_the_other(house):
    """A book is either in the parcel or cancelled, never both."""

    def pick(placed):
        try:
            return house.pick(placed, 1)
        except Refused:
            return None

    for round_ in range(6):
        placed = house.shop.place_order(order_of(), f"key-{round_}")
        picked, change = at_once(
            [
                lambda p=placed: pick(p),
                lambda p=placed: house.shop.cancel_order(LIBRARY, p.order_number, "cancel-1"),
            ]
        )
        assert (picked is None) is (change.order.status == "cancelled") is (not change.refused)
