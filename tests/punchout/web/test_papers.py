"""Packing slips, invoices and subscriptions on Min side, and in sessions that may show them (ORD-5)."""

from dataclasses import replace

import pytest

from protocols.model.session import Shopper as Person
from tests.catalog_bridge.contract.world import BJO, HBB, NOVEL, line_of, order_of
from tests.punchout.web.colleague import LIBRARY, SCHOOLS_USER, USER, Colleague
from tests.punchout.web.houses import agree
from tests.punchout.web.shopper import Shopper, text_of

MINE = "innkjoper@testby.example"
BOOK = replace(NOVEL, product_id="9799900000272")


def sent_order(*lines):
    """What the library's buyer ordered in earnest."""
    return replace(
        order_of(*lines),
        order_name="Påske",
        po_number="PO-7",
        ordered_by="Innkjøper Testby",
        ordered_by_email=MINE,
        test=False,
    )


@pytest.fixture
def sent(home):
    """The number of an order that has been sent and invoiced, and its invoice's."""
    placed = home.world.shop.place_order(sent_order(line_of(1, BOOK, HBB, HBB, BJO)), "key-1")
    counter = home.world.counter
    counter.pick(LIBRARY, placed.order_number, 1)
    parcel = counter.pack(((LIBRARY, placed.order_number),), "2026-03-02")
    counter.ship(parcel.parcel_number, "7034")
    return placed.order_number, counter.invoice(LIBRARY, placed.order_number).number


def paths(sent):
    """Where the papers lie below the front of a room."""
    number, invoice = sent
    return f"ordrer/{number}/pakksedler", f"ordrer/{number}/fakturaer/{invoice}"


@pytest.mark.rule("ORD-5", way="direct")
@pytest.mark.rule("CHK-2", way="direct")
def test_min_side_shows_slips_and_invoices_of_an_order(home, client, sent):
    """Linked from the order, each with order name, PO number and every department."""
    person = Colleague.enter(home, client, USER)
    page = person.page(f"ordrer/{sent[0]}")
    slips, invoice = (person.read(client.get(page.links_to(path)[0])).text for path in paths(sent))
    for paper in (slips, invoice):
        for fact in ("Påske", "PO-7", sent[0], "Innkjøper Testby"):
            assert fact in paper
    assert f"Faktura {sent[1]}" in invoice
    assert "Sporingsnummer 7034" in slips
    assert "HBB Hovedbiblioteket" in slips
    assert "BJO Bjørnsletta filial" in slips


@pytest.mark.rule("ORD-5", way="punchout")
@pytest.mark.rule("PO-ID-5", way="punchout")
def test_a_session_shows_papers_only_where_the_agreement_says_so(home, client, sent):
    """Without it neither link nor page, and the reason is told."""
    shopper = Shopper.enter(home, client)
    assert "Pakksedler og fakturaer" not in shopper.page(f"ordrer/{sent[0]}").text
    for path in paths(sent):
        answer = shopper.get(path)
        assert answer.status_code == 403
        assert "viser ikke pakksedler og fakturaer her" in text_of(answer)
    agree(home, policy={"invoices": True})
    assert f"Faktura {sent[1]}" in shopper.page(paths(sent)[1]).text


@pytest.mark.rule("PO-ID-5", way="punchout")
def test_nobody_sees_the_papers_of_others(home, client, app, sent):
    """Neither a colleague's under ``history = own``, nor another customer's, nor another order's."""
    agree(home, policy={"invoices": True})
    colleague = Shopper.enter(
        home, app.test_client(), shopper=Person(name="Anne", email="anne@testby.example")
    )
    school = Colleague.enter(home, client, SCHOOLS_USER)
    for path in paths(sent):
        assert colleague.get(path).status_code == 404
        assert school.get(path).status_code == 404
    person = Colleague.enter(home, app.test_client(), USER)
    other = home.world.shop.place_order(order_of(line_of(1, BOOK, HBB)), "key-2").order_number
    assert person.get(f"ordrer/{other}/fakturaer/{sent[1]}").status_code == 404
    assert person.get(f"ordrer/{sent[0]}/fakturaer/nei").status_code == 404


@pytest.mark.rule("ORD-7", way="direct")
@pytest.mark.rule("CUST-9")
def test_subscriptions_are_shown_and_said_to_be_incomplete(home, client, app):
    """With the preset order name; open orders of before beside them, and nobody else's."""
    page = Colleague.enter(home, client, USER).page("abonnement")
    for fact in ("Krim i serie (demo)", "Krimserien, voksen", "2 × HBB", "Bestilt før flyttingen (demo)"):
        assert fact in page.text
    assert "listen er ikke fullstendig" in page.text
    school = Colleague.enter(home, app.test_client(), SCHOOLS_USER).page("abonnement")
    assert "Krim i serie" not in school.text
    assert "abonnerer ikke på noe" in school.text
