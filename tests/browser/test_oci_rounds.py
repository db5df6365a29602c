"""A cart of 200 titles through a receiver that keeps 1,000 fields, by the pages (oci.md §11, CART-6)."""

import re
import shutil

import pytest

from punchout import local
from tests.browser.librarian import Librarian
from tests.browser.oci_site import serving
from tests.browser.test_accessibility import look
from tests.browser.test_keyboard import tab_to
from tests.browser.test_oci import agreed, enter
from tests.journeys.crashing import trader_at
from tests.journeys.oci_trips import OciTrips
from tests.journeys.test_oci_rounds import ORDER_NAME, as_kept, offered, order_each, ordered, wished, wishes
from tests.journeys.test_services import usually
from tests.punchout.web import houses

PERSON = {"name_fields": ("ShopperName",), "email_fields": ("ShopperMail",)}
NAMED = [("ShopperName", "Åse Bø"), ("ShopperMail", "ase@testby.example")]


@pytest.fixture
def site():
    """The buyer's own site."""
    with serving() as running:
        yield running


@pytest.fixture
def shop(tmp_path):
    """A gateway with no orders yet."""
    folder = houses.fill_folder(tmp_path / "rounds")
    with local.running(local.settings_in(folder)) as running:
        usually(running)
        yield running
    shutil.rmtree(folder)


def sent_page(page):
    """Nothing: this is the page that sends a round, which waits for its button."""
    Librarian(page).sees("Handlekurven går til innkjøpssystemet")


@pytest.mark.rule("CART-6", way="punchout")
@pytest.mark.rule("DIST-8")
def test_200_titles_in_three_rounds_under_a_shared_login(shop, site, page):
    """The code is shown before the cart goes, and finds the rest; every copy reaches the bookshop."""
    out = OciTrips(shop, agreed(shop, site, policy={"service_lines": "per_order"}), site)
    lines = wishes(shop)
    page.goto(offered(out, lines))
    page.get_by_role("button", name="Gå videre uten navn").click()
    left = []
    for _ in range(3):
        librarian = Librarian(page)
        page.goto(re.sub(r"(/s/[^/]+/).*", r"\1cart", page.url))
        librarian.sees("Handlekurv")
        look(page, "cart in rounds")
        page.get_by_role("button", name="Gå videre til sending").click()
        librarian.sees("Send handlekurven til innkjøpssystemet")
        look(page, "round to be sent")
        page.get_by_role("button", name=re.compile("^Send (de første|handlekurven)")).click()
        rest = page.locator("section.rest")
        page.wait_for_url(re.compile("/sent$|/return"))
        if page.url == site.url:
            break
        sent_page(page)
        look(page, "round sent")
        left.append(rest.get_by_role("heading").inner_text())
        code = rest.locator("strong.code").inner_text()
        page.get_by_role("button", name="Send handlekurven").click()
        librarian.sees("Handlekurven er mottatt")
        page.goto(site.form(out.url))
        enter(page)
        page.get_by_role("link", name="Fortsett på en uferdig handlekurv").click()
        page.get_by_label("Rekvisisjons-/bestillingsnummeret i handlekurven").fill(ORDER_NAME)
        page.get_by_label("Koden til økten").fill(code)
        page.get_by_role("button", name="Fortsett på denne").click()
    librarian.sees("Handlekurven er mottatt")
    assert left == [f"{200 - kept} titler venter på neste handlekurv" for kept in kept_titles(site)[:-1]]
    assert all(as_kept(body) == body for body in site.bodies)
    order_each(out, trader_at(shop))
    assert ordered(shop) == wished(lines)


def kept_titles(site):
    """How many titles have come home, round by round."""
    sums, total = [], 0
    for body in site.bodies:
        total += len(re.findall(rb"NEW_ITEM-VENDORMAT%5B\d+%5D=\d", body))
        sums.append(total)
    return sums


@pytest.mark.rule("CART-6", way="punchout")
def test_rounds_of_a_named_shopper_by_keyboard(shop, site, page):
    """No code is needed: the next call-up offers the rest; Tab and Enter are enough."""
    oci = {"own": PERSON}
    out = OciTrips(shop, agreed(shop, site, oci=oci, override={"max_form_fields": 33}), site)
    page.goto(site.form(out.url, control=NAMED))
    tab_to_site(page)
    librarian = Librarian(page)
    librarian.sees("Finn bøker")
    for words in ("Øya utenfor kartet", "Ti små støvler", "Klubben og nøkkel", "En stol til"):
        librarian.choose(words, 1)
    librarian.open_cart()
    look(page, "cart of a named shopper")
    page.get_by_label("Rekvisisjons-/bestillingsnummer").fill(ORDER_NAME)
    tab_to(page, "Gå videre til sending")
    page.keyboard.press("Enter")
    librarian.sees("Send handlekurven til innkjøpssystemet")
    assert page.locator(".strip .budget").inner_text() == "Mer enn én sending"
    assert page.locator(".top-cart .count").inner_text().startswith("4")
    look(page, "round of a named shopper")
    tab_to(page, "Send de første 3 titlene")
    page.keyboard.press("Enter")
    sent_page(page)
    look(page, "sent round of a named shopper")
    tab_to(page, "Send handlekurven")
    page.keyboard.press("Enter")
    librarian.sees("Handlekurven er mottatt")
    page.goto(site.form(out.url, control=NAMED))
    tab_to_site(page)
    librarian.sees("Fortsette på handlekurven du begynte på?")
    tab_to(page, "Fortsett på denne")
    page.keyboard.press("Enter")
    librarian.sees("Handlekurv")
    assert page.locator("li.line").count() == 1


def tab_to_site(page):
    """Nothing: the button of the buyer's page has been pressed by keys."""
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
