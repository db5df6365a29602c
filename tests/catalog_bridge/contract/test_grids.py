"""Many lines at once, as any bookshop takes them: each whole or refused by itself (DIST-4, CART-4)."""

from dataclasses import replace

import pytest

from catalog_bridge.bookshop import NotFound
from catalog_bridge.grids import Group, LineGroups, Wanted
from catalog_bridge.rules import grid
from protocols.model.distribution import CopyCodes
from tests.catalog_bridge.contract.world import (
    BJO,
    CANCELLED,
    COMING,
    HBB,
    LIBRARY,
    NOVEL,
    OLD_NUMBER,
    PICTURE_BOOK,
    SCHOOL,
    UNPRICED,
    customers,
)


@pytest.fixture
def grids(house):
    """The calls under test."""
    return house.grids


@pytest.fixture
def filled(shop, cart):
    """A cart with three novels, one of them for the other branch, and a picture book."""
    shop.add_to_cart(LIBRARY, cart, NOVEL.product_id, 2, HBB)
    shop.add_to_cart(LIBRARY, cart, NOVEL.product_id, 1, BJO)
    return shop.add_to_cart(LIBRARY, cart, PICTURE_BOOK.product_id)


def codes_of(line):
    """The codes of its copies."""
    return tuple(copy.codes for copy in line.copies)


def groups_for(line, *groups):
    """What the line shall be, as somebody decided who has just seen it."""
    rows = tuple(Group(count=count, codes=codes) for count, codes in groups)
    return LineGroups(line_id=line.line_id, seen=grid.mark(codes_of(line)), groups=rows)


@pytest.mark.rule("DIST-4")
def test_all_lines_are_written_in_one_call(shop, grids, cart, filled):
    """Counts and codes are as said, the quantity is their sum, and the note stays."""
    novel, picture = filled.lines
    shop.set_copies(LIBRARY, cart, picture.line_id, (CopyCodes(),), note="Haster")
    written = grids.distribute(
        LIBRARY,
        cart,
        (groups_for(novel, (1, HBB), (3, BJO)), groups_for(picture, (2, BJO), (1, HBB))),
    )
    assert written.refused == ()
    assert written.cart == shop.cart(LIBRARY, cart)
    assert [codes_of(line) for line in written.cart.lines] == [(HBB, BJO, BJO, BJO), (BJO, BJO, HBB)]
    assert [line.quantity for line in written.cart.lines] == [4, 3]
    assert written.cart.lines[1].note == "Haster"


@pytest.mark.rule("DIST-5")
def test_a_line_that_breaks_a_rule_leaves_the_others_in_peace(shop, grids, cart, filled):
    """Every refusal names its entry; the refused lines are as they were, the others are written."""
    novel, picture = filled.lines
    gone = replace(groups_for(picture, (1, HBB)), line_id="gone")
    wrong = groups_for(novel, (1, HBB), (1, CopyCodes(branch_code="hbb")))
    written = grids.distribute(LIBRARY, cart, (gone, wrong, groups_for(picture, (2, HBB))))
    assert [(entry.index, entry.message) for entry in written.refused] == [
        (0, grid.GONE),
        (1, grid.NOT_IN_REGISTER),
    ]
    assert written.refused[1].values == {"field": "Branch", "code": "hbb"}
    assert [codes_of(line) for line in shop.cart(LIBRARY, cart).lines] == [(HBB, HBB, BJO), (HBB, HBB)]


@pytest.mark.rule("DIST-4")
@pytest.mark.parametrize(("count", "words"), [(0, "at least one copy"), (1000, "Quantity 1000")])
def test_a_line_keeps_1_to_999_copies(grids, cart, filled, count, words):
    """A grid empties no line, and makes none too long."""
    (refused,) = grids.distribute(LIBRARY, cart, (groups_for(filled.lines[0], (count, HBB)),)).refused
    assert words in refused.message % refused.values


def test_a_line_changed_meanwhile_is_refused(shop, grids, cart, filled):
    """Whatever another window did to it, its note aside, stays as it is."""
    wanted = groups_for(filled.lines[0], (3, HBB))
    shop.set_copies(LIBRARY, cart, filled.lines[0].line_id, (BJO, BJO))
    (refused,) = grids.distribute(LIBRARY, cart, (wanted,)).refused
    assert (refused.index, refused.message) == (0, grid.CHANGED)
    assert codes_of(shop.cart(LIBRARY, cart).lines[0]) == (BJO, BJO)


@pytest.mark.rule("DIST-6")
def test_a_retired_code_may_stay_in_its_line(house, shop, grids, cart, filled):
    """The line stays flagged, and its other copies can be moved."""
    house.take_customers(customers(retired="BARN"))
    novel, picture = shop.cart(LIBRARY, cart).lines
    moved = groups_for(novel, (2, replace(HBB, collection_code="")), (1, BJO))
    written = grids.distribute(LIBRARY, cart, (moved, groups_for(picture, (1, BJO))))
    assert [entry.index for entry in written.refused] == [1]
    assert codes_of(written.cart.lines[0])[2] == BJO
    assert written.cart.lines[0].problem


@pytest.mark.rule("CART-4")
def test_titles_of_a_list_are_added_in_their_order(shop, grids, cart, filled):
    """ISBN in any form; the same product raises its line, its copies after those that were there."""
    wanted = (
        Wanted(number="82-03-18756-0", codes=(BJO, CopyCodes())),
        Wanted(number=COMING.product_id, codes=(HBB,)),
        Wanted(number=f" {COMING.product_id} ", codes=(BJO,)),
    )
    written = grids.add_titles(OLD_NUMBER, cart, wanted)
    assert written.refused == ()
    assert written.cart == shop.cart(LIBRARY, cart)
    assert [line.product.product_id for line in written.cart.lines] == [
        NOVEL.product_id,
        PICTURE_BOOK.product_id,
        COMING.product_id,
    ]
    assert codes_of(written.cart.lines[0]) == (HBB, HBB, BJO, BJO, CopyCodes())
    assert codes_of(written.cart.lines[2]) == (HBB, BJO)


@pytest.mark.rule("CART-4")
def test_bad_titles_are_refused_one_by_one(shop, grids, cart):
    """Each says why, and the good one between them is in the cart."""
    one, branch = (CopyCodes(),), (CopyCodes(branch_code="XYZ"),)
    tried = (
        ("9788203187569", one, "check digit"),
        ("9788299999991", one, "no title with number"),
        (NOVEL.product_id, one, ""),
        (CANCELLED.product_id, one, "cancelled"),
        (UNPRICED.product_id, one, "no price"),
        (NOVEL.product_id, one * 999, "1000"),
        (PICTURE_BOOK.product_id, branch, "not in the register"),
        (PICTURE_BOOK.product_id, (), "Quantity 0"),
        ("a\0b", one, "no title with number"),
    )
    wanted = tuple(Wanted(number=number, codes=codes) for number, codes, _ in tried)
    said = {
        entry.index: entry.message % entry.values for entry in grids.add_titles(LIBRARY, cart, wanted).refused
    }
    for index, (_, _, words) in enumerate(tried):
        assert (index in said) == bool(words)
        assert words in said.get(index, "")
    (line,) = shop.cart(LIBRARY, cart).lines
    assert (line.product.product_id, line.quantity) == (NOVEL.product_id, 1)


def test_nobody_writes_in_another_customers_cart(grids, cart, filled):
    """For another customer the cart is not there."""
    with pytest.raises(NotFound):
        grids.distribute(SCHOOL, cart, (groups_for(filled.lines[0], (1, HBB)),))
    with pytest.raises(NotFound):
        grids.add_titles(SCHOOL, cart, (Wanted(number=NOVEL.product_id, codes=(CopyCodes(),)),))


@pytest.mark.rule("CART-4")
def test_offers_are_found_by_the_number_that_was_written(shop, grids):
    """Priced for the customer like any other offer; what nobody knows, or nobody could mean, is left out."""
    written = ("82-03-18756-0", PICTURE_BOOK.product_id, "9788203187569", "unknown")
    found = grids.offers(LIBRARY, written)
    assert list(found) == ["82-03-18756-0", PICTURE_BOOK.product_id]
    assert found["82-03-18756-0"] == shop.offer(LIBRARY, NOVEL.product_id)
