"""From what the bookshop has to what a buyer ordered, in the fewest steps (CHK-8)."""

from dataclasses import replace
from decimal import Decimal

import pytest

from catalog_bridge.rules.placing import Cancel, Change, Place, after, steps, without
from protocols.model.distribution import Copy
from protocols.model.money import Money
from protocols.model.order import RefusedChange, ShopOrder, ShopOrderLine, Standing


def order(address, customer="100234", name="", lines=()):
    """An order of this customer to this address, with lines of these numbers."""
    made = tuple(
        ShopOrderLine(
            number=number,
            product_id=f"978{number:010}",
            quantity=1,
            unit_price=Money(Decimal("199.00")),
            copies=(Copy(number=1),),
        )
        for number in lines
    )
    return ShopOrder(customer_number=customer, delivery_address_id=address, lines=made, order_name=name)


def standing(number, address, customer="100234", lines=()):
    """An order that the bookshop has."""
    return Standing(
        order_number=number,
        customer_number=customer,
        delivery_address_id=address,
        lines=tuple(lines),
        copies=(1,) * len(lines),
    )


@pytest.mark.rule("CHK-8", way="punchout")
def test_orders_for_new_addresses_are_placed():
    """Where nothing stands everything is placed, each for its address."""
    wanted = (order("HBB"), order("BJO"))
    assert steps((), wanted) == (
        Place(wanted=wanted[0], position=0),
        Place(wanted=wanted[1], position=1),
    )


@pytest.mark.rule("CHK-8", way="punchout")
def test_an_order_goes_on_as_the_one_for_its_address():
    """Whatever order the buyer names them in."""
    here, there = standing("1", "HBB"), standing("2", "BJO")
    wanted = (order("BJO", name="ny"), order("HBB", name="ny"))
    assert steps((here, there), wanted) == (
        Change(standing=there, wanted=wanted[0], position=0),
        Change(standing=here, wanted=wanted[1], position=1),
    )


@pytest.mark.rule("CHK-8", way="punchout")
def test_an_order_whose_address_changes_stays_the_same_order():
    """The one address left goes on as the one order left."""
    here = standing("1", "HBB")
    assert steps((here,), (order("BJO"),)) == (Change(standing=here, wanted=order("BJO"), position=0),)


@pytest.mark.rule("CHK-8", way="punchout")
def test_what_is_not_wanted_any_more_is_cancelled_first():
    """Of two addresses one is left."""
    here, there = standing("1", "HBB"), standing("2", "BJO")
    assert steps((here, there), (order("BJO"),)) == (
        Cancel(standing=here),
        Change(standing=there, wanted=order("BJO"), position=0),
    )
    assert steps((here,), ()) == (Cancel(standing=here),)


@pytest.mark.rule("PO-ID-3", way="punchout")
def test_an_order_never_moves_to_another_customer():
    """It is cancelled for the one and placed for the other."""
    here = standing("1", "HBB")
    wanted = order("HBB", customer="100235")
    assert steps((here,), (wanted,)) == (Cancel(standing=here), Place(wanted=wanted, position=0))


@pytest.mark.rule("CHK-8", way="punchout")
@pytest.mark.rule("DIST-10", way="punchout")
def test_a_line_leaves_its_order_before_it_comes_into_another():
    """So that one which cannot leave, because it has been picked, is known before it is asked for twice."""
    here, there = standing("1", "HBB", lines=(1,)), standing("2", "BJO", lines=(2, 3))
    wanted = (order("HBB", lines=(1, 2)), order("BJO", lines=(3,)))
    assert steps((here, there), wanted) == (
        Change(standing=here, wanted=without(wanted[0], {2}), position=0),
        Change(standing=there, wanted=wanted[1], position=1),
        Change(standing=here, wanted=wanted[0], position=0),
    )


@pytest.mark.rule("CHK-8", way="punchout")
def test_an_order_all_of_whose_lines_come_from_others_is_placed_anew():
    """Emptied first it would be cancelled for ever."""
    here, there = standing("1", "HBB", lines=(1,)), standing("2", "BJO", lines=(2,))
    wanted = (order("HBB", lines=(2,)), order("BJO", lines=(1,)))
    assert steps((here, there), wanted) == (
        Cancel(standing=here),
        Cancel(standing=there),
        Place(wanted=wanted[0], position=0),
        Place(wanted=wanted[1], position=1),
    )


@pytest.mark.rule("ORD-6", way="punchout")
def test_what_could_not_leave_still_stands():
    """Picked lines stay in the order that is cancelled or changed, at the address that it has."""
    here, too_late = standing("1", "HBB", lines=(1, 2)), (RefusedChange(line=1, reason="Picked."),)
    assert after(Cancel(standing=here), "1", too_late) == standing("1", "HBB", lines=(1,))
    change = Change(standing=here, wanted=order("BJO", lines=(2, 3)), position=0)
    assert after(change, "1", too_late) == standing("1", "BJO", lines=(1, 2, 3))
    stays = (RefusedChange(line=0, reason="The address stays."),)
    assert after(change, "1", stays) == standing("1", "HBB", lines=(2, 3))


@pytest.mark.rule("ORD-6", way="punchout")
def test_what_was_kept_before_copies_were_counted_still_stands():
    """Lines of such an order have no known number of copies, and none is made up."""
    here = replace(standing("1", "HBB", lines=(1, 2)), copies=())
    late = (RefusedChange(line=1, reason="Picked."),)
    assert after(Cancel(standing=here), "1", late) == replace(here, lines=(1,))
    assert steps((here,), (order("HBB", lines=(1, 2)),)) == (
        Change(standing=here, wanted=order("HBB", lines=(1, 2)), position=0),
    )


def part(address, **counts):
    """An order of lines with so many copies, by ``line1=2``."""
    whole = order(address, lines=[int(name.removeprefix("line")) for name in counts])
    lines = (
        replace(line, quantity=count, copies=tuple(Copy(number=number) for number in range(1, count + 1)))
        for line, count in zip(whole.lines, counts.values(), strict=True)
    )
    return replace(whole, lines=tuple(lines))


@pytest.mark.rule("CHK-10", way="punchout")
@pytest.mark.rule("ORD-6", way="punchout")
def test_copies_of_a_divided_line_leave_one_order_before_they_come_into_another():
    """The order that they come into keeps what it has meanwhile."""
    here = replace(standing("1", "HBB", lines=(1,)), copies=(2,))
    there = replace(standing("2", "BJO", lines=(1,)), copies=(2,))
    wanted = (part("HBB", line1=3), part("BJO", line1=1))
    assert steps((here, there), wanted) == (
        Change(standing=here, wanted=part("HBB", line1=2), position=0),
        Change(standing=there, wanted=wanted[1], position=1),
        Change(standing=here, wanted=wanted[0], position=0),
    )


@pytest.mark.rule("CHK-10", way="punchout")
def test_parts_that_stay_or_grow_alone_take_one_step_each():
    """Nothing leaves, so nothing has to be waited for."""
    here = replace(standing("1", "HBB", lines=(1,)), copies=(2,))
    there = replace(standing("2", "BJO", lines=(1,)), copies=(2,))
    wanted = (part("HBB", line1=3), part("BJO", line1=2))
    assert steps((here, there), wanted) == (
        Change(standing=here, wanted=wanted[0], position=0),
        Change(standing=there, wanted=wanted[1], position=1),
    )


@pytest.mark.rule("INV-2", way="punchout")
def test_of_two_orders_for_one_address_each_goes_on_as_the_one_with_its_lines():
    """What is here and what comes later stay apart, whichever is named first."""
    now, later = standing("1", "HBB", lines=(1, 2)), standing("2", "HBB", lines=(3,))
    wanted = (order("HBB", lines=(3,)), order("HBB", lines=(1,)))
    assert steps((now, later), wanted) == (
        Change(standing=later, wanted=wanted[0], position=0),
        Change(standing=now, wanted=wanted[1], position=1),
    )
