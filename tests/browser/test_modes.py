"""The whole way in a real browser: alone, framed, without cookies, without script, side by side (T-B2)."""

import pytest

from punchout.buyer.trial import placed
from punchout.roundtrip import start
from tests.browser.chromium import NO_COOKIES, NO_THIRD_PARTY_COOKIES
from tests.browser.conftest import FRAMED
from tests.browser.librarian import Librarian

ORDER_NAME = "Barnebøker påske – æøå"


def shop(librarian, **sending):
    """Two titles, one of them to two branches, named, addressed and sent."""
    librarian.choose("Ti små støvler", 2)
    librarian.choose("Øya utenfor kartet", 3)
    librarian.open_cart()
    librarian.distribute("HBB", "BJO")
    librarian.describe(ORDER_NAME, "BJO")
    librarian.send(**sending)


def check(trade):
    """Nothing; fails unless the cart is whole and its order reaches the bookshop with every copy's codes."""
    cart = trade.cart()
    assert [verdict for verdict in cart.verdicts if not verdict.holds] == []
    assert [int(line.quantity) for line in cart.message.lines] == [2, 3]
    assert "Ti små støvler" in cart.message.lines[0].description
    answer = trade.buyer.send_order(cart)
    assert answer.code == 200, answer.detail
    (order,) = placed(trade.gateway.shop, "100234", answer.order_id)
    assert order.order.order_name == ORDER_NAME
    assert [copy.codes.branch_code for copy in order.order.lines[0].copies] == ["HBB", "BJO"]


def binding(trade, url):
    """The fingerprint of the cookie that the session with this address is bound to; None without one."""
    handle = url.split("/s/")[1].split("/")[0]
    return start.opened(trade.gateway.world, handle).cookie_hash


def shop_frame(page):
    """The frame that the shop is in, once it is there."""
    librarian = Librarian(page.frame_locator("iframe"))
    librarian.sees("Finn bøker")
    return librarian, page.frame("shop").url


@pytest.mark.rule("T-B2")
def test_at_top_level(trade, site, page):
    """In a window of its own: bound by its cookie, cart home by itself, order in the bookshop."""
    opened = trade()
    page.goto(site.link(opened.started.start_url))
    page.get_by_role("link", name="Til bokhandelen").click()
    librarian = Librarian(page)
    librarian.sees("Finn bøker")
    address = page.url
    shop(librarian)
    assert binding(opened, address)
    check(opened)


@pytest.mark.rule("T-B2")
def test_in_a_frame_without_third_party_cookies(trade, site, strict_page):
    """Only the Partitioned cookie reaches the frame; it binds the session, and everything works."""
    page = strict_page(NO_THIRD_PARTY_COOKIES)
    page.goto(site.frame(site.probe_url))
    page.reload()
    assert page.frame_locator("iframe").locator("p").inner_text() == "own=1"

    opened = trade(FRAMED)
    page.goto(site.frame(opened.started.start_url))
    librarian, address = shop_frame(page)
    shop(librarian)
    assert binding(opened, address)
    check(opened)


@pytest.mark.rule("T-B2")
def test_in_a_frame_with_all_cookies_off(trade, site, strict_page):
    """No cookie at all: the session lives by its path, unbound, and everything works."""
    page = strict_page(NO_COOKIES)
    page.goto(site.frame(site.probe_url))
    page.reload()
    assert page.frame_locator("iframe").locator("p").inner_text() == ""

    opened = trade(FRAMED)
    page.goto(site.frame(opened.started.start_url))
    librarian, address = shop_frame(page)
    shop(librarian)
    assert binding(opened, address) is None
    check(opened)


@pytest.mark.rule("T-B2")
def test_without_script(trade, site, browser):
    """With JavaScript off every page works, and the last one has a button."""
    context = browser.new_context(java_script_enabled=False, locale="nb-NO")
    page, opened = context.new_page(), trade()
    page.goto(opened.started.start_url)
    shop(Librarian(page), by_hand=True)
    check(opened)
    context.close()


@pytest.mark.rule("T-B2")
def test_two_sessions_side_by_side(trade, page):
    """Two tabs of one browser, two carts: what is put in one is not in the other, and each goes home."""
    first, second = trade(), trade()
    other = page.context.new_page()
    page.goto(first.started.start_url)
    other.goto(second.started.start_url)
    one, two = Librarian(page), Librarian(other)
    one.choose("Ti små støvler", 2)
    two.choose("Øya utenfor kartet", 1)
    one.choose("Øya utenfor kartet", 3)
    for librarian, opened, quantities in ((two, second, [1]), (one, first, [2, 3])):
        librarian.open_cart()
        librarian.describe(ORDER_NAME, "HBB")
        librarian.send()
        assert [int(line.quantity) for line in opened.cart().message.lines] == quantities


@pytest.mark.rule("T-B2")
def test_popped_out_of_its_frame_the_session_follows(trade, site, page):
    """The frame's address in a window of its own asks once whether to go on here, and keeps the cart."""
    opened = trade(FRAMED)
    page.goto(site.frame(opened.started.start_url))
    librarian, address = shop_frame(page)
    librarian.choose("Ti små støvler", 2)
    popped = page.context.new_page()
    popped.goto(address)
    alone = Librarian(popped)
    alone.sees("Denne økten er åpen i et annet vindu")
    popped.get_by_role("button", name="Fortsett her").click()
    alone.sees("Finn bøker")
    alone.open_cart()
    assert popped.get_by_text("Ti små støvler").first.is_visible()


@pytest.mark.rule("FLOW-4")
def test_going_back_does_not_send_again(trade, site, page):
    """The browser's back button shows the page with the button, and the cart stays where it is."""
    opened = trade()
    page.goto(opened.started.start_url)
    librarian = Librarian(page)
    librarian.choose("Ti små støvler", 1)
    librarian.open_cart()
    librarian.describe("Tilbake", "HBB")
    librarian.send()
    before = len(site.carts)
    page.go_back()
    librarian.sees("Handlekurven går til innkjøpssystemet")
    assert len(site.carts) == before
    page.get_by_role("button", name="Send handlekurven").click()
    librarian.sees("Handlekurven er mottatt")
    assert site.carts[-1] == site.carts[-2]
