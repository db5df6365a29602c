"""One agreement's shoppers see nothing of another's, on any page (T-M1)."""

import pytest

from protocols.model.session import Shopper as Person
from tests.punchout.web.routes import addresses
from tests.punchout.web.shopper import Shopper

BOOTS = "9799900000272"
CANARY = "KanariÅ7"


@pytest.fixture
def neighbour(home, app):
    """A shopper of another agreement, for the same customer, whose every word is a canary."""
    person = Person(name=f"{CANARY} Navn", email=f"{CANARY}@testby.example")
    shopper = Shopper.enter(home, app.test_client(), "demo-coupa", shopper=person, buyer_cookie=CANARY)
    shopper.add(BOOTS, 2)
    form = shopper.page("cart").form("order_name", "delivery_address_id")
    shopper.submit(form, {"order_name": f"{CANARY} ordre", "delivery_address_id": "LIL"})
    page = shopper.page(f"cart/lines/{shopper.line_id()}/copies")
    (copies,) = [form for form in page.forms if "copies-0-note" in form.names()]
    shopper.submit(copies, {"copies-0-note": f"{CANARY} eks", "note": f"{CANARY} linje"})
    assert CANARY in shopper.page("cart").text
    return shopper


@pytest.mark.rule("T-M1")
def test_no_page_shows_the_neighbours_words(app, shopper, neighbour):
    """Every page of the route table, asked for in one session, is free of the other session's canaries."""
    shopper.add(BOOTS)
    for address in addresses(app, "GET", handle=shopper.handle).values():
        answer = shopper.client.get(
            address.replace("/lines/x/", f"/lines/{neighbour.line_id()}/"), buffered=True
        )
        assert CANARY.encode() not in answer.get_data()
        assert CANARY not in str(answer.headers)


@pytest.mark.rule("T-M1")
def test_a_neighbours_cart_cannot_be_changed(shopper, neighbour):
    """Forms of one session with the other's line ids change nothing over there."""
    shopper.add(BOOTS)
    before = neighbour.page("cart").text
    page = shopper.page("cart")
    for form in (*page.forms_to("/quantity"), *page.forms_to("/remove")):
        form.action = form.action.replace(shopper.line_id(), neighbour.line_id())
        assert shopper.submit(form).status_code == 404
    assert neighbour.page("cart").text == before


@pytest.mark.rule("T-M1")
def test_the_neighbours_cookie_opens_nothing(app, shopper, neighbour):
    """A bound session stays closed to a browser that holds the cookie of another one."""
    shopper.get()
    thief = Shopper(neighbour.client, shopper.front)
    assert thief.get("cart").status_code == 403
