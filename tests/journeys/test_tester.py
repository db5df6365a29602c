"""The built-in buyer in the browser, walked page by page over real HTTP on both databases."""

import base64
import re
from dataclasses import replace

import pytest

from punchout import house
from punchout.app import create_app
from punchout.buyer.browser import Browser, PageRefused
from punchout.buyer.trial import WISHES
from punchout.buyer.visit import Visit


class Trial:
    """Somebody who plays the buyer in one browser window."""

    def __init__(self, gateway):
        self.browser = Browser()
        self.base = f"{gateway.world.public_base_url}/tester/"

    def call_up(self, system="generic", show="window"):
        """The page that tells of the opened session."""
        form = self.browser.open(self.base).form("system", "show")
        return self.browser.submit(form, {"system": system, "show": show})

    def shop(self, started):
        """The visit that the page leads to, with two titles in the cart."""
        (start,) = started.links_to("/start/")
        visit = Visit.enter(self.browser, start)
        visit.shop(WISHES, "Påskebøker æøå")
        return visit

    def come_back(self, visit):
        """The tester's page with the returned cart."""
        preview = self.browser.open(f"{visit.front}send")
        sent = self.browser.submit(preview.forms_to("/send")[0])
        (away,) = [form for form in sent.forms if "/tester/return/" in form.action]
        return self.browser.submit(away)


@pytest.fixture
def trial(gateway):
    """A trial at this gateway."""
    return Trial(gateway)


@pytest.fixture
def cart(trial):
    """The page with a cart that has come back."""
    return trial.come_back(trial.shop(trial.call_up()))


def placed(gateway, page):
    """The page once the outbox has done its work, asked for a bounded number of times."""
    stored_waits = "Mottatt, på vei"
    browser = Browser()
    for _ in range(2000):
        if stored_waits not in page.text:
            return page
        page = browser.open(page.url)
    pytest.fail("the order was not placed")


def test_the_roundtrip_ends_with_what_the_bookshop_made(gateway, trial, cart):
    """Call-up, cart and order in the browser end at the bookshop's order with name and codes."""
    assert cart.h1.strip() == "Handlekurven har kommet tilbake"
    answered = trial.browser.submit(cart.form("requisition_id"))
    made = placed(gateway, answered)
    assert "Lagt inn i bokhandelen" in made.text
    assert "Påskebøker æøå" in made.text
    assert "TEST-" in made.text
    assert "HBB" in made.text


def test_request_and_answer_are_shown_without_secret_and_token(trial):
    """The page tells what went over the wire, but nothing that opens anything."""
    started = trial.call_up("ariba")
    assert "PunchOutSetupRequest" in started.text
    (start,) = started.links_to("/start/")
    token = start.rpartition("/")[2]
    shown = started.text.replace(start, "")
    assert token not in shown
    assert "<SharedSecret>" not in shown


def test_the_shop_may_stand_in_the_tester_s_frame(gateway, trial):
    """In a frame the shop allows our own page as its ancestor."""
    form = trial.browser.open(trial.base).form("system", "show")
    answer = trial.browser.http.post(
        form.action,
        data={**dict(form.untouched()), "show": "frame"},
        headers={"Origin": gateway.world.public_base_url},
    )
    (start,) = re.findall(r'<iframe[^>]* src="([^"]+)"', answer.text)
    shop = trial.browser.http.get(start)
    assert "frame-ancestors 'self'" in shop.headers["Content-Security-Policy"]


def test_a_lowered_quantity_reaches_the_bookshop(gateway, trial, cart):
    """What the approver changes is what is ordered; a cut across unequal copies waits for a person."""
    form = cart.form("requisition_id")
    answered = trial.browser.submit(form, {"lines-0-quantity": "1"})
    assert "Venter på et menneske" in placed(gateway, answered).text
    assert "copies.choice" in answered.text


def test_a_line_without_token_is_found_by_its_cart(gateway, trial, cart):
    """Dropping one token loses no copy's codes: the cart's own number on the order finds the line."""
    form = cart.form("requisition_id")
    answered = trial.browser.submit(form, {"lines-1-token": []})
    made = placed(gateway, answered)
    assert "uten fordeling" not in made.text
    assert "HBB/VOKSEN/SKJØNN" in made.text


def test_a_changed_price_is_held_with_its_reason(trial, cart):
    """Under the default policy another price waits for a person."""
    answered = trial.browser.submit(cart.form("requisition_id"), {"lines-0-price": "1.00"})
    assert "price.changed" in answered.text


def test_an_unknown_address_is_held_with_its_reason(trial, cart):
    """An addressID that nobody mapped is never shipped to."""
    answered = trial.browser.submit(cart.form("requisition_id"), {"address_id": "9999"})
    assert "address.unknown" in answered.text


def test_a_quantity_that_is_none_is_asked_for_again(trial, cart):
    """A wrong entry comes back with its message and everything else as it was."""
    with pytest.raises(PageRefused) as refused:
        trial.browser.submit(cart.form("requisition_id"), {"lines-0-quantity": "mange"})
    assert refused.value.page.status == 422
    assert "Skriv et helt tall." in refused.value.page.text


def test_a_foreign_cookie_is_shown_as_wrong(trial, cart):
    """A cart with another BuyerCookie is judged wrong, in words."""
    document = base64.b64decode(dict(cart.form("requisition_id").untouched())["document"])
    changed = document.replace(b"<BuyerCookie>", b"<BuyerCookie>x")
    answer = trial.browser.http.post(cart.url, data={"cxml-base64": base64.b64encode(changed).decode()})
    assert "expected" in answer.text


def test_a_made_up_return_address_is_not_there(gateway, trial):
    """Only addresses that this gateway signed take a cart."""
    answer = trial.browser.http.post(f"{trial.base}return/generic/cookie/forged", data={})
    assert answer.status_code == 404


@pytest.mark.rule("FLOW-5", way="punchout")
def test_the_cart_can_be_changed_in_the_shop_from_its_page(trial, cart):
    """The button takes the lines along as they stand in the form, and the shop opens with them."""
    form = cart.form("requisition_id")
    started = go_back(trial, form, "edit", {"lines-0-quantity": "1", "lines-1-token": []})
    (start,) = started.links_to("/start/")
    shop = trial.browser.open(start)
    assert shop.h1.strip() == "Handlekurv"
    assert "Antallet i innkjøpssystemet er 1; i handlekurven var det 3." in shop.text
    assert len(shop.forms_to("/quantity")) == len(WISHES)


@pytest.mark.rule("FLOW-5", way="punchout")
def test_the_cart_can_be_looked_at_in_the_shop_from_its_page(trial, cart):
    """Inspect shows the cart; nothing else can be asked for by that address."""
    form = cart.form("requisition_id")
    started = go_back(trial, form, "inspect")
    (start,) = started.links_to("/start/")
    assert "Du ser på en handlekurv som er sendt" in trial.browser.open(start).text
    with pytest.raises(PageRefused):
        go_back(trial, form, "create")


def go_back(trial, form, operation, values=None):
    """The tester's page after the button that leads back to the shop; ``operation`` may be one it lacks."""
    edit, inspect = form.elsewhere
    assert (edit.rpartition("/")[2], inspect.rpartition("/")[2]) == ("edit", "inspect")
    there = replace(form, action=edit.removesuffix("edit") + operation)
    return trial.browser.submit(there, values)


def test_leaving_unchanged_is_told(trial):
    """Status 204 is said in words, and there is nothing to order."""
    visit = trial.shop(trial.call_up("coupa"))
    asked = trial.browser.open(f"{visit.front}leave")
    sent = trial.browser.submit(asked.forms_to("/leave")[0])
    (away,) = [form for form in sent.forms if "/tester/return/" in form.action]
    back = trial.browser.submit(away)
    assert "Status 204" in back.text
    assert back.form("requisition_id") is None


def test_without_loopback_there_is_no_tester(settings):
    """In production the built-in buyer is not there, and the page at / does not point to it."""
    home = house.build(replace(settings, loopback=False))
    client = create_app(home).test_client()
    assert client.get("/tester/").status_code == 404
    front = client.get("/")
    assert front.status_code == 200
    assert "/tester/" not in front.text
    home.close()


def test_the_page_at_the_root_tells_what_runs_here(gateway):
    """Database, catalogue and doors, and the way to the tester."""
    page = Browser().open(gateway.world.public_base_url)
    assert {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[gateway.store.kind] in page.text
    assert "demo, oppdiktet" in page.text
    assert page.links_to("/tester/")
