"""From the chosen goods to the library's shelf: what a new user does in the same way by both ways in."""

import csv
import io
import re

from playwright.sync_api import expect

from catalog_bridge.bookshop import SearchQuery
from protocols.model.distribution import CopyCodes
from protocols.model.item import Kind
from protocols.model.standing import Subscription
from punchout.roundtrip import library_access
from tests.browser.guide import counter, said_on
from tests.browser.librarian import Librarian
from tests.journeys.test_hand_off import LibrarySystem
from tests.punchout.web.papers import reader

BOOTS, ISLAND = "Ti små støvler", "Øya utenfor kartet"
ORDER_NAME = "Barnebøker påske – æøå"
PLACES = {
    BOOTS: [("2", "HBB", "BARN"), ("1", "BJO", "BARN")],
    ISLAND: [("1", "HBB", "VOKSEN"), ("1", "BJO", "")],
}
"""Where the copies of each title go: so many, branch, department."""
DEPARTMENTS = {
    "HBB": ("HBB Hovedbiblioteket → BARN Barneavdelingen", "HBB Hovedbiblioteket → VOKSEN Voksenavdelingen"),
    "BJO": ("BJO Bjørnsletta filial → BARN Barneavdelingen", "BJO Bjørnsletta filial"),
}
"""What stands above the copies on the slip to each address."""


def look_for(guide):
    """Nothing: books for children are found by audience, and two titles by their words are in the cart."""
    guide.page.goto(f"{guide.front}?audience=9-12")
    guide.page.locator("li.title-card").first.wait_for()
    guide.page.goto(guide.front)
    guide.librarian.choose(BOOTS, 3)
    guide.librarian.choose(ISLAND, 2)
    guide.librarian.open_cart()


def serve(guide):
    """Nothing: all titles come shelf-ready and in plastic."""
    page = guide.page
    page.locator(".cart-services summary").click()
    for name in ("Hylleklar bok", "Plasting"):
        page.locator(".cart-services").get_by_label(re.compile(f"^{name}")).check()
    page.get_by_role("button", name="Legg til på alle titler").click()
    guide.sees("Tjenestene til 2 titler er endret", "kan ikke gjøres hylleklare ennå")


def share_out(guide):
    """Nothing: each copy has its branch, its department and a shelf mark that the shop proposed."""
    page = guide.page
    page.get_by_role("link", name="Fordel alle eksemplarene").click()
    for number, rows in enumerate(PLACES.values()):
        page.locator(f"[name=line-{number}-share]").fill(", ".join(f"{count} {at}" for count, at, _ in rows))
    page.get_by_role("button", name="Lagre", exact=True).click()
    page.get_by_text("2 titler er lagret").wait_for()
    for number, rows in enumerate(PLACES.values()):
        for place, (_, branch, department) in enumerate(rows):
            assert field(page, number, place, "branch_code").input_value() == branch
            field(page, number, place, "collection_code").fill(department)
    page.get_by_role("button", name="Foreslå hyllesignaturer").click()
    expect(field(page, 0, 0, "shelf_mark")).not_to_have_value("")
    page.get_by_role("button", name="Lagre og gå til handlekurven").click()
    Librarian(page).sees("Handlekurv")
    guide.sees("2 × HBB/BARN", "1 × BJO/BARN", "1 × HBB/VOKSEN", "1 × BJO")
    assert "kan ikke gjøres hylleklare" not in said_on(page)


def field(page, number, place, name):
    """A field of the grid."""
    return page.locator(f"[name=line-{number}-group-{place}-{name}]")


def refuse_a_long_name(guide, button):
    """Nothing: 36 characters were refused with their count, and nothing was cut."""
    name = guide.page.get_by_label("Rekvisisjons-/bestillingsnummer")
    name.fill("Ø" * 36)
    guide.page.get_by_role("button", name=button).click()
    guide.sees("36 tegn, høyst 35 er mulig")
    assert name.input_value() == "Ø" * 36
    name.fill(ORDER_NAME)


def refuse_an_address_of_ones_own(guide, button):
    """Nothing: the list holds the library's addresses only, and the shop refuses what is not in it."""
    addresses = guide.page.get_by_label("Leveringsadresse")
    assert addresses.evaluate("list => [...list.options].map(one => one.value)") == ["", "HBB", "BJO"]
    guide.sees("Mangler en adresse, eller er den feil? Kundeservice endrer listen.")
    addresses.evaluate("list => { list.add(new Option('Hjem', 'Storgata 99')); list.value = 'Storgata 99' }")
    guide.page.get_by_role("button", name=button).click()
    expect(guide.page.get_by_role("alert")).to_contain_text("Storgata 99 er ikke på kundens liste")
    guide.page.get_by_label("Leveringsadresse").select_option("HBB")


def arrive(guide, orders_page, name, *numbers):
    """Nothing: the library system has fetched these orders, and ``orders_page`` has told each step of it.

    Every copy came with its branch, shelf mark and barcode.
    """
    token = library_access.issue(guide.gateway.world, guide.number).text
    system, states = LibrarySystem(guide.gateway, token), []

    def look():
        guide.page.goto(orders_page)
        states.append(
            set(re.findall(r"(venter på å bli hentet|hentet av|tatt imot av)", said_on(guide.page)))
        )

    look()
    rows = [one for document in system.documents() for one in table(document)]
    look()
    system.fetch()
    look()
    assert states == [{"venter på å bli hentet"}, {"hentet av"}, {"tatt imot av"}], states
    assert set(numbers) <= system.orders.keys()
    assert {system.orders[number].order_name for number in numbers} == {name}
    mine = [one for one in rows if one["order_number"] in numbers]
    assert (
        sum(int(line.quantity) for number in numbers for line in system.orders[number].lines)
        == len(mine)
        == 5
    )
    assert sorted(one["branch_code"] for one in mine) == ["BJO", "BJO", "HBB", "HBB", "HBB"]
    assert all(one["shelf_mark"] and one["barcode"].startswith(guide.number) for one in mine), mine
    assert len({one["barcode"] for one in mine}) == len(mine)


def table(document):
    """The rows of a document for the library system, by the names of its columns."""
    return list(csv.DictReader(io.StringIO(document.decode("utf-8-sig")), delimiter=";"))


def pick(guide, *numbers):
    """Nothing: everything of these orders has been picked, as the counter's page proposes."""
    page = counter(guide)
    for number in numbers:
        page.goto(f"{guide.base}desk/counter/orders/{guide.number}/{number}")
        page.get_by_role("button", name="Lagre det som er plukket").click()
        page.get_by_text("Lagret.").wait_for()


def pack(guide, *numbers):
    """The words of the slips in the parcel in which these orders have been packed, and of their PDF."""
    page = counter(guide)
    page.goto(f"{guide.base}desk/counter/pack/{guide.number}/{numbers[0]}")
    for number in numbers:
        page.get_by_label(re.compile(f"^{number}")).check()
    page.get_by_role("button", name="Pakk pakken").click()
    page.get_by_text("Pakket. Skriv ut pakksedlene").wait_for()
    parcel = page.url
    page.get_by_role("link", name="Pakksedler til utskrift").click()
    slips = page.get_by_role("article")
    expect(slips).to_have_count(len(numbers))
    words, pdf = [" ".join(one.split()) for one in slips.all_inner_texts()], as_pdf(page)
    page.goto(parcel)
    return words, pdf


def send(guide, numbers):
    """The words of these orders' invoices; the parcel on the counter's page has been sent."""
    page = counter(guide)
    page.get_by_label("Sporingsnummer").fill("70 345")
    page.get_by_role("button", name="Merk som sendt").click()
    page.get_by_text("Sendt. Den som bestilte").wait_for()
    bills = {}
    for number in numbers:
        page.goto(f"{guide.base}desk/counter/orders/{guide.number}/{number}")
        page.get_by_role("button", name="Lag fakturaen").click()
        page.get_by_role("heading", level=1, name=re.compile("^Faktura F")).wait_for()
        bills[number] = said_on(page)
    return bills


def as_pdf(page):
    """The words of the PDF that the page leads to."""
    address = page.get_by_role("link", name="Åpne som PDF").evaluate("link => link.href")
    answer = page.request.get(address)
    assert answer.headers["content-type"] == "application/pdf", answer.status
    return reader.words(answer.body())


def papers(guide, orders_page):
    """By kind (slip, invoice), the words of an order's papers that its page leads to, as page and as PDF."""
    found = {}
    for kind, link in (("slip", "1 pakkseddel"), ("invoice", re.compile("^Faktura F"))):
        guide.page.goto(orders_page)
        guide.page.get_by_role("link", name=link).click()
        guide.page.get_by_role("article").wait_for()
        found[kind] = {"page": said_on(guide.page), "pdf": as_pdf(guide.page)}
    return found


def release(guide):
    """The order that a subscription with a preset name has become, by a release of its series."""
    found = guide.gateway.shop.search(guide.number, SearchQuery(text=BOOTS)).offers[0].product
    subscription = Subscription(
        subscription_id=f"S-{guide.number}",
        customer_number=guide.number,
        kind=Kind.SERIES,
        product_id=f"SERIE-{guide.number}",
        title="Krim på Ås",
        copies=(CopyCodes(branch_code="HBB", collection_code="VOKSEN"),),
        order_name="Krimserien, voksen",
        delivery_address_id="HBB",
    )
    standing = guide.gateway.world.standing
    standing.subscribe(subscription)
    (made,) = standing.release(subscription.product_id, found.product_id).orders
    return made


def orders_on(said):
    """The numbers of the orders that a paper with these words is about."""
    return set(re.findall(r"Ordrenummer (\S+)", said))


def thank(guide):
    """Nothing: the user has told what they think, and it lies at the desk."""
    guide.page.goto(guide.front)
    guide.page.get_by_role("link", name="Si hva du mener").click()
    guide.page.get_by_label("Meldingen din").fill(f"Fint på {guide.name}")
    guide.page.get_by_role("button", name="Send meldingen").click()
    guide.sees("Meldingen er kommet fram")
    page = counter(guide)
    page.goto(f"{guide.base}desk/feedback")
    assert f"Fint på {guide.name}" in said_on(page)
