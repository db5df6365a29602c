"""For whom a session shops, and what it tells about itself (PO-ID-3, PO-ID-5, CUST-6)."""

import pytest

from tests.punchout.web.houses import agree
from tests.punchout.web.shopper import Shopper, text_of


@pytest.fixture
def undecided(home, client):
    """A shopper whose call-up did not say for which library."""
    agree(home, default_customer="", org_codes={})
    return Shopper.enter(home, client, ship_to=None)


@pytest.mark.rule("PO-ID-3")
def test_the_first_page_asks_for_the_library(undecided):
    """Where several remain, every page leads to the question, with the agreement's libraries alone."""
    for path in ("", "cart", "send", "session", "titles/9799900000272"):
        assert undecided.get(path).headers["Location"].endswith("/library")
    page = undecided.page("library")
    assert "Testby bibliotek kundenummer 100234" in page.text
    assert "Testby skolebibliotek kundenummer 100235" in page.text
    form = page.form("customer")
    undecided.submit(form, {"customer": "100235"})
    assert "Du handler for Testby skolebibliotek (100235)" in undecided.page("").text


@pytest.mark.rule("PO-ID-3")
@pytest.mark.parametrize("number", ["999999", "", "100234 "])
def test_no_other_library_can_be_chosen(undecided, number):
    """A number outside the agreement is refused, and the question stays."""
    form = undecided.page("library").form("customer")
    data = {"csrf_token": dict(form.untouched())["csrf_token"], "customer": number}
    answer = undecided.client.post(form.action, data=data, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 422
    assert "Velg en fra listen" in text_of(answer)
    assert undecided.get("").headers["Location"].endswith("/library")


@pytest.mark.rule("PO-ID-3")
def test_the_choice_is_made_once(undecided):
    """A second answer to the question changes nothing: the cart belongs to the first library."""
    form = undecided.page("library").form("customer")
    undecided.submit(form, {"customer": "100234"})
    undecided.submit(form, {"customer": "100235"})
    assert "Du handler for Testby bibliotek (100234)" in undecided.page("").text
    assert undecided.get("library").headers["Location"] == undecided.front


def test_who_has_not_chosen_can_still_leave(undecided):
    """The way back to the procurement system is open from the first page on."""
    (form,) = undecided.page("leave").forms_to("/leave")
    assert "Du avbryter uten å endre noe" in undecided.read(undecided.submit(form)).text


@pytest.mark.rule("CUST-6")
@pytest.mark.rule("PO-ID-5")
def test_the_account_can_be_read_and_not_changed(shopper):
    """Name, numbers and addresses of this customer alone, customer service for changes, no form."""
    page = shopper.page("session")
    for fact in ("Testby bibliotek", "100234", "310000019", "Bjørnslettveien 24", "9998 Lillevik"):
        assert fact in page.text
    assert "kundeservice@bokhandel.example" in page.text
    assert "skolebibliotek" not in page.text
    assert [form for form in page.forms if form.method == "post"] == []


def test_the_session_names_itself(shopper, home):
    """The reference code that people read out, whose system it is, and who shops."""
    text = shopper.page("session").text
    assert "Testby kommune (generic)" in text
    assert "Innkjøper Testby, innkjoper@testby.example" in text
    assert "Begynt 02.03.2026, 10:15" in text
