"""A Friday: 150 titles, 420 copies, 6 branches, 3 services, from the pasted list to the end, in few moves."""

import re
import shutil
from collections import Counter

import pytest
from sqlalchemy import update

from catalog_bridge.rules.ordering import obstacle
from catalog_bridge.rules.services import net
from protocols.model.distribution import Code, CopyCodes
from protocols.model.money import total
from protocols.model.template import Condition, Share, Template
from punchout import local
from punchout.buyer.systems import system
from punchout.buyer.trading import buyer as buyer_of
from punchout.demo.shelves import titles
from punchout.roundtrip import start
from session_store.tables import direct_session, login_asked
from session_store.tables import session as session_table
from tests.browser.conftest import TOP, Trade
from tests.browser.librarian import Librarian
from tests.browser.touring import code
from tests.punchout.web import houses

LIBRARY, USER = "100234", "barn@bibliotek.testby.example"
SERVICES = {"HYLLEKLAR": "Hylleklar bok", "PLAST": "Plasting", "STEMPEL": "Eierstempel"}
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

    def tick(self, part, label):
        """Choose a box in this part of the page."""
        self.moves += 1
        self.page.locator(part).get_by_label(re.compile(f"^{label}")).check()

    def open_part(self, part):
        """Open what is folded."""
        self.moves += 1
        self.page.locator(part).click()

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


def serve(hands):
    """Three services for the whole cart, and the shelf marks that shelf-ready copies need."""
    hands.press("Lagre og gå til handlekurven")
    hands.open_part(".cart-services summary")
    for name in SERVICES.values():
        hands.tick(".cart-services", name)
    hands.press("Legg til på alle titler")
    hands.press("Fyll ut for hele handlekurven", role="link")
    hands.press("Foreslå hyllesignaturer")
    hands.press("Lagre og gå til handlekurven")


def send(hands, name):
    """Home with the cart."""
    hands.fill(hands.page.get_by_label("Rekvisisjons-/bestillingsnummer"), name)
    hands.choose("Leveringsadresse", "HBB")
    hands.press("Gå videre til sending")
    hands.press("Send handlekurven")
    Librarian(hands.page).sees("Handlekurven er mottatt")


def check_out(hands, name):
    """The cart ordered."""
    hands.press("Gå til kassen")
    hands.fill(hands.page.get_by_label("Rekvisisjons-/bestillingsnummer"), name)
    hands.choose("Leveringsadresse", "HBB")
    hands.press("Send bestillingen")
    Librarian(hands.page).sees("Takk for bestillingen")


def log_in(hands, shop):
    """In, with a code."""
    hands.open(f"{shop.world.public_base_url}/login")
    by_code(hands)


def by_code(hands):
    """The code asked for, read in the demo's mail, and sent."""
    hands.fill(hands.page.get_by_label("E-postadresse på jobben"), USER)
    hands.press("Motta kode")
    hands.fill(hands.page.get_by_label("Kode", exact=True), code(hands.page))
    hands.press("Logg inn$")


def cart_behind(shop, address):
    """The cart of the session with this address, as the bookshop has it."""
    handle = address.split("/s/")[1].split("/")[0]
    opened = start.opened(shop.world, handle)
    return shop.shop.cart(LIBRARY, opened.cart_id)


def shared(cart):
    """The branches of each title's copies."""
    return [[copy.codes.branch_code for copy in line.copies] for line in cart.lines]


def served(cart):
    """Nothing: whatever is printed gets all three services, and shelf-ready copies have their places."""
    printed = [line for line in cart.lines if line.offered]
    assert len(printed) > 100
    for line in cart.lines:
        assert [entry.service_id for entry in line.services] == (list(SERVICES) if line.offered else [])
        assert not line.problem
    codes = [copy.codes for line in printed for copy in line.copies]
    assert all(one.branch_code and one.shelf_mark for one in codes)


def expire(shop):
    """Every session has been idle for too long."""
    with shop.store.write() as tx:
        tx.execution_options(across="migration")
        for table in (session_table, direct_session):
            tx.execute(update(table).values(idle_until=table.c.created_at))


def minute_passes(shop):
    """The address may ask for a code again."""
    with shop.store.write() as tx:
        tx.execution_options(across="migration")
        tx.execute(login_asked.delete())


@pytest.fixture(scope="module")
def templates(shop):
    """Children's books to the branches in one order, the others in the other."""
    children = Condition(about="audience", values=("0-3", "3-6", "6-9", "9-12"))
    for name, conditions, order in (("Barn", (children,), BRANCHES), ("Ellers", (), BRANCHES[::-1])):
        shares = tuple(Share(copies=1, codes=CopyCodes(branch_code=branch)) for branch in order)
        shop.world.registers.put_template(LIBRARY, Template(name=name, conditions=conditions, shares=shares))


def ordered(shop):
    """The direct order of the day, and that it is what the cart was."""
    placed = next(one for one in shop.shop.orders(LIBRARY) if one.order.order_name.startswith("Fredag"))
    assert placed.order.way == "direct"
    return placed


def total_of(placed):
    """What the books and services of an order cost, without tax."""
    return total(net(line) for line in placed.order.lines)


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
    serve(hands)
    send(hands, "Fredag")
    cart = cart_behind(shop, address)
    assert shared(cart) == SHARES
    served(cart)
    assert sum(line.quantity for line in cart.lines) == 420
    assert {copy.codes.collection_code for line in cart.lines for copy in line.copies} == {"VOKSEN"}
    home = again.cart()
    books = [line for line in home.message.lines if line.product_id not in SERVICES]
    assert [int(line.quantity) for line in books] == QUANTITIES
    assert home.message.total == cart.total
    assert all(verdict.holds for verdict in home.verdicts)
    assert hands.moves <= 200, hands.moves


@pytest.mark.rule("DIST-4", way="direct")
@pytest.mark.rule("CART-6", way="direct")
def test_a_friday_in_the_shop_itself_takes_at_most_200_moves(shop, hands):
    """To the order; the log-in ends in the middle, and nothing that was typed is lost."""
    page = hands.page
    log_in(hands, shop)
    lines = [f"{entry.isbn};{count}" for entry, count in zip(TITLES, QUANTITIES, strict=True)]
    paste(hands, lines, "profile:Voksen skjønn")
    for number in range(75):
        hands.fill(page.locator(f"[name=line-{number}-share]"), ", ".join(SHARES[number]))
    expire(shop)
    hands.press("Lagre$")
    page.get_by_text("Det du sendte sist, er tatt vare på: 75 titler").wait_for()
    minute_passes(shop)
    by_code(hands)
    hands.press("Handlekurv", role="link")
    hands.press("Fordel alle eksemplarene", role="link")
    for number in range(75, 150):
        hands.fill(page.locator(f"[name=line-{number}-share]"), ", ".join(SHARES[number]))
    serve(hands)
    check_out(hands, "Fredag i butikken")
    placed = ordered(shop)
    assert shared(placed.order) == SHARES
    assert sum(line.quantity for line in placed.order.lines) == 420
    printed = [line for line in placed.order.lines if line.services]
    assert len(printed) > 100
    assert {tuple(entry.service_id for entry in line.services) for line in printed} == {tuple(SERVICES)}
    assert hands.moves <= 200, hands.moves


@pytest.mark.rule("DIST-14", way="direct")
def test_a_friday_in_the_shop_with_templates_takes_at_most_60_moves(shop, templates, hands):
    """Counted from the pasted list; the order costs what the cart did."""
    minute_passes(shop)
    log_in(hands, shop)
    hands.moves = 0
    lines = [f"{entry.isbn};{count}" for entry, count in zip(TITLES, QUANTITIES, strict=True)]
    paste(hands, lines, "templates")
    for number in range(0, 150, 4):
        hands.fill(hands.page.locator(f"[name=line-{number}-share]"), ", ".join(SHARES[number]))
    serve(hands)
    said = hands.page.locator(".sums div").first.locator("dd").inner_text()
    check_out(hands, "Fredag, maler")
    placed = ordered(shop)
    assert placed.order.order_name == "Fredag, maler"
    assert shared(placed.order)[0::4] == SHARES[0::4]
    assert re.sub(r"\D", "", said) == re.sub(r"\D", "", str(total_of(placed).amount))
    assert hands.moves <= 60, hands.moves


@pytest.mark.rule("DIST-14", way="punchout")
def test_a_friday_with_templates_takes_at_most_60_moves(shop, templates, trade, hands):
    """The templates share out, the list says how many, and what does not fit is changed by hand."""
    opened = trade()
    hands.open(opened.started.start_url)
    lines = [f"{entry.isbn};{count}" for entry, count in zip(TITLES, QUANTITIES, strict=True)]
    paste(hands, lines, "templates")
    for number in range(0, 150, 4):
        hands.fill(hands.page.locator(f"[name=line-{number}-share]"), ", ".join(SHARES[number]))
    address = hands.page.url
    serve(hands)
    send(hands, "Fredag med maler")
    cart = cart_behind(shop, address)
    served(cart)
    assert sum(line.quantity for line in cart.lines) == 420
    assert set(Counter(branch for branches in shared(cart) for branch in branches)) == set(BRANCHES)
    assert shared(cart)[0::4] == SHARES[0::4]
    assert opened.cart().message.total == cart.total
    assert hands.moves <= 60, hands.moves
