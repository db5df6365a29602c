"""A pasted list, distributed on the grid and sent home, on both databases (DIST-4, DIST-8, CART-4)."""

import pytest

from punchout.roundtrip import start
from tests.punchout.web.shopper import Shopper, text_of

BOOTS, ISLAND = "9799900000272", "9799900000340"


@pytest.fixture
def shopper(home, client):
    """A shopper in a fresh session."""
    return Shopper.enter(home, client)


def copies(home, shopper):
    """The branches of each title's copies, as the bookshop has them."""
    opened = start.opened(home.world, shopper.handle)
    cart = home.shop.cart(opened.customer_number, opened.cart_id)
    return [[copy.codes.branch_code for copy in line.copies] for line in cart.lines]


@pytest.mark.rule("CART-4", way="punchout")
@pytest.mark.rule("DIST-4", way="punchout")
def test_from_a_pasted_list_to_the_cart_that_is_sent(home, shopper):
    """Two titles, three branches; a bad line in between; all is sent as it was shared out."""
    pasted = {"titles": f"{BOOTS};3\n9788203187569\n{ISLAND};2", "pattern": "profile:Barn bildebok"}
    told = shopper.submit(shopper.page("list").form("titles"), pasted)
    assert "Linje 2, 9788203187569" in text_of(told)
    grid = shopper.page("distribution").form("line-0-line_id")
    shopper.submit(grid, {"line-0-share": "2 HBB, LIL", "line-1-group-0-branch_code": "BJO"})
    assert copies(home, shopper) == [["HBB", "HBB", "LIL"], ["BJO", "BJO"]]
    again = shopper.submit(grid, {"line-1-group-0-branch_code": "LIL"})
    assert "endret i et annet vindu" in text_of(again)
    preview = shopper.page("send")
    assert "2 × HBB" in preview.text
    assert shopper.submit(preview.forms_to("/send")[0]).status_code == 303
    assert shopper.submit(grid, {"line-1-group-0-branch_code": "LIL"}).status_code == 409
    assert copies(home, shopper) == [["HBB", "HBB", "LIL"], ["BJO", "BJO"]]
