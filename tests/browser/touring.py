"""The walks of the guided tours: what the pictures show is what a librarian meets."""

import re

from punchout.roundtrip.telling import moving_signature
from session_store import orders
from tests.browser.librarian import Librarian

LIBRARY, USER = "100234", "barn@bibliotek.testby.example"
SIZE = {"width": 1000, "height": 640}
"""Of each picture."""


def punchout(house, page, keep):
    """Nothing: the way from the procurement system and back has been gone, each stop told to ``keep``."""
    page.set_viewport_size(SIZE)
    page.goto(f"{house.world.public_base_url}/tester/")
    keep("start")
    page.get_by_role("button").first.click()
    page.get_by_role("link", name="Gå og handle").click()
    librarian = Librarian(page)
    front = page.url
    page.goto(f"{front}?audience=9-12")
    keep("find")
    page.goto(front)
    librarian.choose("Ti små støvler", 3)
    librarian.choose("Øya utenfor kartet", 2)
    librarian.open_cart()
    librarian.distribute("HBB", "HBB", "BJO")
    page.get_by_label("Rekvisisjons-/bestillingsnummer").fill("Barnebøker påske")
    page.get_by_label("Leveringsadresse").select_option("HBB")
    page.get_by_role("button", name="Lagre og bli her").click()
    keep("cart")
    choose_services(page, front, keep)
    page.goto(f"{front}distribution")
    propose(page, "2 HBB, BJO", "HBB, BJO")
    keep("copies")
    save_list(page, front, keep)
    page.goto(f"{front}cart")
    page.get_by_role("button", name="Gå videre til sending").click()
    keep("send")
    page.get_by_role("button", name="Send handlekurven").click()
    page.wait_for_url("**/tester/return/**")
    keep("approve")
    page.get_by_role("button", name="Send bestillingen").click()
    page.get_by_role("heading", level=1, name="Det bokhandelen gjorde med den").wait_for()
    reference = re.search(r"referanse ([0-9A-Z]{8})", page.inner_text("main"))[1]
    page.goto(f"{house.world.public_base_url}/o/{reference}")
    until_placed(page)
    keep("follow")
    page.goto(f"{house.world.public_base_url}{letter_address(house, reference)}")
    page.get_by_role("link", name=re.compile("^Flytt eksemplarene")).first.click()
    keep("move")


def direct(house, page, keep):
    """Nothing: the way from log-in to packing slip has been gone."""
    base = house.world.public_base_url
    page.set_viewport_size(SIZE)
    page.goto(f"{base}/login")
    page.get_by_label("E-postadresse på jobben").fill(USER)
    keep("login")
    page.get_by_role("button", name="Motta kode").click()
    page.get_by_label("Kode", exact=True).fill(code(page))
    page.get_by_role("button", name="Logg inn").click()
    Librarian(page).sees("Finn bøker")
    keep("find")
    page.goto(f"{base}/list")
    page.get_by_label("Én tittel per linje").fill("9799900000272;3\n9799900000340;2")
    keep("list")
    page.get_by_role("button", name="Legg i handlekurven").click()
    save_list(page, f"{base}/", keep)
    choose_services(page, f"{base}/", keep)
    page.goto(f"{base}/distribution")
    propose(page, "2 HBB, BJO", "HBB, BJO")
    keep("copies")
    page.goto(f"{base}/checkout")
    page.get_by_label("Rekvisisjons-/bestillingsnummer").fill("Barnebøker påske")
    page.get_by_label("Leveringsadresse").select_option("HBB")
    page.get_by_role("button", name="Vis med disse valgene").click()
    page.get_by_text("Slik er bestillingen nå").wait_for()
    keep("checkout")
    page.get_by_role("button", name="Send bestillingen").click()
    Librarian(page).sees("Takk for bestillingen")
    keep("thanks")
    page.goto(f"{base}/min-side/ordrer")
    keep("orders")
    page.goto(f"{base}/min-side/ordrer/{house.shop.orders(LIBRARY)[0].order_number}")
    page.get_by_role("link", name=re.compile("^Flytt eksemplarene")).first.click()
    keep("move")
    number = sent(house)
    page.goto(f"{base}/min-side/ordrer/{number}/pakksedler")
    keep("slip")


def code(page):
    """The code in the demo's mail."""
    return re.search(r"\b\d{6}\b", page.locator(".mail-text").inner_text())[0]


def choose_services(page, front, keep):
    """Every title is to come shelf-ready and in plastic; kept as the stop ``services``, before it is sent."""
    page.goto(f"{front}cart")
    page.locator(".cart-services summary").click()
    for name in ("Hylleklar bok", "Plasting"):
        page.locator(".cart-services").get_by_label(re.compile(f"^{name}")).check()
    keep("services")
    page.get_by_role("button", name="Legg til på alle titler").click()
    page.get_by_text("Tjenestene til 2 titler er endret").wait_for()


def propose(page, *shares):
    """The titles in the grid are shared out in these words, with the shelf marks that the shop proposes."""
    for number, words in enumerate(shares):
        page.locator(f"[name='line-{number}-share']").fill(words)
    page.get_by_role("button", name="Foreslå hyllesignaturer").click()
    page.get_by_text("2 titler er lagret").wait_for()


def save_list(page, front, keep):
    """The cart is a saved list too; kept as the stop ``lists``."""
    page.goto(f"{front}cart")
    page.get_by_role("link", name="Lagre handlekurven som liste").click()
    page.get_by_label("Navn på listen").fill("Barnebøker hver vår")
    page.get_by_role("button", name="Lagre listen").click()
    Librarian(page).sees("Barnebøker hver vår")
    keep("lists")


def until_placed(page):
    """The status page, read anew until the worker has placed the order; AssertionError if it never does."""
    for _ in range(200):
        if page.locator(".steps .step-done").count() >= 3:
            return
        page.reload()
    raise AssertionError(page.inner_text("main"))


def letter_address(house, reference):
    """The path in the letter about a placed order, behind which its copies are moved."""
    with house.store.read() as tx:
        [stored] = orders.anywhere(tx, reference)
    return f"/o/{reference}/distribution/{moving_signature(house.world, stored)}"


def sent(house):
    """The number of the newest order, all of it picked, packed and sent."""
    order, counter = house.shop.orders(LIBRARY)[0], house.world.counter
    for line in order.order.lines:
        counter.pick(LIBRARY, order.order_number, line.number)
    packed = counter.pack(((LIBRARY, order.order_number),), "2026-12-01")
    counter.ship(packed.parcel_number)
    return order.order_number


def still(page):
    """Nothing: the page shows its top, or the grid that it is there for, and no field has the focus."""
    page.evaluate(
        "document.activeElement.blur(); scrollTo(0, 0);"
        "document.querySelector('.grid-table')?.scrollIntoView()"
    )


WALKS = {"direkte": direct, "innkjop": punchout}
"""By the word in the tour's address."""
