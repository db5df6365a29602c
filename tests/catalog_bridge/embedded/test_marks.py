"""What a customer has of a title already, on both databases (CART-8)."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import event

from catalog_bridge.embedded.marks import EmbeddedMarks
from catalog_bridge.marks import Ordered, Waiting
from protocols.model.distribution import CopyCodes
from tests.catalog_bridge.contract.world import (
    BJO,
    COMING,
    GAME,
    HBB,
    LIBRARY,
    NOVEL,
    OLD_NUMBER,
    PICTURE_BOOK,
    SCHOOL,
    line_of,
    order_of,
)
from tests.catalog_bridge.rules.ways import both_ways

TITLES = (NOVEL.product_id, PICTURE_BOOK.product_id, GAME.product_id)
ANNE = {"ordered_by": "Anne", "ordered_by_email": "Anne@testby.example"}
BO = {"ordered_by": "Bo", "ordered_by_email": "bo@testby.example"}


@pytest.fixture
def marks(house):
    """The marks of the shop's world."""
    return EmbeddedMarks(house.db)


@pytest.fixture
def place(house):
    """Places an order of these lines, and says its number."""
    keys = iter(range(99))

    def placed(*lines, **facts):
        return house.shop.place_order(order_of(*lines, **facts), f"key-{next(keys)}").order_number

    return placed


@both_ways("CART-8")
def test_a_title_says_when_and_for_which_branches_it_was_ordered(marks, place, house):
    """Each order once, with all its copies and their branches; titles that nobody ordered say nothing."""
    number = place(line_of(1, NOVEL, HBB, BJO, HBB), line_of(2, GAME), **ANNE)
    day = date.fromisoformat(house.shop.order(LIBRARY, number).placed_at[:10])
    assert marks.ordered(LIBRARY, TITLES) == {
        NOVEL.product_id: (
            Ordered(on=day, copies=3, branches=("BJO", "HBB"), buyer="Anne", order_number=number),
        ),
        GAME.product_id: (Ordered(on=day, copies=1, buyer="Anne", order_number=number),),
    }
    assert marks.ordered(OLD_NUMBER, TITLES) == marks.ordered(LIBRARY, TITLES)
    assert marks.ordered(SCHOOL, TITLES) == marks.ordered(LIBRARY, ()) == {}


@both_ways("CART-8")
def test_the_three_newest_orders_are_told(marks, place):
    """One statement ranks them, title by title; cancelled lines and test orders do not count."""
    numbers = [place(line_of(1, NOVEL)) for _ in range(5)]
    other = place(line_of(1, PICTURE_BOOK, BJO))
    test = place(line_of(1, PICTURE_BOOK), test=True)
    told = marks.ordered(LIBRARY, TITLES)
    assert [one.order_number for one in told[NOVEL.product_id]] == numbers[:1:-1]
    assert [one.order_number for one in told[PICTURE_BOOK.product_id]] == [other]
    tried = marks.ordered(LIBRARY, TITLES, test=True)
    assert [one.order_number for one in tried[PICTURE_BOOK.product_id]] == [test, other]


@both_ways("CART-8")
def test_what_was_cancelled_is_not_ordered(marks, place, house):
    """A line that is gone is as if it had never been."""
    number = place(line_of(1, NOVEL))
    house.shop.cancel_order(LIBRARY, number, "off")
    assert marks.ordered(LIBRARY, TITLES) == {}


@pytest.mark.rule("PO-ID-5", way="punchout")
@pytest.mark.rule("CART-8", way="punchout")
def test_other_peoples_orders_are_nameless_where_only_ones_own_are_shown(marks, place):
    """Date, branch and copies stay; who and which order are told of one's own alone."""
    place(line_of(1, NOVEL, HBB), **BO)
    mine = place(line_of(1, PICTURE_BOOK, HBB), **ANNE)
    told = marks.ordered(LIBRARY, TITLES, own="anne@testby.example")
    (others,), (own,) = told[NOVEL.product_id], told[PICTURE_BOOK.product_id]
    assert (others.buyer, others.order_number, others.branches, others.copies) == ("", "", ("HBB",), 1)
    assert (own.buyer, own.order_number) == ("Anne", mine)
    nobody = marks.ordered(LIBRARY, TITLES, own="")
    assert {one.buyer + one.order_number for told in nobody.values() for one in told} == {""}


@both_ways("CART-8")
def test_other_carts_say_how_many_copies_they_hold(marks, house):
    """Only the carts that are asked for, and only of this customer."""
    for number, cart in ((LIBRARY, "a"), (LIBRARY, "b"), (LIBRARY, "c"), (SCHOOL, "d")):
        house.shop.open_cart(number, cart)
        house.shop.add_to_cart(number, cart, NOVEL.product_id, 2, CopyCodes())
    house.shop.set_details(LIBRARY, "b", "Høst", "")
    house.shop.add_to_cart(LIBRARY, "a", GAME.product_id, 1)
    told = marks.waiting(LIBRARY, TITLES, ("a", "b", "d"))
    assert told == {
        NOVEL.product_id: (
            Waiting(cart_id="a", copies=2),
            Waiting(cart_id="b", copies=2, order_name="Høst"),
        ),
        GAME.product_id: (Waiting(cart_id="a", copies=1),),
    }
    assert marks.waiting(LIBRARY, (), ("a",)) == marks.waiting(LIBRARY, TITLES, ()) == {}


@both_ways("CART-8")
def test_a_page_of_titles_takes_as_many_statements_as_one_title(marks, house, place):
    """No title is looked up by itself."""
    place(*(line_of(n, product, HBB) for n, product in enumerate((NOVEL, PICTURE_BOOK, GAME, COMING), 1)))
    house.shop.open_cart(LIBRARY, "a")
    for product in TITLES:
        house.shop.add_to_cart(LIBRARY, "a", product, 1)

    def statements(titles):
        asked = []
        with house.db.read() as tx:
            engine = tx.engine

        def note(_connection, _cursor, statement, *_rest):
            asked.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        try:
            assert len(marks.ordered(LIBRARY, titles)) == len(titles)
            assert len(marks.waiting(LIBRARY, titles, ("a", "b"))) == len(titles)
        finally:
            event.remove(engine, "before_cursor_execute", note)
        return len(asked)

    assert statements(TITLES[:1]) == statements(TITLES)


@both_ways("CART-8")
def test_titles_that_came_twice_in_one_order_are_one_mark(marks, place):
    """Two lines of one order are told together."""
    place(line_of(1, NOVEL, HBB), replace(line_of(2, NOVEL, BJO, BJO), note="Gave"))
    (one,) = marks.ordered(LIBRARY, TITLES)[NOVEL.product_id]
    assert (one.copies, one.branches) == (3, ("BJO", "HBB"))
