"""The counter on both databases: pick, pack, send, invoice, credit (SHIP-1 to SHIP-6, INV-1 to INV-4)."""

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog_bridge.bookshop import NotFound, Refused
from protocols.model.distribution import CopyCodes
from protocols.model.serial import from_json, to_json
from tests.catalog_bridge.contract.world import (
    BJO,
    COMING,
    HBB,
    LIBRARY,
    NOVEL,
    OLD_NUMBER,
    PICTURE_BOOK,
    SCHOOL,
    customers,
    line_of,
)
from tests.catalog_bridge.embedded.at_counter import BRANCH, DAY, key, pick_all, send_all, status


@pytest.mark.rule("SHIP-1")
def test_orders_to_pick_are_listed_the_oldest_first(counter, place):
    """With customer, address, references and how many copies; what is packed whole is not listed."""
    first = place(line_of(1, NOVEL, HBB, BJO), order_name="Barn", po_number="PO-1", po_suffix="-1")
    second = place(customer_number=SCHOOL, delivery_address_id="SKO", way="direct")
    one, other = counter.to_pick()
    assert (one.order_number, other.order_number) == (first.order_number, second.order_number)
    assert (one.customer_name, one.address.name, one.order_name) == (
        "Testby bibliotek",
        "Hovedbiblioteket",
        "Barn",
    )
    assert (one.po_number, one.ordered, one.picked, one.way) == ("PO-1-1", 2, 0, "punchout")
    assert (other.customer_number, other.address_id, other.way) == (SCHOOL, "SKO", "direct")
    pick_all(counter, first)
    assert counter.to_pick()[0].to_pack == 2
    counter.pack((key(first),), DAY)
    assert [order.order_number for order in counter.to_pick()] == [second.order_number]
    assert len(counter.to_pick(most=0)) == 0


def test_an_order_shows_its_lines_and_what_waits(counter, place):
    """Titles by name, copies, what has been picked and packed; a forthcoming title waits."""
    placed = place(line_of(1, NOVEL, HBB, BJO), line_of(2, COMING, HBB))
    counter.set_picked(*key(placed), {1: 1})
    counter.pack((key(placed),), DAY)
    counter.set_picked(*key(placed), {1: 2})
    shown = counter.order(OLD_NUMBER, placed.order_number)
    assert [(line.title, line.quantity, line.picked, line.packed) for line in shown.lines] == [
        (NOVEL.title, 2, 2, 1),
        (COMING.title, 1, 0, 0),
    ]
    assert [line.waits for line in shown.lines] == [False, True]
    assert (shown.ordered, shown.picked, shown.packed, shown.to_pack, shown.outstanding) == (3, 2, 1, 1, 2)


@pytest.mark.rule("DIST-13")
@pytest.mark.rule("ORD-6")
def test_a_line_is_closed_once_a_copy_of_it_is_picked(house, counter, place):
    """Its copies move no more, and a change is refused by number; the other line is still open."""
    placed = place(line_of(1, NOVEL, HBB, BJO), line_of(2, PICTURE_BOOK, HBB))
    counter.set_picked(*key(placed), {1: 1, 2: 0})
    with pytest.raises(Refused, match="picked"):
        house.shop.set_order_copies(*key(placed), 1, (BJO, BJO))
    moved = house.shop.set_order_copies(*key(placed), 2, (BJO,))
    assert moved.order.lines[1].copies[0].codes == BJO


@pytest.mark.rule("SHIP-5")
def test_a_copys_department_is_the_one_it_was_packed_with(house, counter, place):
    """What the register calls a place later changes no slip."""
    placed = place(line_of(1, NOVEL, CopyCodes()))
    house.shop.set_order_copies(*key(placed), 1, (BJO,))
    send_all(counter, placed)
    house.take_customers(customers(retired="BARN"))
    (one,) = counter.consignments(*key(placed))
    (group,) = one.slip.groups
    assert (group.branch_code, group.branch_name) == ("BJO", "Bjo")
    assert (group.department_code, group.department_name) == ("BARN", "Barn")


def test_picking_says_how_many_in_all(counter, place):
    """Said twice it is done once; fewer puts copies back, but none that are packed."""
    placed = place(line_of(1, NOVEL, *(HBB,) * 5))
    for _ in range(2):
        counter.set_picked(*key(placed), {1: 3})
        assert counter.order(*key(placed)).picked == 3
    counter.set_picked(*key(placed), {1: 2})
    counter.pack((key(placed),), DAY)
    assert counter.order(*key(placed)).packed == 2
    with pytest.raises(Refused, match="between 2 and 5"):
        counter.set_picked(*key(placed), {1: 1})
    with pytest.raises(NotFound):
        counter.set_picked(*key(placed), {9: 1})
    with pytest.raises(NotFound):
        counter.set_picked(SCHOOL, placed.order_number, {1: 3})


@pytest.mark.rule("CUST-4")
@pytest.mark.rule("SHIP-5")
def test_an_order_named_by_its_old_and_its_new_customer_number_is_packed_once(house, counter, place):
    """One slip, each copy once."""
    placed = place()
    pick_all(counter, placed)
    parcel = counter.pack((key(placed), (OLD_NUMBER, placed.order_number)), DAY)
    assert [slip.order_number for slip in parcel.slips] == [placed.order_number]


@pytest.mark.rule("SHIP-2")
@pytest.mark.rule("SHIP-3", way="direct")
@pytest.mark.rule("SHIP-3", way="punchout")
@pytest.mark.rule("INV-1", way="direct")
@pytest.mark.rule("INV-1", way="punchout")
def test_two_orders_in_one_parcel_have_a_slip_and_an_invoice_each(house, counter, place):
    """A direct one and one from a procurement system: nothing of the one stands with the other."""
    first = place(line_of(1, NOVEL, HBB, BJO), order_name="Voksen", po_number="PO-1")
    second = place(line_of(1, NOVEL, BJO), order_name="Barn", way="direct")
    parcel = send_all(counter, first, second)
    assert {slip.order_number: len(slip.copies) for slip in parcel.slips} == {
        first.order_number: 2,
        second.order_number: 1,
    }
    assert (parcel.tracking, parcel.sent) == ("7034", True)
    for placed in (first, second):
        (one,) = counter.consignments(*key(placed))
        assert one.tracking == "7034"
        invoice = counter.invoice(*key(placed))
        assert invoice.order_number == placed.order_number
        assert invoice.order_name == one.slip.order_name == placed.order.order_name
        copies = {copy.copy_id for line in placed.order.lines for copy in line.copies}
        assert {id_ for line in invoice.lines for id_ in line.copy_ids} == copies
        assert counter.invoices(*key(placed)) == (invoice,)
        assert status(house, placed) == "invoiced"
    assert len(counter.invoices(LIBRARY)) == 2


@pytest.mark.rule("SHIP-3")
def test_orders_of_two_customers_share_a_parcel_where_they_share_the_place(house, counter, place):
    """The same id and the same address; one id for two places is not enough, and nothing is packed then."""
    house.take_customers(json.dumps({"customers": [BRANCH]}))
    ours, theirs = place(), place(customer_number=SCHOOL, delivery_address_id="HBB")
    parcel = send_all(counter, ours, theirs)
    assert {slip.customer_number for slip in parcel.slips} == {LIBRARY, SCHOOL}
    assert counter.parcel(parcel.parcel_number) == parcel
    again, other = place(), place(customer_number=SCHOOL, delivery_address_id="HBB")
    moved = {**BRANCH["addresses"][1], "street": "Lillegata 9"}
    house.take_customers(
        json.dumps({"customers": [{**BRANCH, "addresses": [BRANCH["addresses"][0], moved]}]})
    )
    pick_all(counter, again, other)
    with pytest.raises(Refused, match="different addresses"):
        counter.pack((key(again), key(other)), DAY)
    assert counter.order(*key(again)).to_pack == 1


@pytest.mark.rule("SHIP-5")
def test_packing_again_gives_the_same_parcel(counter, place):
    """A double click packs once; an order that has nothing to pack beside one that has is refused."""
    first, second = place(), place()
    pick_all(counter, first)
    parcel = counter.pack((key(first),), DAY)
    assert counter.pack((key(first),), DAY) == parcel
    pick_all(counter, second)
    for orders in ((key(first), key(second)), ()):
        with pytest.raises(Refused):
            counter.pack(orders, DAY)
    other = counter.pack((key(second),), DAY)
    assert counter.parcels() == (parcel, other)
    with pytest.raises(Refused, match="Nothing"):
        counter.pack((key(first), key(second)), DAY)
    with pytest.raises(Refused, match="Nothing"):
        counter.pack((key(place()),), DAY)


def test_a_parcel_is_taken_apart_until_it_has_left(counter, place):
    """Its books lie beside it, picked; sent it stays, and one that is gone is left alone."""
    placed = place(line_of(1, NOVEL, HBB, BJO))
    pick_all(counter, placed)
    parcel = counter.pack((key(placed),), DAY)
    for _ in range(2):
        counter.unpack(parcel.parcel_number)
    assert counter.consignments(*key(placed)) == ()
    assert counter.order(*key(placed)).to_pack == 2
    with pytest.raises(NotFound):
        counter.parcel(parcel.parcel_number)
    sent = send_all(counter, placed)
    with pytest.raises(Refused, match="already"):
        counter.unpack(sent.parcel_number)


@pytest.mark.rule("SHIP-6")
def test_a_parcel_is_sent_once(counter, place):
    """The same words again change nothing, other words are refused; a wrong SSCC before anything happens."""
    placed = place()
    pick_all(counter, placed)
    number = counter.pack((key(placed),), DAY).parcel_number
    with pytest.raises(Refused, match="18 digits"):
        counter.ship(number, "7034", "123")
    sent = counter.ship(number, "7034", "370356900000000010")
    assert counter.ship(number, " 7034 ", "3 7035690 000000001 0") == sent
    with pytest.raises(Refused, match="already"):
        counter.ship(number, "7035")
    assert counter.parcels() == ()
    for call in (counter.ship, counter.parcel):
        with pytest.raises(NotFound):
            call("P1")


@pytest.mark.rule("SHIP-6")
def test_each_slip_that_has_left_is_told_of_once(counter, place):
    """Per order, never per parcel; what has not left is nobody's news."""
    first, second, third = place(), place(), place()
    send_all(counter, first, second)
    pick_all(counter, third)
    counter.pack((key(third),), DAY)
    untold = counter.untold()
    assert {one.slip.order_number for one in untold} == {first.order_number, second.order_number}
    counter.told(untold[0])
    assert counter.untold() == untold[1:]
    assert counter.untold(most=0) == ()


@pytest.mark.rule("SHIP-1")
def test_a_test_goes_the_whole_way_in_series_of_its_own(counter, place):
    """Parcel, slip, invoice and credit note say so; no carrier gets it, nothing in earnest lies beside it."""
    test, earnest = place(test=True), place()
    pick_all(counter, test, earnest)
    with pytest.raises(Refused, match="test"):
        counter.pack((key(test), key(earnest)), DAY)
    parcel = counter.pack((key(test),), DAY)
    with pytest.raises(Refused, match="carrier"):
        counter.ship(parcel.parcel_number, "7034")
    sent = counter.ship(parcel.parcel_number)
    assert (sent.test, sent.slips[0].test, sent.tracking) == (True, True, "")
    invoice = counter.invoice(*key(test))
    note = counter.credit(LIBRARY, invoice.number, {}, "Prøve", "k")
    assert (invoice.test, note.test) == (True, True)
    assert [number[:6] for number in (sent.parcel_number, invoice.number, note.number)] == [
        "TEST-P",
        "TEST-F",
        "TEST-K",
    ]


def test_everything_that_the_counter_gives_survives_json(counter, place):
    """So that a shop with a system of its own can be attached over HTTP."""
    placed = place(line_of(1, NOVEL, HBB, BJO), line_of(2, COMING, HBB))
    counter.set_picked(*key(placed), {1: 1})
    parcel = counter.ship(counter.pack((key(placed),), DAY).parcel_number)
    given_out = [parcel, *counter.to_pick(), counter.order(*key(placed)), counter.billable(*key(placed))]
    given_out += [*counter.consignments(*key(placed)), counter.handled(*key(placed))]
    counter.give_up_rest(*key(placed))
    invoice = counter.invoice(*key(placed))
    given_out += [invoice, counter.credit(LIBRARY, invoice.number, {}, "Feil", "k")]
    for one in given_out:
        assert from_json(to_json(one), type(one)) == one


@pytest.mark.rule("SHIP-5")
@pytest.mark.rule("INV-1")
@given(st.data())
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_the_counter_does_no_copy_is_lost_or_charged_twice(house, counter, place, data):
    """Σ on slips = Σ packed = Σ ordered - outstanding, and every invoice refers to one order."""
    codes = st.lists(st.sampled_from([HBB, BJO, CopyCodes()]), min_size=1, max_size=4)
    placed = [
        place(*(line_of(n, NOVEL, *data.draw(codes)) for n in range(1, data.draw(st.integers(1, 3)) + 1)))
        for _ in range(3)
    ]
    for _ in range(data.draw(st.integers(1, 4))):
        some = data.draw(st.lists(st.sampled_from(placed), unique_by=key, min_size=1))
        for order in some:
            lines = counter.order(*key(order)).lines
            wanted = {line.number: data.draw(st.integers(line.packed, line.quantity)) for line in lines}
            counter.set_picked(*key(order), wanted)
        ready = [order for order in some if counter.order(*key(order)).to_pack]
        if ready:
            counter.ship(counter.pack(tuple(map(key, ready)), DAY).parcel_number)
    house.clock.forward(days=15)
    for order in placed:
        slips = [one.slip for one in counter.consignments(*key(order))]
        on_slips = [copy.copy_id for slip in slips for copy in slip.copies]
        shown = counter.order(*key(order))
        assert len(on_slips) == len(set(on_slips)) == shown.packed == shown.ordered - shown.outstanding
        assert {slip.order_number for slip in slips} <= {order.order_number}
        if slips:
            invoice = counter.invoice(*key(order))
            assert sorted(id_ for line in invoice.lines for id_ in line.copy_ids) == sorted(on_slips)
            assert invoice.order_number == order.order_number


@pytest.mark.rule("SHIP-2")
@pytest.mark.rule("SHIP-3", way="direct")
@pytest.mark.rule("SHIP-3", way="punchout")
def test_everything_picked_for_one_place_may_be_packed_together(house, counter, place):
    """However many wait before them, and of whichever customer; nothing unpicked, elsewhere or a test."""
    house.take_customers(json.dumps({"customers": [BRANCH]}))
    theirs = place(line_of(1, NOVEL), customer_number=SCHOOL, delivery_address_id="HBB")
    test = place(line_of(1, NOVEL, HBB), test=True)
    elsewhere = place(line_of(1, NOVEL, HBB), delivery_address_id="BJO")
    unpicked = place(line_of(1, NOVEL, HBB))
    ours = place(line_of(1, NOVEL, HBB))
    pick_all(counter, theirs, test, elsewhere, ours)
    together = counter.to_pack_with(*key(ours))
    assert [order.order_number for order in together] == [theirs.order_number, ours.order_number]
    assert counter.to_pack_with(*key(unpicked)) == together
    counter.pack((key(ours),), DAY)
    assert [order.order_number for order in counter.to_pack_with(*key(ours))] == [theirs.order_number]
    with pytest.raises(NotFound):
        counter.to_pack_with(SCHOOL, ours.order_number)
