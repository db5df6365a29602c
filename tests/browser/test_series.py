"""Series and packages in a real browser: axe, a narrow screen, the keyboard, no script."""

import pytest

from tests.browser import test_own_pages
from tests.browser.librarian import Librarian
from tests.browser.test_accessibility import look
from tests.browser.test_direct import log_in, press, shop_at
from tests.browser.test_keyboard import tab_to

library, min_side = test_own_pages.library, test_own_pages.min_side
NAME = "Rekvisisjons-/bestillingsnummer"


@pytest.fixture
def series(gateway, page, min_side):
    """The address of the list, where the library's administrator has come in."""
    page.goto(shop_at(gateway))
    page.get_by_role("link", name="Serier og pakker").click()
    Librarian(page).sees("Serier og pakker")
    return page.url


def card(page, title):
    """One entry of the list."""
    return page.locator("li.title-card").filter(has_text=title)


def test_from_the_list_to_the_end(gateway, page, series):
    """A refused quantity, one in the cart, checkout, the thanks, Min side, and the end."""
    look(page, "series")
    card(page, "Dikt hvert halvår").get_by_label("Antall").fill("x")
    card(page, "Dikt hvert halvår").get_by_role("button").click()
    look(page, "refused quantity")
    card(page, "Dikt hvert halvår").get_by_label("Antall").fill("3")
    card(page, "Dikt hvert halvår").get_by_role("button").click()
    page.get_by_text("ligger i handlekurven").wait_for()
    look(page, "series in the cart")
    librarian = Librarian(page)
    page.goto(shop_at(gateway))
    librarian.choose("Ti små støvler", 1)
    librarian.open_cart()
    look(page, "cart")
    page.get_by_role("link", name="Fordel alle eksemplarene").click()
    look(page, "grid")
    page.goto(f"{shop_at(gateway)}checkout")
    page.get_by_label(NAME).fill("Lyrikk, ny")
    page.get_by_label("Leveringsadresse").select_option("HBB")
    page.get_by_role("button", name="Vis med disse valgene").click()
    page.get_by_text("Lyrikk, ny").first.wait_for()
    look(page, "checkout")
    page.get_by_role("button", name="Send bestillingen").click()
    librarian.sees("Takk for bestillingen")
    look(page, "ordered")
    page.goto(series)
    page.get_by_text("Biblioteket abonnerer: 3").wait_for()
    look(page, "series that is had")
    page.goto(f"{shop_at(gateway)}min-side/abonnement")
    look(page, "subscriptions")
    page.get_by_role("link", name="Avslutt abonnementet").click()
    look(page, "the end")
    page.get_by_role("button", name="Avslutt abonnementet").click()
    page.get_by_text("Abonnementet er avsluttet").wait_for()
    look(page, "ended")


def test_a_subscription_is_made_by_keyboard(page, gateway, series):
    """From the list to the thanks with Tab, Enter and letters; without a book there is only that."""
    tab_to(page, "Antall")
    page.keyboard.press("Control+A")
    page.keyboard.type("2")
    tab_to(page, "Legg i handlekurven")
    page.keyboard.press("Enter")
    page.get_by_text("ligger i handlekurven").wait_for()
    page.goto(f"{shop_at(gateway)}checkout")
    tab_to(page, "Leveringsadresse")
    page.keyboard.press("ArrowDown")
    press(page, "Tegn abonnement", "Takk for bestillingen")


def test_subscribing_needs_no_script(gateway, browser, library):
    """From the list to the end of it, with JavaScript off."""
    context = browser.new_context(java_script_enabled=False, locale="nb-NO")
    page = context.new_page()
    log_in(page, gateway, library[1])
    page.goto(f"{shop_at(gateway)}series")
    card(page, "Samisk pakke").get_by_role("button").click()
    page.goto(f"{shop_at(gateway)}checkout")
    page.get_by_label("Leveringsadresse").select_option("HBB")
    page.get_by_role("button", name="Tegn abonnement").click()
    Librarian(page).sees("Takk for bestillingen")
    page.goto(f"{shop_at(gateway)}min-side/abonnement")
    page.get_by_role("link", name="Avslutt abonnementet").click()
    page.get_by_role("button", name="Avslutt abonnementet").click()
    page.get_by_text("Abonnementet er avsluttet").wait_for()
    context.close()
