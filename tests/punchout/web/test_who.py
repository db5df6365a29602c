"""Who shops, where the procurement system names nobody (PO-ID-6)."""

import pytest

from protocols.model.session import NOBODY, Operation
from tests.punchout.web.houses import agree, call_up
from tests.punchout.web.shopper import Shopper, text_of


@pytest.fixture
def unnamed(home, client):
    """A shopper whose call-up names nobody."""
    return Shopper.enter(home, client, shopper=NOBODY)


def first_page(home, client, **setup):
    """Where the StartPage leads."""
    return client.get(call_up(home, **setup)).headers["Location"].rpartition("/")[2]


@pytest.mark.rule("PO-ID-6", way="punchout")
def test_the_first_page_asks_once_who_shops(home, client, unnamed):
    """The answer stands on every page from then on, and the question does not come again."""
    assert first_page(home, client, shopper=NOBODY) == "who"
    page = unnamed.page("who")
    assert page.h1.strip() == "Hvem handler?"
    answer = unnamed.submit(page.form("name"), {"name": " Åse  Bø ", "email": "aase@testby.example"})
    assert answer.headers["Location"] == unnamed.front
    assert "Åse Bø" in unnamed.page("cart").text
    assert "aase@testby.example" in unnamed.page("session").text
    assert unnamed.get("who").headers["Location"] == unnamed.front
    late = unnamed.submit(page.form("name"), {"name": "En annen"})
    assert late.status_code == 409
    assert "Åse Bø" in unnamed.page("cart").text


@pytest.mark.rule("PO-ID-6", way="punchout")
def test_nobody_has_to_say_who_she_is(unnamed):
    """The question is asked once; without an answer the organisation stands for the person."""
    page = unnamed.page("who")
    answer = unnamed.submit(page.form("name"), button=("nobody", "1"))
    assert answer.headers["Location"] == unnamed.front
    assert "innkjøper (" in unnamed.page().text
    assert unnamed.get("who").headers["Location"] == unnamed.front


@pytest.mark.rule("PO-ID-2", way="punchout")
@pytest.mark.parametrize(
    "setup", [{}, {"shopper": NOBODY, "operation": Operation.INSPECT}], ids=["named", "inspect"]
)
def test_nobody_is_asked_who_is_named_or_only_looks(home, client, setup):
    """Who is known is known, and a look makes no order."""
    assert first_page(home, client, **setup) != "who"


@pytest.mark.rule("PO-ID-6", way="punchout")
def test_the_library_is_asked_for_first(home, client):
    """Then who shops there."""
    agree(home, default_customer="", org_codes={})
    shopper = Shopper.enter(home, client, shopper=NOBODY, ship_to=None)
    answer = shopper.submit(shopper.page("library").form("customer"), {"customer": "100235"})
    assert answer.headers["Location"].endswith("/who")


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"name": "  "}, "Skriv navnet ditt"),
        ({"name": "ø" * 71}, "Skriv navnet ditt"),
        ({"name": "Åse\x00Bø"}, "Skriv navnet ditt"),
        ({"name": "Åse\nBcc: x@y"}, "Skriv navnet ditt"),
        ({"name": "Åse", "email": "ingen adresse"}, "Skriv en e-postadresse"),
        ({"name": "Åse", "email": "a@b\r\nBcc:x@y"}, "Skriv en e-postadresse"),
        ({"name": "Åse", "email": "a" * 250 + "@b.no"}, "Skriv en e-postadresse"),
    ],
)
def test_an_answer_that_will_not_do_comes_back(unnamed, values, wrong):
    """And the question stays open."""
    answer = unnamed.submit(unnamed.page("who").form("name"), values)
    assert answer.status_code == 422
    assert wrong in text_of(answer)
    assert unnamed.get("who").status_code == 200
