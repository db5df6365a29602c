"""Services in the cart and in orders, whatever bookshop keeps them (SVC-3 to SVC-5)."""

import json
from dataclasses import replace
from decimal import Decimal

import pytest

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.grids import Wanted
from catalog_bridge.rules import services as rules
from protocols.model.cart import KeptLine
from protocols.model.distribution import CopyCodes
from protocols.model.money import Money
from tests.catalog_bridge.contract.world import (
    EBOOK,
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

READY_FOR_SHELF = replace(HBB, shelf_mark="839.82 Bok")
READY = rules.chosen(["HYLLEKLAR"], SERVICES)


def ids(line):
    """The services of a line."""
    return [entry.service_id for entry in line.services]


def with_usual(*services, **parts):
    """The customers, the library with these usual services."""
    world = json.loads(customers())
    world["customers"][0] |= parts
    world["customers"][0]["settings"]["services"] = list(services)
    return json.dumps(world)


@pytest.mark.rule("SVC-3")
def test_new_lines_begin_with_the_usual_services_as_far_as_their_titles_allow(house, cart):
    """However they come in; a line that is raised keeps what it has."""
    house.take_customers(with_usual("PLAST"))
    house.shop.add_to_cart(LIBRARY, cart, NOVEL.product_id)
    house.grids.add_titles(LIBRARY, cart, (Wanted(number=PICTURE_BOOK.isbn, codes=(CopyCodes(),)),))
    filled = house.shop.add_to_cart(LIBRARY, cart, EBOOK.product_id)
    assert [ids(line) for line in filled.lines] == [["PLAST"], ["PLAST"], []]
    house.shop.set_services(LIBRARY, cart, {filled.lines[0].line_id: ()})
    raised = house.shop.add_to_cart(LIBRARY, cart, NOVEL.product_id)
    assert [ids(line) for line in raised.lines] == [[], ["PLAST"], []]
    kept = KeptLine(line_id="a", product_id=NOVEL.product_id, title="", codes=(HBB,))
    again = house.shop.fill_cart(LIBRARY, "cart-2", (kept,))
    assert ids(again.lines[0]) == ["PLAST"]
    none = house.shop.fill_cart(LIBRARY, "cart-3", (replace(kept, services=()),))
    assert ids(none.lines[0]) == []
    assert house.shop.customer(LIBRARY).services == ("PLAST",)


@pytest.mark.rule("SVC-3")
@pytest.mark.rule("SVC-4")
def test_services_can_be_chosen_line_by_line_and_count_with_the_line(shop, cart):
    """As many as its copies, in the total, and gone with it."""
    line_id = shop.add_to_cart(LIBRARY, cart, NOVEL.product_id, 2).lines[0].line_id
    shop.add_to_cart(LIBRARY, cart, PICTURE_BOOK.product_id)
    chosen = shop.set_services(LIBRARY, cart, {line_id: ("ETIKETT", "PLAST")})
    assert [ids(line) for line in chosen.lines] == [["PLAST", "ETIKETT"], []]
    line = chosen.lines[0]
    assert line.total == Money(line.line_total.amount + 2 * Decimal("30.50"))
    assert chosen.total == Money(line.total.amount + chosen.lines[1].line_total.amount)
    assert shop.set_quantity(LIBRARY, cart, line_id, 0).total == chosen.lines[1].total


@pytest.mark.rule("SVC-3")
def test_a_choice_that_cannot_be_made_changes_nothing(shop, cart):
    """Neither for a title it is not offered for, nor for a line that is gone."""
    shop.add_to_cart(LIBRARY, cart, NOVEL.product_id)
    book, screen = shop.add_to_cart(LIBRARY, cart, EBOOK.product_id).lines
    for wanted, refusal in [
        ({book.line_id: ("PLAST",), screen.line_id: ("PLAST",)}, Refused),
        ({book.line_id: ("PLAST",), "gone": ()}, NotFound),
        ({book.line_id: ("ANNET",)}, Refused),
    ]:
        with pytest.raises(refusal):
            shop.set_services(LIBRARY, cart, wanted)
    assert [ids(line) for line in shop.cart(LIBRARY, cart).lines] == [[], []]


@pytest.mark.rule("SVC-1")
def test_a_library_without_a_system_is_not_offered_shelf_ready(shop):
    """Neither on the shelf nor in the cart."""
    offered = shop.offer(SCHOOL, NOVEL.product_id).services
    assert [entry.service_id for entry in offered] == ["PLAST", "ETIKETT"]
    school = shop.open_cart(SCHOOL, "cart-9").cart_id
    line = shop.add_to_cart(SCHOOL, school, NOVEL.product_id).lines[0]
    assert line.offered == offered
    with pytest.raises(Refused):
        shop.set_services(SCHOOL, school, {line.line_id: ("HYLLEKLAR",)})


@pytest.mark.rule("SVC-5")
def test_a_shelf_ready_line_waits_for_branch_and_shelf_mark(shop, cart):
    """It says so in the cart until each copy has both."""
    line_id = shop.add_to_cart(LIBRARY, cart, NOVEL.product_id, codes=HBB).lines[0].line_id
    line = shop.set_services(LIBRARY, cart, {line_id: ("HYLLEKLAR",)}).lines[0]
    assert line.problem == rules.NEEDS_PLACE
    assert not shop.set_copies(LIBRARY, cart, line_id, (READY_FOR_SHELF,)).lines[0].problem


@pytest.mark.rule("SVC-4")
def test_an_order_keeps_its_services_through_changes(house):
    """At the prices of the order; a change that leaves them out takes them off the line."""
    shop = house.shop
    line = line_of(1, NOVEL, HBB, HBB, services=rules.chosen(["PLAST"], SERVICES))
    placed = shop.place_order(order_of(line), "key-1")
    assert placed.order.lines[0].services == line.services
    number = placed.order_number
    fewer = replace(line_of(1, NOVEL, HBB), services=line.services)
    assert shop.change_order(number, order_of(fewer), "c-1").order.order.lines[0].services == line.services
    change = shop.change_order(number, order_of(replace(fewer, services=())), "c-2")
    assert change.order.order.lines[0].services == ()
    assert shop.order(LIBRARY, number) == change.order


@pytest.mark.rule("SVC-4")
def test_a_service_twice_or_at_less_than_nothing_is_refused(shop):
    """With the line named."""
    for services in [READY * 2, (replace(READY[0], unit_price=Money(Decimal("-1.00"))),)]:
        with pytest.raises(Refused, match="Line 3"):
            shop.place_order(order_of(line_of(3, NOVEL, HBB, services=services)), "key-1")


@pytest.mark.rule("SVC-5")
def test_barcodes_come_from_the_librarys_series_and_are_never_used_again(house):
    """One for each copy that takes one, through cancelled orders; a test uses none up."""
    shop = house.shop
    series = [{"first": "0998", "last": "0999"}, {"first": "2001", "last": "2009"}]
    house.take_customers(with_usual(barcodes=series))
    wish = order_of(
        line_of(1, NOVEL, READY_FOR_SHELF, READY_FOR_SHELF, READY_FOR_SHELF, services=READY),
        line_of(2, PICTURE_BOOK, HBB),
    )
    tried = shop.place_order(replace(wish, test=True), "key-0")
    assert {copy.barcode for line in tried.order.lines for copy in line.copies} == {""}
    placed = shop.place_order(wish, "key-1")
    assert [copy.barcode for copy in placed.order.lines[0].copies] == ["0998", "0999", "2001"]
    assert [copy.barcode for copy in placed.order.lines[1].copies] == [""]
    assert shop.place_order(wish, "key-1") == placed
    shop.cancel_order(LIBRARY, placed.order_number, "c-1")
    house.take_customers(with_usual(barcodes=series))
    other = shop.place_order(wish, "key-2")
    assert [copy.barcode for copy in other.order.lines[0].copies] == ["2002", "2003", "2004"]
    more = replace(wish.lines[0], quantity=4, copies=line_of(1, NOVEL, *[READY_FOR_SHELF] * 4).copies)
    raised = shop.change_order(other.order_number, order_of(more), "c-2").order
    assert [copy.barcode for copy in raised.order.lines[0].copies] == ["2002", "2003", "2004", "2005"]


@pytest.mark.rule("SVC-5")
def test_a_copy_without_a_barcode_gets_one_when_there_are_some_again(house):
    """Until then its line is not picked; the rest of the order is."""
    shop = house.shop
    house.take_customers(with_usual(barcodes=[{"first": "1", "last": "1"}]))
    lines = (
        line_of(1, NOVEL, READY_FOR_SHELF, READY_FOR_SHELF, services=READY),
        line_of(2, PICTURE_BOOK, HBB),
    )
    placed = shop.place_order(order_of(*lines), "key-1")
    assert [copy.barcode for copy in placed.order.lines[0].copies] == ["1", ""]
    with pytest.raises(Refused, match="Line 1: the library's barcodes are used up"):
        house.pick(placed, 1)
    assert house.pick(placed, 2).picked == (2,)
    house.take_customers(with_usual(barcodes=[{"first": "1", "last": "1"}, {"first": "70", "last": "79"}]))
    picked = house.pick(placed, 1)
    assert [copy.barcode for copy in picked.order.lines[0].copies] == ["1", "70"]
    assert picked.picked == (1, 2)


@pytest.mark.rule("SVC-5")
@pytest.mark.rule("ORD-6")
def test_what_is_called_off_uses_no_barcode_up(house):
    """The numbers that are left are for books that come."""
    shop = house.shop
    house.take_customers(with_usual(barcodes=[{"first": "1", "last": "1"}]))
    lines = [line_of(number, NOVEL, READY_FOR_SHELF, services=READY) for number in (1, 2)]
    placed = shop.place_order(order_of(*lines), "key-1")
    house.take_customers(with_usual(barcodes=[{"first": "1", "last": "1"}, {"first": "70", "last": "79"}]))
    shop.change_order(placed.order_number, order_of(lines[0]), "c-1")
    shop.cancel_order(LIBRARY, placed.order_number, "c-2")
    other = shop.place_order(order_of(lines[0]), "key-2")
    assert [copy.barcode for copy in other.order.lines[0].copies] == ["70"]


@pytest.mark.rule("SVC-4")
@pytest.mark.rule("SVC-5")
def test_a_copy_whose_service_is_removed_comes_without_its_barcode(house):
    """Nobody puts it on; with the service back it gets another, for no number is given twice."""
    shop = house.shop
    house.take_customers(with_usual(barcodes=[{"first": "1", "last": "9"}]))
    line = line_of(1, NOVEL, READY_FOR_SHELF, services=READY)
    placed = shop.place_order(order_of(line), "key-1")
    (first,) = placed.order.lines[0].copies
    (without,) = (
        shop.change_order(placed.order_number, order_of(replace(line, services=())), "c-1")
        .order.order.lines[0]
        .copies
    )
    assert (without.copy_id, without.barcode) == (first.copy_id, "")
    (again,) = shop.change_order(placed.order_number, order_of(line), "c-2").order.order.lines[0].copies
    assert (again.copy_id, again.barcode) == (first.copy_id, "2")
