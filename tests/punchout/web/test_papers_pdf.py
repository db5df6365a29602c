"""The way to a paper's PDF: beside its page, for whoever may see the page, where the shop can make one."""

import sys

import pytest

from tests.catalog_bridge.contract.world import BJO, HBB, line_of
from tests.punchout.web.colleague import LIBRARY, SCHOOLS_USER, USER, Colleague
from tests.punchout.web.houses import agree
from tests.punchout.web.operator import come_in, page
from tests.punchout.web.papers import reader
from tests.punchout.web.shopper import Shopper, text_of
from tests.punchout.web.test_papers import BOOK, paths, sent, sent_order

__all__ = ["sent"]


@pytest.fixture
def at_desk(home, client, sent):
    """Where the order's papers lie at the desk: slips, invoice, credit note."""
    come_in(home, client)
    counter = home.world.counter
    (consignment,) = counter.consignments(LIBRARY, sent[0])
    note = counter.credit(LIBRARY, sent[1], {}, "Skadet", "key-c")
    bill = f"/desk/counter/invoices/{LIBRARY}/{sent[1]}"
    return (
        f"/desk/counter/parcels/{consignment.slip.parcel_number}/slips",
        bill,
        f"{bill}/credit/{note.number}",
    )


@pytest.fixture
def without_typst(monkeypatch):
    """An installation without the extra."""
    monkeypatch.setitem(sys.modules, "typst", None)


def shown(answer):
    """The words of the PDF that answers."""
    assert answer.status_code == 200
    assert answer.content_type == "application/pdf"
    return reader.words(answer.get_data())


@pytest.mark.rule("ORD-5", way="direct")
@pytest.mark.rule("CHK-2", way="direct")
def test_min_side_leads_from_each_paper_to_its_pdf(home, client, sent):
    """It says what its page says, and is kept under the number alone."""
    person = Colleague.enter(home, client, USER)
    for path, number in zip(paths(sent), sent, strict=True):
        (link,) = person.page(path).links_to(".pdf")
        answer = client.get(link)
        said = shown(answer)
        assert answer.headers["Content-Disposition"] == f"inline; filename={number}.pdf"
        for fact in ("Påske", "PO-7", sent[0], "Innkjøper Testby"):
            assert fact in said
    slips = shown(person.get(f"{paths(sent)[0]}.pdf"))
    assert slips.index("HBB Hovedbiblioteket") < slips.index("BJO Bjørnsletta filial")


@pytest.mark.rule("ORD-5", way="punchout")
@pytest.mark.rule("PO-ID-5", way="punchout")
def test_a_session_gives_pdf_only_where_it_shows_the_page(home, client, sent):
    """403 with the reason else, and the agreement's language where it does."""
    shopper = Shopper.enter(home, client)
    for path in paths(sent):
        answer = shopper.get(f"{path}.pdf")
        assert answer.status_code == 403
        assert "viser ikke pakksedler og fakturaer her" in text_of(answer)
    agree(home, policy={"invoices": True}, locale="nn")
    assert "Pakksetel" in shown(shopper.get(f"{paths(sent)[0]}.pdf"))


@pytest.mark.rule("PO-ID-5", way="punchout")
def test_nobody_gets_the_pdf_of_others(home, app, client, sent):
    """Neither another customer's, nor another order's, nor one that does not exist."""
    school = Colleague.enter(home, client, SCHOOLS_USER)
    assert [school.get(f"{path}.pdf").status_code for path in paths(sent)] == [404, 404]
    person = Colleague.enter(home, app.test_client(), USER)
    other = home.world.shop.place_order(sent_order(line_of(1, BOOK, HBB, BJO)), "key-2").order_number
    assert person.get(f"ordrer/{other}/fakturaer/{sent[1]}.pdf").status_code == 404
    assert person.get(f"ordrer/{sent[0]}/fakturaer/nei.pdf").status_code == 404


def test_an_order_that_is_not_packed_has_no_pdf(home, client):
    """Said so, rather than an empty sheet."""
    person = Colleague.enter(home, client, USER)
    number = home.world.shop.place_order(sent_order(line_of(1, BOOK, HBB)), "key-2").order_number
    assert person.page(f"ordrer/{number}/pakksedler").links_to(".pdf") == []
    answer = person.get(f"ordrer/{number}/pakksedler.pdf")
    assert answer.status_code == 404
    assert "Ingenting av denne bestillingen er pakket ennå." in text_of(answer)


@pytest.mark.rule("SHIP-4")
@pytest.mark.rule("INV-3")
@pytest.mark.rule("INV-4")
def test_the_desk_leads_from_each_paper_to_its_pdf(client, at_desk):
    """Slips of a parcel, an invoice, a credit note; in the operator's language."""
    for path, kind in zip(at_desk, ("Pakkseddel", "Faktura", "Kreditnota"), strict=True):
        (link,) = page(client.get(path)).links_to(".pdf")
        assert link.endswith(f"{path}.pdf")
        said = shown(client.get(link))
        assert f"{kind} " in said
        assert "Påske" in said
    assert "Packing slip" in shown(client.get(f"{at_desk[0]}.pdf", headers={"Accept-Language": "en"}))


def test_only_operators_get_pdf_at_the_desk(app, at_desk):
    """As with the pages."""
    stranger = app.test_client()
    assert [stranger.get(f"{path}.pdf").status_code for path in at_desk] == [403] * 3


def test_papers_that_are_not_there_have_no_pdf(client, at_desk):
    """404, whatever the number."""
    for path in at_desk:
        front = path.rpartition("/")[0]
        assert client.get(f"{front}/nei.pdf").status_code == 404


@pytest.mark.usefixtures("without_typst")
def test_without_the_extra_the_pages_are_all_there_is(home, app, client, at_desk, sent):
    """No link, and who comes by the address is told; nothing else changes."""
    for path in at_desk:
        assert page(client.get(path)).links_to(".pdf") == []
        answer = client.get(f"{path}.pdf")
        assert answer.status_code == 404
        assert "Denne butikken lager ikke PDF." in text_of(answer)
    person = Colleague.enter(home, app.test_client(), USER)
    for path in paths(sent):
        assert person.page(path).links_to(".pdf") == []
        assert person.get(f"{path}.pdf").status_code == 404
