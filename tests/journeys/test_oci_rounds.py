"""A cart longer than a form, sent in rounds: every copy reaches the bookshop (oci.md §11, CART-6)."""

import re

import pytest

from protocols import dialects
from protocols.model.cart import KeptLine
from protocols.model.distribution import CopyCodes
from protocols.oci import callup, pairs
from protocols.oci import cart as oci_cart
from punchout.buyer.browser import Browser
from punchout.buyer.visit import Visit
from punchout.roundtrip import start
from tests.journeys.crashing import do_what_was_promised, orderable
from tests.journeys.oci_trips import LOGIN, oci_trips, order_of
from tests.journeys.test_services import usually
from tests.journeys.trips import below

CUSTOMER = "100234"
TITLES = 200
MOST_FIELDS = 1000
"""What PHP takes of a form unless told otherwise; it drops the rest without a word."""
ORDER_NAME = "Påskens 200 titler – æøå"
BRANCHES = ("HBB", "BJO")


def wishes(shop, titles=TITLES):
    """So many titles of one to three copies, each copy with codes of its own, most with services."""
    return tuple(_wish(shop, *one) for one in enumerate(orderable(shop, titles)))


def _wish(home, number, product_id):
    offered = {service.service_id for service in home.shop.offer(CUSTOMER, product_id).services}
    services = (("PLAST",), ("HYLLEKLAR", "PLAST"), ())[number % 3]
    codes = tuple(
        CopyCodes(
            branch_code=BRANCHES[(number + copy) % 2],
            shelf_mark=f"{number} Ø{copy}",
            note=f"Blåbær {number}.{copy}",
        )
        for copy in range(1 + number % 3)
    )
    return KeptLine(
        line_id=f"line-{number}",
        product_id=product_id,
        title="",
        codes=codes,
        services=tuple(service for service in services if service in offered),
    )


def offered(out, lines=(), browser=None):
    """The StartPage of a call-up, whose cart has these lines from the bookshop's own calls."""
    browser = browser or Browser()
    sent = pairs.encoded(callup.build(out.receiver.url, LOGIN), "utf-8")
    kind = {"Content-Type": "application/x-www-form-urlencoded"}
    called = browser.http.post(out.url, data=sent, headers=kind, timeout=60, allow_redirects=False)
    where = called.headers["Location"]
    if lines:
        session = start.spent(out.gateway.world, where.rpartition("/")[2])
        address = out.gateway.shop.customer(CUSTOMER).addresses[0].address_id
        out.gateway.shop.fill_cart(CUSTOMER, session.cart_id, lines, ORDER_NAME, address)
    return where


def leave(out, lines=()):
    """A session of such a call-up, past the question who shops."""
    browser = Browser()
    page = browser.open(offered(out, lines, browser))
    page = browser.submit(page.form("name", "email"), {"name": "Innkjøper Testby", "email": ""})
    return Visit(browser, re.findall(r"^.*?/s/[^/?]+/", page.url)[0])


def send_all(out, lines):
    """How many rounds it took to send these lines home; each but the first is found by name and code."""
    visit, rounds = leave(out, lines), 1
    while True:
        visit.send()
        told = below(visit, "sent").text
        code = re.search(r"denne koden: ([0-9A-Z]{8})", told)
        if code is None:
            assert "venter på neste" not in told
            return rounds
        visit, rounds = leave(out), rounds + 1
        form = below(visit, "unfinished").form("name", "code")
        visit.browser.submit(form, {"name": ORDER_NAME, "code": code[1]})


def as_kept(body):
    """What the strict receiver keeps of a form: the first fields, in their order."""
    return b"&".join(body.split(b"&")[:MOST_FIELDS])


def read(out, body):
    """The form's lines, as the buyer reads them."""
    form, _ = oci_cart.parse(pairs.parsed(body)[0], dialects.agreed(out.agreement).oci)
    return form


def order_each(out, trader):
    """Nothing: each round that came home has been ordered, by what the receiver kept of it."""
    for number, body in enumerate(out.receiver.bodies, start=1):
        stamp = trader.stamp()
        answer = trader.send_purchase_order(order_of(read(out, as_kept(body)), stamp, f"PO-{number}"), stamp)
        assert answer.code == 200, answer.detail
    do_what_was_promised(out.gateway)


def ordered(home):
    """Title → its copies' codes and its services, over all orders of the bookshop."""
    lines = [line for order in home.shop.orders(CUSTOMER) for line in order.order.lines]
    assert len({line.product_id for line in lines}) == len(lines)
    return {line.product_id: (codes(line), {one.service_id for one in line.services}) for line in lines}


def codes(line):
    """What each copy of a line was given."""
    return [(one.codes.branch_code, one.codes.shelf_mark, one.codes.note) for one in line.copies]


def wished(lines):
    """The same of what was put in the cart."""
    return {
        line.product_id: (
            [(one.branch_code, one.shelf_mark, one.note) for one in line.codes],
            set(line.services),
        )
        for line in lines
    }


@pytest.mark.rule("CART-6", way="punchout")
@pytest.mark.rule("DIST-8")
@pytest.mark.parametrize("service_lines", ["per_title", "per_order"])
def test_200_titles_reach_the_bookshop_through_a_strict_receiver(gateway, buyer, service_lines):
    """Every title, quantity, service and every copy's codes, in as many orders as there were rounds."""
    usually(gateway)
    with oci_trips(gateway, policy={"service_lines": service_lines}) as out:
        lines = wishes(gateway)
        rounds = send_all(out, lines)
        assert rounds == len(out.receiver.bodies) > 2
        assert all(as_kept(body) == body for body in out.receiver.bodies)
        order_each(out, buyer())
    came = ordered(gateway)
    assert came == wished(lines)
    assert len(came) == TITLES
    assert sum(len(services) == 2 for _, services in came.values()) > 40


@pytest.mark.rule("CART-6", way="punchout")
@pytest.mark.rule("SVC-4")
@pytest.mark.parametrize("titles", [17, 33])
def test_the_page_promises_as_many_rounds_as_it_takes(gateway, titles):
    """A service that stands for the whole order takes a line of every round again."""
    agreed = {"policy": {"service_lines": "per_order"}, "override": {"max_form_fields": 100}}
    with oci_trips(gateway, **agreed) as out:
        lines = wishes(gateway, titles)
        promised = re.search(r"sendes i (\d+) omganger", below(leave(out, lines), "cart").text)
        assert int(promised[1]) == send_all(out, lines) > 2


@pytest.mark.rule("CART-6", way="punchout")
def test_without_rounds_that_receiver_would_lose_titles(gateway):
    """What the limit is for: a form of everything at once is longer than what is kept of it."""
    with oci_trips(gateway, override={"max_form_fields": 0}) as out:
        assert send_all(out, wishes(gateway)) == 1
        (body,) = out.receiver.bodies
        assert len(read(out, body).lines) > TITLES > len(read(out, as_kept(body)).lines)


@pytest.mark.rule("CART-6", way="punchout")
def test_a_title_that_fits_in_no_form_is_named_and_nothing_is_sent(gateway):
    """With its services it is more lines than a form takes: no round would ever take it home."""
    agreed = {"policy": {"service_lines": "per_title"}, "override": {"max_form_fields": 25}}
    with oci_trips(gateway, **agreed) as out:
        lines = [line for line in wishes(gateway, 20) if len(line.services or ()) == 2]
        visit = leave(out, tuple(lines[:2]))
        preview = below(visit, "send")
        title = gateway.shop.offer(CUSTOMER, lines[0].product_id).product.title
        assert f"{title} : Innkjøpssystemet tar færre linjer om gangen enn denne tittelen" in preview.text
        assert preview.forms_to("/send") == []
        token = visit.browser.open(f"{visit.front}leave").forms_to("/leave")[0].untouched()
        visit.browser.post(f"{visit.front}send", pairs.encoded(token, "utf-8"), page=visit.front)
        assert out.receiver.bodies == []
        assert below(visit, "cart").text.count(title) > 0
