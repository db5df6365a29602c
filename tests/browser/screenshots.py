"""Fresh pictures for the documentation: ``python -m tests.browser.screenshots``."""

import tempfile
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from playwright.sync_api import sync_playwright

from punchout import local
from punchout.demo.load import fill
from punchout.roundtrip import operators
from tests.browser import chromium, touring
from tests.browser.librarian import Librarian
from tests.journeys.waiting import choice_address, held_for_choice, held_for_price
from tests.services.places import ROOT
from tests.services.places import chromium as installed

FOLDER = ROOT / "docs" / "screenshots"
TOUR = ROOT / "punchout" / "web" / "static" / "tour"
_SIZE = {"width": 1160, "height": 800}


def take():
    """Nothing: the pictures are there."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with _gateway() as house, _window() as page:
        base = house.world.public_base_url
        page.goto(f"{base}/tester/")
        page.get_by_role("button").first.click()
        page.get_by_role("link", name="Gå og handle").click()
        librarian = Librarian(page)
        front = page.url
        page.goto(f"{front}?audience=9-12")
        _keep(page, "shop")
        page.goto(front)
        librarian.choose("Ti små støvler", 3)
        librarian.choose("Øya utenfor kartet", 2)
        librarian.open_cart()
        librarian.distribute("HBB", "HBB", "BJO")
        page.get_by_label("Rekvisisjons-/bestillingsnummer").fill("Barnebøker påske")
        page.get_by_label("Leveringsadresse").select_option("HBB")
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        _keep(page, "cart")
        page.get_by_role("button", name="Gå videre til sending").click()
        _keep(page, "send")
        page.get_by_role("button", name="Send handlekurven").click()
        page.wait_for_url("**/tester/return/**")
        _keep(page, "tester")
        page.goto(operators.invite(house.world, "Åse"))
        page.goto(f"{base}/desk/orders/{held_for_price(house, 'PO-4711')}")
        _keep(page, "desk")
        held_for_choice(house, "PO-4712")
        page.goto(choice_address(house, "PO-4712"))
        _keep(page, "choice")
    for way, walk in touring.WALKS.items():
        with _gateway() as house, _window() as page:
            walk(house, page, partial(_keep_stop, page, TOUR / way))


def _keep_stop(page, folder, name):
    folder.mkdir(parents=True, exist_ok=True)
    touring.still(page)
    page.screenshot(path=folder / f"{name}.png")


def _keep(page, name):
    page.screenshot(path=FOLDER / f"{name}.png")


@contextmanager
def _gateway():
    with tempfile.TemporaryDirectory() as folder, local.running(local.settings_in(Path(folder))) as house:
        fill(house)
        yield house


@contextmanager
def _window():
    with sync_playwright() as driver:
        browser = driver.chromium.launch(**chromium.options(installed()))
        yield browser.new_page(viewport=_SIZE, locale="nb-NO", reduced_motion="reduce")
        browser.close()


if __name__ == "__main__":
    take()
