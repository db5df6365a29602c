"""Distribution information copy by copy (DIST-2 to DIST-5)."""

import pytest

from protocols.model.distribution import CopyCodes
from punchout.roundtrip import start
from tests.punchout.web.houses import agree
from tests.punchout.web.shopper import Shopper, text_of

BOOTS = "9799900000272"


def form_of(shopper, path=""):
    """The form with the copies of the cart's first line."""
    page = shopper.page(f"cart/lines/{shopper.line_id()}/copies{path}")
    return next(form for form in page.forms if "copies-0-note" in form.names())


def profile_form(shopper):
    """The form that uses a profile."""
    return shopper.page(f"cart/lines/{shopper.line_id()}/copies").forms_to("/profile")[0]


def copies_of(shopper):
    """The codes of each copy of the first line, as the bookshop has them."""
    world = shopper.client.application.extensions["world"]
    session = start.opened(world, shopper.handle)
    cart = world.shop.cart(session.customer_number, session.cart_id)
    return [copy.codes for copy in cart.lines[0].copies]


@pytest.mark.rule("DIST-4", way="punchout")
def test_each_copy_has_its_own_codes(shopper):
    """Three copies to two branches are kept copy by copy and shown together where they are equal."""
    shopper.add(BOOTS, 3)
    values = {
        "copies-0-branch_code": "HBB",
        "copies-0-collection_code": "VOKSEN",
        "copies-1-branch_code": "BJO",
        "copies-1-collection_code": "BARN",
        "copies-2-branch_code": "HBB",
        "copies-2-collection_code": "VOKSEN",
        "copies-2-note": "",
    }
    cart = shopper.read(shopper.submit(form_of(shopper), values))
    assert "2 × HBB/VOKSEN" in cart.text
    assert "1 × BJO/BARN" in cart.text
    adults = CopyCodes(branch_code="HBB", collection_code="VOKSEN")
    children = CopyCodes(branch_code="BJO", collection_code="BARN")
    assert copies_of(shopper) == [adults, children, adults]


@pytest.mark.rule("DIST-5", way="punchout")
def test_free_fields_take_text_and_the_note_takes_more(shopper):
    """Shelf mark, classification and notes are written by hand, with Norwegian letters."""
    shopper.add(BOOTS)
    written = {
        "copies-0-shelf_mark": "Bø",
        "copies-0-classification": "839.823",
        "copies-0-servicing_text": "Sett på æøå-merke",
        "copies-0-note": "Blåbærhylla",
        "note": "Ønskes før påske",
    }
    cart = shopper.read(shopper.submit(form_of(shopper), written))
    assert "Ønskes før påske" in cart.text
    (codes,) = copies_of(shopper)
    assert (codes.shelf_mark, codes.note) == ("Bø", "Blåbærhylla")
    assert codes.servicing_text == "Sett på æøå-merke"


@pytest.mark.rule("DIST-5", way="punchout")
def test_only_codes_of_the_register_are_taken(shopper):
    """A code that the register does not offer is refused at the field that carried it; nothing is saved."""
    shopper.add(BOOTS, 2)
    refused = shopper.submit(form_of(shopper), {"copies-0-branch_code": "HBB", "copies-1-branch_code": "hbb"})
    assert refused.status_code == 422
    assert "Filial: Koden hbb er ikke i registeret" in text_of(refused)
    assert 'id="copies-1-branch_code-wrong"' in refused.get_data(as_text=True)
    assert 'id="copies-0-branch_code-wrong"' not in refused.get_data(as_text=True)
    assert copies_of(shopper) == [CopyCodes(), CopyCodes()]


@pytest.mark.rule("DIST-5", way="punchout")
def test_too_long_a_text_is_refused_with_its_count(shopper):
    """Nothing is cut: the text comes back as it was typed, with the count."""
    shopper.add(BOOTS)
    refused = shopper.submit(form_of(shopper), {"copies-0-shelf_mark": "å" * 36})
    assert refused.status_code == 422
    assert "Hyllesignatur: 36 tegn, høyst 35 er mulig" in text_of(refused)
    assert "å" * 36 in refused.get_data(as_text=True)


@pytest.mark.rule("DIST-3", way="punchout")
def test_a_profile_fills_a_run_of_copies(shopper):
    """The profile's codes go on copies 2 to 3; what they had besides stays, the others are untouched."""
    shopper.add(BOOTS, 4)
    shopper.submit(form_of(shopper), {"copies-1-shelf_mark": "Bø"})
    answer = shopper.submit(profile_form(shopper), {"profile": "Bjørnsletta barn", "first": "2", "last": "3"})
    assert "Profilen er brukt" in shopper.read(answer).text
    codes = copies_of(shopper)
    assert [entry.branch_code for entry in codes] == ["", "BJO", "BJO", ""]
    assert codes[1].shelf_mark == "Bø"


@pytest.mark.rule("DIST-3", way="punchout")
def test_a_profile_for_all_copies_is_one_button(shopper):
    """Untouched, the form means every copy of the line."""
    shopper.add(BOOTS, 25)
    shopper.submit(profile_form(shopper), {"profile": "Barn bildebok"})
    assert {codes.shelf_location for codes in copies_of(shopper)} == {"BILDEBOK"}


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"profile": ""}, "Velg en profil"),
        ({"profile": "Finnes ikke"}, "Velg en profil"),
        ({"profile": "Barn bildebok", "first": "0"}, "Skriv numre på eksemplarer"),
        ({"profile": "Barn bildebok", "first": "3", "last": "2"}, "Skriv numre på eksemplarer"),
        ({"profile": "Barn bildebok", "last": "5"}, "Skriv numre på eksemplarer"),
        ({"profile": "Barn bildebok", "last": "x"}, "Skriv numre på eksemplarer"),
    ],
)
def test_a_profile_needs_a_name_and_a_run(shopper, values, said):
    """What is missing is said at the field, and no copy is changed."""
    shopper.add(BOOTS, 4)
    refused = shopper.submit(profile_form(shopper), values)
    assert refused.status_code == 422
    assert said in text_of(refused)
    assert set(copies_of(shopper)) == {CopyCodes()}


@pytest.mark.rule("DIST-4", way="punchout")
def test_many_copies_come_in_pages(shopper):
    """Twenty at a time; saving one page leaves the copies of the other pages as they were."""
    shopper.add(BOOTS, 25)
    first = {f"copies-{number}-branch_code": "HBB" for number in range(20)}
    onward = shopper.submit(form_of(shopper), first)
    assert "page=2" in onward.headers["Location"]
    second = {f"copies-{number}-branch_code": "BJO" for number in range(5)}
    assert shopper.read(shopper.submit(form_of(shopper, "?page=2"), second)).url.count("/cart?")
    assert [codes.branch_code for codes in copies_of(shopper)] == ["HBB"] * 20 + ["BJO"] * 5


def test_a_page_past_the_last_is_the_last(shopper):
    """A strange page number shows copies that exist."""
    shopper.add(BOOTS, 25)
    assert "Eksemplar 21 til 25 av 25" in shopper.page(f"cart/lines/{shopper.line_id()}/copies?page=99").text
    assert "Eksemplar 1 til 20 av 25" in shopper.page(f"cart/lines/{shopper.line_id()}/copies?page=-3").text


def test_copy_1_can_stand_for_all(shopper):
    """One button gives every copy, on every page, the codes of the first."""
    shopper.add(BOOTS, 25)
    form = form_of(shopper)
    shopper.submit(form, {"copies-0-branch_code": "LIL"}, button=("same", "1"))
    assert {codes.branch_code for codes in copies_of(shopper)} == {"LIL"}


def test_a_form_of_another_size_is_refused(shopper):
    """When the quantity was changed in another window, the old form changes nothing and says so."""
    shopper.add(BOOTS, 3)
    form = form_of(shopper)
    (resize,) = shopper.page("cart").forms_to("/quantity")
    shopper.submit(resize, {"quantity": "2"})
    answer = shopper.submit(form, {"copies-0-branch_code": "HBB"})
    assert answer.status_code == 409
    assert "Antallet eksemplarer er endret i mellomtiden" in text_of(answer)
    assert copies_of(shopper) == [CopyCodes(), CopyCodes()]


@pytest.mark.rule("DIST-2", way="punchout")
def test_an_empty_register_is_a_normal_state(app, home):
    """A library without codes is told where they come from, and can write by hand or send without."""
    agree(home, default_customer="100235")
    school = Shopper.enter(home, app.test_client())
    school.add(BOOTS)
    page = school.page(f"cart/lines/{school.line_id()}/copies")
    assert "Registeret deres har ingen koder ennå" in page.text
    assert "Dere kan sende handlekurven uten fordeling" in page.text
    assert school.page("send").forms_to("/send")


@pytest.mark.rule("DIST-7", way="punchout")
def test_without_distribution_only_the_note_is_asked_for(home, shopper):
    """With `distribution = off` there are no codes on any page, and the note can still be written."""
    agree(home, policy={"distribution": "off"})
    shopper.add(BOOTS, 2)
    assert "Fordel" not in shopper.page("cart").text
    page = shopper.page(f"cart/lines/{shopper.line_id()}/copies")
    assert "Filial" not in page.text
    form = next(form for form in page.forms if "note" in form.names())
    assert "Gaveeksemplar" in shopper.read(shopper.submit(form, {"note": "Gaveeksemplar"})).text
