"""One gateway with its worker, one procurement system's site, one Chromium for the whole run."""

import shutil
from dataclasses import dataclass

import pytest
from playwright.sync_api import sync_playwright

from punchout import local
from punchout.buyer.systems import system
from punchout.buyer.trading import buyer as buyer_of
from tests.browser import chromium
from tests.browser.site import serving
from tests.punchout.web import houses

TOP, FRAMED, UNDECIDED = "generic", "jaggaer", "coupa"
"""Buyer systems: the shop in its own window, in a frame, and one that does not say for which library."""


@pytest.fixture(scope="session")
def site():
    """The procurement system's own site."""
    with serving() as running:
        yield running


@pytest.fixture(scope="session")
def gateway(tmp_path_factory, site):
    """The whole application with demo data, over HTTP on 127.0.0.1."""
    folder = houses.fill_folder(tmp_path_factory.mktemp("gateway"))
    with local.running(local.settings_in(folder)) as running:
        houses.agree(running, f"demo-{TOP}", frame_ancestors=())
        houses.agree(running, f"demo-{FRAMED}", frame_ancestors=(site.origin,))
        houses.agree(running, f"demo-{UNDECIDED}", default_customer="", org_codes={})
        yield running
    shutil.rmtree(folder)


@dataclass(frozen=True)
class Trade:
    """A session that the procurement system has opened, and its cart when it comes home."""

    gateway: object
    buyer: object
    started: object
    site: object

    def cart(self):
        """The cart that came home for this session, judged."""
        return self.buyer.read_return(self.site.carts[-1], self.started.buyer_cookie)


@pytest.fixture
def trade(gateway, site):
    """Opens a session as one of the procurement systems."""

    def opened(name=TOP):
        buyer = buyer_of(gateway.world, system(name))
        return Trade(gateway, buyer, buyer.start(site.return_url), site)

    return opened


@pytest.fixture(scope="session")
def playwright():
    """The driver of browsers."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture(scope="session")
def browser(playwright, chromium_path):
    """The system's Chromium, as it comes."""
    started = playwright.chromium.launch(**chromium.options(chromium_path))
    yield started
    started.close()


@pytest.fixture
def page(browser):
    """A window of a browser nobody has used before."""
    context = browser.new_context(locale="nb-NO")
    yield context.new_page()
    context.close()


@pytest.fixture
def strict_page(playwright, chromium_path, tmp_path):
    """A window of a browser with these preferences."""
    opened = []

    def window(preferences):
        folder = chromium.profile(tmp_path / "profile", preferences)
        context = playwright.chromium.launch_persistent_context(
            folder, **chromium.options(chromium_path), locale="nb-NO"
        )
        opened.append(context)
        return context.pages[0]

    yield window
    for context in opened:
        context.close()
