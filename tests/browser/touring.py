"""The walks of the guided tours: what the pictures show is what a librarian meets."""

import re

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
    page.goto(f"{front}distribution")
    keep("copies")
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
    keep("follow")


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
    page.goto(f"{base}/distribution")
    page.locator("[name='line-0-share']").fill("2 HBB, BJO")
    page.get_by_role("button", name="Lagre", exact=True).click()
    page.get_by_text("1 tittel er lagret").wait_for()
    keep("copies")
    page.goto(f"{base}/checkout")
    page.get_by_label("Rekvisisjons-/bestillingsnummer").fill("Barnebøker påske")
    page.get_by_label("Leveringsadresse").select_option("HBB")
    keep("checkout")
    page.get_by_role("button", name="Send bestillingen").click()
    Librarian(page).sees("Takk for bestillingen")
    keep("thanks")
    page.goto(f"{base}/min-side/ordrer")
    keep("orders")
    number = sent(house)
    page.goto(f"{base}/min-side/ordrer/{number}/pakksedler")
    keep("slip")


def code(page):
    """The code in the demo's mail."""
    return re.search(r"\b\d{6}\b", page.locator(".mail-text").inner_text())[0]


def sent(house):
    """The number of the newest order, all of it picked, packed and sent."""
    order, counter = house.shop.orders(LIBRARY)[0], house.world.counter
    for line in order.order.lines:
        counter.pick(LIBRARY, order.order_number, line.number)
    packed = counter.pack(((LIBRARY, order.order_number),), "2026-12-01")
    counter.ship(packed.parcel_number)
    return order.order_number


def still(page):
    """Nothing: the page shows its top, and no field has the focus."""
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


WALKS = {"direkte": direct, "innkjop": punchout}
"""By the word in the tour's address."""
