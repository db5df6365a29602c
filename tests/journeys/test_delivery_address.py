"""The cart opens with the delivery address that the call-up names."""

import pytest

from punchout.buyer.browser import Browser
from punchout.buyer.visit import Visit


def chosen_address(visit):
    """The value that the cart page's list of addresses stands on."""
    cart = visit.browser.open(f"{visit.front}cart")
    return dict(cart.form("order_name", "delivery_address_id").untouched())["delivery_address_id"]


def with_a_title(visit):
    """The visit with something in the cart."""
    front = visit.browser.open(visit.front)
    form = next(form for form in front.forms if "quantity" in form.names())
    visit.browser.submit(form)
    return visit


@pytest.mark.rule("CHK-7", way="punchout")
def test_a_mapped_ship_to_is_chosen_already(buyer):
    """The agreement maps addressID 1001 to the main library."""
    started = buyer("ariba").start("http://localhost:1/cart")
    assert chosen_address(with_a_title(Visit.enter(Browser(), started.start_url))) == "HBB"


@pytest.mark.rule("CHK-6", way="punchout")
def test_without_ship_to_the_shopper_chooses(buyer):
    """Nothing is guessed where the call-up names no place."""
    started = buyer("coupa").start("http://localhost:1/cart")
    assert chosen_address(with_a_title(Visit.enter(Browser(), started.start_url))) == ""
