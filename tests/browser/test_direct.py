"""The direct shop in a real browser: axe finds nothing, 320 pixels are enough, and so is the keyboard."""

import pytest

from catalog_bridge.embedded.tables import user
from session_store.tables import login_asked
from tests.browser.librarian import Librarian
from tests.browser.test_accessibility import look
from tests.browser.test_keyboard import tab_to
from tests.browser.touring import code
from tests.punchout.web.test_log_in import add_customer

USERS = iter(range(10_000))


@pytest.fixture
def address(gateway, request):
    """A user of the demo's library that only this test knows: codes are counted by address."""
    email = f"leser{next(USERS)}@bibliotek.testby.example"
    row = {"customer_number": "100234", "email": email, "name": "Åse Leser", "default_profile": ""}
    with gateway.store.write() as tx:
        tx.execute(user.insert(), row | {"administrator": False})
        tx.execute(login_asked.delete())  # this machine asks for more codes than a network may
    return email


def shop_at(gateway):
    """The address of the shop's front."""
    return f"{gateway.world.public_base_url}/"


def log_in(page, gateway, address):
    """Nothing: the user is in, and sees the shop."""
    page.goto(f"{shop_at(gateway)}login")
    page.get_by_label("E-postadresse på jobben").fill(address)
    page.get_by_role("button", name="Motta kode").click()
    Librarian(page).sees("Skriv inn koden")
    page.get_by_label("Kode", exact=True).fill(code(page))
    page.get_by_role("button", name="Logg inn").click()
    page.get_by_role("heading", level=1).wait_for()


def test_log_in_pages(gateway, page, address):
    """Home, log-in with a wrong address, the code with a wrong one, the welcome."""
    page.goto(shop_at(gateway))
    look(page, "home")
    page.get_by_role("link", name="Logg inn i bokhandelen").click()
    look(page, "log in")
    page.get_by_role("button", name="Motta kode").click()
    look(page, "no address")
    page.get_by_label("E-postadresse på jobben").fill(address)
    page.get_by_role("button", name="Motta kode").click()
    look(page, "code")
    digits = code(page)
    page.get_by_label("Kode", exact=True).fill("12")
    page.get_by_role("button", name="Logg inn").click()
    look(page, "wrong code")
    page.get_by_label("Kode", exact=True).fill(digits)
    page.get_by_role("button", name="Logg inn").click()
    page.get_by_text("Velkommen, Åse Leser").wait_for()
    look(page, "welcome")


def test_the_choice_of_a_library(gateway, page, address):
    """Its page, and that page when nothing was chosen."""
    add_customer(gateway, f"3{next(USERS):05}", {"email": address, "name": "Åse"})
    log_in(page, gateway, address)
    Librarian(page).sees("Hvilket bibliotek handler du for?")
    look(page, "choice")
    page.get_by_role("button", name="Gå videre").click()
    look(page, "no choice")


def test_shop_cart_and_checkout_pages(gateway, page, address):
    """Min side, carts, empty and full ones, checkout with errors and for two branches, the thanks."""
    log_in(page, gateway, address)
    page.get_by_role("link", name="Min side").click()
    look(page, "min side")
    page.goto(f"{shop_at(gateway)}cart")
    look(page, "empty cart")
    page.goto(f"{shop_at(gateway)}carts")
    look(page, "carts")
    page.get_by_role("button", name="Begynn på en ny handlekurv").click()
    look(page, "no name")
    page.goto(shop_at(gateway))
    librarian = Librarian(page)
    librarian.choose("Ti små støvler", 3)
    librarian.open_cart()
    librarian.distribute("HBB", "BJO", "BJO")
    look(page, "cart")
    page.get_by_role("button", name="Gå til kassen").click()
    librarian.sees("Kassen")
    page.get_by_label("Rekvisisjons-/bestillingsnummer").fill("x" * 36)
    page.get_by_role("button", name="Send bestillingen").click()
    look(page, "checkout with errors")
    page.get_by_label("Rekvisisjons-/bestillingsnummer").fill("Barnebøker")
    page.get_by_label("Leveringsadresse").select_option("HBB")
    page.get_by_label("Til hver filials egen adresse").check()
    page.get_by_role("button", name="Vis med disse valgene").click()
    page.get_by_text("Dette blir 2 bestillinger").wait_for()
    look(page, "checkout for branches")
    page.get_by_role("button", name="Send 2 bestillinger").click()
    librarian.sees("Takk for bestillingen")
    look(page, "ordered")


def test_an_order_is_placed_by_keyboard(gateway, page, address):
    """From the home page to the thanks with Tab, Enter, Space and letters."""
    page.goto(shop_at(gateway))
    press(page, "Logg inn i bokhandelen", "Logg inn")
    tab_to(page, "E-postadresse")
    page.keyboard.type(address)
    page.keyboard.press("Enter")
    Librarian(page).sees("Skriv inn koden")
    digits = code(page)
    tab_to(page, "Kode")
    page.keyboard.type(digits)
    page.keyboard.press("Enter")
    Librarian(page).sees("Finn bøker")
    page.goto(f"{shop_at(gateway)}titles/9799900000272")
    tab_to(page, "Legg i handlekurven")
    page.keyboard.press("Enter")
    page.get_by_text("ligger i handlekurven").wait_for()
    page.goto(f"{shop_at(gateway)}checkout")
    tab_to(page, "Leveringsadresse")
    page.keyboard.press("ArrowDown")
    press(page, "Send bestillingen", "Takk for bestillingen")


def press(page, stop, heading):
    """Nothing: Enter was pressed there, and led to the page with this heading."""
    tab_to(page, stop)
    page.keyboard.press("Enter")
    Librarian(page).sees(heading)


def test_the_direct_shop_needs_no_script(gateway, browser, address):
    """Log-in, cart, checkout and log-out, with JavaScript off."""
    context = browser.new_context(java_script_enabled=False, locale="nb-NO")
    page = context.new_page()
    log_in(page, gateway, address)
    Librarian(page).choose("Ti små støvler", 1)
    page.goto(f"{shop_at(gateway)}checkout")
    page.get_by_label("Leveringsadresse").select_option("HBB")
    page.get_by_role("button", name="Send bestillingen").click()
    Librarian(page).sees("Takk for bestillingen")
    page.get_by_role("button", name="Logg ut").click()
    page.get_by_role("link", name="Logg inn i bokhandelen").wait_for()
    context.close()
