"""A Friday: 150 titles, 420 copies, 6 branches, from the pasted list to the cart's return, and few moves."""

import re
import shutil
from collections import Counter

import pytest
from sqlalchemy import update

from catalog_bridge.rules.ordering import obstacle
from protocols.model.distribution import Code, CopyCodes
from protocols.model.template import Condition, Share, Template
from punchout import local
from punchout.buyer.systems import system
from punchout.buyer.trading import buyer as buyer_of
from punchout.demo.shelves import titles
from punchout.roundtrip import start
from session_store.tables import session as session_table
from tests.browser.conftest import TOP, Trade
from tests.browser.librarian import Librarian
from tests.punchout.web import houses

LIBRARY = "100234"
BRANCHES = ("HBB", "BJO", "LIL", "SKO", "NES", "VIK")
TITLES = [entry for entry in titles() if entry.isbn and not obstacle(entry)][:150]
QUANTITIES = [2 if number % 5 == 4 else 3 for number in range(150)]
SHARES = [
    [BRANCHES[(number + step) % 6] for step in range(quantity)] for number, quantity in enumerate(QUANTITIES)
]


class Hands:
    """What a person does in a page, counted: each click, each field that is filled or chosen in."""

    def __init__(self, page):
        self.page = page
        self.moves = 0

    def fill(self, field, text):
        """Write something."""
        self.moves += 1
        field.fill(text)

    def choose(self, label, value):
        """Choose from a list."""
        self.moves += 1
        self.page.get_by_label(label).select_option(value)

    def press(self, name, role="button"):
        """Press a button, or follow a link, that begins so."""
        self.moves += 1
        self.page.get_by_role(role, name=re.compile(f"^{name}")).first.click()

    def open(self, address):
        """Come from the procurement system."""
        self.moves += 1
        self.page.goto(address)


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    """A gateway of its own, whose library has six branches."""
    folder = houses.fill_folder(tmp_path_factory.mktemp("friday"))
    with local.running(local.settings_in(folder)) as running:
        houses.agree(running, f"demo-{TOP}", frame_ancestors=())
        for branch in BRANCHES[3:]:
            code = Code(field="branch_code", value=branch, label=f"{branch.title()} filial")
            running.world.registers.add_code(LIBRARY, code)
        yield running
    shutil.rmtree(folder)


@pytest.fixture
def trade(shop, site):
    """Sessions of this gateway."""

    def opened():
        buyer = buyer_of(shop.world, system(TOP))
        return Trade(shop, buyer, buyer.start(site.return_url), site)

    return opened


@pytest.fixture
def hands(page):
    """A librarian's hands in a fresh window; what leaves a page with something typed is confirmed."""
    page.on("dialog", lambda dialog: dialog.accept())
    return Hands(page)


def paste(hands, lines, pattern):
    """The list in the cart, and the grid on the page."""
    hands.press("Handlekurv", role="link")
    hands.press("Lim inn en ISBN-liste", role="link")
    hands.fill(hands.page.get_by_label("Én tittel per linje"), "\n".join(lines))
    hands.choose("Eksemplarene får", pattern)
    hands.press("Legg i handlekurven")
    Librarian(hands.page).sees("Fordeling")


def send(hands, name):
    """Home with the cart."""
    hands.press("Lagre og gå til handlekurven")
    hands.fill(hands.page.get_by_label("Rekvisisjons-/bestillingsnummer"), name)
    hands.choose("Leveringsadresse", "HBB")
    hands.press("Gå videre til sending")
    hands.press("Send handlekurven")
    Librarian(hands.page).sees("Handlekurven er mottatt")


def cart_behind(shop, address):
    """The cart of the session with this address, as the bookshop has it."""
    handle = address.split("/s/")[1].split("/")[0]
    opened = start.opened(shop.world, handle)
    return shop.shop.cart(LIBRARY, opened.cart_id)


def shared(cart):
    """The branches of each title's copies."""
    return [[copy.codes.branch_code for copy in line.copies] for line in cart.lines]


def expire(shop):
    """Every session has been idle for too long."""
    with shop.store.write() as tx:
        tx.execution_options(across="migration")
        tx.execute(update(session_table).values(idle_until=session_table.c.created_at))


@pytest.mark.rule("DIST-4", way="punchout")
@pytest.mark.rule("CART-6", way="punchout")
def test_a_friday_without_templates_takes_at_most_200_moves(shop, trade, hands):
    """One field a title; the page expires in the middle, and nothing that was typed is lost."""
    page = hands.page
    hands.open(trade().started.start_url)
    lines = [f"{entry.isbn};{count}" for entry, count in zip(TITLES, QUANTITIES, strict=True)]
    paste(hands, lines, "profile:Voksen skjønn")
    for number in range(75):
        hands.fill(page.locator(f"[name=line-{number}-share]"), ", ".join(SHARES[number]))
    expire(shop)
    hands.press("Lagre$")
    Librarian(page).sees("Denne økten er avsluttet")
    page.get_by_text("Det du sendte sist, er tatt vare på: 75 titler").wait_for()
    again = trade()
    hands.open(again.started.start_url)
    hands.press("Fortsett")
    hands.press("Fordel alle eksemplarene", role="link")
    for number in range(75, 150):
        hands.fill(page.locator(f"[name=line-{number}-share]"), ", ".join(SHARES[number]))
    address = page.url
    send(hands, "Fredag")
    cart = cart_behind(shop, address)
    assert shared(cart) == SHARES
    assert sum(line.quantity for line in cart.lines) == 420
    assert {copy.codes.collection_code for line in cart.lines for copy in line.copies} == {"VOKSEN"}
    home = again.cart()
    assert [int(line.quantity) for line in home.message.lines] == QUANTITIES
    assert all(verdict.holds for verdict in home.verdicts)
    assert hands.moves <= 200, hands.moves


@pytest.mark.rule("DIST-14", way="punchout")
def test_a_friday_with_templates_takes_at_most_60_moves(shop, trade, hands):
    """The templates share out, the list says how many, and what does not fit is changed by hand."""
    children = Condition(about="audience", values=("0-3", "3-6", "6-9", "9-12"))
    for name, conditions, order in (("Barn", (children,), BRANCHES), ("Ellers", (), BRANCHES[::-1])):
        shares = tuple(Share(copies=1, codes=CopyCodes(branch_code=branch)) for branch in order)
        shop.world.registers.put_template(LIBRARY, Template(name=name, conditions=conditions, shares=shares))
    opened = trade()
    hands.open(opened.started.start_url)
    lines = [f"{entry.isbn};{count}" for entry, count in zip(TITLES, QUANTITIES, strict=True)]
    paste(hands, lines, "templates")
    for number in range(0, 150, 4):
        hands.fill(hands.page.locator(f"[name=line-{number}-share]"), ", ".join(SHARES[number]))
    address = hands.page.url
    send(hands, "Fredag med maler")
    cart = cart_behind(shop, address)
    assert sum(line.quantity for line in cart.lines) == 420
    assert set(Counter(branch for branches in shared(cart) for branch in branches)) == set(BRANCHES)
    assert shared(cart)[0::4] == SHARES[0::4]
    assert [int(line.quantity) for line in opened.cart().message.lines] == QUANTITIES
    assert hands.moves <= 60, hands.moves
