"""Services from checkout to the invoice, as people read them (SVC-1, SVC-4, SVC-5, SHIP-4)."""

from dataclasses import replace

import pytest

from catalog_bridge.rules.services import chosen
from protocols.model.distribution import CopyCodes
from protocols.model.money import Money
from tests.catalog_bridge.contract.world import NOVEL, line_of, order_of
from tests.journeys.test_direct import letters
from tests.punchout.web.colleague import LIBRARY, USER, Colleague
from tests.punchout.web.operator import come_in
from tests.punchout.web.shopper import text_of
from tests.punchout.web.test_serving import customers, serve_all
from tests.punchout.web.user import User

BOOTS = "9799900000272"
BOOK = replace(NOVEL, product_id=BOOTS)
PLACED = CopyCodes(branch_code="HBB", shelf_mark="839.82 Bok")


@pytest.fixture
def user(home, client):
    """Kari with three copies, plastic on each, and an address."""
    user = User.enter(home, client)
    user.add(BOOTS, 3)
    serve_all(user, "PLAST")
    user.check_out("show", delivery_address_id="HBB")
    return user


def words(page):
    """The words of a page, blanks that hold together as any other."""
    return page.text.replace("\xa0", " ")


@pytest.mark.rule("SVC-4", way="direct")
@pytest.mark.rule("PRICE-7", way="direct")
def test_checkout_the_thanks_and_the_letter_list_the_services(home, user):
    """With their price and their tax, in the order that is placed."""
    shown = words(user.page("checkout"))
    assert "Plasting : Ti små støvler 3 24,00 kr 72,00 kr" in shown
    assert "Mva. 25 % av 72,00 kr 18,00 kr" in shown
    done = words(user.read(user.check_out()))
    assert "Mva. 25 % av 72,00 kr 18,00 kr" in done
    (placed,) = home.shop.orders(LIBRARY)
    assert [entry.name for entry in placed.order.lines[0].services] == ["Plasting"]
    (letter,) = letters(home)
    assert "- 3 × Ti små støvler (Plasting)\n" in letter.text


@pytest.mark.rule("PRICE-6", way="direct")
@pytest.mark.rule("SVC-4", way="direct")
def test_a_service_whose_price_has_changed_is_asked_for_again(home, user, monkeypatch):
    """Between looking and ordering: nothing is ordered at a price that nobody saw."""
    form = user.page("checkout").form("order_name")
    dearer = [replace(entry, unit_price=Money(entry.unit_price.amount + 1)) for entry in home.facts.services]
    monkeypatch.setattr(home.shop, "_services", tuple(dearer))
    answer = user.submit(form, {}, ("place", "1"))
    assert answer.status_code == 422
    assert "Bestillingen er ikke lenger den du så" in text_of(answer)
    assert home.shop.orders(LIBRARY) == ()
    assert user.check_out().status_code == 303
    (placed,) = home.shop.orders(LIBRARY)
    assert str(placed.order.lines[0].services[0].unit_price.amount) == "25.00"


@pytest.fixture
def ready(home):
    """The number of an order of two shelf-ready copies."""
    line = line_of(1, BOOK, PLACED, PLACED, services=chosen(["HYLLEKLAR", "PLAST"], home.facts.services))
    other = line_of(2, replace(BOOK, product_id="9799900000340"), PLACED)
    return home.shop.place_order(order_of(line, other), "key-1").order_number


@pytest.mark.rule("SVC-1")
@pytest.mark.rule("SVC-5")
def test_the_counter_says_what_is_to_be_done_and_what_stands_on_the_labels(home, client, ready):
    """Barcode, branch and shelf mark of each copy; a line without services says nothing of the kind."""
    come_in(home, client)
    shown = words(User(home, client).read(client.get(f"/desk/counter/orders/{LIBRARY}/{ready}")))
    assert "Skal gjøres: Hylleklar bok, Plasting" in shown
    assert "9990000001 HBB 839.82 Bok" in shown
    assert "9990000002 HBB 839.82 Bok" in shown
    assert shown.count("Skal gjøres:") == 1


@pytest.mark.rule("SVC-5")
def test_the_counter_explains_why_a_line_cannot_be_made_ready(home, client):
    """At the line, in people's words; nothing is picked."""
    bare = line_of(1, BOOK, CopyCodes(branch_code="HBB"), services=chosen(["HYLLEKLAR"], home.facts.services))
    number = home.shop.place_order(order_of(bare), "key-1").order_number
    come_in(home, client)
    path = f"/desk/counter/orders/{LIBRARY}/{number}"
    user = User(home, client)
    form = next(one for one in user.read(client.get(path)).forms if one.action.endswith("/pick"))
    answer = user.submit(form)
    assert answer.status_code == 422
    assert "Linje 1 er hylleklar, og et eksemplar mangler filial eller hyllesignatur" in text_of(answer)
    assert home.shop.order(LIBRARY, number).picked == ()


@pytest.mark.rule("SHIP-4")
@pytest.mark.rule("SVC-4")
def test_slip_and_invoice_name_services_and_copies(home, client, ready):
    """Copy ids, barcodes and shelf marks on the slip; on the invoice the services come after the books."""
    counter = home.world.counter
    counter.pick(LIBRARY, ready, 1)
    counter.pick(LIBRARY, ready, 2)
    parcel = counter.pack(((LIBRARY, ready),), "2026-03-02")
    counter.ship(parcel.parcel_number, "")
    invoice = counter.invoice(LIBRARY, ready).number
    person = Colleague.enter(home, client, USER)
    slip = words(person.page(f"ordrer/{ready}/pakksedler"))
    copy = home.shop.order(LIBRARY, ready).order.lines[0].copies[0]
    assert "Tjenester: Hylleklar bok, Plasting" in slip
    assert f"{copy.copy_id} 9990000001 839.82 Bok" in slip
    bill = words(person.page(f"ordrer/{ready}/fakturaer/{invoice}"))
    assert bill.index("9799900000340") < bill.index("Hylleklar bok") < bill.index("Plasting")
    assert "Mva. 25 % av 126,00 kr 31,50 kr" in bill


@pytest.mark.rule("SVC-4", way="direct")
def test_an_order_on_min_side_lists_services_with_their_price(home, client, ready):
    """And its sum has them in it."""
    person = Colleague.enter(home, client, USER)
    text = words(person.page(f"ordrer/{ready}"))
    assert "+ Hylleklar bok · 2 × 39,00 kr" in text
    assert "Sum uten mva. 723,00 kr" in text


@pytest.mark.rule("SVC-3", way="direct")
@pytest.mark.rule("CUST-6", way="direct")
def test_min_side_shows_the_usual_services_and_the_barcodes_that_are_left(home, client):
    """Customer service changes them; who has fewer than a hundred is told, and who has none."""
    person = Colleague.enter(home, client, USER)
    plenty = person.page("").text
    assert "Faste tjenester ingen" in plenty
    assert "Strekkoder igjen 9999" in plenty
    assert "Det er snart slutt" not in plenty
    customers(
        home,
        settings={"services": ["HYLLEKLAR"]},
        barcodes=[{"first": "9990000001", "last": "9990000099"}],
    )
    few = person.page("").text
    assert "Faste tjenester Hylleklar bok" in few
    assert "Det er snart slutt på strekkoder 99 strekkoder er igjen" in few
    services = chosen(["HYLLEKLAR"], home.facts.services)
    home.shop.place_order(order_of(line_of(1, BOOK, *[PLACED] * 99, services=services)), "key-1")
    assert "Det er ingen strekkoder igjen" in person.page("").text
