"""Copies of a placed order moved in a real browser: axe, narrow, by keyboard, without script (DIST-13)."""

import re
from itertools import count

import pytest

from session_store.tables import login_asked
from tests.browser.librarian import Librarian
from tests.browser.test_accessibility import look
from tests.browser.test_direct import log_in, press
from tests.browser.test_keyboard import tab_to
from tests.catalog_bridge.contract.world import HBB, line_of
from tests.punchout.web.moving import BOOTS, ISLAND, LIBRARY, NOTHING, address, bought, place
from tests.punchout.web.user import KARI

KEYS = count(1)
FIRST = re.compile("^Fordel eksemplarene på tittelen.*Ti små støvler")


@pytest.fixture
def placed(gateway):
    """Three copies of a title, two of them without codes, and one copy of another without any."""
    lines = (line_of(1, BOOTS, HBB, NOTHING, NOTHING), line_of(2, ISLAND))
    key = f"moving-{next(KEYS)}"
    return place(gateway, *lines, key=key, po_number=key)


@pytest.fixture
def min_side(gateway, page):
    """The address of Min side, where an administrator of the demo's library has come in."""
    with gateway.store.write() as tx:
        tx.execute(login_asked.delete())  # this machine asks for more codes than a network may
    log_in(page, gateway, KARI)
    return f"{gateway.world.public_base_url}/min-side/"


def branches(gateway, placed):
    """The branches of the first line's copies."""
    line = gateway.shop.order(LIBRARY, placed.order_number).order.lines[0]
    return [copy.codes.branch_code for copy in line.copies]


def test_the_pages_on_min_side(gateway, page, min_side, placed):
    """The to-do, the order, a refused and a chosen pattern, one line, another one's change, and picked."""
    page.goto(min_side)
    look(page, "to do")
    page.goto(f"{min_side}ordrer/{placed.order_number}")
    look(page, "order with copies to assign")
    page.get_by_role("link", name=FIRST).click()
    Librarian(page).sees("Fordeling: Ti små støvler")
    look(page, "copies of an order")
    gateway.shop.set_order_copies(LIBRARY, placed.order_number, 1, (HBB, NOTHING, HBB))
    page.locator("#copies-1-branch_code").select_option("BJO")
    page.get_by_role("button", name="Lagre", exact=True).click()
    page.get_by_text("Nå står det: 2 × HBB/VOKSEN").wait_for()
    look(page, "changed meanwhile")
    page.get_by_role("button", name="Lagre", exact=True).click()
    page.get_by_text("lagret slik du ser dem").wait_for()
    assert branches(gateway, placed) == ["HBB", "BJO", ""]
    page.get_by_role("link", name="Fordel eksemplarer", exact=True).click()
    look(page, "assign")
    page.get_by_role("button", name="Fordel alle").click()
    look(page, "nothing chosen")
    page.get_by_label("Profil eller maler").select_option("profile:Barn bildebok")
    page.get_by_role("button", name="Fordel alle").click()
    page.get_by_text("2 eksemplarer er fordelt").wait_for()
    look(page, "assigned")
    gateway.counter.pick(LIBRARY, placed.order_number, 1)
    page.goto(f"{min_side}ordrer/{placed.order_number}/linjer/1")
    page.get_by_text("Bokhandelen har plukket denne tittelen").wait_for()
    look(page, "picked")


def test_the_orders_own_page(gateway, page, placed):
    """The status page, the copies behind the letter's address, and one line of them."""
    stored = bought(gateway, placed)
    page.goto(f"{gateway.world.public_base_url}/o/{stored.reference}")
    page.get_by_text("er ikke fordelt ennå").wait_for()
    look(page, "status")
    page.goto(f"{gateway.world.public_base_url}{address(gateway, stored)}")
    look(page, "copies of the order")
    page.get_by_role("link", name=FIRST).click()
    Librarian(page).sees("Fordeling: Ti små støvler")
    look(page, "copies of a line")
    page.goto(f"{gateway.world.public_base_url}{address(gateway, stored)}/{placed.order_number}")
    look(page, "assign")


def test_copies_are_moved_by_keyboard(gateway, page, min_side, placed):
    """From the order to the moved copy with Tab, letters and Enter; then all others at once."""
    page.goto(f"{min_side}ordrer/{placed.order_number}")
    press(page, "Fordel eksemplarene på tittelen", "Fordeling: Ti små støvler")
    tab_to(page, "Filial")
    page.keyboard.type("LIL")
    press(page, "Lagre", f"Bestilling {placed.order_number}")
    press(page, "Fordel eksemplarer", "Fordel eksemplarer")
    tab_to(page, "Profil eller maler")
    page.keyboard.type("Bjørn")
    press(page, "Fordel alle", f"Bestilling {placed.order_number}")
    assert branches(gateway, placed) == ["LIL", "BJO", "BJO"]


def test_copies_are_moved_without_script(gateway, browser, placed):
    """Behind the letter's address, with JavaScript off."""
    context = browser.new_context(java_script_enabled=False, locale="nb-NO")
    page = context.new_page()
    stored = bought(gateway, placed)
    page.goto(f"{gateway.world.public_base_url}{address(gateway, stored)}/{placed.order_number}/1")
    page.get_by_label("Profil", exact=True).select_option("Bjørnsletta barn")
    page.get_by_label("Fra eksemplar").fill("2")
    page.get_by_role("button", name="Bruk profilen").click()
    page.get_by_text("Profilen er brukt").wait_for()
    assert branches(gateway, placed) == ["HBB", "BJO", "BJO"]
    context.close()
