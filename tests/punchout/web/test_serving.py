"""Services in the shop's pages, direct and in a session: chosen, priced, made possible (SVC-1 to SVC-5)."""

import json
from decimal import Decimal
from importlib import resources

import pytest

from catalog_bridge.bookshop import SearchQuery
from catalog_bridge.embedded.customers_import import import_json
from protocols.model.customer import DistributionUse
from tests.catalog_bridge.rules.ways import both_ways
from tests.punchout.web.houses import agree
from tests.punchout.web.shopper import FROM_OUR_PAGE, Shopper, text_of
from tests.punchout.web.user import User

LIBRARY = "100234"
BOOTS, ISLAND = "9799900000272", "9799900000340"
_AS_WRITTEN = str.maketrans(",.", " ,")


@pytest.fixture(params=["direct", "punchout"])
def shopper(request, home, client):
    """Somebody in the shop, by each of the ways in."""
    return User.enter(home, client) if request.param == "direct" else Shopper.enter(home, client)


def customers(home, **changes):
    """Nothing; the demo's library with these settings or parts."""
    world = json.loads(resources.files("punchout.demo").joinpath("customers.json").read_text("utf-8"))
    world["customers"][0] |= changes
    ids = [entry.service_id for entry in home.facts.services]
    assert not import_json(home.store, json.dumps(world), services=ids).stopped


def serve_all(shopper, *services, button="add"):
    """The page after these services were put on, or taken off, the whole cart."""
    return shopper.read(post(shopper, services, button), 200)


def post(shopper, services, button="add"):
    """What answers to that."""
    (form,) = shopper.page("cart").forms_to("/cart/services")
    data = {"csrf_token": dict(form.untouched())["csrf_token"], "services": list(services), button: "1"}
    return shopper.client.post(form.action, data=data, headers=FROM_OUR_PAGE)


def serve(shopper, *services, number=0):
    """What answers when exactly these services are chosen for one title."""
    form = [one for one in shopper.page("cart").forms_to("/services") if "/lines/" in one.action][number]
    data = {"csrf_token": dict(form.untouched())["csrf_token"], "services": list(services)}
    return shopper.client.post(form.action, data=data, headers=FROM_OUR_PAGE)


def grid_form(shopper):
    """The form of the grid."""
    return shopper.page("distribution").form("line-0-line_id")


@both_ways("SVC-3")
@both_ways("SVC-4")
def test_services_go_on_the_whole_cart_in_one_form(shopper):
    """A title that cannot have them is left out; what it costs stands in line, tax and sum."""
    shopper.add(BOOTS, 2)
    shopper.add(ISLAND)
    before = shopper.page("cart").text
    assert "på 0 av 2 titler" in before
    page = serve_all(shopper, "PLAST", "ETIKETT")
    text = page.text.replace("\xa0", " ")
    assert "Tjenestene til 2 titler er endret" in text
    assert "på 2 av 2 titler" in text
    assert "Plasting 2 × 30,00 kr inkl. mva." in text
    assert "tar omtrent 7 dager ekstra" in text
    assert "Mva. 25 % av 90,00 kr" in text
    again = serve_all(shopper, "PLAST", button="remove").text.replace("\xa0", " ")
    assert "Mva. 25 % av 18,00 kr" in again


@both_ways("PRICE-7")
def test_the_price_of_a_line_is_that_of_books_and_services_with_tax(home, shopper):
    """The books' tax and the services' are not the same."""
    shopper.add(BOOTS, 2)
    book = home.shop.offer(LIBRARY, BOOTS).unit_price.amount
    serve(shopper, "PLAST")
    wanted = f"{2 * book + 2 * Decimal(30):,.2f} kr".translate(_AS_WRITTEN)
    text = shopper.page("cart").text.replace("\xa0", " ")
    assert wanted in text
    assert f"Sum inkl. mva. {wanted}" in text


@both_ways("SVC-3")
def test_one_title_can_have_others_and_what_is_included_is_not_charged(shopper):
    """A service inside another is shown as included; none at all is a choice too."""
    shopper.add(BOOTS)
    shopper.add(ISLAND)
    serve_all(shopper, "PLAST")
    page = shopper.read(serve(shopper, "HYLLEKLAR", "STREKKODE"))
    text = page.text.replace("\xa0", " ")
    assert "inkludert i Hylleklar bok" in text
    assert "Mva. 25 % av 63,00 kr" in text
    assert "på 1 av 2 titler" in text
    assert "Mva. 25 % av 24,00 kr" in shopper.read(serve(shopper)).text.replace("\xa0", " ")


def test_a_choice_that_cannot_be_made_is_explained_where_it_was_made(shopper):
    """Nothing chosen, and a service that the shop does not have."""
    shopper.add(BOOTS)
    nothing = post(shopper, ())
    assert (nothing.status_code, "Velg minst én tjeneste" in text_of(nothing)) == (422, True)
    strange = serve(shopper, "GULL")
    assert strange.status_code == 422
    assert "Tjenesten GULL tilbys ikke til denne tittelen" in text_of(strange)
    assert 'role="alert"' in strange.get_data(as_text=True)


@pytest.mark.rule("SVC-4", way="punchout")
def test_a_cart_that_has_gone_shows_its_services_and_takes_no_others(home, client):
    """They can be read; the forms are gone."""
    shopper = Shopper.enter(home, client)
    shopper.add(BOOTS)
    serve(shopper, "PLAST")
    form = next(one for one in shopper.page("cart").forms_to("/cart/services"))
    shopper.submit(shopper.page("cart").form("order_name"), {"order_name": "A", "delivery_address_id": "HBB"})
    shopper.submit(shopper.page("send").forms_to("/send")[0])
    page = shopper.page("cart")
    assert "Plasting" in page.text
    assert page.forms_to("/services") == []
    assert shopper.submit(form, {}, ("add", "1")).status_code == 409


@both_ways("SVC-5")
def test_what_shelf_ready_books_lack_is_said_with_the_way_there(shopper):
    """At the line, to its copies; for the cart, to the grid, which has a column for shelf marks then."""
    shopper.add(BOOTS, 2, profile="Barn bildebok")
    assert not any(field.name.endswith("shelf_mark") for field in grid_form(shopper).fields)
    page = serve_all(shopper, "HYLLEKLAR")
    assert "Hylleklare bøker trenger filial og hyllesignatur på hvert eksemplar" in page.text
    assert "1 tittel kan ikke gjøres hylleklar ennå" in page.text
    copies, grid = page.links_to("/copies"), page.links_to("/distribution")
    assert len(copies) == 2
    assert len(grid) == 2
    form = grid_form(shopper)
    assert "Hyllesignatur mangler" in shopper.page("distribution").text
    shopper.submit(form, {"line-0-group-0-shelf_mark": "  839.82   Bok "})
    assert dict(grid_form(shopper).untouched())["line-0-group-0-shelf_mark"] == "839.82 Bok"
    assert "kan ikke gjøres hylleklar" not in shopper.page("cart").text


@both_ways("SVC-5")
def test_shelf_marks_are_proposed_for_the_whole_cart_and_overwrite_none(home, shopper):
    """Only where a title gets ready for the shelf and none stands; they can be edited after."""
    shopper.add(BOOTS, 2, profile="Barn bildebok")
    shopper.add(ISLAND, 1, profile="Barn bildebok")
    shopper.add("9799900000289", 1, profile="Barn bildebok")
    serve(shopper, "HYLLEKLAR")
    serve(shopper, "HYLLEKLAR", number=1)
    form = grid_form(shopper)
    page = shopper.read(shopper.submit(form, {"line-1-group-0-shelf_mark": "Min egen"}, ("propose", "1")))
    filled = dict(page.form("line-0-line_id").untouched())
    known = home.shop.offer(LIBRARY, BOOTS).product
    assert filled["line-0-group-0-shelf_mark"].startswith(known.dewey)
    assert filled["line-0-group-0-shelf_mark"]
    assert filled["line-1-group-0-shelf_mark"] == "Min egen"
    assert filled["line-2-group-0-shelf_mark"] == ""
    assert "Foreslå hyllesignaturer" not in page.text


def test_a_shelf_mark_is_filled_down_inside_its_title(shopper):
    """It is one title's own; branches go on over titles as before."""
    for product_id in (BOOTS, ISLAND):
        shopper.add(product_id, 1, profile="Barn bildebok")
        shopper.add(product_id, 1, profile="Bjørnsletta barn")
    serve_all(shopper, "HYLLEKLAR")
    form = grid_form(shopper)
    page = shopper.read(shopper.submit(form, {"line-0-group-0-shelf_mark": "Bok"}, ("fill", "shelf_mark")))
    filled = dict(page.form("line-0-line_id").untouched())
    assert [filled[f"line-{line}-group-{row}-shelf_mark"] for line in (0, 1) for row in (0, 1)] == [
        "Bok",
        "Bok",
        "",
        "",
    ]


def test_another_windows_shelf_mark_is_not_written_over(shopper):
    """The title says so and shows what it is now."""
    shopper.add(BOOTS, 1, profile="Barn bildebok")
    serve_all(shopper, "HYLLEKLAR")
    old = grid_form(shopper)
    shopper.submit(grid_form(shopper), {"line-0-group-0-shelf_mark": "Første"})
    late = shopper.submit(old, {"line-0-group-0-shelf_mark": "Andre"})
    assert late.status_code == 422
    assert dict(grid_form(shopper).untouched())["line-0-group-0-shelf_mark"] == "Første"


@pytest.mark.rule("SVC-5", way="punchout")
@pytest.mark.rule("DIST-7", way="punchout")
def test_where_distribution_is_off_shelf_ready_books_can_have_their_place_all_the_same(home, client):
    """Else they could never go on; without such books the pages are as they were."""
    agree(home, policy={"distribution": DistributionUse.OFF})
    shopper = Shopper.enter(home, client)
    shopper.add(BOOTS)
    assert shopper.get("distribution").status_code == 303
    serve_all(shopper, "HYLLEKLAR")
    values = {"line-0-group-0-branch_code": "HBB", "line-0-group-0-shelf_mark": "Bok"}
    shopper.submit(grid_form(shopper), values)
    page = shopper.page("cart")
    assert "Hylleklare bøker trenger" not in page.text
    assert shopper.client.get(page.links_to("/copies")[0]).text.count("branch_code") > 1


@both_ways("SVC-5")
def test_the_cart_says_when_there_are_too_few_barcodes(home, shopper):
    """They are ordered all the same, so it is a remark and no obstacle."""
    shopper.add(BOOTS, 3)
    serve_all(shopper, "STREKKODE")
    assert "strekkoder, og biblioteket har" not in shopper.page("cart").text
    customers(home, barcodes=[{"first": "9990000001", "last": "9990000002"}])
    assert "trenger 3 strekkoder, og biblioteket har 2 igjen" in shopper.page("cart").text


@both_ways("SVC-1")
@both_ways("SVC-2")
def test_a_title_says_which_services_can_be_had(home, shopper):
    """With price, tax and what they add; nothing of the kind for what is only on a screen."""
    text = shopper.page(f"titles/{BOOTS}").text.replace("\xa0", " ")
    assert "Tjenester til denne tittelen" in text
    assert "Hylleklar bok 48,75 kr per eksemplar inkl. mva. (39,00 kr og 25 % mva.)" in text
    assert "Inkluderer: Strekkode, Ryggetikett, RFID-brikke, Katalogpost (MARC)" in text
    assert "tar omtrent 7 dager ekstra" in text
    screen = home.shop.search(LIBRARY, SearchQuery(form="AJ")).offers[0].product.product_id
    assert "Tjenester til denne tittelen" not in shopper.page(f"titles/{screen}").text
