"""Services in a real browser: axe finds nothing, the keyboard is enough, and no script is needed."""

import re

import pytest

from punchout.roundtrip import start
from tests.browser.librarian import Librarian
from tests.browser.test_accessibility import look
from tests.browser.test_direct import address, log_in
from tests.browser.test_friday import LIBRARY, QUANTITIES, TITLES, Hands, paste
from tests.browser.test_keyboard import tab_to

__all__ = ["address"]


def services_of(gateway, address):
    """The services of each line of the cart in this session."""
    session = start.opened(gateway.world, address.split("/s/")[1].split("/")[0])
    cart = gateway.shop.cart(LIBRARY, session.cart_id)
    return [[entry.service_id for entry in line.services] for line in cart.lines]


def shelf_ready(page, front):
    """Nothing: a title is in the cart, shelf-ready and plastic, without a shelf mark."""
    Librarian(page).choose("Ti små støvler", 2)
    page.goto(f"{front}cart")
    page.locator(".cart-services summary").click()
    page.get_by_label(re.compile("^Hylleklar bok")).first.check()
    page.get_by_label(re.compile("^Plasting")).first.check()
    page.get_by_role("button", name="Legg til på alle titler").click()
    page.get_by_text("Tjenestene til 1 tittel er endret").wait_for()


def test_pages_with_services(trade, page):
    """The cart with all its forms open and with a refusal, copies, the grid, a title."""
    page.goto(trade().started.start_url)
    front = page.url
    shelf_ready(page, front)
    look(page, "cart with services")
    for summary in page.locator(".cart-services summary, .line-choose summary").all():
        summary.click()
    look(page, "cart with open forms")
    page.get_by_role("button", name="Ta bort fra alle titler").click()
    page.get_by_role("link", name="Velg minst én tjeneste").click()
    assert page.evaluate("document.activeElement.id") == "service-0"
    look(page, "nothing chosen")
    page.goto(f"{front}cart")
    page.get_by_role("link", name=re.compile(r"^Fyll ut\W+Ti små")).click()
    look(page, "copies of a shelf-ready title")
    page.goto(f"{front}distribution")
    look(page, "grid with shelf marks")
    page.goto(f"{front}titles/9799900000272")
    look(page, "title")


@pytest.mark.rule("SVC-3", way="punchout")
def test_services_are_chosen_by_keyboard(gateway, trade, page):
    """For the whole cart, and for one title, with Tab, Enter and Space."""
    page.goto(trade().started.start_url)
    front = page.url
    Librarian(page).choose("Ti små støvler", 1)
    page.goto(f"{front}cart")
    for stop, key in (
        ("Tjenester for hele handlekurven", "Enter"),
        ("Plasting", "Space"),
        ("Legg til på alle titler", "Enter"),
    ):
        tab_to(page, stop)
        page.keyboard.press(key)
    page.get_by_text("Tjenestene til 1 tittel er endret").wait_for()
    for stop, key in (("Velg tjenester", "Enter"), ("Ryggetikett", "Space"), ("Lagre tjenestene", "Enter")):
        tab_to(page, stop)
        page.keyboard.press(key)
    page.get_by_text("Lagret.").wait_for()
    assert services_of(gateway, front) == [["PLAST", "ETIKETT"]]


@pytest.mark.rule("SVC-3", way="punchout")
def test_services_need_no_script(gateway, trade, browser):
    """Forms that open and send by themselves."""
    context = browser.new_context(java_script_enabled=False, locale="nb-NO")
    page = context.new_page()
    page.goto(trade().started.start_url)
    front = page.url
    shelf_ready(page, front)
    page.goto(f"{front}distribution")
    page.get_by_role("button", name="Foreslå hyllesignaturer").click()
    assert page.locator("[name$=-shelf_mark]").first.input_value()
    context.close()
    assert services_of(gateway, front) == [["HYLLEKLAR", "PLAST"]]


@pytest.mark.rule("SVC-5", way="punchout")
def test_a_cart_of_150_titles_gets_shelf_ready_in_at_most_20_moves(gateway, trade, page):
    """List, three services, branches by a profile, shelf marks by our proposal: ready to be sent."""
    page.on("dialog", lambda dialog: dialog.accept())
    hands = Hands(page)
    hands.open(trade().started.start_url)
    front = page.url
    lines = [f"{entry.isbn};{count}" for entry, count in zip(TITLES, QUANTITIES, strict=True)]
    paste(hands, lines, "profile:Voksen skjønn")
    hands.press("Lagre og gå til handlekurven")
    hands.moves += 1
    page.locator(".cart-services summary").click()
    for name in ("Hylleklar bok", "Plasting", "Ryggetikett"):
        hands.moves += 1
        page.locator(".cart-services").get_by_label(re.compile(f"^{name}")).check()
    hands.press("Legg til på alle titler")
    hands.press("Fyll ut for hele handlekurven", role="link")
    hands.press("Foreslå hyllesignaturer")
    hands.press("Lagre og gå til handlekurven")
    Librarian(page).sees("Handlekurv")
    served = services_of(gateway, front)
    printed = [one for one in served if one]
    assert len(served) == 150
    assert len(printed) > 100
    assert {tuple(one) for one in printed} == {("HYLLEKLAR", "PLAST")}
    assert page.get_by_text("kan ikke gjøres hylleklar").count() == 0
    assert hands.moves <= 20, hands.moves


def test_pages_of_an_order_with_services(gateway, page, address):
    """Directly: checkout for each branch, the thanks, the order on Min side, its slips and its invoice."""
    log_in(page, gateway, address)
    front = f"{gateway.world.public_base_url}/"
    shelf_ready(page, front)
    page.goto(f"{front}distribution")
    page.locator("[name=line-0-share]").fill("HBB, BJO")
    page.get_by_role("button", name="Foreslå hyllesignaturer").click()
    page.get_by_role("button", name="Lagre og gå til handlekurven").click()
    Librarian(page).sees("Handlekurv")
    page.goto(f"{front}checkout?spread=branches")
    page.get_by_text("Dette blir 2 bestillinger").wait_for()
    look(page, "checkout with services")
    page.get_by_label("Rekvisisjons-/bestillingsnummer").fill(address)
    page.get_by_label("Leveringsadresse").select_option("HBB")
    page.get_by_role("button", name="Send 2 bestillinger").click()
    Librarian(page).sees("Takk for bestillingen")
    look(page, "ordered with services")
    mine = [one.order_number for one in gateway.shop.orders(LIBRARY) if one.order.order_name == address]
    counter, (number, *_) = gateway.counter, mine
    counter.pick(LIBRARY, number, 1)
    counter.ship(counter.pack(((LIBRARY, number),), "2026-12-01").parcel_number)
    invoice = counter.invoice(LIBRARY, number)
    order = f"{front}min-side/ordrer/{number}"
    for name, path in {"order": "", "slip": "/pakksedler", "invoice": f"/fakturaer/{invoice.number}"}.items():
        page.goto(f"{order}{path}")
        page.get_by_text("Hylleklar bok").first.wait_for()
        look(page, f"{name} with services")
