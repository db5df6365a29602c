"""Pasted lists of titles (CART-4)."""

import pytest

from catalog_bridge.bookshop import SearchQuery
from protocols.model.distribution import CopyCodes
from protocols.model.template import Share, Template
from tests.punchout.web.houses import agree
from tests.punchout.web.shopper import text_of
from tests.punchout.web.test_grid import BOOTS, ISLAND, branches, cart_of


def form_of(shopper):
    """The form with the box."""
    return shopper.page("list").form("titles")


@pytest.mark.rule("CART-4", way="punchout")
def test_a_list_is_in_the_cart_at_once(shopper):
    """Titles, quantities and the chosen profile; on to the grid, which says how many."""
    pasted = f"{BOOTS};2\r\n979-99-0000034-0\t3\r\n{BOOTS}\r\n"
    answer = shopper.submit(form_of(shopper), {"titles": pasted, "pattern": "profile:Bjørnsletta barn"})
    page = shopper.read(answer)
    assert page.h1.strip() == "Fordeling"
    assert "2 titler med 6 eksemplarer er lagt inn" in page.text
    assert [line.quantity for line in cart_of(shopper).lines] == [3, 3]
    assert branches(shopper) + branches(shopper, 1) == ["BJO"] * 6


@pytest.mark.rule("CART-4", way="punchout")
def test_bad_lines_are_told_and_stay_in_the_box(home, shopper):
    """The good ones are in the cart; each bad one has its number and reason, and is still there."""
    bad = ["9788203187569", "9788299999991", "Fuglane på taket", f"{BOOTS};mange", _withdrawn(home)]
    answer = shopper.submit(form_of(shopper), {"titles": "\n".join([BOOTS, *bad, ISLAND])})
    assert answer.status_code == 422
    said = text_of(answer)
    for number, words in enumerate(
        ("Kontrollsifferet", "ingen tittel med nummer", "verken ISBN", "ikke et antall", "tittelen"), start=2
    ):
        assert words in said.partition(f"Linje {number},")[2].partition("Linje")[0]
    assert "2 titler er lagt i handlekurven" in said
    form = shopper.read(answer, 422).form("titles")
    assert dict(form.untouched())["titles"].split("\n") == bad
    assert len(cart_of(shopper).lines) == 2
    mended = shopper.submit(form, {"titles": BOOTS})
    assert mended.status_code == 303
    assert [line.quantity for line in cart_of(shopper).lines] == [2, 1]


@pytest.mark.rule("CART-4", way="punchout")
def test_a_list_that_is_sent_twice_is_asked_about(shopper):
    """Reloading the answer adds nothing; pressing the button again does."""
    form = form_of(shopper)
    shopper.submit(form, {"titles": f"{BOOTS}\nx"})
    again = shopper.submit(form, {"titles": f"{BOOTS}\nx"})
    assert again.status_code == 422
    assert "Handlekurven er endret siden denne siden ble åpnet" in text_of(again)
    assert [line.quantity for line in cart_of(shopper).lines] == [1]
    shopper.submit(shopper.read(again, 422).form("titles"))
    assert [line.quantity for line in cart_of(shopper).lines] == [2]


def test_an_empty_list_asks_for_one(shopper):
    """Nothing is added."""
    refused = shopper.submit(form_of(shopper), {"titles": "  \n"})
    assert refused.status_code == 422
    assert "Lim inn eller skann minst ett ISBN" in text_of(refused)


@pytest.mark.rule("DIST-14", way="punchout")
def test_a_list_may_go_by_the_templates(home, shopper):
    """The template says how many where the list does not; where it does, its first copies are taken."""
    shares = (
        Share(copies=2, codes=CopyCodes(branch_code="HBB")),
        Share(copies=1, profile="Bjørnsletta barn"),
    )
    home.world.registers.put_template("100234", Template(name="Alle", shares=shares))
    shopper.submit(form_of(shopper), {"titles": f"{BOOTS}\n{ISLAND};4", "pattern": "templates"})
    assert branches(shopper) == ["HBB", "HBB", "BJO"]
    assert branches(shopper, 1) == ["HBB", "HBB", "BJO", ""]


def test_without_distribution_the_list_leads_to_the_cart(home, shopper):
    """There is no grid to go on to."""
    agree(home, policy={"distribution": "off"})
    answer = shopper.submit(form_of(shopper), {"titles": BOOTS})
    assert "1 tittel er lagt i handlekurven" in shopper.read(answer).text


def test_a_list_sent_after_the_session_has_ended_is_kept(clock, shopper):
    """The scanner's work is not lost with the page."""
    form, cart = form_of(shopper), cart_of(shopper)
    clock.forward(hours=13)
    answer = shopper.submit(form, {"titles": f"{BOOTS};2\nx"})
    assert answer.status_code == 410
    assert "Det du sendte sist, er tatt vare på: 1 tittel" in text_of(answer)
    assert "x: Her står det verken ISBN" in text_of(answer)
    world = shopper.client.application.extensions["world"]
    assert world.shop.cart(cart.customer_number, cart.cart_id).lines[0].quantity == 2
    assert "er tatt vare på" not in text_of(shopper.submit(form, {"titles": BOOTS}))


def _withdrawn(home):
    for number in range(1, 10):
        for offer in home.shop.search("100234", SearchQuery(page=number, size=100)).offers:
            if not offer.orderable and offer.product.isbn:
                return offer.product.isbn
    raise AssertionError("the demo has a title that cannot be ordered")
