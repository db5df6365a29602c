"""Each language on a narrow screen: nothing runs off it, and the page says which language it is in."""

import pytest

from punchout.roundtrip import operators
from tests.browser.test_accessibility import look
from tests.punchout.web import houses
from tests.punchout.web.operator import held_order

_SYSTEM = "dynamics365"
_BOOK = "9799900000272"


@pytest.fixture(params=["nn", "en"])
def spoken(request, gateway, browser):
    """A window whose browser asks for this language, at a gateway where one agreement speaks it."""
    houses.agree(gateway, f"demo-{_SYSTEM}", locale=request.param)
    context = browser.new_context(locale=request.param)
    yield request.param, context.new_page()
    context.close()
    houses.agree(gateway, f"demo-{_SYSTEM}", locale="nb")


def see(page, lang, address):
    """Nothing; the page is in this language and fits, wide or narrow."""
    page.goto(address)
    assert page.locator("html").get_attribute("lang") == lang
    look(page, f"{lang} {address}")


def test_a_session_in_another_language(trade, spoken):
    """From the shelf to the question before leaving."""
    lang, page = spoken
    page.goto(trade(_SYSTEM).started.start_url)
    front = page.url
    see(page, lang, f"{front}titles/{_BOOK}")
    page.locator("form:has([name=quantity]) button").first.click()
    page.locator("[role=status]").first.wait_for()
    for path in ("", "cart", "send", "session", "leave", "feedback"):
        see(page, lang, f"{front}{path}")
    page.goto(f"{front}cart")
    see(page, lang, page.locator("a[href$='/copies']").first.evaluate("link => link.href"))


def test_the_desk_and_the_house_in_another_language(gateway, spoken):
    """The page at /, the built-in buyer, what is not there, and the desk with an order that waits."""
    lang, page = spoken
    base = gateway.world.public_base_url
    reference = held_order(gateway, f"PO-{lang}").reference
    for path in ("", "/tester/", "/nowhere", "/desk/", "/s/unknown/", "/omvisning/", "/omvisning/innkjop"):
        see(page, lang, f"{base}{path}")
    page.goto(operators.invite(gateway.world, "Åse"))
    for path in ("", f"orders/{reference}", f"orders/{reference}/refuse", "outbox", "mail", "feedback"):
        see(page, lang, f"{base}/desk/{path}")
