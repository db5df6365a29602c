"""The grid: all copies of a cart on one page (DIST-3 to DIST-7, DIST-14)."""

import pytest

from catalog_bridge.bookshop import SearchQuery
from protocols.model.distribution import CopyCodes
from protocols.model.template import Condition, Share, Template
from punchout.roundtrip import start
from punchout.web.shop import grid_rows
from tests.punchout.web.houses import agree
from tests.punchout.web.shopper import FROM_OUR_PAGE, Shopper, text_of
from tests.punchout.web.user import CHILDREN, User

BOOTS, ISLAND = "9799900000272", "9799900000340"
LIBRARY = "100234"


def form_of(shopper, path=""):
    """The form of the grid."""
    return shopper.page(f"distribution{path}").form("line-0-line_id")


def cart_of(shopper):
    """The cart as the bookshop has it."""
    world = shopper.client.application.extensions["world"]
    session = start.opened(world, shopper.handle)
    return world.shop.cart(session.customer_number, session.cart_id)


def branches(shopper, line=0):
    """The branches of a line's copies, in their order."""
    return [copy.codes.branch_code for copy in cart_of(shopper).lines[line].copies]


def saved(shopper, values, button=None, path=""):
    """The page after the grid was sent with these values."""
    return shopper.read(shopper.submit(form_of(shopper, path), values, button))


@pytest.mark.rule("DIST-4", way="punchout")
def test_rows_are_groups_of_equal_copies_and_their_sum_is_the_quantity(shopper):
    """Another count is another quantity; a new row is new copies; 0 takes a row away."""
    shopper.add(BOOTS, 2, profile="Barn bildebok")
    shopper.add(BOOTS, 1, profile="Bjørnsletta barn")
    form = form_of(shopper)
    assert dict(form.untouched())["line-0-group-0-count"] == "2"
    more = shopper.submit(form, {"line-0-group-0-count": "1"}, ("more", cart_of(shopper).lines[0].line_id))
    again = shopper.read(more).form("line-0-group-2-count")
    assert [len(branches(shopper)), branches(shopper)] == [2, ["HBB", "BJO"]]
    done = shopper.read(
        shopper.submit(again, {"line-0-group-2-branch_code": "LIL", "line-0-group-1-count": "0"})
    )
    assert "1 tittel er lagret" in done.text
    assert branches(shopper) == ["HBB", "LIL"]
    assert cart_of(shopper).lines[0].quantity == 2


def test_an_untouched_grid_writes_nothing(shopper):
    """Notes, shelf marks and the order of the copies stay as they are."""
    shopper.add(BOOTS, 3)
    before = cart_of(shopper)
    assert "Det var ingenting å endre" in saved(shopper, {}).text
    assert cart_of(shopper) == before


@pytest.mark.rule("DIST-5", way="punchout")
def test_a_label_is_taken_for_its_code_and_a_strange_code_is_refused_where_it_stands(shopper):
    """The refused title stays as it was typed, with the field named; the other title is saved."""
    shopper.add(BOOTS, 2)
    shopper.add(ISLAND)
    values = {"line-0-group-0-branch_code": "hbb", "line-1-group-0-branch_code": "Lillevik filial"}
    values["line-0-group-0-count"] = "3"
    refused = shopper.submit(form_of(shopper), values)
    html = refused.get_data(as_text=True)
    assert refused.status_code == 422
    assert "Filial: Koden hbb er ikke i registeret" in text_of(refused)
    assert 'href="#line-0-group-0-branch_code"' in html
    assert 'id="line-0-group-0-branch_code" name="line-0-group-0-branch_code" value="hbb"' in html
    assert "1 tittel er lagret" in text_of(refused)
    assert [branches(shopper), branches(shopper, 1)] == [["", ""], ["LIL"]]


@pytest.mark.parametrize("count", ["", "x", "-1", "1000", "1.5", "²"])
def test_a_count_is_a_number_from_0_to_999(shopper, count):
    """What was typed comes back with what is wanted."""
    shopper.add(BOOTS, 2)
    refused = shopper.submit(form_of(shopper), {"line-0-group-0-count": count})
    assert (refused.status_code, len(branches(shopper))) == (422, 2)
    assert "Skriv et helt tall fra 0 til 999" in text_of(refused)


@pytest.mark.rule("DIST-4", way="punchout")
@pytest.mark.parametrize(
    ("counts", "said"), [(("0",), "minst ett eksemplar"), (("999", "1"), "Antallet 1000")]
)
def test_a_title_keeps_1_to_999_copies(shopper, counts, said):
    """The sum of its rows is judged too."""
    shopper.add(BOOTS, 1)
    shopper.add(BOOTS, 1, profile="Barn bildebok")
    values = {f"line-0-group-{place}-count": count for place, count in enumerate((*counts, "0")[:2])}
    refused = shopper.submit(form_of(shopper), values)
    assert refused.status_code == 422
    assert said in text_of(refused)
    assert len(branches(shopper)) == 2


@pytest.mark.rule("DIST-3", way="punchout")
def test_a_column_is_filled_down(shopper):
    """Empty fields take the code above them, over titles; what stands there stays."""
    shopper.add(BOOTS, 2)
    shopper.add(ISLAND, 1, profile="Bjørnsletta barn")
    shopper.add("9799900000289", 1)
    saved(shopper, {"line-0-group-0-branch_code": "HBB"}, ("fill", "branch_code"))
    assert [branches(shopper, line) for line in range(3)] == [["HBB", "HBB"], ["BJO"], ["BJO"]]


@pytest.mark.rule("DIST-3", way="punchout")
def test_a_profile_goes_on_the_whole_cart(shopper):
    """It fills what is empty; where it shall take the place of codes, that has to be ticked."""
    shopper.add(BOOTS, 2)
    shopper.add(ISLAND, 1, profile="Bjørnsletta barn")
    chosen = {"pattern": "profile:Voksen nyhet"}
    saved(shopper, chosen, ("apply", "1"))
    assert [branches(shopper), branches(shopper, 1)] == [["HBB", "HBB"], ["BJO"]]
    assert cart_of(shopper).lines[1].copies[0].codes.shelf_location == "NYHET"
    saved(shopper, chosen, ("apply", "1"))
    form = form_of(shopper)
    overwrite = next(field for field in form.fields if field.name == "overwrite")
    overwrite.value = "1"
    shopper.submit(form, chosen, ("apply", "1"))
    assert branches(shopper, 1) == ["HBB"]
    assert cart_of(shopper).lines[1].copies[0].codes.collection_code == "VOKSEN"


@pytest.fixture
def templates(home):
    """Two templates: three copies of picture books, one of everything else."""
    of = home.world.registers
    hbb, bjo = CopyCodes(branch_code="HBB"), CopyCodes(branch_code="BJO")
    children = Condition(about="audience", values=("3-6",))
    shares = (Share(copies=2, codes=hbb), Share(copies=1, codes=bjo))
    of.put_template(LIBRARY, Template(name="Bildebok", conditions=(children,), shares=shares))
    lil = Share(copies=1, profile="Lillevik samisk")
    of.put_template(LIBRARY, Template(name="Ellers", shares=(lil,)))


@pytest.mark.rule("DIST-14", way="punchout")
def test_templates_go_on_the_whole_cart(home, shopper, templates):
    """The first that fits says where the copies go, and how many; distributed titles are left alone."""
    picture = next(
        offer.product
        for offer in home.shop.search(LIBRARY, SearchQuery(size=100)).offers
        if offer.product.audience == "3-6" and offer.orderable
    )
    shopper.add(picture.product_id)
    shopper.add(ISLAND, 2)
    shopper.add(BOOTS, 2, profile="Bjørnsletta barn")
    saved(shopper, {"pattern": "templates"}, ("apply", "1"))
    assert branches(shopper) == ["HBB", "HBB", "BJO"]
    assert branches(shopper, 1) == ["LIL"]
    assert branches(shopper, 2) == ["BJO", "BJO"]


@pytest.mark.rule("DIST-14", way="punchout")
def test_a_template_may_leave_the_quantity_alone(shopper, templates):
    """Then its first copies are taken, and copies beyond its last stay without codes."""
    shopper.add(ISLAND, 3)
    form = form_of(shopper)
    next(field for field in form.fields if field.name == "keep").value = "1"
    shopper.submit(form, {"pattern": "templates"}, ("apply", "1"))
    assert branches(shopper) == ["LIL", "", ""]


@pytest.mark.rule("DIST-4", way="punchout")
@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("2 HBB, BJO", ["HBB", "HBB", "BJO"]),
        ("HBB, BJO, LIL", ["HBB", "BJO", "LIL"]),
        ("Hovedbiblioteket", ["HBB"] * 3),
        ("Barn bildebok 1, LIL 2", ["HBB", "LIL", "LIL"]),
        ("Ellers", ["LIL"]),
    ],
)
def test_copies_are_shared_out_in_words(shopper, templates, words, found):
    """Branches, profiles and templates by name, with or without numbers."""
    shopper.add(BOOTS, 3)
    saved(shopper, {"line-0-share": words})
    assert branches(shopper) == found


@pytest.mark.parametrize(
    ("words", "said"),
    [("tull", "tull er verken filial"), ("2 HBB", "2 HBB blir 2 eksemplarer, men tittelen har 3")],
)
def test_words_that_do_not_fit_are_kept_and_explained(shopper, words, said):
    """Nothing is changed, and the words stand in their field."""
    shopper.add(BOOTS, 3)
    refused = shopper.submit(form_of(shopper), {"line-0-share": words})
    assert refused.status_code == 422
    assert said in text_of(refused)
    assert f'value="{words}"' in refused.get_data(as_text=True)
    assert branches(shopper) == ["", "", ""]


def test_a_title_changed_in_another_window_is_not_overwritten_unasked(shopper):
    """It is named with what stands there now; what was typed stays, and a second save takes its place."""
    shopper.add(BOOTS, 2)
    shopper.add(ISLAND)
    old = form_of(shopper)
    saved(shopper, {"line-0-group-0-branch_code": "BJO"})
    values = {"line-0-group-0-branch_code": "LIL", "line-1-group-0-branch_code": "HBB"}
    told = shopper.submit(old, values)
    assert told.status_code == 422
    assert "endret i et annet vindu" in text_of(told)
    assert "Nå står det: 2 × BJO" in text_of(told)
    assert [branches(shopper), branches(shopper, 1)] == [["BJO", "BJO"], ["HBB"]]
    form = shopper.read(told, 422).form("line-0-line_id")
    assert dict(form.untouched())["line-0-group-0-branch_code"] == "LIL"
    shopper.submit(form)
    assert branches(shopper) == ["LIL", "LIL"]


def test_a_title_that_only_the_other_window_touched_is_left_alone(shopper):
    """An old form says nothing about titles that were not changed in it."""
    shopper.add(BOOTS, 2)
    shopper.add(ISLAND)
    old = form_of(shopper)
    saved(shopper, {"line-0-group-0-branch_code": "BJO"})
    assert shopper.submit(old, {"line-1-group-0-branch_code": "HBB"}).status_code == 303
    assert [branches(shopper), branches(shopper, 1)] == [["BJO", "BJO"], ["HBB"]]


def test_a_title_that_is_gone_is_told(shopper):
    """The others are saved all the same."""
    shopper.add(BOOTS)
    shopper.add(ISLAND)
    form = form_of(shopper)
    shopper.submit(shopper.page("cart").forms_to("/remove")[0])
    told = shopper.submit(form, {"line-1-group-0-branch_code": "HBB"})
    assert "1 tittel er ikke lenger i handlekurven" in text_of(told)
    assert branches(shopper) == ["HBB"]


@pytest.mark.rule("DIST-6", way="punchout")
@pytest.mark.rule("DIST-7", way="punchout")
def test_retired_and_missing_codes_are_named_in_their_row(home, shopper):
    """The code by its value, the missing field by its name; the rest of the title can be saved meanwhile."""
    agree(home, policy={"distribution": "required"})
    shopper.add(BOOTS, 2, profile="Barn bildebok")
    shopper.add(BOOTS, 1)
    home.world.registers.retire_code(LIBRARY, "shelf_location", "BILDEBOK")
    page = shopper.page("distribution")
    assert "Hylleplassering: Koden BILDEBOK er ikke lenger i registeret" in page.text
    assert "Filial mangler" in page.text
    saved(shopper, {"line-0-group-1-branch_code": "BJO"})
    assert branches(shopper) == ["HBB", "HBB", "BJO"]


@pytest.mark.rule("DIST-2", way="punchout")
def test_an_empty_register_leaves_the_counts(app, home):
    """Without codes there are no columns, a word about it, and quantities can be changed."""
    agree(home, default_customer="100235")
    school = Shopper.enter(home, app.test_client())
    school.add(BOOTS, 2)
    assert "Registeret deres har ingen koder ennå" in school.page("distribution").text
    saved(school, {"line-0-group-0-count": "4"})
    assert cart_of(school).lines[0].quantity == 4


@pytest.mark.rule("DIST-7", way="punchout")
def test_without_distribution_there_is_no_grid(home, shopper):
    """The address leads to the cart."""
    agree(home, policy={"distribution": "off"})
    shopper.add(BOOTS)
    assert shopper.get("distribution").headers["Location"].endswith("/cart")
    assert "Fordel alle" not in shopper.page("cart").text


def test_free_texts_stay_with_their_row(shopper):
    """The grid has no column for a shelf mark, shows it, and does not lose it."""
    shopper.add(BOOTS, 2)
    copies = shopper.page(f"cart/lines/{shopper.line_id()}/copies").form("copies-0-note")
    shopper.submit(copies, {"copies-0-shelf_mark": "Bø"})
    assert "Bø" in shopper.page("distribution").text
    saved(shopper, {"line-0-group-0-branch_code": "LIL"})
    codes = [copy.codes for copy in cart_of(shopper).lines[0].copies]
    assert [(code.shelf_mark, code.branch_code) for code in codes] == [("Bø", "LIL"), ("", "")]


def test_a_large_cart_comes_in_pages_and_is_filled_down_as_a_whole(monkeypatch, shopper):
    """Buttons for the whole cart mean titles on other pages too."""
    monkeypatch.setattr(grid_rows, "TITLES_ON_A_PAGE", 1)
    monkeypatch.setattr("punchout.web.shop.grid.TITLES_ON_A_PAGE", 1)
    shopper.add(BOOTS)
    shopper.add(ISLAND)
    page = shopper.page("distribution?page=2")
    assert ISLAND in page.text
    assert BOOTS not in page.text
    saved(shopper, {"line-0-group-0-branch_code": "HBB"}, path="?page=1")
    saved(shopper, {}, ("fill", "branch_code"), path="?page=1")
    assert branches(shopper, 1) == ["HBB"]
    assert ISLAND in shopper.page("distribution?page=99").text


@pytest.mark.rule("CART-6", way="punchout")
def test_what_is_sent_after_the_session_has_ended_is_kept(clock, shopper, home, app):
    """The page says so, and the next session of the same person goes on with it (CART-6)."""
    shopper.add(BOOTS, 2)
    shopper.add(ISLAND)
    form = form_of(shopper)
    clock.forward(hours=13)
    values = {"line-0-share": "HBB, BJO", "line-1-group-0-branch_code": "hbb"}
    answer = shopper.submit(form, values)
    assert answer.status_code == 410
    assert "Det du sendte sist, er tatt vare på: 1 tittel" in text_of(answer)
    assert "Koden hbb er ikke i registeret" in text_of(answer)
    later = Shopper.enter(home, app.test_client())
    (unfinished,) = [form for form in later.page("unfinished").forms if "/unfinished/" in form.action]
    later.submit(unfinished)
    assert branches(later) == ["HBB", "BJO"]


@pytest.mark.parametrize("spoilt", ["returned", "forged", "another browser", "continued"])
def test_an_ended_session_takes_nothing_else(clock, home, app, shopper, spoilt):
    """A cart that has gone back or on, another browser, and a forged form change nothing."""
    shopper.add(BOOTS, 2)
    form = form_of(shopper)
    if spoilt == "returned":
        shopper.submit(shopper.page("send").forms_to("/send")[0])
    before = cart_of(shopper)
    clock.forward(hours=13)
    if spoilt == "forged":
        next(field for field in form.fields if field.name == "csrf_token").value = "x"
    if spoilt == "continued":
        later = Shopper.enter(home, app.test_client())
        (offered,) = [form for form in later.page("unfinished").forms if "/unfinished/" in form.action]
        later.submit(offered)
    if spoilt == "another browser":
        shopper.client = app.test_client()
    answer = shopper.submit(form, {"line-0-group-0-branch_code": "HBB"})
    assert answer.status_code in {403, 410}
    assert "er tatt vare på" not in text_of(answer)
    world = home.world
    assert world.shop.cart(before.customer_number, before.cart_id) == before


@pytest.mark.rule("FLOW-5", way="punchout")
def test_a_cart_that_is_only_shown_has_no_fields(home, shopper):
    """Nothing can be written there; the codes can be read."""
    shopper.add(BOOTS, 2, profile="Barn bildebok")
    shopper.submit(shopper.page("send").forms_to("/send")[0])
    page = shopper.page("distribution")
    assert "BILDEBOK" in page.text
    assert not any("line-0-group-0-count" in form.names() for form in page.forms)


def test_eight_thousand_fields_are_taken(home, app, shopper):
    """Urlencoded there is no limit of 1,000 fields: 200 titles, 6 rows each, 7 columns."""
    fields = {"csrf_token": dict(form_of_empty(shopper))["csrf_token"]}
    fields |= {
        f"line-{line}-group-{row}-{name}": "HBB"
        for line in range(200)
        for row in range(6)
        for name in (
            "count",
            "branch_code",
            "collection_code",
            "shelf_location",
            "item_type",
            "fund_code",
            "note",
        )
    }
    answer = shopper.client.post(f"{shopper.front}distribution", data=fields, headers=FROM_OUR_PAGE)
    assert len(fields) > 8_400
    assert answer.status_code == 303


def test_a_field_that_no_form_has_is_refused(shopper):
    """Deeper names than those of the grid are strange."""
    token = dict(form_of_empty(shopper))["csrf_token"]
    for name in ("line-0-group-0-a-0-b", "line-0000-group-0-count", "line-²-seen"):
        data = {"csrf_token": token, name: "1"}
        answer = shopper.client.post(f"{shopper.front}distribution", data=data, headers=FROM_OUR_PAGE)
        assert answer.status_code == 400


def form_of_empty(shopper):
    """The fields of a form of this session."""
    return shopper.page("list").form("titles").untouched()


@pytest.mark.rule("CART-6", way="direct")
def test_what_a_user_sends_after_the_log_in_has_run_out_is_kept(clock, client, home):
    """The log-in page says so, and the cart has it at the next log-in; but not for who has logged out."""
    user = User.enter(home, client)
    user.add(BOOTS, 2)
    user.add(ISLAND)
    form = form_of(user)
    clock.forward(minutes=31)
    answer = user.submit(form, {"line-0-share": "HBB, BJO", "line-1-group-0-branch_code": "hbb"})
    assert answer.status_code == 410
    assert "Det du sendte sist, er tatt vare på: 1 tittel" in text_of(answer)
    assert "Koden hbb er ikke i registeret" in text_of(answer)
    again = User.enter(home, client)
    assert "1 × HBB 1 × BJO" in again.page("cart").text
    form = form_of(again)
    again.submit(again.page().forms_to("/logout")[0])
    assert again.submit(form, {"line-0-share": "2 LIL"}).status_code == 403
    clock.forward(minutes=2)
    assert "1 × HBB 1 × BJO" in User.enter(home, client).page("cart").text


@pytest.mark.rule("CUST-8")
def test_who_is_no_user_any_more_keeps_nothing(clock, client, home):
    """A late form of a removed user changes no cart."""
    user = User.enter(home, client, CHILDREN)
    user.add(BOOTS, 2)
    form = form_of(user)
    home.world.user_administration.remove("100234", CHILDREN)
    clock.forward(minutes=31)
    assert user.submit(form, {"line-0-share": "HBB, BJO"}).status_code == 303


@pytest.mark.rule("CART-6", way="direct")
def test_a_list_that_comes_too_late_for_a_changed_cart_is_given_back(clock, client, home):
    """It may lie in the cart already, so it is not put there twice, and not lost either."""
    user = User.enter(home, client)
    form = user.page("list").form("titles")
    user.add(BOOTS, 1)
    clock.forward(minutes=31)
    answer = user.submit(form, {"titles": f"{ISLAND};3\n\n{BOOTS}"})
    assert answer.status_code == 410
    assert f"<li>{ISLAND};3</li><li>{BOOTS}</li>" in text_of(answer).replace("> <", "><")


def test_nobody_is_waited_for_longer_than_until_the_next_morning(clock, client, home):
    """A form of days ago changes no cart."""
    user = User.enter(home, client)
    user.add(BOOTS, 2)
    form = form_of(user)
    clock.forward(hours=8 + 17)
    assert user.submit(form, {"line-0-share": "HBB, BJO"}).status_code == 303
