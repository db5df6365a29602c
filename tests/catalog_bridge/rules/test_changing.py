"""Placed orders that change, as a function: what follows the wish, what stays, and which copy is which."""

from collections import Counter
from dataclasses import replace
from decimal import Decimal
from itertools import count

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.rules import changing
from protocols.model.distribution import Code, Copy, CopyCodes, Register, numbered
from protocols.model.money import Money
from protocols.model.order import BookshopOrder, RefusedChange, ShopOrder, ShopOrderLine
from tests.catalog_bridge.rules.ways import both_ways

HBB, BJO, LIL = (CopyCodes(branch_code=code) for code in ("HBB", "BJO", "LIL"))
NONE = CopyCodes()
REGISTER = Register(codes=tuple(Code(field="branch_code", value=value) for value in ("HBB", "BJO")))


def line_of(number, *codes, product_id="9788203187568", **facts):
    """A line with a copy for each of the codes, none of them named yet."""
    line = ShopOrderLine(
        number=number,
        product_id=product_id,
        quantity=len(codes),
        unit_price=Money(Decimal("199.00")),
        copies=numbered(codes),
    )
    return replace(line, **facts)


def order_of(*lines, **facts):
    """A wish for these lines."""
    return ShopOrder(customer_number="100234", delivery_address_id="HBB", lines=lines, **facts)


def namer(start=1):
    """Ids that never repeat, as the shop gives them."""
    running = count(start)
    return lambda: f"7-{next(running)}"


def placed(wanted, *, picked=()):
    """The wish as it was placed, its copies named 7-1, 7-2 and so on."""
    empty = BookshopOrder(
        order_number="7", status="received", placed_at="2026-03-02", order=replace(wanted, lines=())
    )
    return replace(changing.changed(empty, wanted, namer()).order, status="received", picked=picked)


def all_copies(order):
    """The copies of all live lines."""
    return [copy for line in order.order.lines for copy in line.copies]


def ids(line):
    """The names of a line's copies, in order."""
    return [copy.copy_id for copy in line.copies]


def content(order):
    """What a wish says, names and barcodes of copies left out."""
    lines = (replace(line, copies=numbered(tuple(c.codes for c in line.copies))) for line in order.lines)
    return replace(order, lines=tuple(lines))


def free_lines(order, picked):
    """What the lines say that are not picked."""
    return tuple(line for line in content(order).lines if line.number not in picked)


CODES = st.sampled_from([HBB, BJO, NONE])
LINE = st.builds(
    lambda number, codes, product_id, price, note: line_of(
        number, *codes, product_id=product_id, unit_price=Money(Decimal(price)), note=note
    ),
    st.integers(1, 5),
    st.lists(CODES, min_size=1, max_size=5),
    st.sampled_from(["A", "B"]),
    st.sampled_from(["199.00", "249.00"]),
    st.sampled_from(["", "Haster"]),
)
WISH = st.builds(
    lambda lines, name, address: replace(order_of(*lines, order_name=name), delivery_address_id=address),
    st.lists(LINE, min_size=1, max_size=5, unique_by=lambda line: line.number).map(
        lambda lines: sorted(lines, key=lambda line: line.number)
    ),
    st.sampled_from(["", "Voksen"]),
    st.sampled_from(["HBB", "BJO"]),
)


@st.composite
def orders(draw):
    """A placed order with some of its lines picked."""
    order = placed(draw(WISH))
    numbers = [line.number for line in order.order.lines]
    return replace(order, picked=tuple(sorted(draw(st.sets(st.sampled_from(numbers))))))


@both_ways("ORD-6")
@given(orders(), WISH)
def test_nothing_of_a_picked_line_changes(order, wish):
    """Whatever is wished for, what lies in the parcel is what stands in the order."""
    change = changing.changed(order, wish, namer(100)).order
    for number in order.picked:
        assert changing.live_line(change, number) == changing.live_line(order, number)
    assert change.picked == order.picked


@both_ways("ORD-6")
@given(orders(), WISH)
def test_lines_that_are_not_picked_say_what_is_wished(order, wish):
    """Everything else follows the wish; what it does not name is cancelled, and nothing is both."""
    change = changing.changed(order, wish, namer(100)).order
    assert free_lines(change.order, order.picked) == free_lines(wish, order.picked)
    live = {line.number for line in change.order.lines}
    assert live == {line.number for line in wish.lines} | set(order.picked)
    assert {line.number for line in change.cancelled} == {line.number for line in order.order.lines} - live


@both_ways("ORD-6")
@given(orders(), WISH)
def test_every_difference_that_is_not_taken_is_refused_with_a_reason(order, wish):
    """What the order does not say afterwards although it was wished is in the list, and nothing else is."""
    change = changing.changed(order, wish, namer(100))
    wished = {line.number: line for line in content(wish).lines}
    now = {line.number: line for line in content(change.order.order).lines}
    differ = {
        number
        for number in now
        if number not in wished
        or replace(now[number], copies=()) != replace(wished[number], copies=())
        or Counter(c.codes for c in now[number].copies) != Counter(c.codes for c in wished[number].copies)
    }
    header = replace(wish, lines=()) != replace(change.order.order, lines=())
    assert {refusal.line for refusal in change.refused} == differ | ({0} if header else set())
    assert all(refusal.reason for refusal in change.refused)


@both_ways("DIST-4")
@given(orders(), WISH)
def test_quantity_is_the_number_of_copies_after_any_change(order, wish):
    """Quantity n means copies 1…n, live or cancelled."""
    change = changing.changed(order, wish, namer(100)).order
    for line in (*change.order.lines, *change.cancelled):
        assert [copy.number for copy in line.copies] == list(range(1, line.quantity + 1))


@given(orders())
def test_change_to_the_same_content_changes_nothing(order):
    """A document that repeats the order costs no copy its name."""
    change = changing.changed(order, content(order.order), namer(100))
    assert (change.order, change.refused) == (order, ())


@both_ways("ORD-6")
@given(orders(), WISH, WISH)
def test_last_of_two_changes_wins(order, first, second):
    """What an earlier change wanted leaves no trace in lines that can change."""
    new_id = namer(100)
    twice = changing.changed(changing.changed(order, first, new_id).order, second, new_id).order
    once = changing.changed(order, second, namer(100)).order
    assert content(twice.order) == content(once.order)


@given(orders(), st.lists(WISH, min_size=1, max_size=4))
def test_copy_id_never_comes_back(order, wishes):
    """An id that has left the order, in a cancelled line or a lowered quantity, names no other copy later."""
    new_id, gone = namer(100), set()
    for wish in wishes:
        change = changing.changed(order, wish, new_id).order
        before, after = ({copy.copy_id for copy in all_copies(each)} for each in (order, change))
        assert len(after) == len(all_copies(change))
        gone |= before - after
        assert not after & gone
        order = change


@pytest.mark.rule("DIST-9", way="punchout")
@given(orders(), WISH)
def test_copy_whose_title_and_codes_stay_keeps_its_name(order, wish):
    """As many copies as both sides have of the same codes are the same books, in order."""
    change = changing.changed(order, wish, namer(100)).order
    before = {line.number: line for line in order.order.lines}
    for line in change.order.lines:
        old = before.get(line.number)
        if old and old.product_id == line.product_id:
            counts = Counter(c.codes for c in old.copies) & Counter(c.codes for c in line.copies)
            for codes, number in counts.items():
                names = [[c.copy_id for c in each.copies if c.codes == codes] for each in (old, line)]
                assert names[0][:number] == names[1][:number]


def test_copies_of_another_title_are_other_copies():
    """A line whose title changes gets new books: none of them is the one that was ordered before."""
    order = placed(order_of(line_of(1, HBB, BJO)))
    change = changing.changed(order, order_of(line_of(1, HBB, BJO, product_id="B")), namer(3)).order
    assert ids(change.order.lines[0]) == ["7-3", "7-4"]


def test_line_that_comes_back_has_new_copies():
    """A cancelled line that is wanted again is live again, and its old copies stay cancelled for ever."""
    order = placed(order_of(line_of(1, HBB), line_of(2, BJO)))
    without = changing.changed(order, order_of(line_of(1, HBB)), namer(3)).order
    assert [ids(line) for line in without.cancelled] == [["7-2"]]
    again = changing.changed(without, order_of(line_of(1, HBB), line_of(2, BJO)), namer(3)).order
    assert [ids(line) for line in again.order.lines] == [["7-1"], ["7-3"]]
    assert again.cancelled == ()


def test_barcode_stays_with_its_copy():
    """A label that is on a book goes to no other book, also when the wish repeats it."""
    labelled = (
        Copy(number=1, codes=HBB, barcode="0301"),
        Copy(number=2, codes=BJO, barcode="0302"),
    )
    order = placed(order_of(line_of(1, HBB, BJO, copies=labelled)))
    moved = (
        replace(labelled[0], codes=LIL),
        replace(labelled[1], barcode=""),
        Copy(number=3, codes=HBB, barcode="0303"),
    )
    change = changing.changed(order, order_of(line_of(1, LIL, BJO, HBB, copies=moved)), namer(3)).order
    found = [(copy.copy_id, copy.codes, copy.barcode) for copy in all_copies(change)]
    assert found == [("7-3", LIL, ""), ("7-2", BJO, "0302"), ("7-1", HBB, "0301")]


@both_ways("ORD-6")
@pytest.mark.parametrize(
    "wish",
    [
        line_of(1, HBB),
        line_of(1, HBB, BJO, BJO),
        line_of(1, HBB, HBB),
        line_of(1, HBB, BJO, product_id="B"),
        line_of(1, HBB, BJO, unit_price=Money(Decimal("198.00"))),
        line_of(1, HBB, BJO, note="Haster"),
    ],
    ids=["fewer", "more", "codes", "title", "price", "note"],
)
def test_difference_on_a_picked_line_is_refused_by_its_number(wish):
    """Each kind of difference is told, and the rest of the change is taken."""
    order = placed(order_of(line_of(1, HBB, BJO), line_of(2, HBB)), picked=(1,))
    change = changing.changed(order, order_of(wish, line_of(2, BJO)), namer(9))
    assert change.refused == (RefusedChange(line=1, reason=changing.PICKED),)
    assert change.order.order.lines[0] == order.order.lines[0]
    assert change.order.order.lines[1].copies[0].codes == BJO


def test_other_sequence_of_the_same_codes_is_no_difference():
    """Buyers sort as they like; a picked line is not refused for that."""
    order = placed(order_of(line_of(1, HBB, BJO)), picked=(1,))
    assert changing.changed(order, order_of(line_of(1, BJO, HBB)), namer(9)).refused == ()


@both_ways("ORD-6")
def test_order_is_called_off_but_for_what_is_picked():
    """Picked lines stay and are named; everything else is cancelled."""
    order = placed(order_of(line_of(1, HBB), line_of(2, BJO), line_of(3, BJO)), picked=(2,))
    change = changing.called_off(order)
    assert change.refused == (RefusedChange(line=2, reason=changing.PICKED_STAYS),)
    assert [line.number for line in change.order.order.lines] == [2]
    assert [line.number for line in change.order.cancelled] == [1, 3]
    assert change.order.status == "received"


@both_ways("ORD-2")
def test_order_without_lines_is_cancelled():
    """When nothing is left, the order says so."""
    order = placed(order_of(line_of(1, HBB), line_of(2, BJO)))
    change = changing.called_off(order)
    assert (change.order.status, change.refused) == ("cancelled", ())
    assert change.order.order.lines == ()
    assert changing.called_off(change.order) == change


@both_ways("ORD-6")
@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"delivery_address_id": "BJO"}, changing.ADDRESS_STAYS),
        ({"order_name": "En annen"}, changing.REFERENCES_STAY),
        ({"po_number": "PO-2"}, changing.REFERENCES_STAY),
        ({"requisition_id": "R-2"}, changing.REFERENCES_STAY),
    ],
)
def test_address_and_references_change_until_the_first_line_is_picked(facts, reason):
    """They stand on the slip in the parcel; before there is a parcel they may change."""
    order = placed(order_of(line_of(1, HBB), line_of(2, BJO)))
    wish = replace(content(order.order), **facts)
    assert content(changing.changed(order, wish, namer(9)).order.order) == wish
    late = changing.changed(changing.picked(order, 1), wish, namer(9))
    assert late.refused == (RefusedChange(line=0, reason=reason),)
    assert late.order.order == order.order


@both_ways("DIST-13")
@given(orders(), st.randoms(use_true_random=False))
def test_moving_copies_names_no_copy_anew(order, chance):
    """The same books stand in the line afterwards, with the codes asked for, in that order."""
    number = chance.choice([line.number for line in order.order.lines])
    order = replace(order, picked=())
    line = changing.live_line(order, number)
    codes = tuple(chance.choice([HBB, BJO, NONE]) for _ in line.copies)
    moved = changing.live_line(changing.moved(order, number, codes, REGISTER), number)
    assert tuple(copy.codes for copy in moved.copies) == codes
    assert sorted(ids(moved)) == sorted(ids(line))
    kept = Counter(c.codes for c in line.copies) & Counter(codes)
    stay = {(c.copy_id, c.codes) for c in line.copies} & {(c.copy_id, c.codes) for c in moved.copies}
    assert Counter(codes for _, codes in stay) == kept


@both_ways("DIST-13")
def test_copies_of_a_picked_line_are_not_moved():
    """What is in the parcel has its label."""
    order = placed(order_of(line_of(1, HBB)), picked=(1,))
    with pytest.raises(Refused, match="picked"):
        changing.moved(order, 1, (BJO,), REGISTER)


@both_ways("DIST-5")
def test_copy_is_moved_only_to_codes_of_the_register():
    """A code that is not offered is refused; a copy that carries one already may keep it (DIST-6)."""
    order = placed(order_of(line_of(1, LIL, BJO)))
    moved = changing.moved(order, 1, (HBB, LIL), REGISTER)
    assert [(c.codes, c.copy_id) for c in all_copies(moved)] == [(HBB, "7-2"), (LIL, "7-1")]
    with pytest.raises(Refused, match="LIL"):
        changing.moved(order, 1, (LIL, LIL), REGISTER)


@both_ways("DIST-4")
@pytest.mark.parametrize("codes", [(), (HBB,), (HBB, HBB, HBB)])
def test_moving_copies_does_not_change_the_quantity(codes):
    """More or fewer copies are another order, not another shelf."""
    with pytest.raises(Refused, match="2 copies"):
        changing.moved(placed(order_of(line_of(1, HBB, BJO))), 1, codes, REGISTER)


def test_line_that_is_not_there_is_neither_moved_nor_picked():
    """A line that never was is not found; one that has been cancelled says so."""
    order = changing.called_off(placed(order_of(line_of(1, HBB)))).order
    for act in (lambda n: changing.picked(order, n), lambda n: changing.moved(order, n, (HBB,), REGISTER)):
        with pytest.raises(Refused, match="cancelled"):
            act(1)
        with pytest.raises(NotFound, match="line 2"):
            act(2)
