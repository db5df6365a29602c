"""The built-in buyer in the browser as a system that calls up by OCI and orders by Peppol."""

import base64
from dataclasses import replace

import pytest

from protocols.oci import pairs
from punchout.buyer.browser import PageRefused
from punchout.buyer.trial import WISHES
from punchout.buyer.visit import Visit
from tests.journeys.test_tester import Trial, placed

NAMES = ("sap_srm", "visma_proceedo")
PERSON = {"name": "Innkjøper Testby", "email": "innkjoper@testby.example"}


class OciTrial(Trial):
    """Somebody who plays such a buyer in one browser window."""

    def shop(self, call_up):
        """The visit that the page's form opens, past the question who shops, with two titles in the cart."""
        (form,) = [form for form in call_up.forms if "/oci/" in form.action]
        page = self.browser.submit(form)
        page = self.browser.submit(page.form("name", "email"), PERSON)
        visit = Visit.begin(self.browser, page)
        visit.shop(WISHES, "Påskebøker æøå")
        return visit


@pytest.fixture
def trial(gateway):
    """A trial at this gateway."""
    return OciTrial(gateway)


@pytest.fixture
def cart(trial):
    """The page with a form that has come back, in ISO-8859-1."""
    return trial.come_back(trial.shop(trial.call_up("sap_srm")))


@pytest.mark.parametrize("name", NAMES)
def test_the_roundtrip_ends_with_what_the_bookshop_made(gateway, trial, name):
    """Call-up, form and Peppol order in the browser end at the bookshop's order with name and codes."""
    cart = trial.come_back(trial.shop(trial.call_up(name)))
    assert cart.h1.strip() == "Handlekurven har kommet tilbake"
    assert "Øya utenfor kartet" in cart.text
    made = placed(gateway, trial.browser.submit(cart.form("requisition_id")))
    assert "Lagt inn i bokhandelen" in made.text
    assert "Påskebøker æøå" in made.text
    assert "HBB/VOKSEN/SKJØNN" in made.text
    assert "uten fordeling" not in made.text


def test_the_call_up_is_shown_as_it_is_sent_but_for_the_password(trial):
    """Every field stands there by name, the password only where the browser sends it from."""
    page = trial.call_up("sap_srm")
    (form,) = [form for form in page.forms if "/oci/" in form.action]
    sent = dict(form.untouched())
    assert (form.method, form.charset) == ("post", "iso-8859-1")
    assert all(name in page.text for name in sent)
    assert sent["HOOK_URL"] not in page.text
    assert sent["PASSWORD"] not in page.text
    assert "csrf_token" not in sent


def test_one_system_calls_up_by_get(trial):
    """As its switch over there says; the login is gone from the address at once."""
    page = trial.call_up("visma_proceedo")
    (form,) = [form for form in page.forms if "/oci/" in form.action]
    assert form.method == "get"
    assert "password" not in trial.browser.submit(form).url


def test_the_shop_may_stand_in_the_tester_s_frame(trial):
    """The form is sent to the frame, and the shop allows our own page as its ancestor."""
    chosen = trial.browser.open(trial.base).form("system", "show")
    filled = {"system": "sap_srm", "show": "frame"}
    body = pairs.encoded({**dict(chosen.untouched()), **filled}.items(), "utf-8")
    headers = {"Origin": trial.base.removesuffix("/tester/")}
    headers["Content-Type"] = "application/x-www-form-urlencoded"
    answer = trial.browser.http.post(chosen.action, data=body, headers=headers)
    assert 'target="shop"' in answer.text
    assert '<iframe class="inside" name="shop"' in answer.text


def test_every_field_that_came_back_is_shown(cart):
    """Names of the standard, and values with their Norwegian letters."""
    for name in ("NEW_ITEM-VENDORMAT[1]", "NEW_ITEM-EXT_QUOTE_ID[2]", "~OkCode"):
        assert name in cart.text
    assert "tegnsett" in cart.text
    assert "tilbud og linje i det" in cart.text


@pytest.mark.parametrize(("name", "ticked"), [("sap_srm", True), ("visma_proceedo", False)])
def test_the_line_token_is_kept_as_the_system_keeps_it(trial, name, ticked):
    """Most systems forget EXT_PRODUCT_ID until they order; an approver may try the other way."""
    cart = trial.come_back(trial.shop(trial.call_up(name)))
    names = dict(cart.form("requisition_id").untouched())
    assert ("lines-0-token" in names) is ticked


def test_a_lowered_quantity_reaches_the_bookshop(gateway, trial, cart):
    """What the approver changes is what is ordered; a cut across unequal copies waits for a person."""
    answered = trial.browser.submit(cart.form("requisition_id"), {"lines-0-quantity": "1"})
    assert "Venter på et menneske" in placed(gateway, answered).text
    assert "copies.choice" in answered.text


def test_lines_without_tokens_are_found_by_the_offer(gateway, trial, cart):
    """The number of the offer and the item number find the copies."""
    answered = trial.browser.submit(cart.form("requisition_id"), {"lines-0-token": [], "lines-1-token": []})
    made = placed(gateway, answered)
    assert "uten fordeling" not in made.text
    assert "HBB/VOKSEN/SKJØNN" in made.text


def test_a_changed_price_is_held_with_its_reason(trial, cart):
    """Under the default policy another price waits for a person."""
    answered = trial.browser.submit(cart.form("requisition_id"), {"lines-0-price": "1.00"})
    assert "price.changed" in answered.text


def test_a_quantity_that_is_none_is_asked_for_again(trial, cart):
    """A wrong entry comes back with its message and the form as it was."""
    with pytest.raises(PageRefused) as refused:
        trial.browser.submit(cart.form("requisition_id"), {"lines-0-quantity": "mange"})
    assert refused.value.page.status == 422
    assert "Øya utenfor kartet" in refused.value.page.text


def test_a_refused_order_leads_back_to_the_cart(trial, cart):
    """The fields go back as they came, in their character set, so the page is the same again."""
    form = cart.form("requisition_id")
    refused = trial.browser.submit(form, {f"lines-{number}-quantity": "0" for number in range(len(WISHES))})
    assert "400" in refused.text
    (back,) = [entry for entry in refused.forms if "/tester/return/" in entry.action]
    again = trial.browser.submit(back)
    document = dict(again.form("requisition_id").untouched())["document"]
    assert document == dict(form.untouched())["document"]
    assert b"%D8ya" in base64.b64decode(document)


def test_leaving_without_a_cart_is_told(trial):
    """An empty form is said in words, and there is nothing to order."""
    visit = trial.shop(trial.call_up("visma_proceedo"))
    asked = trial.browser.open(f"{visit.front}leave")
    sent = trial.browser.submit(asked.forms_to("/leave")[0])
    (away,) = [form for form in sent.forms if "/tester/return/" in form.action]
    back = trial.browser.submit(away)
    assert "Skjemaet har ingen linjer" in back.text
    assert back.form("requisition_id") is None


def test_columns_without_a_line_are_not_taken_for_leaving(trial, cart):
    """A shop that misspells its columns has sent a cart all the same."""
    body = pairs.encoded([("NEW_ITEM-DESCRIPTION(1)", "Blåbær")], "iso-8859-1")
    told = trial.browser.post(cart.url, body).text
    assert "ingen linjer som kan leses" in told
    assert "uten handlekurv" not in told


def test_a_form_that_nobody_can_read_is_told_with_its_field(trial, cart):
    """As a buyer's system would see it."""
    body = pairs.encoded([("NEW_ITEM-PRICE[1]", "cheap")], "iso-8859-1")
    assert "NEW_ITEM-PRICE[1]" in trial.browser.post(cart.url, body).text


def test_there_is_no_way_back_to_edit(trial, cart):
    """OCI has no edit; the address that cXML has for it is not there."""
    form = cart.form("requisition_id")
    there = replace(form, action=form.action.replace("/order/", "/back/") + "/edit")
    with pytest.raises(PageRefused) as refused:
        trial.browser.submit(there)
    assert refused.value.page.status == 404
