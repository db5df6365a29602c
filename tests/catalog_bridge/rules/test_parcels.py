"""What may lie in one parcel, and which copies are picked (SHIP-3, INV-2)."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.rules import parcels
from catalog_bridge.rules.parcels import Together
from protocols.model.party import Address
from protocols.model.shipment import OrderAtCounter
from tests.catalog_bridge.rules.shipped import ADDRESS, PLACES, ids, line, order, orders

KEY = Together(address_id="HBB", address=ADDRESS, carrier_day="2026-03-02")


@pytest.mark.rule("SHIP-3")
def test_orders_of_one_address_and_day_share_a_parcel():
    """Whoever they belong to."""
    assert parcels.shared({"1": KEY, "2": KEY}) == KEY


@pytest.mark.rule("SHIP-3")
@pytest.mark.parametrize(
    "other",
    [
        {"address_id": "BJO"},
        {"address": replace(ADDRESS, street=("Storgata 11",))},
        {"carrier_day": "2026-03-03"},
        {"test": True},
    ],
)
def test_orders_of_another_address_or_day_do_not(other):
    """Nor a test beside what is sent in earnest, nor two customers who call different places by one id."""
    with pytest.raises(Refused, match="1 and 2"):
        parcels.shared({"1": KEY, "2": replace(KEY, **other)})


@pytest.mark.rule("SHIP-5")
def test_a_parcel_needs_an_order():
    """An empty one would have no slip."""
    with pytest.raises(Refused):
        parcels.shared({})


@given(st.data())
def test_so_many_copies_are_picked_as_are_said(data):
    """Packed ones among them, those picked before next, the others in the librarian's order of priority."""
    made, _ = line(1, *(PLACES[0],) * 6)
    all_ids = [copy.copy_id for copy in made.copies]
    packed = data.draw(st.sets(st.sampled_from(all_ids), max_size=3))
    picked = packed | data.draw(st.sets(st.sampled_from(all_ids), max_size=3))
    count = data.draw(st.integers(len(packed), 6))
    taken = {copy.copy_id for copy in parcels.taken(made, count, picked, packed)}
    assert len(taken) == count
    assert taken >= packed
    assert taken >= picked or taken <= picked
    new = [id_ for id_ in all_ids if id_ in taken - picked]
    assert new == [id_ for id_ in all_ids if id_ not in picked][: len(new)]


@pytest.mark.parametrize("count", [-1, 0, 4])
def test_fewer_than_are_packed_or_more_than_are_ordered_is_refused(count):
    """The sentence names the line and both limits."""
    made, _ = line(1, *PLACES[:3])
    with pytest.raises(Refused, match=r"Line 1: between 1 and 3 .* not"):
        parcels.taken(made, count, {"1-1-1"}, {"1-1-1"})


@pytest.mark.rule("ORD-6")
def test_a_line_is_closed_when_a_copy_of_it_is_picked():
    """One copy of two is enough; a line of which none is stays open."""
    lines = line(1, *PLACES[:2]), line(2, PLACES[0])
    found = parcels.picking(order(*lines), {1: 1, 2: 0}, set(), set())
    assert found.order.picked == (1,)
    assert found.charged == {"1-1-1": True}
    assert found.put_back == frozenset()


def test_copies_put_back_leave_the_line_closed():
    """Somebody took one too many; the line has been picked all the same."""
    lines = (line(1, *PLACES[:3]),)
    now = replace(order(*lines), picked=(1,))
    found = parcels.picking(now, {1: 1}, {"1-1-1", "1-1-2"}, set())
    assert (found.order, found.charged, found.put_back) == (now, {}, frozenset({"1-1-2"}))


@pytest.mark.rule("ORD-8")
def test_a_free_copy_is_picked_and_never_charged():
    """What Arts Council Norway has bought is taken from the shelf like any other."""
    lines = line(1, PLACES[0], price="0.00"), line(2, PLACES[0])
    found = parcels.picking(order(*lines), {1: 1, 2: 1}, set(), set())
    assert found.charged == {"1-1-1": False, "1-2-1": True}


def test_lines_that_there_are_not_are_not_picked():
    """Cancelled ones and those that never were."""
    lines = line(1, PLACES[0]), line(2, PLACES[0])
    now = replace(order(lines[0]), cancelled=(lines[1][0],))
    with pytest.raises(Refused):
        parcels.picking(now, {2: 1}, set(), set())
    with pytest.raises(NotFound):
        parcels.picking(now, {3: 1}, set(), set())


@pytest.mark.rule("INV-2")
@given(orders(), st.data())
def test_what_is_given_up_is_all_that_is_not_packed(made, data):
    """Packed copies stay under their ids, numbered 1…n; a line without any is cancelled as it was."""
    placed, _ = made
    packed = set(data.draw(st.lists(st.sampled_from(ids(placed)), unique=True)))
    rest = parcels.without_rest(placed, packed)
    assert {copy.copy_id for each in rest.order.lines for copy in each.copies} == packed
    for each in rest.order.lines:
        assert [copy.number for copy in each.copies] == list(range(1, each.quantity + 1))
    gone = {each.number for each in rest.cancelled}
    assert gone | {each.number for each in rest.order.lines} == {each.number for each in placed.order.lines}
    assert all(each in placed.order.lines for each in rest.cancelled)


@pytest.mark.parametrize("digits", ["370356900000000019", "37035690000000001", "x" * 18, "٣" * 18])
def test_a_wrong_sscc_is_refused(digits):
    """A digit too few, a wrong check digit, letters, digits of another script."""
    with pytest.raises(Refused, match="18 digits"):
        parcels.sscc(digits)


def test_a_tracking_number_is_one_line():
    """Trimmed, printable, at most 70 characters."""
    assert parcels.tracking(" 70 3456 ") == "70 3456"
    for text in ("a\nb", "x" * 71):
        with pytest.raises(Refused, match="Tracking number"):
            parcels.tracking(text)


def test_price_decides_nothing_else():
    """Half an øre is a price."""
    lines = (line(1, PLACES[0], price=Decimal("0.005")),)
    assert parcels.picking(order(*lines), {1: 1}, set(), set()).charged == {"1-1-1": True}


@pytest.mark.rule("SHIP-3")
def test_orders_stand_by_their_place_in_their_order():
    """Two customers' places of one id are two, and tests stand apart; the first to pack is named."""
    here, there = Address(address_id="HBB", name="Hoved"), Address(address_id="HBB", name="Annet")
    orders = (
        at_counter("1", here),
        at_counter("2", there),
        at_counter("3", here, test=True),
        at_counter("4", here, picked=1),
    )
    found = parcels.places(orders)
    assert [[order.order_number for order in place.orders] for place in found] == [["1", "4"], ["2"], ["3"]]
    assert [place.to_pack and place.to_pack.order_number for place in found] == ["4", None, None]
    assert [order.order_number for order in parcels.beside(orders[0], orders)] == ["1", "4"]


def at_counter(number, address, **facts):
    """An order of one copy on its way to this address."""
    order = OrderAtCounter(
        order_number=number,
        customer_number="100234",
        customer_name="Testby bibliotek",
        address_id=address.address_id,
        address=address,
        placed_at="",
        status="received",
        ordered=1,
        picked=0,
        packed=0,
        sent=0,
    )
    return replace(order, **facts)
