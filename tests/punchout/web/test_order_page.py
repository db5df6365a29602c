"""An order's own page, for whoever has its code: how far it has come, and nothing about people (ORD-9)."""

from dataclasses import replace

import pytest

from catalog_bridge.library_systems import Report
from protocols.model.order import OrderType, Standing
from punchout.roundtrip import holds
from session_store import orders
from session_store.orders import OrderState
from tests.punchout.web.houses import agree
from tests.punchout.web.operator import CANARY, held_order, page
from tests.punchout.web.shopper import text_of
from tests.punchout.web.test_library_system import line, place
from tests.session_store.made import keep

CODES = ("ZZZZZZZZ", "x", "%20", "æøå", "0" * 500)


def stand(home, order, state, **values):
    """Nothing: the order stands in this state."""
    with home.store.write() as tx:
        orders.move(tx, order.agreement_id, order.id, state, home.world.now(), **values)


def steps(client, order):
    """The words of the page, from the first step on."""
    return text_of(client.get(f"/o/{order.reference}"))


@pytest.mark.rule("ORD-9")
def test_the_page_tells_number_content_and_whom_to_ask(home, client):
    """PO number, titles and copies, the reasons why it waits, customer service and the buyer's contact."""
    order = held_order(home)
    said = steps(client, order)
    for words in (
        "Bestilling PO-1",
        "1 tittel, eksemplarer: 2",
        "Linjene i bestillingen er ikke fra en handlekurv som er sendt tilbake",
        "I kommunen: Innkjøp Testby",
        "kundeservice@bokhandel.example",
        order.reference,
    ):
        assert words in said


@pytest.mark.rule("ORD-9")
@pytest.mark.parametrize(
    ("state", "done", "said"),
    [
        (OrderState.HELD, 1, "venter på at noen ser på den"),
        (OrderState.PARKED, 1, "venter på bestillingen som den endrer"),
        (OrderState.RECEIVED, 2, "går videre med den"),
        (OrderState.PLACED, 3, "er lagt inn i bokhandelen"),
        (OrderState.CANCELLED, None, "er avbestilt"),
        (OrderState.REFUSED, None, "har avvist bestillingen"),
        (OrderState.LATE, None, "Denne har ikke endret noe"),
        (OrderState.SUPERSEDED, None, "En nyere versjon har erstattet denne"),
    ],
)
def test_each_state_is_so_many_steps_along_the_road(home, client, state, done, said):
    """Steps behind the order are done, those ahead are not; an order that ended shows no road."""
    order = held_order(home)
    stand(home, order, state)
    text = steps(client, order)
    assert said in text
    assert text.count("ferdig") == (done or 0)
    assert ("I biblioteksystemet" in text) is (done is not None)


@pytest.mark.rule("ORD-9")
@pytest.mark.rule("T-M1")
def test_the_page_says_nothing_about_people_or_prices(home, client):
    """Whoever sees the code over a shoulder learns no name, no e-mail and no price."""
    order = held_order(home)
    for state in OrderState:
        stand(home, order, state)
        answer = client.get(f"/o/{order.reference}")
        body = answer.get_data(as_text=True)
        assert CANARY not in body
        assert "13,37" not in body
        assert "13.37" not in body
        assert answer.headers["Cache-Control"] == "no-store"


def test_a_code_is_understood_as_people_write_it(home, client):
    """In small letters, with O for 0 and l for 1, with a slash at the end."""
    order = held_order(home)
    spelled = order.reference.lower().replace("0", "o").replace("1", "l")
    assert client.get(f"/o/{spelled}").status_code == 200
    assert client.get(f"/o/{spelled}/").status_code == 200


@pytest.mark.parametrize("code", CODES)
def test_a_code_of_no_order_is_told_so(client, code):
    """404 with what to do, whatever was written."""
    answer = client.get(f"/o/{code}")
    assert answer.status_code == 404
    assert "Det finnes ingen bestilling med denne koden" in text_of(answer)


@pytest.mark.rule("T-M1")
def test_a_code_of_two_agreements_orders_opens_neither(home, client):
    """One chance in a billion: better no page than a stranger's."""
    order = held_order(home)
    other = replace(order, agreement_id="demo-coupa")
    with home.store.write() as tx:
        orders.hold_head(tx, "demo-coupa", order.order_key)
        keep(tx, other)
    assert client.get(f"/o/{order.reference}").status_code == 404
    assert holds.find(home.world, order.reference) is None


@pytest.mark.rule("ORD-9")
def test_versions_lead_to_each_other(home, client):
    """The first version and its change each have a page, and each names the other."""
    order = held_order(home)
    id_, change = home.world.new_id(), replace(order.order, type=OrderType.UPDATE)
    newer = replace(order, id=id_, reference="NEWER000", order=change, number="2", payload_id="2@x")
    with home.store.write() as tx:
        keep(tx, newer)
    assert others(client, order.reference) == ["NEWER000"]
    assert others(client, "NEWER000") == [order.reference]


def others(client, reference):
    """The codes of the other orders' pages that this one leads to."""
    links = page(client.get(f"/o/{reference}")).links_to("/o/")
    return [link.rpartition("/")[2] for link in links if "#" not in link]


def test_the_page_speaks_the_agreements_language(home, client):
    """A buyer whose agreement says English reads English."""
    order = held_order(home)
    agree(home, locale="en")
    assert "The order waits for somebody to look at it." in steps(client, order)


def handed_off(home, **facts):
    """An order whose lines stand in the bookshop and wait for the library system, and the bookshop's own."""
    order = held_order(home)
    placed = place(home, **facts)
    number, owner = placed.order_number, placed.order.customer_number
    stands = Standing(order_number=number, customer_number=owner, delivery_address_id="HBB", lines=(1, 2))
    stand(home, order, OrderState.PLACED, standing=(stands,))
    return order, placed


@pytest.mark.rule("DIST-11")
@pytest.mark.rule("ORD-9")
def test_the_page_shows_each_line_on_its_way_to_the_library_system(home, client):
    """Waiting, fetched, taken, or not taken and why; the last step is done when every line is taken."""
    order, placed = handed_off(home)
    assert steps(client, order).count("venter på å bli hentet") == 2
    home.library.take("100234", 1)
    assert steps(client, order).count("hentet av biblioteksystemet") == 2
    first, second = (f"{placed.order_number}.{number}" for number in (1, 2))
    reports = {first: Report(), second: Report(failed=True, reason="Ukjent fond <2200>")}
    home.library.report("100234", 1, reports)
    text = steps(client, order)
    for said in ("tatt imot av biblioteksystemet", "kunne ikke tas imot", "Ukjent fond <2200>"):
        assert said in text
    assert text.count("ferdig") == 3
    home.library.report("100234", 1, {second: Report()})
    assert steps(client, order).count("ferdig") == 4


@pytest.mark.rule("LS-7")
def test_the_page_warns_until_the_number_is_ticked(home, client):
    """The new customer number has to be registered in Mikromarc."""
    order, _ = handed_off(home)
    assert "må registreres i biblioteksystemet" in steps(client, order)
    home.library.set_registered("100234", registered=True)
    assert "må registreres i biblioteksystemet" not in steps(client, order)


@pytest.mark.rule("HO-1")
def test_the_page_says_that_a_line_is_cancelled(home, client):
    """The correction is on its way like any other document."""
    order, placed = handed_off(home)
    home.shop.cancel_order("100234", placed.order_number, "cancel-1")
    assert steps(client, order).count("avbestilt") == 2


def test_an_order_that_is_not_handed_off_says_nothing_of_it(home, client):
    """A test order, and a customer without a library system."""
    order, _ = handed_off(home, test=True)
    assert "av biblioteksystemet" not in steps(client, order)


def test_many_lines_are_folded_away_but_for_those_that_failed(home, client):
    """A long order's page stays short, and what somebody has to see to stands first."""
    order, placed = handed_off(home, lines=tuple(line(number) for number in range(1, 30)))
    home.library.take("100234", 1)
    home.library.report("100234", 1, {f"{placed.order_number}.7": Report(failed=True, reason="Nei")})
    shown, _, folded = client.get(f"/o/{order.reference}").get_data(as_text=True).partition("<details>")
    assert shown.count("kunne ikke tas imot av biblioteksystemet") == 1
    assert folded.count("hentet av biblioteksystemet") == 28
