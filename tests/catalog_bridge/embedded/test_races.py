"""Several people and workers at the same cart or order at once, on both databases."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

import pytest

from catalog_bridge.bookshop import Refused
from protocols.model.distribution import CopyCodes
from tests.catalog_bridge.contract.world import (
    BJO,
    HBB,
    LIBRARY,
    NOVEL,
    PICTURE_BOOK,
    SCHOOL,
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
