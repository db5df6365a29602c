"""Placed orders that are changed, cancelled and distributed anew, as any bookshop does it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from catalog_bridge.bookshop import NotFound, Refused
from protocols.model.distribution import CopyCodes, numbered
from protocols.model.money import Money
from protocols.model.order import BookshopOrder, RefusedChange
from tests.catalog_bridge.contract.test_orders import FULL, as_ordered, both_ways
from tests.catalog_bridge.contract.world import (
    BJO,
    CANCELLED,
    COMING,
    GAME,
    HBB,
    LIBRARY,
    NOVEL,
    OLD_NUMBER,
    PICTURE_BOOK,
    SCHOOL,
    TITLES,
    customers,
    line_of,
    order_of,
)

TWO = order_of(line_of(1, NOVEL, HBB, BJO), line_of(2, PICTURE_BOOK, BJO))


@pytest.fixture
def placed(shop) -> BookshopOrder:
    """An order of two lines: copies 1 and 2 of a novel, and copy 3, a picture book."""
    return shop.place_order(TWO, "key-1")


def ids(order: BookshopOrder) -> list[list[str]]:
    """The copies of each live line by the end of their ids, in order."""
    return [[copy.copy_id.rpartition("-")[2] for copy in line.copies] for line in order.order.lines]


def lines_of(order: BookshopOrder) -> list[int]:
    """The numbers of the live lines."""
    return [line.number for line in order.order.lines]


@both_ways("ORD-6")
def test_changed_order_says_what_the_change_says(shop, way):
    """Quantities, titles, prices, notes, address and references all follow, and are found again."""
    first = shop.place_order(order_of(way=way), "key-1")
    wish = replace(FULL, way=way, delivery_address_id="BJO")
    change = shop.change_order(first.order_number, wish, "change-1")
    assert as_ordered(change.order) == wish
    assert change.refused == ()
    assert (change.order.order_number, change.order.placed_at) == (first.order_number, first.placed_at)
    assert shop.order(LIBRARY, first.order_number) == change.order
    assert shop.orders(LIBRARY) == (change.order,)
    assert shop.orders(LIBRARY, "PO-77/å") == (change.order,)


@both_ways("DIST-4")
def test_copies_that_stay_keep_their_ids_and_new_ones_get_new_ids(shop, way):
    """A library system finds the same copy under the same id, and never another one."""
    number = shop.place_order(replace(TWO, way=way), "key-1").order_number
    more = order_of(line_of(1, NOVEL, BJO, HBB, HBB), line_of(2, PICTURE_BOOK, BJO), way=way)
    assert ids(shop.change_order(number, more, "change-1").order) == [["2", "1", "4"], ["3"]]
    fewer = order_of(line_of(1, NOVEL, BJO), line_of(2, PICTURE_BOOK, BJO), way=way)
    assert ids(shop.change_order(number, fewer, "change-2").order) == [["2"], ["3"]]
    assert ids(shop.change_order(number, more, "change-3").order) == [["2", "5", "6"], ["3"]]


@both_ways("ORD-6")
def test_line_that_is_left_out_is_cancelled(shop, way):
    """It stands among the cancelled ones as it last was, with its copies."""
    first = shop.place_order(replace(TWO, way=way), "key-1")
    wish = order_of(line_of(1, NOVEL, HBB, BJO), line_of(7, GAME, HBB), way=way)
    change = shop.change_order(first.order_number, wish, "change-1").order
    assert lines_of(change) == [1, 7]
    assert change.cancelled == (first.order.lines[1],)
    assert change.status == "received"
    assert shop.order(LIBRARY, first.order_number) == change


def test_cancelled_line_that_is_wanted_again_is_live_again(shop, placed):
    """It comes back under its number, with new copies, and is cancelled no more."""
    shop.change_order(placed.order_number, order_of(line_of(1, NOVEL, HBB, BJO)), "change-1")
    again = shop.change_order(placed.order_number, TWO, "change-2").order
    assert ids(again) == [["1", "2"], ["4"]]
    assert again.cancelled == ()
    assert shop.order(LIBRARY, placed.order_number) == again


@both_ways("ORD-6")
def test_picked_line_is_refused_and_the_rest_is_taken(house, shop, way):
    """After picking, a change of that line comes too late, by line and with a reason."""
    first = shop.place_order(replace(TWO, way=way), "key-1")
    house.pick(first, 1)
    wish = order_of(line_of(1, NOVEL, HBB), line_of(2, PICTURE_BOOK, HBB), way=way)
    change = shop.change_order(first.order_number, wish, "change-1")
    assert [refusal.line for refusal in change.refused] == [1]
    assert "picked" in change.refused[0].reason
    assert change.order.order.lines[0] == first.order.lines[0]
    assert [copy.codes for copy in change.order.order.lines[1].copies] == [HBB]
    assert change.order.picked == (1,)


@both_ways("ORD-6")
def test_cancelling_leaves_only_what_is_picked(house, shop, way):
    """Lines on their way are refused with a reason, the others are cancelled."""
    first = shop.place_order(replace(TWO, way=way), "key-1")
    house.pick(first, 2)
    change = shop.cancel_order(LIBRARY, first.order_number, "cancel-1")
    assert [refusal.line for refusal in change.refused] == [2]
    assert lines_of(change.order) == [2]
    assert change.order.cancelled == (first.order.lines[0],)
    assert change.order.status == "received"
    assert shop.order(LIBRARY, first.order_number) == change.order


@both_ways("ORD-6")
def test_cancelled_order_is_kept_and_says_so(shop, way):
    """All lines are cancelled as they were, and the order stays in the list with its number."""
    first = shop.place_order(replace(TWO, way=way), "key-1")
    change = shop.cancel_order(LIBRARY, first.order_number, "cancel-1")
    assert change.refused == ()
    assert change.order == replace(
        first,
        status="cancelled",
        order=replace(first.order, lines=()),
        cancelled=first.order.lines,
    )
    assert shop.orders(LIBRARY) == (change.order,)


def test_cancelled_order_is_not_changed_any_more(shop, placed):
    """Whoever wants the books after all orders them again; a late change wakes nothing."""
    cancelled = shop.cancel_order(LIBRARY, placed.order_number, "cancel-1")
    assert shop.cancel_order(LIBRARY, placed.order_number, "cancel-2") == cancelled
    with pytest.raises(Refused, match="cancelled"):
        shop.change_order(placed.order_number, TWO, "change-1")


@both_ways("ORD-1")
def test_same_key_gives_the_first_result_and_changes_nothing(house, shop, way):
    """A change that is sent again because its answer was lost undoes nothing that came after it."""
    number = shop.place_order(replace(TWO, way=way), "key-1").order_number
    wish = order_of(line_of(1, NOVEL, HBB, BJO, BJO), way=way)
    first = shop.change_order(number, wish, "change-1")
    last = shop.change_order(number, replace(TWO, way=way), "change-2")
    house.pick(last.order, 1)
    house.take_titles(())
    assert shop.change_order(number, wish, "change-1") == first
    assert shop.order(LIBRARY, number) == replace(last.order, picked=(1,))


@both_ways("ORD-1")
def test_same_key_cancels_once(house, shop, way):
    """A cancellation that comes again gives what it gave, refusals and all."""
    first = shop.place_order(replace(TWO, way=way), "key-1")
    house.pick(first, 1)
    change = shop.cancel_order(LIBRARY, first.order_number, "cancel-1")
    house.pick(first, 1)
    assert shop.cancel_order(LIBRARY, first.order_number, "cancel-1") == change


@pytest.mark.rule("ORD-1")
def test_same_key_with_another_wish_is_refused(shop, placed):
    """A key means one change of an order, for ever; whoever mixes them up is told."""
    change = shop.change_order(placed.order_number, order_of(line_of(1, NOVEL)), "change-1")
    with pytest.raises(Refused, match="same key"):
        shop.change_order(placed.order_number, TWO, "change-1")
    with pytest.raises(Refused, match="same key"):
        shop.cancel_order(LIBRARY, placed.order_number, "change-1")
    assert shop.order(LIBRARY, placed.order_number) == change.order


def test_one_key_serves_several_orders(shop, placed):
    """A purchase order that became two bookshop orders is changed under one key of its own."""
    other = shop.place_order(TWO, "key-2")
    for number in (placed.order_number, other.order_number):
        assert shop.cancel_order(LIBRARY, number, "cancel-1").order.order_number == number
        assert shop.order(LIBRARY, number).status == "cancelled"


@both_ways("ORD-1")
def test_placing_again_after_a_change_gives_the_order(shop, way):
    """The key of the order still means what was placed then; what is there now is what comes back."""
    order = replace(TWO, way=way)
    number = shop.place_order(order, "key-1").order_number
    changed = shop.change_order(number, order_of(line_of(1, NOVEL), way=way), "change-1").order
    assert shop.place_order(order, "key-1") == changed
    with pytest.raises(Refused, match="same key"):
        shop.place_order(as_ordered(changed), "key-1")
    cancelled = shop.cancel_order(LIBRARY, number, "cancel-1").order
    assert shop.place_order(order, "key-1") == cancelled


@both_ways("CART-5")
def test_ordered_title_that_can_no_longer_be_ordered_stays_in_the_order(house, shop, way):
    """What has been promised is not judged again; only more of it is."""
    number = shop.place_order(replace(TWO, way=way), "key-1").order_number
    house.take_titles(tuple(title for title in TITLES if title is not NOVEL))
    kept = order_of(line_of(1, NOVEL, BJO), line_of(2, PICTURE_BOOK, BJO, HBB), way=way)
    assert as_ordered(shop.change_order(number, kept, "change-1").order) == kept
    raised = order_of(line_of(1, NOVEL, BJO, HBB), way=way)
    with pytest.raises(Refused, match=f"Line 1, {NOVEL.product_id}"):
        shop.change_order(number, raised, "change-2")


@pytest.mark.rule("ORD-6")
def test_more_of_a_picked_title_that_is_sold_out_is_refused_by_line_only(house, shop, placed):
    """What comes too late anyway holds nothing up: the rest of the change is taken."""
    house.pick(placed, 1)
    house.take_titles(tuple(title for title in TITLES if title is not NOVEL))
    wish = order_of(line_of(1, NOVEL, HBB, BJO, BJO), line_of(2, PICTURE_BOOK, HBB))
    change = shop.change_order(placed.order_number, wish, "change-1")
    assert [refusal.line for refusal in change.refused] == [1]
    assert change.order.order.lines[1].copies[0].codes == HBB


def test_order_stays_of_the_way_it_came_in(shop, placed):
    """A change may come by another door; the order is still the one that was placed."""
    change = shop.change_order(placed.order_number, replace(TWO, way="direct", order_name="Ny"), "change-1")
    assert (change.order.order.way, change.order.order.order_name) == ("punchout", "Ny")
    assert shop.order(LIBRARY, placed.order_number) == change.order


@pytest.mark.parametrize(
    ("wish", "says"),
    [
        (order_of(line_of(1, NOVEL, HBB, BJO), line_of(3, CANCELLED)), f"Line 3, {CANCELLED.product_id}"),
        (order_of(line_of(1, CANCELLED, HBB, BJO)), f"Line 1, {CANCELLED.product_id}"),
        (order_of(delivery_address_id="SKO"), "address"),
        (order_of(test=True), "test"),
        (replace(order_of(), lines=()), "no lines"),
        (order_of(line_of(1, NOVEL, HBB, quantity=2)), "copies numbered"),
        (order_of(line_of(1, NOVEL), line_of(1, GAME)), "same number"),
    ],
)
def test_change_that_cannot_be_taken_as_a_whole_changes_nothing(shop, placed, wish, says):
    """The order stays as it was, and the same key may be used when the wish has been mended."""
    with pytest.raises(Refused, match=says):
        shop.change_order(placed.order_number, wish, "change-1")
    assert shop.order(LIBRARY, placed.order_number) == placed
    assert as_ordered(shop.change_order(placed.order_number, order_of(), "change-1").order) == order_of()


def test_forthcoming_title_joins_an_order(shop, placed):
    """New lines may wait, as in a new order (CART-5)."""
    wish = order_of(*TWO.lines, line_of(3, COMING))
    assert as_ordered(shop.change_order(placed.order_number, wish, "change-1").order) == wish


@both_ways("ORD-6")
def test_address_stays_once_a_line_is_picked(house, shop, way):
    """The parcel is addressed; that is told for the order as a whole, line 0, and the lines change."""
    first = shop.place_order(replace(TWO, way=way), "key-1")
    house.pick(first, 1)
    wish = order_of(*TWO.lines, line_of(3, GAME), way=way, delivery_address_id="BJO")
    change = shop.change_order(first.order_number, wish, "change-1")
    assert [(refusal.line, "address" in refusal.reason) for refusal in change.refused] == [(0, True)]
    assert change.order.order.delivery_address_id == "HBB"
    assert lines_of(change.order) == [1, 2, 3]


def test_change_of_an_unknown_order_is_not_found(shop, placed):
    """Neither an order that never was nor another customer's is reached, whatever is asked of it."""
    own = order_of(customer_number=SCHOOL, delivery_address_id="SKO")
    for number, wish in (("1", TWO), (placed.order_number, own)):
        with pytest.raises(NotFound):
            shop.change_order(number, wish, "change-1")
        with pytest.raises(NotFound):
            shop.cancel_order(wish.customer_number, number, "change-1")
        with pytest.raises(NotFound):
            shop.set_order_copies(wish.customer_number, number, 1, (HBB, BJO))
    assert shop.order(LIBRARY, placed.order_number) == placed


@pytest.mark.rule("CUST-4")
def test_order_is_changed_under_an_old_number(shop, placed):
    """An old customer number on a change means the account of today."""
    wish = order_of(line_of(1, NOVEL))
    change = shop.change_order(placed.order_number, replace(wish, customer_number=OLD_NUMBER), "change-1")
    assert shop.change_order(placed.order_number, wish, "change-1") == change
    moved = shop.set_order_copies(OLD_NUMBER, placed.order_number, 1, (BJO,))
    assert moved.order.lines[0].copies[0].codes == BJO
    assert shop.cancel_order(OLD_NUMBER, placed.order_number, "cancel-1").order.status == "cancelled"


@both_ways("DIST-13")
def test_copies_are_moved_until_their_line_is_picked(house, shop, way):
    """A copy gets other codes and stays the same copy; after picking nothing moves."""
    first = shop.place_order(replace(TWO, way=way), "key-1")
    moved = shop.set_order_copies(LIBRARY, first.order_number, 1, (BJO, CopyCodes(branch_code="BJO")))
    assert [copy.codes for copy in moved.order.lines[0].copies] == [BJO, CopyCodes(branch_code="BJO")]
    assert ids(moved) == [["2", "1"], ["3"]]
    assert moved.order.lines[1] == first.order.lines[1]
    assert shop.order(LIBRARY, first.order_number) == moved
    house.pick(first, 1)
    with pytest.raises(Refused, match="picked"):
        shop.set_order_copies(LIBRARY, first.order_number, 1, (HBB, HBB))


@both_ways("DIST-13")
def test_copies_without_codes_are_assigned_after_ordering(shop, way):
    """Copies that an approver added get their shelf from the librarian, as soon as she likes."""
    first = shop.place_order(order_of(line_of(1, NOVEL, HBB, CopyCodes()), way=way), "key-1")
    assigned = shop.set_order_copies(LIBRARY, first.order_number, 1, (HBB, BJO))
    assert [copy.codes for copy in assigned.order.lines[0].copies] == [HBB, BJO]
    assert ids(assigned) == [["1", "2"]]


@both_ways("DIST-6")
def test_code_that_left_the_register_stays_where_it_is(house, shop, way):
    """A copy keeps a code that is no longer offered while another copy moves; no copy moves to it."""
    first = shop.place_order(replace(TWO, way=way), "key-1")
    house.take_customers(customers(retired="BJO"))
    with pytest.raises(Refused, match="BJO"):
        shop.set_order_copies(LIBRARY, first.order_number, 1, (BJO, BJO))
    moved = shop.set_order_copies(LIBRARY, first.order_number, 1, (CopyCodes(), BJO))
    assert [copy.codes for copy in moved.order.lines[0].copies] == [CopyCodes(), BJO]


@both_ways("DIST-5")
def test_copies_are_moved_only_to_codes_of_the_register(shop, way):
    """What a page sends is checked again, and the order stays whole when it is wrong."""
    first = shop.place_order(replace(TWO, way=way), "key-1")
    for codes in ((HBB, CopyCodes(branch_code="XXX")), (HBB,), (HBB, CopyCodes(note="to\nlinjer"))):
        with pytest.raises(Refused):
            shop.set_order_copies(LIBRARY, first.order_number, 1, codes)
    assert shop.order(LIBRARY, first.order_number) == first


def test_line_that_is_not_live_has_no_copies_to_move(shop, placed):
    """A cancelled line is refused, one that never was is not found."""
    shop.change_order(placed.order_number, order_of(line_of(1, NOVEL)), "change-1")
    with pytest.raises(Refused, match="cancelled"):
        shop.set_order_copies(LIBRARY, placed.order_number, 2, (HBB,))
    with pytest.raises(NotFound, match="line 9"):
        shop.set_order_copies(LIBRARY, placed.order_number, 9, (HBB,))


@pytest.mark.rule("ORD-1")
def test_placing_again_after_moving_copies_gives_the_order(shop, placed):
    """Moved copies do not make the repetition another order."""
    moved = shop.set_order_copies(LIBRARY, placed.order_number, 1, (BJO, BJO))
    assert shop.place_order(TWO, "key-1") == moved


def test_copies_that_were_moved_are_found_by_a_later_change(shop, placed):
    """A change counts the codes that the copies have now, not those they were ordered with."""
    shop.set_order_copies(LIBRARY, placed.order_number, 1, (BJO, BJO))
    wish = order_of(line_of(1, NOVEL, BJO, BJO, BJO), line_of(2, PICTURE_BOOK, BJO))
    assert ids(shop.change_order(placed.order_number, wish, "change-1").order) == [["2", "1", "4"], ["3"]]


@pytest.mark.rule("PRICE-5")
def test_changed_price_is_the_orders_price(shop, placed):
    """Cart, order, slip and invoice read one price: the one that the last change left."""
    dearer = line_of(1, NOVEL, HBB, BJO, unit_price=Money(Decimal("201.50")))
    change = shop.change_order(placed.order_number, order_of(dearer), "change-1").order
    assert [line.unit_price.times(line.quantity) for line in change.order.lines] == [Money(Decimal("403.00"))]
    assert shop.order(LIBRARY, placed.order_number) == change


def test_refused_part_of_a_change_survives_replay(house, shop, placed):
    """The caller who lost the answer hears every reason again."""
    house.pick(placed, 2)
    wish = order_of(line_of(1, NOVEL, HBB, BJO))
    change = shop.change_order(placed.order_number, wish, "change-1")
    assert all(isinstance(refusal, RefusedChange) for refusal in change.refused)
    assert [refusal.line for refusal in change.refused] == [2]
    assert shop.change_order(placed.order_number, wish, "change-1") == change


def test_repeating_a_pick_changes_nothing(house, shop, placed):
    """Two people scan the same book; an order with everything picked is closed line by line."""
    once = house.pick(placed, 2)
    assert house.pick(placed, 2) == once
    assert house.pick(placed, 1).picked == (1, 2)
    copies = numbered((HBB, BJO))
    change = shop.change_order(
        placed.order_number, order_of(line_of(1, NOVEL, copies=copies, quantity=2)), "c"
    )
    assert [refusal.line for refusal in change.refused] == [2]
    assert shop.cancel_order(LIBRARY, placed.order_number, "cancel-1").order == house.pick(placed, 1)


def test_cancelled_line_is_not_picked(house, shop, placed):
    """What was cancelled before it was picked does not leave the house."""
    shop.cancel_order(LIBRARY, placed.order_number, "cancel-1")
    with pytest.raises(Refused, match="cancelled"):
        house.pick(placed, 1)
    with pytest.raises(NotFound, match="line 9"):
        house.pick(placed, 9)
