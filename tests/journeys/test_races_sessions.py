"""Shoppers who meet: one StartPage opened by many, one session in two windows; on both databases (FLOW-4)."""

from collections import Counter
from dataclasses import replace

import pytest
import requests

from catalog_bridge.bookshop import Refused
from punchout.buyer.browser import Browser, PageRefused
from punchout.buyer.pages import read
from punchout.buyer.visit import Visit
from punchout.roundtrip import shop, transfer
from session_store import carts
from tests.journeys.crashing import COPIES, RETURN, audit, do_what_was_promised, fill, orderable, visiting
from tests.journeys.rows import count, one
from tests.session_store.racing import race

AT_ONCE = 50
WINDOWS = 6


@pytest.fixture
def home(gateways):
    """The first gateway's house."""
    return gateways[0]


@pytest.fixture
def opened(home, trader):
    """A session with two titles in its cart, and the address of its first page below a gateway's."""
    here, handle = visiting(home, trader)
    fill(home, here, orderable(home, 2))
    return here, f"/s/{handle}/"


@pytest.fixture
def windows(gateways, opened):
    """The same session in several windows without cookies, at either gateway in turn."""
    addresses = [gateway.world.public_base_url for gateway in gateways]
    return [Visit(Browser(), addresses[number % 2] + opened[1]) for number in range(WINDOWS)]


def pressed(window, page):
    """The form behind the button of a page that asks before it closes the session."""
    return window.browser.open(f"{window.front}{page}").forms_to(f"/{page}")[0]


def adding(window, product_id):
    """The form that puts a title into the cart."""
    return window.browser.open(f"{window.front}titles/{product_id}").form("quantity")


def posted(window, form):
    """What the answering page posts to the buyer, nothing where it does not; its status where it refuses."""
    try:
        page = window.browser.submit(form)
    except PageRefused as refused:
        return refused.page.status
    return dict(pair for form in page.forms if form.action == RETURN for pair in form.untouched())


@pytest.mark.rule("T-B1")
def test_of_fifty_who_open_a_start_page_one_gets_in(gateways, trader):
    """One gets the session and its cookie; to all others it is explained that the address has been used."""
    path = trader.start(RETURN).start_url.removeprefix(gateways[0].world.public_base_url)
    addresses = [gateway.world.public_base_url + path for gateway in gateways]
    answers = race(
        AT_ONCE, lambda which: requests.get(addresses[which % 2], allow_redirects=False, timeout=60)
    )
    assert Counter(answer.status_code for answer in answers) == {303: 1, 410: AT_ONCE - 1}
    assert [answer.status_code for answer in answers if "Set-Cookie" in answer.headers] == [303]
    assert all(read(answer.url, 410, answer.text).h1 for answer in answers if answer.status_code == 410)


@pytest.mark.rule("T-B1")
def test_looking_ahead_spends_no_start_page(gateways, trader):
    """Many HEADs and prefetches at once, and the shopper still gets in."""
    url = trader.start(RETURN).start_url
    answers = race(8, lambda _: requests.get(url, headers={"Sec-Purpose": "prefetch"}, timeout=60))
    assert {answer.status_code for answer in answers} == {204}
    assert requests.get(url, allow_redirects=False, timeout=60).status_code == 303


@pytest.mark.rule("FLOW-4")
def test_a_cart_sent_from_several_windows_at_once_goes_back_once(home, trader, opened, windows):
    """Every window posts the very same document, and the order for it is whole."""
    forms = [pressed(window, "send") for window in windows]
    documents = race(WINDOWS, lambda which: posted(windows[which], forms[which]))
    assert all(document == documents[0] for document in documents)
    assert count(home.settings.database_url, "returned_cart") == 1
    assert count(home.settings.database_url, "line_token") == 2
    cart = trader.read_return(documents[0], opened[0].session.setup.buyer_cookie)
    assert trader.send_order(cart, order_id="PO-1").code == 200
    do_what_was_promised(home)
    audit(home, "PO-1")


@pytest.mark.rule("FLOW-4")
@pytest.mark.rule("FLOW-6")
def test_a_session_sent_and_left_at_once_is_closed_one_way(home, opened, windows):
    """Windows that wanted the other way are told; what /sent posts afterwards is the one document stored."""
    forms = [pressed(window, "leave" if number % 2 else "send") for number, window in enumerate(windows)]
    outcomes = race(WINDOWS, lambda which: posted(windows[which], forms[which]))
    documents = [outcome for outcome in outcomes if isinstance(outcome, dict)]
    assert set(range(400, 410)) >= {outcome for outcome in outcomes if outcome not in documents}
    assert all(document == documents[0] for document in documents)
    assert count(home.settings.database_url, "returned_cart") == 1
    state = one(home.settings.database_url, "SELECT state FROM session")
    with home.store.read() as tx:
        sent = carts.latest(tx, opened[0].agreement.id, opened[0].session.id)
    assert state == ("cancelled" if sent.unchanged else "returned")


@pytest.mark.rule("FLOW-4")
@pytest.mark.rule("DIST-4", way="punchout")
def test_a_cart_that_is_filled_while_it_goes_back_goes_back_whole(home, trader, opened, windows):
    """What goes back is one state of the cart, each title with all copies; the next addition is refused."""
    products = orderable(home, 1 + WINDOWS)[2:]
    send = pressed(windows[0], "send")
    adds = [adding(window, product) for window, product in zip(windows[1:], products, strict=True)]
    document, *_ = race(
        WINDOWS,
        lambda which: posted(windows[which], [send, *adds][which]),
    )
    cart = trader.read_return(document, opened[0].session.setup.buyer_cookie)
    with home.store.read() as tx:
        sent = carts.latest(tx, opened[0].agreement.id, opened[0].session.id)
    assert cart.holds
    assert [line.line_token for line in cart.message.lines] == [line.line_token for line in sent.lines]
    assert [len(line.copies) for line in sent.lines][:2] == [COPIES, COPIES]
    assert all(line.quantity == len(line.copies) for line in sent.lines)
    kept = home.shop.cart(sent.customer_number, opened[0].session.cart_id)
    assert [line.product_id for line in sent.lines] == [line.product.product_id for line in kept.lines]
    assert posted(windows[1], adds[0]) == 409


class Restless:
    """A bookshop in which another window puts a title in the cart just before it is closed, so many times."""

    def __init__(self, inside, products):
        self._inside, self._products = inside, list(products)

    def __getattr__(self, name):
        """Everything else as the bookshop has it."""
        return getattr(self._inside, name)

    def close_cart(self, customer_number, cart_id, version):
        """The closed cart, if nobody was faster."""
        if self._products:
            self._inside.add_to_cart(customer_number, cart_id, self._products.pop(0))
        return self._inside.close_cart(customer_number, cart_id, version)


@pytest.mark.rule("FLOW-4")
def test_a_title_that_comes_between_the_reading_and_the_freezing_goes_along(home, opened):
    """The cart is read anew, and nothing stays behind in a cart that is closed."""
    here, late = opened[0], orderable(home, 3)[2]
    world = replace(home.world, shop=Restless(home.shop, [late]))
    sent = transfer.freeze(world, here).cart
    assert [line.product_id for line in sent.lines] == orderable(home, 3)
    with pytest.raises(Refused, match="has been sent"):
        home.shop.add_to_cart(sent.customer_number, here.session.cart_id, late)


@pytest.mark.rule("FLOW-4")
def test_a_cart_that_changes_all_the_time_is_not_sent(home, opened):
    """The shopper is told to look again; nothing is frozen, and the session goes on."""
    here = opened[0]
    world = replace(home.world, shop=Restless(home.shop, orderable(home, 9)[2:]))
    with pytest.raises(transfer.NotReady) as told:
        transfer.freeze(world, here)
    assert [problem.text for problem in told.value.problems] == [
        "The cart has been changed in another window meanwhile; look at it again."
    ]
    assert count(home.settings.database_url, "returned_cart") == 0
    assert len(transfer.freeze(home.world, here).cart.lines) == 5


@pytest.mark.rule("FLOW-4")
@pytest.mark.rule("FLOW-6")
def test_a_title_that_comes_into_an_empty_cart_while_it_is_sent_goes_along(home, trader):
    """An empty cart goes as *unchanged*, unless it is empty no longer."""
    here, _ = visiting(home, trader)
    shop.cart(home.world, here)
    world = replace(home.world, shop=Restless(home.shop, orderable(home, 1)))
    assert [line.product_id for line in transfer.freeze(world, here).cart.lines] == orderable(home, 1)
