"""Behind the counter in a real browser: axe finds nothing, the keyboard is enough, paper is a sheet."""

from dataclasses import replace

import pytest

from catalog_bridge.rules.services import chosen
from protocols.model.distribution import CopyCodes, numbered
from punchout.roundtrip import operators
from tests.browser.librarian import Librarian
from tests.browser.test_accessibility import look
from tests.browser.test_keyboard import tab_to
from tests.journeys.crashing import CUSTOMER
from tests.journeys.test_counter import directly


@pytest.fixture
def desk(gateway, page):
    """The address of the counter, where an operator has come in."""
    page.goto(operators.invite(gateway.world, "Åse"))
    return f"{gateway.world.public_base_url}/desk/counter"


@pytest.fixture
def place(gateway, request):
    """Places an order of this test's own in the shop."""

    def placed(name="", **facts):
        return directly(gateway, order_name=f"{request.node.name[5:20]} {name}", **facts)

    return placed


def test_every_page_behind_the_counter(page, desk, place):
    """Lists, an order and its questions, a parcel, slips, an invoice, a credit note; refusals too."""
    first, second = place("A"), place("B")
    page.goto(desk)
    look(page, "counter")
    order = f"{desk}/orders/{CUSTOMER}/{first.order_number}"
    page.goto(order)
    look(page, "order")
    page.get_by_label("Plukket av linje 1").fill("9")
    page.get_by_role("button", name="Lagre det som er plukket").click()
    page.get_by_role("link", name="Linje 1: Det kan være plukket").click()
    assert page.evaluate("document.activeElement.id") == "count-0"
    look(page, "refused count")
    for number in (first.order_number, second.order_number):
        page.goto(f"{desk}/orders/{CUSTOMER}/{number}")
        page.get_by_role("button", name="Lagre det som er plukket").click()
    look(page, "picked")
    page.goto(f"{order}/rest")
    look(page, "rest")
    page.goto(f"{desk}/pack/{CUSTOMER}/{first.order_number}")
    page.get_by_label(first.order_number).uncheck()
    page.get_by_role("button", name="Pakk pakken").click()
    look(page, "no order chosen")
    for placed in (first, second):
        page.get_by_label(placed.order_number).check()
    look(page, "pack")
    page.get_by_role("button", name="Pakk pakken").click()
    look(page, "parcel")
    parcel = page.url
    page.get_by_role("link", name="Pakksedler til utskrift").click()
    look(page, "slips")
    page.goto(parcel)
    page.get_by_label("SSCC").fill("12")
    page.get_by_role("button", name="Merk som sendt").click()
    look(page, "wrong SSCC")
    page.get_by_label("SSCC").fill("")
    page.get_by_role("button", name="Merk som sendt").click()
    look(page, "sent")
    page.goto(desk)
    look(page, "to be invoiced")
    page.goto(order)
    page.get_by_role("button", name="Lag fakturaen").click()
    look(page, "invoice")
    page.get_by_role("link", name="Krediter …").click()
    page.get_by_role("button", name="Lag kreditnotaen").click()
    look(page, "no reason")
    page.get_by_label("Grunn").fill("Skadet i posten")
    page.get_by_role("button", name="Lag kreditnotaen").click()
    look(page, "credit note")
    page.goto(order)
    look(page, "invoiced")


def test_labels_of_a_shelf_ready_order(gateway, page, desk, place):
    """The counter's page with barcodes and shelf marks of each copy."""
    placed = place()
    line = placed.order.lines[0]
    codes = CopyCodes(branch_code="HBB", shelf_mark="839.82 Bok")
    ready = replace(
        line,
        copies=numbered((codes,) * line.quantity),
        services=chosen(["HYLLEKLAR", "PLAST"], gateway.facts.services),
    )
    wish = replace(placed.order, lines=(ready, *placed.order.lines[1:]))
    gateway.shop.change_order(placed.order_number, wish, f"labels {placed.order_number}")
    page.goto(f"{desk}/orders/{CUSTOMER}/{placed.order_number}")
    page.get_by_text("Skal gjøres:").wait_for()
    look(page, "labels")


def test_an_order_goes_the_whole_way_by_keyboard(page, desk, place):
    """Pick, pack, send and invoice with Tab and Enter."""
    placed = place()
    page.goto(f"{desk}/orders/{CUSTOMER}/{placed.order_number}")
    tab_to(page, "Lagre det som er plukket")
    page.keyboard.press("Enter")
    page.get_by_text("Lagret.").wait_for()
    tab_to(page, "Pakk …")
    page.keyboard.press("Enter")
    Librarian(page).sees("Pakk til Testby bibliotek, hovedbiblioteket")
    tab_to(page, "Pakk pakken")
    page.keyboard.press("Enter")
    page.get_by_text("Pakket. Skriv ut pakksedlene").wait_for()
    tab_to(page, "Sporingsnummer")
    page.keyboard.type("70 345")
    tab_to(page, "Merk som sendt")
    page.keyboard.press("Enter")
    page.get_by_text("Sendt. Den som bestilte").wait_for()
    tab_to(page, f"Bestilling {placed.order_number}")
    page.keyboard.press("Enter")
    Librarian(page).sees(f"Bestilling {placed.order_number}")
    tab_to(page, "Lag fakturaen")
    page.keyboard.press("Enter")
    page.get_by_role("heading", level=1, name="Faktura F").wait_for()


@pytest.mark.rule("SHIP-4")
def test_on_paper_stands_the_slip_alone(gateway, page, desk, place):
    """No header, no way back, each slip on a sheet of its own; without script too."""
    orders = place("A"), place("B")
    for placed in orders:
        gateway.counter.pick(CUSTOMER, placed.order_number, 1)
    parcel = gateway.counter.pack(tuple((CUSTOMER, one.order_number) for one in orders), "2026-03-02")
    page.goto(f"{desk}/parcels/{parcel.parcel_number}/slips")
    page.emulate_media(media="print")
    for hidden in ("Skranken", "Forlat skranken", f"← Pakke {parcel.parcel_number}"):
        assert not page.get_by_text(hidden, exact=True).first.is_visible()
    papers = page.get_by_role("article")
    assert papers.count() == 2
    breaks = papers.evaluate_all("all => all.map(one => getComputedStyle(one).breakBefore)")
    assert breaks == ["auto", "page"]
