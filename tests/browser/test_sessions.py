"""Edit, inspect, unfinished carts and ways back in a real browser: usable by keyboard, clean for axe."""

from dataclasses import replace
from decimal import Decimal

import pytest

from protocols.model.order import OrderLine
from protocols.model.session import Operation
from punchout.buyer.systems import system
from punchout.buyer.trading import buyer as buyer_of
from punchout.buyer.trial import ORDER_NAME, WISHES
from tests.browser.conftest import TOP
from tests.browser.librarian import Librarian
from tests.browser.test_accessibility import look
from tests.journeys.trips import trips

EDIT, INSPECT = Operation.EDIT, Operation.INSPECT


@pytest.fixture
def out(gateway, request):
    """Trips of a person whom no other test knows."""
    with trips(gateway, buyer_of(gateway.world, system(TOP))) as made:
        yield made.of(name="Leser Testby", email=f"{request.node.name}@testby.example")


def open_shop(out, page, *call_up, **options):
    """Opens the StartPage of a call-up; what answers is the visit's first page."""
    page.goto(out.buyer.start(out.receiver.url, *call_up, **options).start_url)
    return Librarian(page)


@pytest.mark.rule("FLOW-5", way="punchout")
def test_an_edit(out, page):
    """The cart with what the buyer changed, the preview, the question before everything is deleted."""
    lines = out.shop().message.lines
    foreign = OrderLine(number=9, product_id="4711", quantity=Decimal(2))
    changed = (replace(lines[0], quantity=Decimal(1)), replace(lines[1], quantity=Decimal(4)), foreign)
    librarian = open_shop(out, page, EDIT, items=changed)
    librarian.sees("Handlekurv")
    look(page, "edit")
    page.get_by_role("button", name="Gå videre til sending").click()
    librarian.sees("Send handlekurven til innkjøpssystemet")
    look(page, "edit preview")
    librarian.open_cart()
    for _ in lines:
        page.get_by_role("button", name="Fjern").first.click()
    look(page, "emptied edit")
    page.get_by_role("link", name="Gå videre til sending").click()
    librarian.sees("Slette alle linjene i innkjøpssystemet?")
    look(page, "delete")
    page.get_by_role("button", name="Slett linjene").press("Enter")
    page.wait_for_url(out.receiver.url)
    assert not out.home("").message.unchanged


@pytest.mark.rule("FLOW-5", way="punchout")
def test_an_inspect(out, page):
    """The cart that is only shown, its copies, the page that closes it."""
    lines = out.shop().message.lines
    librarian = open_shop(out, page, INSPECT, items=lines)
    librarian.sees("Handlekurv")
    look(page, "inspect")
    page.get_by_role("link", name="Se eksemplarene").first.click()
    look(page, "inspected copies")
    page.get_by_role("link", name="Lukk", exact=True).click()
    librarian.sees("Lukke handlekurven?")
    look(page, "close")
    page.get_by_role("button", name="Lukk og gå tilbake").press("Enter")
    page.wait_for_url(out.receiver.url)
    assert out.home("").message.unchanged


@pytest.mark.rule("CART-6", way="punchout")
def test_an_unfinished_cart(out, page):
    """The ended session with its way back, the question of the next one, and on with the cart."""
    visit, _ = out.leave()
    visit.shop(WISHES, ORDER_NAME)
    out.time_passes()
    page.goto(f"{visit.front}cart")
    look(page, "ended")
    librarian = open_shop(out, page)
    librarian.sees("Fortsette på handlekurven du begynte på?")
    look(page, "unfinished")
    page.get_by_role("button", name="Fortsett på denne").press("Enter")
    librarian.sees("Handlekurv")
    assert page.locator("li.line").count() == len(WISHES)
    page.goto(f"{visit.front}cart")
    look(page, "continued elsewhere")


@pytest.mark.rule("CART-6", way="punchout")
def test_a_cart_found_by_name(out, page):
    """The form under a shared login, and its refusal, with focus on what is wrong."""
    librarian = open_shop(out.of(), page)
    page.get_by_role("button", name="Gå videre uten navn").press("Enter")
    librarian.sees("Finn bøker")
    look(page, "front of nobody")
    page.get_by_role("link", name="Fortsett på en uferdig handlekurv").click()
    librarian.sees("Fortsett på en uferdig handlekurv")
    look(page, "name and code")
    page.get_by_label("Koden til økten").press("Enter")
    page.locator(".summary:focus").wait_for()
    look(page, "no such cart")


@pytest.mark.rule("FLOW-4", way="punchout")
def test_what_is_ordered_and_what_is_unknown(out, page):
    """The page instead of sending again, the edit of an ordered cart, the search for an unknown item."""
    visit, cookie = out.leave()
    visit.shop(WISHES, ORDER_NAME)
    visit.send()
    cart = out.home(cookie)
    out.buyer.send_order(cart)
    page.goto(f"{visit.front}sent")
    look(page, "ordered")
    open_shop(out, page, EDIT, items=cart.message.lines)
    look(page, "edit of what is ordered")
    open_shop(out, page, Operation.SOURCE, selected_item="ukjent")
    look(page, "unknown item")
