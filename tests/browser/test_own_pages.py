"""A library's own pages in a real browser, by both ways in: axe, a narrow screen, the keyboard, no script."""

import json
from dataclasses import replace

import pytest

from catalog_bridge.embedded.customers_import import import_json
from protocols.model.distribution import CopyCodes
from protocols.model.item import Kind
from protocols.model.standing import Subscription
from session_store.tables import login_asked
from tests.browser.conftest import TOP
from tests.browser.librarian import Librarian
from tests.browser.test_accessibility import look
from tests.browser.test_direct import USERS, log_in, press
from tests.browser.test_keyboard import tab_to
from tests.catalog_bridge.contract.world import HBB, NOVEL, line_of, order_of
from tests.punchout.web import houses


@pytest.fixture
def library(gateway):
    """A library of this test's own: its number and its administrator's address; its register is empty."""
    number = f"4{next(USERS):05}"
    address = {"id": "HBB", "name": "Hoved", "street": "Storgata 1", "postal_code": "9996", "city": "Testby"}
    users = [
        {"email": f"leder{number}@testby.example", "name": "Åse Leder", "administrator": True},
        {"email": f"post@l{number}.example", "name": "Bo"},
    ]
    customer = {"number": number, "name": "Åsen bibliotek", "addresses": [address], "users": users}
    (taken,) = import_json(gateway.store, json.dumps({"customers": [customer]})).customers
    assert taken.outcome == "new"
    with gateway.store.write() as tx:
        tx.execute(login_asked.delete())  # this machine asks for more codes than a network may
    return number, users[0]["email"]


@pytest.fixture
def min_side(gateway, page, library):
    """The address of Min side, where the library's administrator has come in."""
    log_in(page, gateway, library[1])
    return f"{gateway.world.public_base_url}/min-side/"


def ordered(gateway, number, count=1):
    """The number of the last of so many orders of the library."""
    order = replace(order_of(line_of(1, replace(NOVEL, product_id="9799900000272"), replace(HBB, note="x"))))
    for key in range(count):
        wish = replace(
            order, customer_number=number, order_name="Påske", ordered_by="Åse Leder", way="direct"
        )
        placed = gateway.world.shop.place_order(wish, f"{number}-{key}")
    return placed.order_number


def test_min_side_and_the_register(gateway, page, min_side, tmp_path):
    """Empty and filled, a refused code, one code, a refused file, profiles."""
    librarian = Librarian(page)
    page.goto(min_side)
    look(page, "min side")
    page.get_by_role("link", name="Fordelingsinformasjon").click()
    look(page, "empty register")
    page.get_by_role("button", name="Legg til koden").click()
    look(page, "refused code")
    for code, label in (("HBB", "Hovedbiblioteket"), ("BJØ", "Bjørnsletta")):
        page.get_by_label("Kode", exact=True).fill(code)
        page.get_by_label("Beskrivelse").fill(label)
        page.get_by_role("button", name="Legg til koden").click()
        page.get_by_text("Koden er lagt til").wait_for()
    look(page, "register")
    file = tmp_path / "koder.csv"
    file.write_bytes("field;value;label\nitem_type;BOK;Bøker\n".encode("latin-1"))
    page.get_by_label("Fil", exact=True).set_input_files(file)
    page.get_by_role("button", name="Les inn filen").click()
    page.get_by_text("er ikke UTF-8").first.wait_for()
    look(page, "refused file")
    page.get_by_role("link", name="Endre HBB").click()
    look(page, "code")
    page.get_by_role("button", name="Ta koden ut av bruk").click()
    page.get_by_text("Koden er tatt ut av bruk").wait_for()
    look(page, "retired code")
    page.get_by_role("link", name="Ny profil").click()
    page.get_by_role("button", name="Lagre profilen").click()
    look(page, "refused profile")
    page.get_by_label("Profilens navn").fill("Barn")
    page.get_by_label("Filial").select_option("BJØ")
    page.get_by_role("button", name="Lagre profilen").click()
    page.get_by_role("link", name="Endre Barn").click()
    librarian.sees("Profil: Barn")
    look(page, "profile")


def test_templates(gateway, page, min_side, library):
    """None, a refused one, two of them."""
    page.goto(f"{min_side}fordelingsinformasjon/maler")
    look(page, "no templates")
    for name in ("Bildebøker", "Alt annet"):
        page.get_by_role("link", name="Ny mal").click()
        page.get_by_role("button", name="Lagre malen").click()
        look(page, "refused template")
        page.get_by_label("Malens navn").fill(name)
        page.get_by_label("3–6 år").check()
        page.get_by_label("Eksemplarer").first.fill("2")
        page.get_by_role("button", name="Lagre malen").click()
        page.get_by_text("Malen er lagret").wait_for()
    look(page, "templates")
    page.get_by_role("button", name="Flytt opp Alt annet").click()
    page.get_by_text("Malen er flyttet").wait_for()
    assert [one.name for one in gateway.world.registers.templates(library[0])] == ["Alt annet", "Bildebøker"]


def test_users(page, min_side):
    """The list, a refused address, one user, the guard of the last administrator."""
    page.goto(f"{min_side}brukere")
    look(page, "users")
    page.get_by_role("button", name="Legg til brukeren").click()
    look(page, "refused user")
    page.get_by_role("link", name="Endre Åse Leder").click()
    look(page, "user")
    page.get_by_role("button", name="Fjern brukeren").click()
    page.get_by_text("er den siste administratoren").wait_for()
    look(page, "last administrator")


def test_orders(gateway, page, min_side, library):
    """None, many with a second page, filters that fit nothing, a wrong filter, one order."""
    page.goto(f"{min_side}ordrer")
    look(page, "no orders")
    number = ordered(gateway, library[0], 51)
    page.reload()
    look(page, "orders")
    page.get_by_role("link", name="Eldre bestillinger").click()
    look(page, "older orders")
    page.goto(f"{min_side}ordrer?status=delivered")
    look(page, "nothing fits")
    page.goto(f"{min_side}ordrer?colour=blue")
    look(page, "wrong filter")
    page.goto(f"{min_side}ordrer/{number}")
    look(page, "order")


def test_in_a_session(gateway, page, trade, library):
    """The register by the three policies, empty and required too; own orders."""
    for access in ("read", "profiles", "edit"):
        policy = {"register": access, "distribution": "required"}
        houses.agree(
            gateway,
            f"demo-{TOP}",
            customers=("100234", library[0]),
            default_customer=library[0],
            org_codes={},
            policy=policy,
        )
        page.goto(trade().started.start_url)
        page.get_by_role("link", name="Fordelingsinformasjon").click()
        look(page, f"empty register {access}")
    page.get_by_role("link", name="Mine ordrer").click()
    look(page, "own orders")
    policy = {"register": "profiles", "distribution": "optional"}
    houses.agree(
        gateway,
        f"demo-{TOP}",
        customers=("100234", "100235"),
        default_customer="100234",
        org_codes={"4410": "100235"},
        policy=policy,
    )
    page.goto(trade().started.start_url)
    page.get_by_role("link", name="Fordelingsinformasjon").click()
    look(page, "register in a session")


def test_a_register_is_begun_by_keyboard(gateway, page, min_side, library):
    """From Min side to the first code and a profile with Tab, Enter, arrows and letters."""
    page.goto(min_side)
    press(page, "Fordelingsinformasjon", "Fordelingsinformasjon")
    tab_to(page, "Kode")
    page.keyboard.type("HBB")
    page.keyboard.press("Enter")
    page.get_by_text("Koden er lagt til").wait_for()
    press(page, "Ny profil", "Ny profil")
    tab_to(page, "Profilens navn")
    page.keyboard.type("Voksen")
    tab_to(page, "Filial")
    page.keyboard.press("ArrowDown")
    press(page, "Lagre profilen", "Fordelingsinformasjon")
    register = gateway.world.registers.register(library[0])
    assert [(one.name, one.codes.branch_code) for one in register.profiles] == [("Voksen", "HBB")]


def test_users_and_orders_by_keyboard(gateway, page, min_side, library):
    """A colleague gets administrator access, and an order is found, without a mouse."""
    ordered(gateway, library[0])
    page.goto(min_side)
    press(page, "Brukere", "Brukere")
    press(page, "Endre Bo", "Bo")
    press(page, "Gi administratortilgang", "Brukere")
    page.get_by_text("Brukeren er endret").wait_for()
    page.goto(min_side)
    press(page, "Ordrer", "Ordrer")
    tab_to(page, "Rekvisisjons-/bestillingsnummer")
    page.keyboard.type("påske")
    page.keyboard.press("Enter")
    page.wait_for_url("**order_name=**")
    tab_to(page, "Påske")


def test_the_register_needs_no_script(gateway, browser, library):
    """Adding and retiring a code with JavaScript off."""
    context = browser.new_context(java_script_enabled=False, locale="nb-NO")
    page = context.new_page()
    log_in(page, gateway, library[1])
    page.goto(f"{gateway.world.public_base_url}/min-side/fordelingsinformasjon")
    page.get_by_label("Kode", exact=True).fill("HBB")
    page.get_by_role("button", name="Legg til koden").click()
    page.get_by_role("link", name="Endre HBB").click()
    page.get_by_role("button", name="Ta koden ut av bruk").click()
    page.get_by_text("ute av bruk").wait_for()
    context.close()


def test_papers_and_subscriptions(gateway, page, min_side, library):
    """What has been sent and invoiced, from the order; nothing subscribed to, and something."""
    number, counter = ordered(gateway, library[0]), gateway.world.counter
    counter.pick(library[0], number, 1)
    counter.ship(counter.pack(((library[0], number),), "2026-12-01").parcel_number)
    counter.invoice(library[0], number)
    page.goto(f"{min_side}ordrer/{number}")
    look(page, "order with papers")
    page.get_by_role("link", name="1 pakkseddel").click()
    look(page, "slips")
    page.get_by_role("link", name=f"Bestilling {number}").click()
    page.get_by_role("link", name="Faktura").click()
    look(page, "invoice")
    page.goto(f"{min_side}abonnement")
    look(page, "no subscriptions")
    subscription = Subscription(
        subscription_id="S-1",
        customer_number=library[0],
        kind=Kind.SERIES,
        product_id="SERIE-ÅS",
        title="Krim på Ås",
        copies=(CopyCodes(shelf_mark="KRIM Å"),),
        order_name="Krimserien",
        delivery_address_id="HBB",
    )
    gateway.world.standing.subscribe(subscription)
    page.reload()
    page.get_by_role("heading", name="Krim på Ås").wait_for()
    look(page, "subscriptions")
