"""From what the bookshop has to what a buyer ordered, in the fewest steps (CHK-8)."""

import pytest

from catalog_bridge.rules.placing import Cancel, Change, Place, Standing, steps
from protocols.model.order import ShopOrder


def order(address, customer="100234", name=""):
    """An order of this customer to this address."""
    return ShopOrder(customer_number=customer, delivery_address_id=address, lines=(), order_name=name)


def standing(number, address, customer="100234"):
    """An order that the bookshop has."""
    return Standing(order_number=number, order=order(address, customer))


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
