"""The desk and an order's page in a real browser: axe finds nothing, and the keyboard is enough."""

import pytest

from protocols.model.fulfilment import Mail
from protocols.model.serial import to_json
from punchout.roundtrip import dispatch, holds, operators
from session_store import outbox
from tests.browser.librarian import Librarian
from tests.browser.test_accessibility import look
from tests.browser.test_keyboard import tab_to
from tests.journeys.waiting import choice_address, held_for_address, held_for_choice, held_for_price, stored


@pytest.fixture
def desk(gateway, page):
    """The address of the desk, where an operator has come in."""
    page.goto(operators.invite(gateway.world, "Åse"))
    return page.url


def number(request):
    """A PO number of this test's own."""
    return f"PO-{request.node.name[5:25]}"


def has_failed(home):
    """Nothing: a mail is in the outbox, and has been given up."""
    now = home.world.now()
    mail = Mail(
        to="innkjoper@testby.example", subject="Bestilling venter", text="Se her:\nhttps://a.example/o/1"
    )
    delivery = outbox.Delivery(
        id=home.world.new_id(),
        agreement_id="demo-generic",
        kind=dispatch.MAIL,
        ordering_key="mail:PO-1",
        payload=to_json(mail),
        due_at=now,
        created_at=now,
    )
    with home.store.write() as tx:
        outbox.put(tx, delivery)
        leased = {one.id: one for one in outbox.lease(tx, "w", now)}
        outbox.dead(tx, leased[delivery.id], "w", now, "the mail server refused it")


def test_the_closed_desk(gateway, page):
    """How to come in, for whoever is not signed in."""
    page.goto(f"{gateway.world.public_base_url}/desk/")
    look(page, "closed desk")


def test_lists_of_the_desk(gateway, page, desk, request):
    """Orders that wait, deliveries that failed, mails."""
    held_for_price(gateway, number(request))
    has_failed(gateway)
    page.goto(desk)
    look(page, "waiting")
    for name, heading in {"Utsendelser": "Utsendelser", "E-post": "E-post"}.items():
        page.get_by_role("link", name=name, exact=True).click()
        Librarian(page).sees(heading)
        look(page, name)


def test_an_order_at_the_desk(gateway, page, desk, request):
    """One that can be released, one that has to be mended, the questions, a reason that is missing."""
    first = held_for_price(gateway, number(request))
    second = held_for_address(gateway, f"{number(request)}-2")
    for reference in (first, second):
        for path in ("", "/release", "/refuse"):
            page.goto(f"{desk}orders/{reference}{path}")
            look(page, f"order{path}")
    page.get_by_role("button", name="Avvis bestillingen").click()
    look(page, "no reason")
    page.get_by_label("Grunn").fill("Adressen er ikke vår")
    page.get_by_role("button", name="Avvis bestillingen").click()
    look(page, "refused")
    page.goto(f"{desk}orders/ZZZZZZZZ")
    look(page, "unknown order")


def test_somebody_was_faster(gateway, page, desk, request):
    """The page that says that a colleague has decided."""
    reference = held_for_price(gateway, number(request))
    page.goto(f"{desk}orders/{reference}/release")
    holds.refuse(gateway.world, holds.find(gateway.world, reference), "operator:Bo", "Feil pris")
    page.get_by_role("button", name="Slipp bestillingen videre").click()
    Librarian(page).sees("Noen kom deg i forkjøpet")
    look(page, "faster")


def test_an_orders_own_page(gateway, page, request):
    """How far it has come; a code that nobody has."""
    reference = held_for_price(gateway, number(request))
    for name, code in (("status", reference), ("no order", "ZZZZZZZZ")):
        page.goto(f"{gateway.world.public_base_url}/o/{code}")
        look(page, name)


def test_choosing_copies(gateway, page, request):
    """The question, a wrong number of copies, and what became of the choice."""
    held_for_choice(gateway, number(request))
    page.goto(choice_address(gateway, number(request)))
    look(page, "choose")
    page.get_by_role("checkbox").first.check()
    page.get_by_role("button", name="Behold disse eksemplarene").click()
    look(page, "too few")
    assert page.get_by_role("checkbox").first.is_checked()
    page.get_by_role("checkbox").last.check()
    page.get_by_role("button", name="Behold disse eksemplarene").click()
    Librarian(page).sees("Valget ditt er tatt vare på")
    look(page, "chosen")


def test_an_order_is_released_by_keyboard(gateway, page, desk, request):
    """From the list over the order to the question and the answer with Tab and Enter."""
    order_id = number(request)
    held_for_price(gateway, order_id)
    page.goto(desk)
    for stop, heading in (
        (order_id, f"Bestilling {order_id}"),
        ("Slipp videre", f"Slippe bestilling {order_id} videre?"),
        ("Slipp bestillingen videre", f"Bestilling {order_id}"),
    ):
        tab_to(page, stop)
        page.keyboard.press("Enter")
        page.get_by_role("heading", level=1, name=heading).wait_for()
    page.get_by_text("Bestillingen er sluppet videre til bokhandelen").wait_for()


def test_copies_are_chosen_by_keyboard(gateway, page, request):
    """Tab and Space on the checkboxes, Enter on the button."""
    held_for_choice(gateway, number(request))
    page.goto(choice_address(gateway, number(request)))
    for copy in ("Eksemplar 1", "Eksemplar 3"):
        tab_to(page, copy)
        page.keyboard.press("Space")
    tab_to(page, "Behold disse")
    page.keyboard.press("Enter")
    Librarian(page).sees("Valget ditt er tatt vare på")
    assert stored(gateway, number(request)).choices[0].copies == (1, 3)


def test_the_desk_needs_no_script(gateway, browser, request):
    """Coming in, refusing an order and leaving, with JavaScript off."""
    reference = held_for_price(gateway, number(request))
    context = browser.new_context(java_script_enabled=False, locale="nb-NO")
    page = context.new_page()
    page.goto(operators.invite(gateway.world, "Bo"))
    page.goto(f"{page.url}orders/{reference}/refuse")
    page.get_by_label("Grunn").fill("Feil pris")
    page.get_by_role("button", name="Avvis bestillingen").click()
    page.get_by_text("Bestillingen er avvist").wait_for()
    page.get_by_role("button", name="Forlat skranken").click()
    Librarian(page).sees("Du har forlatt skranken")
    context.close()
