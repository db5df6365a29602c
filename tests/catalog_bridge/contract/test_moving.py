"""Copies of a placed order that several people move, many lines at once (DIST-9, DIST-13)."""

from dataclasses import replace

import pytest

from catalog_bridge.bookshop import ChangedMeanwhile, NotFound, Refused
from catalog_bridge.grids import LineCopies
from catalog_bridge.rules import changing, grid
from protocols.model.distribution import CopyCodes
from tests.catalog_bridge.contract.test_orders import both_ways
from tests.catalog_bridge.contract.world import (
    BJO,
    HBB,
    LIBRARY,
    NOVEL,
    PICTURE_BOOK,
    SCHOOL,
    customers,
    line_of,
    order_of,
)

NOTHING = CopyCodes()


@pytest.fixture
def place(shop):
    """An order of two novels, the second without codes, and a picture book without any."""

    def placed(way="direct"):
        wish = order_of(line_of(1, NOVEL, HBB, NOTHING), line_of(2, PICTURE_BOOK), way=way)
        return shop.place_order(wish, "key-1")

    return placed


def codes_of(order, line=0):
    """The codes of a live line's copies."""
    return tuple(copy.codes for copy in order.order.lines[line].copies)


@both_ways("DIST-13")
def test_who_looked_before_another_one_moved_is_told(shop, place, way):
    """The copies stay as the first one left them; who looks again may move them."""
    placed = place(way)
    seen = grid.mark(codes_of(placed))
    moved = shop.set_order_copies(LIBRARY, placed.order_number, 1, (HBB, BJO), seen)
    with pytest.raises(ChangedMeanwhile):
        shop.set_order_copies(LIBRARY, placed.order_number, 1, (BJO, BJO), seen)
    assert shop.order(LIBRARY, placed.order_number) == moved
    again = grid.mark(codes_of(moved))
    assert codes_of(shop.set_order_copies(LIBRARY, placed.order_number, 1, (BJO, BJO), again)) == (BJO, BJO)


@both_ways("DIST-13")
def test_a_form_sent_twice_is_done_once(shop, place, way):
    """The second time everything stands as it asks: that is no change by somebody else."""
    placed = place(way)
    seen = grid.mark(codes_of(placed))
    first = shop.set_order_copies(LIBRARY, placed.order_number, 1, (BJO, HBB), seen)
    assert shop.set_order_copies(LIBRARY, placed.order_number, 1, (BJO, HBB), seen) == first


@both_ways("DIST-13")
def test_a_quantity_changed_meanwhile_is_told_so(shop, place, way):
    """An approver's change came between: the sender looks again instead of hearing of a wrong count."""
    placed = place(way)
    seen = grid.mark(codes_of(placed))
    wish = replace(placed.order, lines=(line_of(1, NOVEL, HBB), *placed.order.lines[1:]))
    shop.change_order(placed.order_number, wish, "change-1")
    with pytest.raises(ChangedMeanwhile):
        shop.set_order_copies(LIBRARY, placed.order_number, 1, (BJO, BJO), seen)


@both_ways("DIST-6")
def test_a_copy_keeps_its_retired_code_while_its_note_changes(house, shop, place, way):
    """What it has already it may keep; another copy is not given the code."""
    placed = place(way)
    house.take_customers(customers(retired="HBB"))
    noted = replace(HBB, note="Til Åse")
    moved = shop.set_order_copies(LIBRARY, placed.order_number, 1, (noted, NOTHING))
    assert codes_of(moved) == (noted, NOTHING)
    with pytest.raises(Refused, match="HBB"):
        shop.set_order_copies(LIBRARY, placed.order_number, 1, (noted, HBB))


@both_ways("DIST-13")
def test_all_lines_of_an_order_are_moved_in_one_call(house, shop, place, way):
    """Ids stay, both lines have their codes, and what is read again is what was answered."""
    placed = place(way)
    wanted = (
        LineCopies(number=1, codes=(HBB, BJO), seen=grid.mark(codes_of(placed))),
        LineCopies(number=2, codes=(BJO,)),
    )
    moved = house.grids.move(LIBRARY, placed.order_number, wanted)
    assert moved.refused == ()
    assert moved.order == shop.order(LIBRARY, placed.order_number)
    assert [codes_of(moved.order, line) for line in (0, 1)] == [(HBB, BJO), (BJO,)]
    assert ids(moved.order) == ids(placed)


@both_ways("DIST-13")
def test_a_line_that_cannot_be_moved_leaves_the_others_in_peace(house, place, way):
    """Picked, overtaken, a code that is not there: each is named, and the rest is moved."""
    placed = place(way)
    house.pick(placed, 2)
    wanted = (
        LineCopies(number=2, codes=(BJO,)),
        LineCopies(number=1, codes=(HBB, HBB), seen="looked at long ago"),
        LineCopies(number=1, codes=(HBB, CopyCodes(branch_code="bjo"))),
        LineCopies(number=1, codes=(HBB, BJO)),
    )
    moved = house.grids.move(LIBRARY, placed.order_number, wanted)
    assert [(entry.index, entry.message) for entry in moved.refused] == [
        (0, changing.PICKED_COPIES),
        (1, grid.CHANGED),
        (2, grid.NOT_IN_REGISTER),
    ]
    assert [codes_of(moved.order, line) for line in (0, 1)] == [(HBB, BJO), (NOTHING,)]


def test_another_customers_order_is_not_found(house, place):
    """By its number alone nobody moves a copy."""
    placed = place()
    with pytest.raises(NotFound):
        house.grids.move(SCHOOL, placed.order_number, (LineCopies(number=1, codes=(HBB, HBB)),))


def ids(order):
    """The ids of all copies."""
    return [copy.copy_id for line in order.order.lines for copy in line.copies]
