"""OCI over real HTTP: called up by a browser, shopped in, sent home as fields, and ordered (oci.md)."""

from dataclasses import replace
from urllib.parse import urlsplit

import pytest
import requests

from catalog_bridge.bookshop import SearchQuery, ShopUnavailable
from punchout.buyer.browser import Browser, PageRefused
from punchout.buyer.trial import NOTE, ORDER_NAME, WISHES, placed
from punchout.buyer.visit import Wish
from punchout.roundtrip import oci_functions
from session_store import journal
from tests.journeys.oci_trips import LOGIN, PASSWORD, agree, oci_trips, order_of
from tests.journeys.trips import below, press

CUSTOMER = "100234"


@pytest.fixture
def out(gateway):
    """Trips by OCI under the generic buyer's agreement, which takes orders by cXML."""
    with oci_trips(gateway) as made:
        yield made


def codes_of(orders):
    """The branch of every copy, title by title."""
    return [
        [copy.codes.branch_code for copy in line.copies] for order in orders for line in order.order.lines
    ]


def status_of(visit, page):
    """The status of this page of the session."""
    try:
        return visit.browser.open(f"{visit.front}{page}").status
    except PageRefused as refused:
        return refused.page.status


@pytest.mark.rule("FLOW-3")
@pytest.mark.rule("DIST-8")
@pytest.mark.parametrize("method", ["post", "get"])
def test_a_roundtrip_by_oci_is_whole(out, buyer, method):
    """The form brings every line home, and the order of it every copy's codes, æøå too."""
    visit = out.leave(method=method)
    bag = visit.shop(WISHES, ORDER_NAME, NOTE)
    visit.send()
    form = out.home()
    assert [entry.line.product_id for entry in form.lines] == [line.product_id for line in bag.lines]
    assert [int(entry.line.quantity) for entry in form.lines] == [line.quantity for line in bag.lines]
    assert all(entry.line.quote_id.startswith("PS-") and entry.line.quote_line for entry in form.lines)
    trader = buyer()
    stamp = trader.stamp()
    answer = trader.send_purchase_order(order_of(form, stamp, "PO-1"), stamp)
    assert answer.code == 200, answer.detail
    (order,) = placed(out.gateway.shop, CUSTOMER, "PO-1")
    assert order.order.order_name == ORDER_NAME
    chosen = [[copy["branch_code"] for copy in line.copies] for line in bag.lines]
    assert codes_of([order]) == chosen


@pytest.mark.rule("DIST-8")
def test_an_order_that_kept_only_the_offer_number_finds_its_cart(out, buyer):
    """What survives most often: our article number, and the quote id in the header."""
    visit = out.leave()
    bag = visit.shop(WISHES, ORDER_NAME)
    visit.send()
    form = out.home()
    bare = replace(
        order_of(form, buyer().stamp(), "PO-2", supplier_order_id=form.lines[0].line.quote_id),
        lines=tuple(
            replace(entry.line, number=number, line_token="", quote_id="", quote_line=0, description="")
            for number, entry in enumerate(form.lines, start=1)
        ),
    )
    trader = buyer()
    assert trader.send_purchase_order(bare, trader.stamp()).code == 200
    (order,) = placed(out.gateway.shop, CUSTOMER, "PO-2")
    assert codes_of([order]) == [[copy["branch_code"] for copy in line.copies] for line in bag.lines]


@pytest.mark.rule("T-B6")
def test_a_login_in_the_address_is_gone_at_once(out):
    """303 to an address without a query, which no later page sees as its referrer."""
    where = f"{out.url}?USERNAME=testby&PASSWORD={PASSWORD}&HOOK_URL={out.receiver.url.replace('&', '%26')}"
    answer = requests.get(where, allow_redirects=False, timeout=60)
    assert answer.status_code == 303
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["Cache-Control"] == "no-store"
    assert urlsplit(answer.headers["Location"]).query == ""
    assert PASSWORD not in answer.text + answer.headers["Location"]


@pytest.mark.rule("T-B6")
def test_a_login_in_the_address_can_be_forbidden(gateway):
    """The agreement says so, and the answer says what to do."""
    with oci_trips(gateway, oci={"own": {"get_login": False}}) as out:
        page = out.call(Browser(), method="get")
    assert page.status == 403
    assert "POST" in page.text


@pytest.mark.rule("T-B6")
def test_a_login_field_that_comes_twice_is_refused(out):
    """Which of two values counts is nothing to guess."""
    body = f"USERNAME=testby&USERNAME=other&PASSWORD={PASSWORD}&HOOK_URL=https://buyer.testby.example/"
    answer = requests.post(
        out.url, body, headers={"Content-Type": "application/x-www-form-urlencoded"}, timeout=60
    )
    assert answer.status_code == 400
    assert "USERNAME" in answer.text
    assert PASSWORD not in answer.text


def test_nobody_learns_which_part_of_a_login_was_wrong(out, gateway):
    """A wrong name, a wrong password, a missing one and an agreement that is not there read alike."""
    wrong = [
        {**LOGIN, "USERNAME": "x"},
        {**LOGIN, "PASSWORD": "x"},
        {"USERNAME": "testby"},
        {**LOGIN, "PASSWORD": ""},
    ]
    pages = [out.call(Browser(), login=login) for login in wrong]
    elsewhere = replace(out, agreement=replace(out.agreement, id="demo-coupa"))
    nowhere = replace(out, agreement=replace(out.agreement, id="no-such"))
    pages += [elsewhere.call(Browser()), nowhere.call(Browser())]
    agree(gateway.world, enabled=False)
    pages.append(out.call(Browser()))
    assert {page.status for page in pages} == {403}
    assert len({page.text for page in pages}) == 1


def test_failed_logins_have_to_wait(out):
    """After ten failures from one network even the right password is told to come back later."""
    for _ in range(10):
        out.call(Browser(), login={**LOGIN, "PASSWORD": "x"})
    answer = requests.post(out.url, {**LOGIN, "HOOK_URL": out.receiver.url}, timeout=60)
    assert answer.status_code == 403
    assert int(answer.headers["Retry-After"]) > 0


def test_an_unfilled_placeholder_is_named(out):
    """The set-up fault is on the buyer's side, and the page says where to mend it."""
    page = out.call(Browser(), login={"USERNAME": "<SY-UNAME>", "PASSWORD": PASSWORD})
    assert page.status == 403
    assert "USERNAME" in page.text
    assert "placeholder" in page.text or "plassholder" in page.text


def test_two_call_ups_with_one_login_are_two_carts(out):
    """The session's key is the call-up, never the user name."""
    first, second = out.leave(), out.leave()
    first.shop([WISHES[0]], "Første")
    second.shop([WISHES[1]], "Andre")
    for visit in (first, second):
        visit.send()
    one, two = (out.home(number).lines for number in (0, 1))
    assert [int(entry.line.quantity) for entry in one] == [WISHES[0].quantity]
    assert [int(entry.line.quantity) for entry in two] == [WISHES[1].quantity]


def test_detail_opens_the_title_and_shopping_goes_on(out):
    """FUNCTION=DETAIL with what we sent as EXT_PRODUCT_ID, a token behind it or not."""
    product = out.gateway.shop.search(CUSTOMER, _query("støvler")).offers[0].product
    for asked in (product.product_id, f"{product.product_id}~0123456789ABCDEFGHJK"):
        page = out.call(Browser(), function="DETAIL", product_id=asked)
        assert product.title in page.h1
        assert page.form("quantity")


def test_sourcing_opens_the_hits(out):
    """FUNCTION=SOURCING with a search string in Latin-1."""
    page = out.call(Browser(), function="SOURCING", search="støvler", charset="iso-8859-1")
    assert "Ti små støvler" in page.text
    assert page.form("q")


@pytest.mark.rule("FLOW-7")
def test_validate_gives_the_promised_price(out):
    """One item, the price and offer number of the cart, posted at once."""
    visit = out.leave()
    visit.shop([WISHES[0]], ORDER_NAME)
    visit.send()
    (entry,) = out.home().lines
    asked = entry.columns["EXT_PRODUCT_ID"]
    browser = Browser()
    page = out.call(browser, function="VALIDATE", product_id=asked, quantity="7")
    (form,) = page.forms
    browser.submit(form)
    (checked,) = out.home().lines
    assert checked.line.unit_price == entry.line.unit_price
    assert int(checked.line.quantity) == 7
    assert (checked.line.quote_id, checked.line.quote_line) == (entry.line.quote_id, entry.line.quote_line)
    assert page.h1 == ""


@pytest.mark.rule("PO-ID-3")
def test_validate_asks_nobody_for_whom(out):
    """An agreement for several libraries answers all the same: no person is there to choose."""
    agree(out.gateway.world, default_customer="")
    product = out.gateway.shop.search(CUSTOMER, _query("støvler")).offers[0].product
    browser = Browser()
    page = out.call(browser, function="VALIDATE", product_id=product.product_id, quantity="1")
    browser.submit(page.forms[0])
    assert [entry.line.product_id for entry in out.home().lines] == [product.product_id]


@pytest.mark.parametrize("gone", ["9788299999999", "nothing-like-it", "9788299999999~0123456789ABCDEFGHJK"])
def test_validate_of_a_product_that_is_gone_returns_no_item(out, gone):
    """Not an item at price 0."""
    browser = Browser()
    page = out.call(browser, function="VALIDATE", product_id=gone, quantity="1")
    (form,) = page.forms
    browser.submit(form)
    assert out.home().lines == ()


def test_a_search_in_the_background_is_one_page_that_nobody_submits(out):
    """All hits as hidden fields, capped with a word about it, and no script."""
    agree(out.gateway.world, oci={"own": {"search_limit": 3}})
    fields = {**LOGIN, "HOOK_URL": out.receiver.url, "FUNCTION": "BACKGROUND_SEARCH", "SEARCHSTRING": "og"}
    answer = requests.post(out.url, fields, allow_redirects=False, timeout=60)
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert answer.text.count("NEW_ITEM-DESCRIPTION[") == 3
    assert "3 av" in answer.text
    assert answer.headers["Content-Type"] == "text/html; charset=utf-8"
    assert out.receiver.bodies == []


@pytest.mark.parametrize("function", ["QUANTITYCHECK", "DOWNLOADJSON", "NO_SUCH"])
def test_a_function_that_is_not_served_is_told_so(out, function):
    """501 with what is served."""
    answer = requests.post(out.url, {**LOGIN, "HOOK_URL": out.receiver.url, "FUNCTION": function}, timeout=60)
    assert answer.status_code == 501
    assert "BACKGROUND_SEARCH" in answer.text


@pytest.mark.parametrize(
    ("sent", "status", "said"),
    [
        ({"data": {str(number): "x" for number in range(300)}}, 413, "for stort eller har for mange felt"),
        ({"data": {"FUNCTION": "x" * 70_000}}, 413, "for mye på én gang"),
        ({"files": {"HOOK_URL": ("", "https://testby.example/")}}, 400, "ikke et skjema"),
        ({"json": {"HOOK_URL": "https://testby.example/"}}, 400, "ikke et skjema"),
    ],
)
def test_what_is_no_call_up_at_all_is_refused_in_the_buyers_language(out, sent, status, said):
    """Whoever reads the page looks after a procurement system, not after HTTP."""
    answer = requests.post(out.url, timeout=60, **sent)
    assert (answer.status_code, said in answer.text) == (status, True), answer.text


def test_a_bookshop_that_is_away_is_told_with_the_time_to_come_back(out, monkeypatch):
    """The buyer's system may call up again by itself."""

    def away(*_):
        raise ShopUnavailable("The database does not answer.")

    monkeypatch.setattr(oci_functions, "search", away)
    asked = {**LOGIN, "FUNCTION": "BACKGROUND_SEARCH", "SEARCHSTRING": "krim"}
    answer = requests.post(out.url, asked, timeout=60)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "30")
    assert "Bokhandelen svarer ikke akkurat nå" in answer.text
    assert "for mange ganger" not in answer.text


def test_only_a_call_up_that_asks_about_a_product_is_answered_by_itself(out):
    """In a session that somebody shops in the page is not there, and nothing is posted."""
    visit = out.leave()
    assert status_of(visit, "checked") == 404
    assert out.receiver.bodies == []


def test_a_refusal_of_a_known_buyer_has_a_code_that_its_timeline_knows(out):
    """Design §4.8: what happened, whose side it is on, what to do, and a code to ask about."""
    page = out.call(Browser(), function="VALIDATE", product_id="", quantity="1")
    reference = page.text.partition("Referansekode: ")[2].split()[0]
    with out.gateway.store.read() as tx:
        (entry,) = journal.timeline(tx, out.agreement.id, reference)
    assert entry.kind == "OCI call-up.refused"
    assert "PRODUCTID" in entry.summary


@pytest.mark.rule("FLOW-6")
def test_leaving_sends_a_form_without_items(out):
    """Nothing changes at the buyer's."""
    visit = out.leave()
    visit.shop([WISHES[0]], ORDER_NAME)
    visit.leave()
    assert out.home().lines == ()


@pytest.mark.rule("FLOW-6")
def test_leaving_goes_to_ocicancel_where_one_was_given(out):
    """A link, and no form at all; one to a strange host is not used."""
    cancel = f"{out.receiver.url.partition('/return')[0]}/cancel"
    visit = out.leave(control=[("OCICANCEL", cancel)])
    page = press(visit, "leave", "/leave")
    assert cancel in page.links
    assert page.forms == []
    visit = out.leave(control=[("OCICANCEL", "https://attacker.example/")])
    assert press(visit, "leave", "/leave").links_to("attacker") == []


@pytest.mark.rule("FLOW-6")
def test_leaving_a_buyer_that_takes_no_empty_cart_sends_nothing(gateway):
    """A page that says so, with neither form nor link to the buyer."""
    with oci_trips(gateway, oci={"own": {"empty_return": "link_only"}}) as out:
        page = press(out.leave(), "leave", "/leave")
        assert page.forms == []
        assert page.links_to(out.receiver.url) == []
        assert "Ingenting sendes" in page.text
        assert "får beskjed" not in page.text
        assert out.receiver.bodies == []


def test_what_is_sent_again_is_the_same(out):
    """Every byte of it, tokens included."""
    visit = out.leave()
    visit.shop(WISHES, ORDER_NAME)
    visit.send()
    visit.send()
    assert out.receiver.bodies[0] == out.receiver.bodies[1]


@pytest.mark.rule("CART-6", way="punchout")
def test_a_cart_longer_than_the_form_goes_in_rounds(gateway, buyer):
    """Nothing is cut: the rest waits, is found by name and code, and in the end every title has come."""
    with oci_trips(gateway, override={"max_form_fields": 23}) as out:
        visit = out.leave()
        wishes = [*WISHES, Wish(search="krim", quantity=1), Wish(search="dikt", quantity=2)]
        bag = visit.shop(wishes, ORDER_NAME)
        names = []
        for _ in range(len(wishes)):
            sent = visit.send()
            assert "mottatt" in sent.text.casefold()
            names.append(below(visit, "sent"))
            code = _code(names[-1])
            if not code:
                break
            visit = out.leave()
            form = below(visit, "unfinished").form("name", "code")
            visit.browser.submit(form, {"name": ORDER_NAME, "code": code})
    came = [entry.line.product_id for number in range(len(names)) for entry in out.home(number).lines]
    assert came == [line.product_id for line in bag.lines]
    assert len(names) == 2
    assert all(len(body.split(b"&")) <= 23 for body in out.receiver.bodies)


def test_latin1_comes_home_in_latin1(gateway):
    """http_content_charset decides; what the set has not is replaced and told before the cart leaves."""
    with oci_trips(gateway) as out:
        visit = out.leave(control=[("http_content_charset", "ISO-8859-1")])
        visit.shop(WISHES, ORDER_NAME)
        visit.send()
        body = out.receiver.bodies[-1]
    assert b"%F8" in body
    assert b"%C3%B8" not in body
    assert any("ø" in entry.line.description for entry in out.home().lines)


def test_the_journal_keeps_the_call_up_without_its_password(out):
    """Everything that came is there to be looked at, but not what opens the shop."""
    visit = out.leave(control=[("CostCenter", "4400")])
    reference = below(visit).text.partition("Økt ")[2].split()[0]
    with out.gateway.store.read() as tx:
        (entry,) = journal.timeline(tx, out.agreement.id, reference)
    assert b"CostCenter=4400" in entry.document
    assert PASSWORD.encode() not in entry.document


def _code(page):
    """The code under which the rest waits; empty where nothing does."""
    found = [word for word in page.text.split() if len(word.strip(".")) == 8 and word.strip(".").isalnum()]
    rest = "venter på neste" in page.text
    return next((word.strip(".") for word in found if word.strip(".").isupper()), "") if rest else ""


def _query(text):
    return SearchQuery(text=text)
