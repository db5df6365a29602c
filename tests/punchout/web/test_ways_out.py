"""However a visit ends, there is a way back that changes nothing (FLOW-6)."""

import pytest

from catalog_bridge.bookshop import ShopUnavailable
from protocols.model.session import Operation
from tests.punchout.web.houses import RETURN_URL, agree
from tests.punchout.web.shopper import Shopper, text_of
from tests.punchout.web.test_sending import away

BOOTS = "9799900000272"


@pytest.fixture
def shop_away(home, monkeypatch):
    """A function after which the bookshop answers nothing."""

    def leave():
        def unavailable(*_, **__):
            raise ShopUnavailable("The bookshop is busy; try again in a moment.")

        for name in ("customer", "cart", "search", "offer", "register", "open_cart"):
            monkeypatch.setattr(type(home.world.shop), name, unavailable)

    return leave


@pytest.mark.rule("FLOW-6", way="punchout")
def test_the_way_back_is_open_while_the_bookshop_is_away(shopper, shop_away):
    """The error page leads to leaving, and leaving asks nothing of the bookshop."""
    shopper.add(BOOTS)
    shop_away()
    trouble = shopper.page("cart", 503)
    assert trouble.links_to("/leave")
    (form,) = shopper.page("leave").forms_to("/leave")
    _, document = away(shopper.read(shopper.submit(form)))
    assert '<Status code="204"' in document


@pytest.mark.rule("FLOW-6", way="punchout")
def test_a_visit_begins_while_the_bookshop_is_away(home, client, shop_away):
    """The StartPage is spent on a page that explains, not on an error without an end."""
    shop_away()
    shopper = Shopper.enter(home, client, selected_item=BOOTS)
    assert shopper.page("", 503).links_to("/leave")


@pytest.mark.rule("FLOW-6", way="punchout")
def test_the_ended_session_goes_back_to_the_buyer(shopper, clock):
    """One button leads to the page that posts Status 204 to the return address."""
    shopper.get()
    clock.forward(hours=9)
    (form,) = shopper.page("cart", 410).forms_to("/back")
    page = shopper.read(shopper.submit(form))
    name, document = away(page)
    assert name == "cXML-urlencoded"
    assert '<Status code="204"' in document
    assert [form.action for form in page.forms] == [RETURN_URL]
    assert away(shopper.read(shopper.submit(form)))[1] == document


@pytest.mark.rule("T-B2")
def test_another_browser_cannot_end_a_bound_session(app, shopper, clock):
    """Who only knows the address is neither offered the way back nor let through it."""
    shopper.get()
    clock.forward(hours=9)
    stranger = Shopper(app.test_client(), shopper.front)
    assert stranger.page("cart", 410).forms == []
    (form,) = shopper.page("cart", 410).forms_to("/back")
    assert stranger.submit(form).status_code == 410


@pytest.mark.rule("FLOW-6", way="punchout")
def test_a_session_in_use_is_not_ended_by_that_button(shopper, clock):
    """The button is for what is over: a living session is not cancelled by an old page."""
    shopper.get()
    clock.forward(hours=9)
    (form,) = shopper.page("cart", 410).forms_to("/back")
    clock.forward(hours=-9)
    assert shopper.submit(form).status_code == 410
    assert shopper.get("cart").status_code == 200


@pytest.mark.rule("FLOW-6", way="punchout")
def test_a_withdrawn_agreement_has_no_way_back(home, shopper, clock):
    """Nothing is posted for a buyer that trades no longer."""
    shopper.get()
    agree(home, enabled=False)
    assert shopper.page("cart", 410).forms == []
    clock.forward(hours=9)
    assert shopper.page("cart", 410).forms == []


@pytest.mark.rule("FLOW-6", way="punchout")
def test_an_emptied_cart_of_a_new_session_goes_as_unchanged(shopper):
    """Who sends what another window has emptied sends Status 204, never a bare empty cart."""
    shopper.add(BOOTS)
    (form,) = shopper.page("send").forms_to("/send")
    shopper.submit(shopper.page("cart").forms_to("/remove")[0])
    _, document = away(shopper.read(shopper.submit(form, button=("delete", "1"))))
    assert '<Status code="204"' in document
    assert "<ItemIn" not in document


@pytest.mark.rule("FLOW-5", way="punchout")
def test_no_post_writes_in_an_inspect_session(app, home, client):
    """Every unsafe route of the shop, walked: 409, but for closing and for going on in another window."""
    shopper = Shopper.enter(home, client, operation=Operation.INSPECT)
    token = dict(shopper.page("cart").forms_to("/leave")[0].untouched())
    answers = {}
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("session.") and "POST" in rule.methods:
            values = dict.fromkeys(rule.arguments, "x") | {"handle": shopper.handle}
            path = app.url_map.bind("127.0.0.1").build(rule.endpoint, values, method="POST")
            if not rule.endpoint.endswith(".cancel"):
                answers[rule.endpoint] = client.post(
                    path, data=token, headers={"Sec-Fetch-Site": "same-origin"}
                ).status_code
    assert answers.pop("session.resume") == 303
    assert answers.pop("session.give_back") == 410
    assert answers.pop("session.shop.give_feedback") == 422
    assert set(answers.values()) == {409}
    assert len(answers) > 7


def test_a_closed_inspect_says_so(home, client):
    """Afterwards the pages say that the cart is closed, not that something was cancelled."""
    shopper = Shopper.enter(home, client, operation=Operation.INSPECT)
    page = shopper.read(shopper.submit(shopper.page("cart").forms_to("/leave")[0]))
    assert page.h1 == "Tilbake til innkjøpssystemet"
    assert "Handlekurven er lukket." in text_of(shopper.get("cart"))
