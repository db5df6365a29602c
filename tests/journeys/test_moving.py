"""Copies moved between ordering and picking, by both ways in, over real HTTP on both databases (DIST-13)."""

import re

import pytest

from punchout import local
from punchout.buyer.browser import Browser
from punchout.roundtrip import library_access
from session_store import journal
from tests.journeys.crashing import CUSTOMER, do_what_was_promised, take_home
from tests.journeys.test_counter import directly, in_earnest, in_stock, letters, pack, pick
from tests.journeys.test_hand_off import LibrarySystem
from tests.journeys.waiting import Operator, page_of, shown, stored
from tests.punchout.web.houses import agree
from tests.punchout.web.user import KARI, mails
from tests.session_store.racing import race

LETTER = re.compile(r"http\S+/o/\S+/distribution/\S+")


@pytest.fixture
def home(settings):
    """A house behind real HTTP, whose worker works when the test says so."""
    with local.running(settings, worker=False) as running:
        yield running


@pytest.fixture
def operator(home):
    """Åse, at the desk."""
    return Operator(home)


@pytest.fixture
def system(home):
    """The library system, which fetches what waits for it."""
    return LibrarySystem(home, library_access.issue(home.world, CUSTOMER).text)


def by_punchout(home, approved):
    """The bookshop's order of a title of which three copies were planned and so many approved."""
    trader = in_earnest(home)
    cart = take_home(home, trader, products=in_stock(home, 1))
    answer = trader.send_order(cart, order_id="PO-1", quantities={1: approved})
    assert answer.code == 200, answer.detail
    do_what_was_promised(home)
    (placed,) = home.shop.orders(CUSTOMER, "PO-1")
    return placed


def letters_page(home):
    """The address that the letter about the placed order names for its copies."""
    return LETTER.search(letters(home)[-1].text)[0]


def branches(home, placed):
    """The branch of each copy of the first line."""
    (line, *_) = home.shop.order(CUSTOMER, placed.order_number).order.lines
    return [copy.codes.branch_code for copy in line.copies]


def follow(browser, page, ending):
    """The page behind the first link that ends so."""
    return browser.open(page.links_to(ending)[0])


def slip_of(operator, placed):
    """The words of the slip in the parcel that everything of the order is packed into."""
    pick(operator, placed)
    number = pack(operator, placed).h1.split()[1]
    return shown(operator.open(f"counter/parcels/{number}/slips"))


@pytest.mark.rule("DIST-9", way="punchout")
@pytest.mark.rule("DIST-13", way="punchout")
@pytest.mark.rule("HO-1", way="punchout")
@pytest.mark.rule("SHIP-5", way="punchout")
def test_an_approvers_copies_are_assigned_and_another_one_moved(home, operator, system):
    """By the letter's address: the library system gets corrections, and the slip has the new departments."""
    placed = by_punchout(home, approved=5)
    assert branches(home, placed)[3:] == ["", ""]
    assert system.fetch() == [1]
    browser = Browser()
    page = browser.open(letters_page(home))
    assert "2 eksemplarer er ikke fordelt ennå" in page.text
    question = follow(browser, page, f"/{placed.order_number}")
    done = browser.submit(question.form("pattern"), {"pattern": "profile:Bjørnsletta barn"})
    assert "2 eksemplarer er fordelt" in done.text
    assert branches(home, placed)[3:] == ["BJO", "BJO"]
    assert system.fetch() == [2]
    line = follow(browser, done, f"/{placed.order_number}/1")
    moving = {"copies-0-branch_code": "LIL", "copies-0-collection_code": "VOKSEN"}
    assert "lagret slik du ser dem" in browser.submit(line.form("seen", "copies-0-note"), moving).text
    assert system.fetch() == [3]
    now = home.shop.order(CUSTOMER, placed.order_number).order.lines[0]
    assert system.lines[f"{placed.order_number}.1"].copies == now.copies
    assert {copy.copy_id for copy in now.copies} == {copy.copy_id for copy in placed.order.lines[0].copies}
    slip = slip_of(operator, placed)
    assert "LIL Lillevik filial → VOKSEN" in slip
    assert "BJO Bjørnsletta filial → BARN Barneavdelingen" in slip
    assert "Uten fordeling" not in slip
    late = page_of(browser.submit, line.form("seen", "copies-0-note"), {"copies-0-branch_code": "BJO"})
    assert late.status == 409
    assert "Bokhandelen har plukket denne tittelen" in late.text
    with home.store.read() as tx:
        timeline = journal.timeline(tx, "demo-generic", stored(home, "PO-1").reference)
    moved = [(entry.actor, entry.summary) for entry in timeline if entry.kind == "order.copies_moved"]
    words = f"bookshop order {placed.order_number}: "
    assert moved == [
        ("librarian", f"{words}copies assigned: 2"),
        ("librarian", f"{words}line 1: copies moved: 1"),
    ]


@pytest.mark.rule("DIST-13", way="direct")
@pytest.mark.rule("HO-1", way="direct")
@pytest.mark.rule("SHIP-5", way="direct")
def test_a_direct_orders_copies_are_moved_on_min_side(home, operator, system):
    """From the to-do to the slip: one copy assigned, the other one moved."""
    placed = directly(home)
    assert system.fetch() == [1]
    browser = logged_in(home)
    front = browser.open(f"{home.world.public_base_url}/min-side/")
    question = follow(browser, front, f"{placed.order_number}/fordeling")
    done = browser.submit(question.form("pattern"), {"pattern": "profile:Barn bildebok"})
    assert "1 eksemplar er fordelt" in done.text
    line = follow(browser, done, f"{placed.order_number}/linjer/1")
    moved = browser.submit(line.form("seen", "copies-0-note"), {"copies-0-branch_code": "LIL"})
    assert "1 × LIL/BARN" in moved.text
    assert system.fetch() == [2, 3]
    now = home.shop.order(CUSTOMER, placed.order_number).order.lines[0]
    assert system.lines[f"{placed.order_number}.1"].copies == now.copies
    slip = slip_of(operator, placed)
    assert "LIL Lillevik filial → BARN" in slip
    assert "HBB Hovedbiblioteket → BARN" in slip
    assert "Uten fordeling" not in slip


@pytest.mark.rule("DIST-13", way="punchout")
def test_of_many_who_move_the_same_copies_at_once_one_does(home):
    """The others see what it did; the copies are what one of them asked for."""
    placed = by_punchout(home, approved=3)
    first = Browser().open(f"{letters_page(home)}/{placed.order_number}/1").form("seen", "copies-0-note")
    wanted = ("HBB", "BJO", "LIL")

    def move(which):
        values = {f"copies-{copy}-branch_code": wanted[which % 3] for copy in range(3)}
        return page_of(Browser().submit, first, values).status

    answers = race(3, move)
    assert sorted(answers) == [200, 409, 409]
    assert branches(home, placed) == [wanted[answers.index(200)]] * 3


@pytest.mark.rule("DIST-13", way="punchout")
@pytest.mark.parametrize("turn", range(3))
def test_picking_and_moving_at_once_leave_one_truth(home, system, turn):
    """Whoever is first: the copies on the shelf are those that the library system was told of."""
    placed = by_punchout(home, approved=3)
    form = Browser().open(f"{letters_page(home)}/{placed.order_number}/1").form("seen", "copies-0-note")

    def act(which):
        if which:
            return home.counter.pick(CUSTOMER, placed.order_number, 1).picked
        return page_of(Browser().submit, form, {"copies-0-branch_code": "LIL"}).status

    status, picked = race(2, act)
    assert picked == (1,)
    assert (branches(home, placed)[0] == "LIL") is (status == 200)
    system.fetch()
    now = home.shop.order(CUSTOMER, placed.order_number).order.lines[0]
    assert system.lines[f"{placed.order_number}.1"].copies == now.copies


@pytest.mark.rule("DIST-7", way="punchout")
@pytest.mark.parametrize(("distribution", "named"), [("optional", True), ("off", False)])
def test_the_letter_names_the_address_where_copies_carry_codes(home, distribution, named):
    """Once the order is placed; with an agreement without distribution never."""
    trader = in_earnest(home)
    agree(home, policy={"distribution": distribution})
    trader.send_order(take_home(home, trader, titles=1), order_id="PO-1")
    assert not any(LETTER.search(letter.text) for letter in letters(home))
    do_what_was_promised(home)
    assert bool(LETTER.search(letters(home)[-1].text)) is named


def logged_in(home):
    """The browser of a librarian on Min side."""
    browser = Browser()
    asking = browser.open(f"{home.world.public_base_url}/login")
    giving = browser.submit(asking.form("email"), {"email": KARI})
    code = re.search(r"\b\d{6}\b", mails(home)[0].text)[0]
    browser.submit(giving.form("code"), {"code": code})
    return browser
