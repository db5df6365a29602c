"""The walks of the guided tours: what the pictures show is what a librarian meets."""

import re

from tests.browser.librarian import Librarian

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
    page.get_by_role("link", name=re.compile("^Fordel eksemplarene")).first.click()
    keep("copies")
    page.go_back()
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


def still(page):
    """Nothing: the page shows its top, and no field has the focus."""
    page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")


WALKS = {"innkjop": punchout}
"""By the word in the tour's address."""
