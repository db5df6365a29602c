"""The packing slip: nothing is lost, nothing is mixed, everything has its place (SHIP-4, SHIP-5)."""

import pytest
from hypothesis import given

from catalog_bridge.bookshop import Refused
from tests.catalog_bridge.rules.shipped import ADDRESS, PLACES, ids, line, order, packed, sent, shipped


@pytest.mark.rule("SHIP-4")
@pytest.mark.rule("CHK-2", way="direct")
@pytest.mark.rule("CHK-2", way="punchout")
def test_a_slip_says_whose_it_is():
    """Order number, order name, PO number with its part, requisition, buyer, customer and address."""
    lines = (line(1, PLACES[0]),)
    names = {"order_name": "Barnebøker påske", "po_number": "PO-1", "po_suffix": "-2", "requisition_id": "R9"}
    slip = packed(order(*lines, **names, ordered_by="Bø"), lines, ["1-1-1"])
    assert (slip.order_number, slip.order_name, slip.po_number) == ("1", "Barnebøker påske", "PO-1-2")
    assert (slip.requisition_id, slip.ordered_by, slip.customer_number) == ("R9", "Bø", "100234")
    assert (slip.customer_name, slip.address) == ("Testby bibliotek", ADDRESS)


@pytest.mark.rule("SHIP-2")
@pytest.mark.rule("SHIP-4")
def test_lines_stand_under_branch_and_department():
    """In the register's sequence and with its names, retired codes too; without distribution last."""
    lines = (line(1, *reversed(PLACES)), line(2, PLACES[0]))
    slip = packed(order(*lines), lines, ids(order(*lines)))
    assert [(group.branch_code, group.department_code) for group in slip.groups] == [
        ("HBB", "VOKSEN"),
        ("HBB", "BARN"),
        ("BJO", "BARN"),
        ("", "BARN"),
        ("", ""),
    ]
    assert [group.branch_name for group in slip.groups][2:4] == ["Bjørnsletta", ""]
    assert slip.groups[0].department_name == "Voksen"
    assert [each.number for each in slip.groups[0].lines] == [1, 2]
    assert not slip.groups[-1].assigned
    assert slip.groups[-1].lines[0].quantity == 2


@pytest.mark.rule("SHIP-4")
def test_what_is_still_to_come_stands_where_it_goes():
    """A department that gets nothing this time sees what it waits for."""
    lines = (line(1, PLACES[0], PLACES[0], PLACES[2]),)
    first, second = sent(order(*lines), lines, ["1-1-2"], ["1-1-1"])
    told = [
        [
            (group.branch_code, each.quantity, each.outstanding)
            for group in one.slip.groups
            for each in group.lines
        ]
        for one in (first, second)
    ]
    assert told == [[("HBB", 1, 1), ("BJO", 0, 1)], [("HBB", 1, 0), ("BJO", 0, 1)]]


@pytest.mark.rule("SHIP-5")
@given(shipped())
def test_copies_on_slips_are_the_copies_packed(made):
    """Whatever was ordered and in whatever parts it is sent: no copy is lost, doubled or moved."""
    placed, lines, parts = made
    codes = {copy.copy_id: copy.codes for each in placed.order.lines for copy in each.copies}
    slips = [one.slip for one in sent(placed, lines, *parts)]
    on_slips = [copy.copy_id for slip in slips for copy in slip.copies]
    assert sorted(on_slips) == sorted(id_ for part in parts for id_ in part)
    for slip, part in zip(slips, parts, strict=True):
        assert sorted(copy.copy_id for copy in slip.copies) == sorted(part)
        for group in slip.groups:
            for copy in (copy for each in group.lines for copy in each.copies):
                assert copy.codes == codes[copy.copy_id]
                place = copy.codes.branch_code, copy.codes.collection_code
                assert place == (group.branch_code, group.department_code)
    left = len(ids(placed)) - len(on_slips)
    assert slips == [] or slips[-1].outstanding == left


@pytest.mark.rule("DIST-4")
@given(shipped())
def test_quantity_is_the_number_of_copies(made):
    """On every line of every slip."""
    placed, lines, parts = made
    for one in sent(placed, lines, *parts):
        assert all(each.quantity == len(each.copies) for each in one.slip.lines())
        assert all(each.quantity or each.outstanding for each in one.slip.lines())


@pytest.mark.rule("SHIP-5")
def test_a_slip_without_a_copy_is_refused():
    """Nobody can pack nothing."""
    lines = (line(1, PLACES[0]),)
    with pytest.raises(Refused):
        packed(order(*lines), lines, [])


@pytest.mark.rule("PRICE-4")
def test_a_title_that_the_catalogue_has_lost_is_not_packed():
    """Its tax is not known; one that is still to come is shown by its number."""
    lines = line(1, PLACES[0]), line(2, PLACES[0])
    with pytest.raises(Refused, match="Line 2"):
        packed(order(*lines), lines[:1], ["1-1-1", "1-2-1"])
    slip = packed(order(*lines), lines[:1], ["1-1-1"])
    assert [each.title for each in slip.lines()] == ["Bok 1", lines[1][0].product_id]
