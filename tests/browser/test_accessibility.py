"""axe finds nothing on any page, wide, enlarged or narrow, and nothing runs off it (WCAG 2.2 AA)."""

import re
from dataclasses import replace

import pytest
from axe_playwright_python.sync_playwright import Axe

from protocols.model.session import NOBODY
from punchout.roundtrip import operators
from tests.browser.conftest import FRAMED, UNDECIDED
from tests.browser.librarian import Librarian
from tests.catalog_bridge.contract.world import BJO, HBB, NOVEL, line_of, order_of
from tests.punchout.web import houses

_LEVELS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_RULES = {"runOnly": {"type": "tag", "values": _LEVELS}, "resultTypes": ["violations"]}
_NARROW, _WIDE = {"width": 320, "height": 700}, {"width": 1280, "height": 900}
_ENLARGED = {"width": 640, "height": 450, "deviceScaleFactor": 2, "mobile": False}
"""The wide window at 200 %: half as many pixels of the page, each twice as large (WCAG 1.4.4)."""


def look(page, name):
    """Nothing; fails with what axe finds on this page, or with what stands out of it.

    In a wide window, in the same one at 200 %, and at 320 pixels.
    """
    page.wait_for_load_state()  # a click waits for the next page to begin, not for it to be there
    for size in (_WIDE, _NARROW):
        page.set_viewport_size(size)
        _judge(page, name, size["width"])
    window = page.context.new_cdp_session(page)
    window.send("Emulation.setDeviceMetricsOverride", _ENLARGED)
    _judge(page, f"{name} at 200 %", _ENLARGED["width"])
    window.send("Emulation.clearDeviceMetricsOverride")
    window.detach()
    page.set_viewport_size(_WIDE)


def _judge(page, name, width):
    assert page.evaluate("innerWidth") == width
    found = Axe().run(page, options=_RULES)
    assert found.violations_count == 0, f"{name} at {width}: {found.generate_report()}"
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} at {width}"


def test_200_per_cent_is_what_it_says(page):
    """A page that fits wide and narrow and not at 200 % is found out; afterwards the window is as it was."""
    page.set_content(
        "<!doctype html><html lang=en><title>t</title><main><h1>t</h1><p>t</p></main>"
        "<style>@media (width: 640px) and (resolution: 2x) { p { width: 700px } }</style>"
    )
    with pytest.raises(AssertionError, match="t at 200 %"):
        look(page, "t")
    page.evaluate("document.querySelector('style').remove()")
    look(page, "t")
    assert page.evaluate("[innerWidth, devicePixelRatio]") == [_WIDE["width"], 1]


@pytest.fixture
def front(trade, page):
    """A librarian in a fresh session, and the address of its front."""
    page.goto(trade().started.start_url)
    return Librarian(page), page.url


def test_shelves(page, front):
    """The front, a result with a title just added, a refused quantity, a wrong ISBN, no hit, one title."""
    librarian, url = front
    look(page, "front")
    librarian.choose("Ti små støvler", 2)
    look(page, "added")
    page.goto(f"{url}?q=Ti små støvler")
    page.locator("li.title-card").first.get_by_label("Antall").fill("x")
    page.locator("li.title-card").first.get_by_role("button").click()
    look(page, "refused quantity")
    for name, path in {
        "wrong ISBN": "?q=82-03-18756-1",
        "no hit": "?q=qqqq",
        "sami": "?language=sme",
        "title": "titles/9799900000272",
    }.items():
        page.goto(f"{url}{path}")
        look(page, name)


def test_cart_and_copies(page, front):
    """The empty cart, a full one, a refused order name, copies, a refused code."""
    librarian, url = front
    page.goto(f"{url}cart")
    look(page, "empty cart")
    page.goto(url)
    librarian.choose("Ti små støvler", 3)
    librarian.open_cart()
    look(page, "cart")
    page.get_by_label("Rekvisisjons-/bestillingsnummer").fill("x" * 36)
    page.get_by_role("button", name="Lagre og bli her").click()
    look(page, "refused order name")
    page.get_by_role("link", name="Fordel eksemplarene").click()
    look(page, "copies")
    page.get_by_label("Merknad til bokhandelen").fill("x" * 256)
    page.get_by_role("button", name="Lagre", exact=True).click()
    look(page, "refused note")


def test_saved_lists(page, front):
    """No list, a new one, refused; a list with a bad line, renamed wrongly; a title put on it."""
    librarian, url = front
    page.goto(f"{url}lists")
    look(page, "no lists")
    page.get_by_role("link", name="Ny liste").press("Enter")
    look(page, "new list")
    page.get_by_role("button", name="Lagre listen").press("Enter")
    page.get_by_text("Noe må rettes").wait_for()
    look(page, "refused list")
    page.get_by_label("Navn på listen").fill("Høstens bøker")
    page.get_by_label("Én tittel per linje").fill("9799900000272;2\n9799900000340\nFuglane")
    page.get_by_label("Del den med alle").press("Space")
    page.get_by_role("button", name="Lagre listen").press("Enter")
    librarian.sees("Høstens bøker")
    look(page, "list with a bad line")
    page.get_by_text("Fjern listen").press("Enter")
    page.get_by_label("Navn på listen").fill("")
    look(page, "list about to be removed")
    page.get_by_role("button", name="Gi nytt navn").press("Enter")
    page.get_by_text("Listen må ha et navn").first.wait_for()
    look(page, "refused name")
    page.goto(f"{url}lists")
    look(page, "lists")
    page.get_by_role("link", name="Høstens bøker").press("Enter")
    page.get_by_role("button", name="Legg hele listen i handlekurven").press("Enter")
    librarian.sees("Fordeling")
    page.goto(f"{url}titles/9799900000272")
    page.get_by_role("button", name="Sett på listen").press("Enter")
    page.get_by_text("Tittelen står på listen").wait_for()
    look(page, "title on a list")


def test_browsing_by_keyboard(gateway, page, front):
    """Class, genre and time are chosen and taken away again by keys alone; marks stand on title and cart."""
    librarian, url = front
    order = order_of(line_of(1, replace(NOVEL, product_id="9799900000272"), HBB, BJO))
    gateway.world.shop.place_order(order, "key")
    page.goto(url)
    page.get_by_label("Sjanger og emne").press("S")
    page.get_by_label("Deweynummeret begynner med").fill("8")
    page.get_by_label("Deweynummeret begynner med").press("Enter")
    page.get_by_text("Ta bort").first.wait_for()
    look(page, "narrowed down")
    page.get_by_role("link", name=re.compile("Ta bort.*Deweynummeret")).press("Enter")
    page.wait_for_url(lambda where: "dewey=8" not in where)
    page.goto(url)
    librarian.choose("Ti små støvler", 1)
    for path in ("titles/9799900000272", "cart"):
        page.goto(f"{url}{path}")
        page.get_by_text("BJO, HBB (2 eksemplarer)").wait_for()
        look(page, f"marks on {path}")


def test_saying_who_shops(gateway, page):
    """The question, refused, and answered by keyboard alone."""
    page.goto(gateway.world.public_base_url + houses.call_up(gateway, shopper=NOBODY))
    look(page, "who")
    page.get_by_role("button", name="Gå videre", exact=True).press("Enter")
    page.get_by_text("Noe må rettes").wait_for()
    look(page, "refused name")
    page.get_by_label("Navnet ditt").fill("Åse Bø")
    page.get_by_label("Navnet ditt").press("Enter")
    Librarian(page).sees("Finn bøker")


def test_telling_what_one_thinks(gateway, page, front):
    """The form, refused and thanked for, by keyboard; and the desk where it arrives."""
    _, url = front
    page.goto(f"{url}feedback")
    look(page, "feedback")
    page.get_by_label("Meldingen din").press("Tab")
    page.keyboard.press("Enter")
    page.get_by_text("Noe må rettes").wait_for()
    look(page, "refused feedback")
    page.get_by_label("Meldingen din").fill("Bra på Ås")
    page.get_by_role("button", name="Send meldingen").press("Enter")
    page.get_by_text("Meldingen er kommet fram").wait_for()
    look(page, "thanks")
    page.goto(operators.invite(gateway.world, "Åse"))
    page.goto(f"{gateway.world.public_base_url}/desk/feedback")
    look(page, "messages")


def test_sending_and_leaving(page, front):
    """The preview, the session's own page, the question before leaving, and a closed session."""
    librarian, url = front
    librarian.choose("Ti små støvler", 3)
    for path in ("send", "session", "leave"):
        page.goto(f"{url}{path}")
        look(page, path)
    page.goto(f"{url}send")
    librarian.send()
    for path in ("cart", ""):
        page.goto(f"{url}{path}")
        look(page, f"closed {path}")
    page.get_by_role("link", name="Send handlekurven på nytt").first.wait_for()
    page.get_by_role("link", name="Handlekurv").first.click()
    page.get_by_role("link", name="Se eksemplarene").click()
    look(page, "closed copies")


def test_sending_to_each_branch(page, front):
    """The preview with the choice of orders, and with the orders that were chosen."""
    librarian, url = front
    librarian.choose("Ti små støvler", 3)
    librarian.open_cart()
    librarian.distribute("HBB", "BJO", "BJO")
    page.goto(f"{url}send")
    look(page, "choice of orders")
    page.get_by_label("Til hver filials egen adresse").check()
    page.get_by_role("button", name="Vis med disse valgene").click()
    page.get_by_text("Dette blir 2 bestillinger").wait_for()
    look(page, "orders for branches")


def test_the_posting_page(trade, browser):
    """The page that posts the cart, as it stands where no script sends it on."""
    context = browser.new_context(java_script_enabled=False, locale="nb-NO")
    page, opened = context.new_page(), trade()
    page.goto(opened.started.start_url)
    librarian = Librarian(page)
    librarian.choose("Ti små støvler", 1)
    librarian.open_cart()
    librarian.describe("Påske", "HBB")
    page.get_by_role("button", name="Send handlekurven").click()
    librarian.sees("Handlekurven går til innkjøpssystemet")
    html = page.content()
    context.close()
    shown = browser.new_page(locale="nb-NO")
    shown.goto(opened.gateway.world.public_base_url)
    shown.set_content(html.replace("<script", "<template").replace("</script", "</template"))
    look(shown, "posting page")
    shown.close()


def test_choosing_a_library(trade, page):
    """The question for whom the session shops."""
    page.goto(trade(UNDECIDED).started.start_url)
    Librarian(page).sees("Hvilket bibliotek handler du for?")
    look(page, "library")


def test_when_something_is_wrong(trade, gateway, site, page, browser):
    """A spent StartPage, an ended session, another window, a page that is not there."""
    opened = trade(FRAMED)
    page.goto(opened.started.start_url)
    url = page.url
    page.goto(f"{gateway.world.public_base_url}/nowhere")
    look(page, "404")
    page.goto(f"{gateway.world.public_base_url}/s/unknown/")
    look(page, "410")
    page.goto(url)
    stranger = browser.new_page(locale="nb-NO")
    stranger.goto(url)
    look(stranger, "another window")
    stranger.goto(opened.started.start_url)
    look(stranger, "spent StartPage")
    stranger.close()


def test_the_built_in_buyer_and_the_front_of_the_house(gateway, page):
    """The page at /, and every step of the built-in buyer."""
    base = gateway.world.public_base_url
    page.goto(base)
    look(page, "/")
    page.goto(f"{base}/tester/")
    look(page, "choose")
    page.get_by_label("I en ramme").check()
    page.get_by_role("button").first.click()
    Librarian(page.frame_locator("iframe")).sees("Finn bøker")
    look(page, "framed")
    page.goto(f"{base}/tester/")
    page.get_by_role("button").first.click()
    look(page, "started")
    page.get_by_role("link", name="Gå og handle").click()
    librarian = Librarian(page)
    librarian.choose("Ti små støvler", 2)
    librarian.open_cart()
    librarian.describe("Prøve", "HBB")
    page.get_by_role("button", name="Send handlekurven").click()
    page.wait_for_url("**/tester/return/**")
    look(page, "cart came home")
    page.get_by_role("button", name="Send bestillingen").click()
    page.wait_for_url("**/tester/made/**")
    look(page, "order")


def test_the_built_in_buyer_by_oci(gateway, page):
    """The call-up, the shop in its frame, the form that came home, and the order."""
    base = gateway.world.public_base_url
    page.goto(f"{base}/tester/")
    page.get_by_label("SAP SRM (OCI)").check()
    page.get_by_label("I en ramme").check()
    page.get_by_role("button").first.click()
    look(page, "call-up")
    page.get_by_role("button", name="Gå og handle").click()
    frame = page.frame_locator("iframe")
    frame.get_by_label("Navn").fill("Kari Testby")
    frame.get_by_role("button", name="Gå videre", exact=True).click()
    librarian = Librarian(frame)
    librarian.choose("Ti små støvler", 2)
    look(page, "called up in a frame")
    librarian.open_cart()
    librarian.describe("Prøve", "HBB")
    frame.get_by_role("button", name="Send handlekurven").click()
    page.wait_for_url("**/tester/return/**")
    page.get_by_text("Feltene som kom tilbake").first.click()
    look(page, "form came home")
    page.get_by_role("button", name="Send bestillingen").click()
    page.wait_for_url("**/tester/made/**")
    look(page, "order by Peppol")


def test_what_the_built_in_buyer_is_refused(gateway, page):
    """A call-up, a cart and an order that the gateway or the buyer says no to, each with its way on."""
    base = gateway.world.public_base_url
    agreement = houses.agree(gateway, "demo-ariba", protocols=("oci",))
    page.goto(f"{base}/tester/")
    page.get_by_role("button").first.click()
    Librarian(page).sees("Gatewayen sa nei")
    look(page, "refused call-up")
    houses.agree(gateway, agreement.id, protocols=("cxml",))
    page.get_by_role("link", name="Begynn på nytt").click()
    page.get_by_role("button").first.click()
    page.get_by_role("link", name="Gå og handle").click()
    librarian = Librarian(page)
    librarian.choose("Ti små støvler", 1)
    librarian.open_cart()
    librarian.describe("Prøve", "HBB")
    page.get_by_role("button", name="Send handlekurven").click()
    page.wait_for_url("**/tester/return/**")
    page.get_by_label("Eksemplarer").fill("0")
    page.get_by_role("button", name="Send bestillingen").click()
    librarian.sees("Gatewayen avviste bestillingen")
    page.get_by_text("Status 400").wait_for()
    look(page, "refused order")
    page.get_by_role("button", name="Tilbake til handlekurven").click()
    librarian.sees("Handlekurven har kommet tilbake")
    page.locator("[name=document]").evaluate("field => field.value = ''")
    page.get_by_role("button", name="Send bestillingen").click()
    librarian.sees("Handlekurven kan ikke leses")
    look(page, "unreadable cart")
