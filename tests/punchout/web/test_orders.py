"""Orders on Min side and in a session: found, read, and never somebody else's (ORD-3, ORD-4, PO-ID-5)."""

from dataclasses import replace

import pytest

from catalog_bridge import order_history
from catalog_bridge.library_systems import Report
from protocols.model.session import Shopper as Person
from punchout.web import vocabulary
from punchout.web.own import history
from tests.catalog_bridge.contract.world import HBB, NOVEL, line_of, order_of
from tests.punchout.web.colleague import LIBRARY, SCHOOLS_USER, USER, Colleague
from tests.punchout.web.houses import agree
from tests.punchout.web.shopper import Shopper, text_of

MINE, OTHERS = "innkjoper@testby.example", "anne@testby.example"
BOOK = replace(NOVEL, product_id="9799900000272")


@pytest.fixture
def place(home):
    """Places an order of Testby bibliotek, and says its number."""
    made = []

    def placed(**facts):
        made.append(facts)
        order = replace(order_of(line_of(1, BOOK, HBB, HBB)), **facts)
        return home.world.shop.place_order(order, f"key-{len(made)}").order_number

    return placed


@pytest.fixture
def two(place):
    """An order of the shopper's, and one of a colleague's."""
    mine = place(ordered_by="Innkjøper Testby", ordered_by_email=MINE, order_name="Påske", po_number="PO-7")
    other = place(ordered_by="Anne", ordered_by_email=OTHERS, way="direct", order_name="Barnebøker")
    return mine, other


@pytest.mark.rule("ORD-3", way="direct")
@pytest.mark.rule("ORD-3", way="punchout")
def test_min_side_shows_all_orders_of_the_number(home, client, two):
    """Direct and punchout in one list, each with its buyer, and a page of its own."""
    person = Colleague.enter(home, client, USER)
    page = person.page("ordrer")
    for fact in (
        "Påske",
        "PO-7",
        "Innkjøper Testby",
        "Innkjøpssystemet",
        "Barnebøker",
        "Anne",
        "Butikken",
    ):
        assert fact in page.text
    assert page.text.index("Barnebøker") < page.text.index("Påske")
    (link,) = page.links_to(f"/ordrer/{two[0]}")
    shown = person.read(client.get(link)).text
    for fact in (
        f"Bestilling {two[0]}",
        "PO-7",
        "Ti små støvler",
        "2 × HBB/VOKSEN",
        "Mottatt",
        "Storgata 1",
        "Bestilt",
    ):
        assert fact in shown


@pytest.mark.rule("ORD-4", way="direct")
def test_the_list_is_filtered_by_a_form_made_of_the_filters(home, client, two):
    """Buyer, status, order name, way in; what was asked stays in the form."""
    person = Colleague.enter(home, client, USER)
    form = person.page("ordrer").form("buyer", "status", "order_name", "way")
    assert [field.choices for field in form.fields if field.name == "buyer"] == [
        ["", "Anne", "Innkjøper Testby"]
    ]
    for asked, shown in (
        ("buyer=Anne", "Barnebøker"),
        ("way=punchout", "Påske"),
        ("order_name=barn", "Barnebøker"),
        ("status=received&buyer=Anne", "Barnebøker"),
    ):
        page = person.page(f"ordrer?{asked}")
        others = {"Barnebøker", "Påske"} - {shown}
        assert page.links_to(f"/ordrer/{two[shown == 'Barnebøker']}")
        assert not any(other in page.text for other in others)
    assert dict(person.page("ordrer?order_name=barn").form("buyer").untouched())["order_name"] == "barn"
    assert "Ingen bestillinger passer" in person.page("ordrer?status=delivered").text


@pytest.mark.rule("ORD-4", way="direct")
@pytest.mark.rule("ORD-4", way="punchout")
@pytest.mark.parametrize(
    ("asked", "says"),
    [
        ("colour=blue", "Disse finnes: buyer, status, order_name, way"),
        ("status=lost", "Det kan være: received, held"),
        ("after=x", "Begynn med de nyeste"),
        ("buyer=Anne&buyer=Bo", "kan bare oppgis én gang"),
    ],
)
def test_an_unknown_filter_is_never_ignored(home, client, asked, says):
    """400, with what there is."""
    for person in (Shopper.enter(home, client), Colleague.enter(home, client, USER)):
        answer = person.get(f"ordrer?{asked}")
        assert answer.status_code == 400
        assert says in text_of(answer)


@pytest.mark.rule("ORD-4", way="direct")
def test_older_orders_are_a_page_on(home, client, place, monkeypatch):
    """The next page keeps the filters, and leads back to the newest."""
    monkeypatch.setattr("catalog_bridge.embedded.order_history.PAGE_SIZE", 2)
    numbers = [place(ordered_by="Anne") for _ in range(3)]
    person = Colleague.enter(home, client, USER)
    (older,) = person.page("ordrer?buyer=Anne").links_to("after=")
    page = person.read(client.get(older))
    on = [link for link in page.links_to("after=") if not link.endswith("#main")]
    assert page.links_to(f"/ordrer/{numbers[0]}")
    assert on == []
    assert any(link.endswith("/ordrer?buyer=Anne") for link in page.links)


@pytest.mark.rule("PO-ID-5", way="punchout")
@pytest.mark.rule("ORD-5", way="punchout")
def test_a_session_shows_the_shoppers_own_orders_alone(shopper, two):
    """By default: neither in the list nor by its address is a colleague's order there."""
    mine, other = two
    page = shopper.page("ordrer")
    assert page.h1.strip() == "Mine ordrer"
    assert page.links_to(f"/ordrer/{mine}")
    assert not page.links_to(f"/ordrer/{other}")
    assert page.form("buyer") is None
    assert shopper.get(f"ordrer/{mine}").status_code == 200
    assert shopper.get(f"ordrer/{other}").status_code == 404


@pytest.mark.rule("PO-ID-5", way="punchout")
@pytest.mark.rule("ORD-5", way="punchout")
def test_an_agreement_may_show_all_orders_of_the_customer(home, client, two):
    """The policy ``history = customer``."""
    agree(home, policy={"history": "customer"})
    shopper = Shopper.enter(home, client)
    page = shopper.page("ordrer")
    for number in two:
        assert page.links_to(f"/ordrer/{number}")
        assert shopper.get(f"ordrer/{number}").status_code == 200


@pytest.mark.rule("PO-ID-5", way="punchout")
def test_whom_nobody_names_sees_no_orders(home, client, two):
    """With a shared login nothing is one's own; the page says why, and where each order can be seen."""
    shopper = Shopper.enter(home, client, shopper=Person())
    page = shopper.page("ordrer")
    assert "forteller ikke hvem du er" in page.text
    for number in two:
        assert not page.links_to(f"/ordrer/{number}")
        assert shopper.get(f"ordrer/{number}").status_code == 404


@pytest.mark.rule("ORD-3", way="direct")
def test_another_customers_orders_are_not_there(home, client, two):
    """Neither in the list nor by their address."""
    person = Colleague.enter(home, client, SCHOOLS_USER)
    assert "Ingenting er bestilt ennå" in person.page("ordrer").text
    assert person.get(f"ordrer/{two[0]}").status_code == 404


def test_every_status_has_words():
    """Those of the rules, and no others."""
    assert set(vocabulary.ORDER_STATUSES) == set(order_history.STATUSES)
    assert set(history.WAYS) == set(order_history.WAYS)


def test_a_cancelled_order_is_shown_as_such(home, client, place):
    """Its lines are still there to be read."""
    number = place()
    home.world.shop.cancel_order(LIBRARY, number, "cancel-1")
    shown = Colleague.enter(home, client, USER).page(f"ordrer/{number}").text
    assert shown.count("Avbestilt") == 2
    assert "Ti små støvler" in shown


@pytest.mark.rule("DIST-11", way="direct")
@pytest.mark.rule("DIST-11", way="punchout")
@pytest.mark.parametrize("way", ["direct", "punchout"])
def test_each_line_says_where_it_stands_in_the_library_system(home, client, place, way):
    """Queued, then what the library system said of it, and that the number is not registered yet."""
    number = place(way=way)
    person = Colleague.enter(home, client, USER)
    assert "venter på å bli hentet" in person.page(f"ordrer/{number}").text
    (document,) = home.world.library.documents(LIBRARY)
    home.world.library.take(LIBRARY, document.number)
    failed = {line.order_line_id: Report(failed=True, reason="Ukjent filial") for line in document.lines}
    home.world.library.report(LIBRARY, document.number, failed)
    page = person.page(f"ordrer/{number}").text
    assert "Ukjent filial" in page
    assert "kundenummeret" in page
