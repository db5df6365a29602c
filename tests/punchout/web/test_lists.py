"""Saved lists on their pages, by both ways in (CART-7)."""

import io
from dataclasses import replace

import pytest

from catalog_bridge.bookshop import SearchQuery
from catalog_bridge.lists import Listed, Person
from protocols.model.distribution import CopyCodes
from protocols.model.session import NOBODY
from protocols.model.session import Shopper as Someone
from protocols.model.template import Share, Template
from punchout.roundtrip import person
from tests.punchout.web.houses import agree
from tests.punchout.web.shopper import FROM_OUR_PAGE, Shopper, text_of
from tests.punchout.web.user import CHILDREN, KARI, SCHOOL, User

LIBRARY = "100234"
BOOTS, ISLAND = "9799900000272", "9799900000340"

both = pytest.mark.parametrize(
    "way",
    [
        pytest.param("direct", marks=pytest.mark.rule("CART-7", way="direct")),
        pytest.param("punchout", marks=pytest.mark.rule("CART-7", way="punchout")),
    ],
)


@pytest.fixture
def visitor(home, client, way):
    """Somebody of Testby bibliotek, come in by this way."""
    return User.enter(home, client) if way == "direct" else Shopper.enter(home, client)


def make(visitor, name="Høst", titles="", **more):
    """What answers to a new list."""
    return visitor.submit(visitor.page("lists/new").form("name"), {"name": name, "titles": titles, **more})


def path_of(answer):
    """The page of the list that an answer leads to, below the front."""
    return "lists/" + answer.headers["Location"].rpartition("/")[2].partition("?")[0]


def form_to(visitor, path, end):
    """The form of the page whose address ends so."""
    (form,) = visitor.page(path).forms_to(end)
    return form


def cart_of(visitor):
    """Title and copies of the cart's lines."""
    page = visitor.page("cart")
    quantities = [dict(form.untouched())["quantity"] for form in page.forms if "quantity" in form.names()]
    return [int(quantity) for quantity in quantities]


@both
def test_a_pasted_list_is_kept_and_goes_into_the_cart_whole(visitor):
    """As often as one likes; with a profile the copies take it; the list stays as it was."""
    made = make(visitor, "Høstens bøker", f"{BOOTS};2\n{ISLAND}\n")
    path = path_of(made)
    page = visitor.read(made)
    assert page.h1.strip() == "Høstens bøker"
    assert "Listen er lagret" in page.text
    assert "2 titler" in page.text
    put = visitor.submit(page.forms_to("/cart")[0], {"pattern": "profile:Bjørnsletta barn"})
    assert "2 titler med 3 eksemplarer er lagt inn" in visitor.read(put).text
    assert cart_of(visitor) == [2, 1]
    assert "2 × BJO" in visitor.page("cart").text
    visitor.submit(form_to(visitor, path, "/cart"))
    assert cart_of(visitor) == [4, 2]
    assert "2 titler" in visitor.page(path).text
    assert visitor.page("lists").links_to(path)


@both
def test_what_cannot_be_ordered_is_named_and_left_on_the_list(home, visitor):
    """Line by line with the reason; all others are in the cart."""
    gone = next(
        offer.product.product_id
        for page in range(1, 9)
        for offer in home.world.shop.search(LIBRARY, SearchQuery(page=page, size=100)).offers
        if not offer.orderable
    )
    path = path_of(make(visitor, titles=f"{BOOTS}\n{gone}"))
    answer = visitor.submit(form_to(visitor, path, "/cart"))
    text = text_of(answer)
    assert answer.status_code == 422
    assert "1 tittel er lagt i handlekurven" in text
    assert "1 tittel kunne ikke legges i handlekurven, og blir stående på listen" in text
    title = home.world.shop.offer(LIBRARY, gone).product.title
    assert f"{title}: " in text.partition("Noe må rettes")[2]
    assert cart_of(visitor) == [1]
    assert "2 titler" in visitor.page(path).text


@both
def test_a_list_that_is_put_in_the_cart_twice_is_asked_about(visitor):
    """The same form again adds nothing; the one that comes with the question does."""
    form = form_to(visitor, path_of(make(visitor, titles=BOOTS)), "/cart")
    visitor.submit(form)
    again = visitor.submit(form)
    assert "Handlekurven er endret siden denne siden ble åpnet" in text_of(again)
    assert cart_of(visitor) == [1]
    visitor.submit(visitor.read(again, 422).forms_to("/cart")[0])
    assert cart_of(visitor) == [2]


@both
def test_bad_lines_stay_to_be_mended(visitor):
    """The list is there with the good ones, and the box holds the others."""
    answer = make(visitor, titles=f"{BOOTS}\n9788203187569\nFuglane på taket")
    assert answer.status_code == 422
    text = text_of(answer)
    assert "Linje 2, 9788203187569: " in text
    assert "2 linjer må rettes" in text
    form = visitor.read(answer, 422).forms_to("/titles")[0]
    assert dict(form.untouched())["titles"].split() == ["9788203187569", "Fuglane", "på", "taket"]
    mended = visitor.submit(form, {"titles": ISLAND})
    assert "2 titler" in visitor.read(mended).text


@both
def test_a_file_becomes_a_list(visitor):
    """Columns for ISBN and Antall; one that cannot be read makes none, and says where it is wrong."""
    form = visitor.page("lists/new").form("name")

    def sent(raw, **more):
        data = {**dict(form.untouched()), "name": "Fil", **more, "file": (io.BytesIO(raw), "liste.csv")}
        return visitor.client.post(form.action, data=data, headers=FROM_OUR_PAGE)

    for raw, says in (
        (b"isbn\n\xe6", "ikke UTF-8"),
        (b"tittel\nA", "Første linje må ha en kolonne med navnet ISBN"),
    ):
        refused = sent(raw)
        assert refused.status_code == 422
        assert says in text_of(refused)
    assert "ikke begge deler" in text_of(sent(b"isbn\n", titles=BOOTS))
    assert "Det finnes ingen lister" in visitor.page("lists").text
    made = visitor.read(sent(f"Tittel;ISBN;Antall\r\nA;{BOOTS};4\r\n".encode()))
    assert "1 tittel · 4 eksemplarer" in made.text


@both
def test_the_cart_is_saved_as_a_list(visitor):
    """With its quantities, and what is typed beside it."""
    visitor.add(BOOTS, 3)
    (link,) = [link for link in visitor.page("cart").links if link.endswith("lists/new?cart=1")]
    form = visitor.read(visitor.client.get(link)).form("name")
    assert dict(form.untouched())["from_cart"] == "y"
    page = visitor.read(visitor.submit(form, {"name": "Kurv", "titles": ISLAND}))
    assert "2 titler · 4 eksemplarer" in page.text


@both
def test_a_title_goes_on_a_list_from_its_own_page(visitor):
    """An old list, or a new one that begins with it; and off again."""
    path = path_of(make(visitor))
    answer = visitor.submit(form_to(visitor, f"titles/{BOOTS}", f"titles/{BOOTS}/list"))
    page = visitor.read(answer)
    assert "Tittelen står på listen" in page.text
    assert page.links_to(path)
    assert dict(visitor.page(f"lists/new?title={ISLAND}").form("name").untouched())["titles"] == ISLAND
    gone = visitor.read(visitor.submit(form_to(visitor, path, "/line")))
    assert "Tittelen står ikke lenger på listen" in gone.text
    assert "Det står ingen titler på listen ennå" in gone.text


@both
def test_a_list_is_renamed_and_removed(visitor):
    """A name that cannot be is told at its field, and what was typed is still there."""
    path = path_of(make(visitor))
    make(visitor, "Vår")
    for name, says in (("", "må ha et navn"), ("x" * 71, "71 tegn"), ("vår", "allerede")):
        refused = visitor.submit(form_to(visitor, path, "/name"), {"name": name})
        assert refused.status_code == 422
        assert says in text_of(refused)
        assert says in text_of(make(visitor, name or " "))
    assert visitor.read(visitor.submit(form_to(visitor, path, "/name"), {"name": "Ny"})).h1.strip() == "Ny"
    gone = visitor.read(visitor.submit(form_to(visitor, path, "/remove")))
    assert "Listen er fjernet" in gone.text
    assert visitor.get(path).status_code == 404


@both
def test_a_template_says_how_many_where_the_list_says_one(home, visitor):
    """DIST-14 applied to a saved list."""
    shares = (
        Share(copies=2, codes=CopyCodes(branch_code="HBB")),
        Share(copies=1, profile="Bjørnsletta barn"),
    )
    home.world.registers.put_template(LIBRARY, Template(name="Alle", shares=shares))
    path = path_of(make(visitor, titles=f"{BOOTS}\n{ISLAND};4"))
    visitor.submit(form_to(visitor, path, "/cart"), {"pattern": "templates"})
    assert cart_of(visitor) == [3, 4]


def share(visitor, path):
    """What answers when the list is shared."""
    form = form_to(visitor, path, "/share")
    return visitor.read(visitor.submit(form, button=(form.buttons[0])))


@pytest.mark.rule("CART-7", way="direct")
def test_a_shared_list_is_used_by_all_and_managed_by_its_owner_or_an_administrator(home, app):
    """A colleague puts titles on it; only names and removing are not for them."""
    barn, kari = User.enter(home, app.test_client(), CHILDREN), User.enter(home, app.test_client(), KARI)
    school = User.enter(home, app.test_client(), SCHOOL)
    path = path_of(make(kari, titles=BOOTS))
    assert barn.get(path).status_code == 404
    assert "Alle i biblioteket ser listen nå" in share(kari, path).text
    page = barn.read(barn.submit(form_to(barn, path, "/titles"), {"titles": ISLAND}))
    assert "2 titler" in page.text
    assert not page.forms_to("/remove")
    assert not page.forms_to("/name")
    assert school.get(path).status_code == 404
    own = path_of(make(barn, "Barnas", shared="y"))
    assert kari.page(own).forms_to("/remove")
    (kept,) = kari.page(path).forms_to("/share")
    assert "Bare du ser listen nå" in kari.read(kari.submit(kept, button=kept.buttons[0])).text
    assert barn.get(path).status_code == 404


@pytest.mark.rule("CART-7", way="direct")
def test_who_may_not_manage_a_list_is_refused_by_its_addresses_too(home, app):
    """A form that the page does not show is refused all the same."""
    barn, kari = User.enter(home, app.test_client(), CHILDREN), User.enter(home, app.test_client(), KARI)
    path = path_of(make(kari, shared="y"))
    mine = path_of(make(barn, "Min"))
    for end in ("/remove", "/share"):
        form = form_to(barn, mine, end)
        answer = barn.submit(replace(form, action=form.action.replace(mine, path)))
        assert answer.status_code == 409
        assert "Bare den som har lagret listen" in text_of(answer)
    assert kari.page(path)


@pytest.mark.rule("LOGIN-7", way="punchout")
@pytest.mark.rule("CART-7", way="punchout")
def test_a_session_sees_no_direct_users_own_lists_though_the_address_is_the_same(home, app):
    """Nor the other way round; shared ones are for both."""
    kari = User.enter(home, app.test_client(), KARI)
    same = Shopper.enter(home, app.test_client(), shopper=Someone(name="Kari", email=f" {KARI.upper()} "))
    direct, punchout = path_of(make(kari, "Fra butikken")), path_of(make(same, "Fra økten"))
    for visitor, path, name in ((same, direct, "Fra butikken"), (kari, punchout, "Fra økten")):
        assert visitor.get(path).status_code == 404
        assert name not in visitor.page("lists").text
    share(kari, direct)
    assert same.page(direct).h1.strip() == "Fra butikken"
    assert not same.page(direct).forms_to("/remove")


@pytest.mark.rule("CART-7", way="punchout")
def test_a_person_finds_her_own_lists_in_every_session(home, app):
    """By the address as it is compared, inside her agreement; a colleague does not."""
    first = Shopper.enter(home, app.test_client(), shopper=Someone(name="Anne", email="anne@testby.example"))
    path = path_of(make(first))
    again = Shopper.enter(home, app.test_client(), shopper=Someone(email="Anne@Testby.example "))
    assert again.page(path)
    for agreement, email in (("demo-generic", "bo@testby.example"), ("demo-coupa", "anne@testby.example")):
        other = Shopper.enter(home, app.test_client(), agreement, shopper=Someone(name="B", email=email))
        assert other.get(path).status_code in {303, 404}


@pytest.mark.rule("CART-7", way="punchout")
@pytest.mark.parametrize(
    "shopper", [NOBODY, Someone(email="post@testby.example")], ids=["nobody", "shared mailbox"]
)
def test_where_nobody_in_particular_shops_lists_are_shared(home, app, shopper):
    """No list of one's own under a shared login: what one says of oneself opens none either."""
    named = Shopper.enter(home, app.test_client(), shopper=Someone(name="A", email="anne@testby.example"))
    own = path_of(make(named, "Annes"))
    visitor = Shopper.enter(home, app.test_client(), shopper=shopper)
    if shopper is NOBODY:
        form = visitor.page("who").form("name")
        visitor.submit(form, {"name": "Anne", "email": "anne@testby.example"})
    assert visitor.get(own).status_code == 404
    assert "alle i biblioteket ser listen" in visitor.page("lists/new").text
    path = path_of(make(visitor, "Felles"))
    assert named.page(path).forms_to("/remove")


@pytest.mark.rule("CART-7", way="punchout")
def test_a_session_under_the_policy_name_has_shared_lists_alone(home, app):
    """Where carts are found by name and code, several people use one name."""
    agree(home, policy={"resume": "name"})
    first = Shopper.enter(home, app.test_client())
    make(first, "Felles")
    assert "Felles" in User.enter(home, app.test_client(), CHILDREN).page("lists").text


@pytest.mark.rule("FLOW-5", way="punchout")
@pytest.mark.rule("CART-7", way="punchout")
def test_a_closed_session_changes_no_list(home, app):
    """It shows them; every button is refused."""
    shopper = Shopper.enter(home, app.test_client())
    path = path_of(make(shopper, titles=BOOTS))
    forms = [*shopper.page(path).forms, shopper.page("lists/new").form("name")]
    (leave,) = [form for form in shopper.page("leave").forms if form.method == "post"]
    shopper.submit(leave)
    for form in forms:
        if "/lists" in form.action:
            assert shopper.submit(form).status_code == 409, form.action
    page = shopper.page(path)
    assert "1 tittel" in page.text
    assert not page.forms_to("/cart")


def test_keys_of_people_never_meet(home):
    """A direct user's key is no punchout person's, whatever the agreement is called."""
    setup_of = Someone(email="Kari@Blåfjell.example")
    key = person.key("a", _Setup(setup_of))
    assert key == "punchout:a:kari@xn--blfjell-fxa.example"
    assert person.key("a", _Setup(Someone(user_id="KARI"))) == "punchout:a:kari"
    assert person.key("a", _Setup(Someone(email="info@x.example"))) == ""
    lists = home.world.lists
    made = lists.make(LIBRARY, "L", Person(key="direct:kari@x.example"), (Listed(number=BOOTS),))
    assert lists.lists(LIBRARY, Person(key="punchout:direct:kari@x.example")) == ()
    assert made.kept.head.own


class _Setup:
    """What of a call-up names a person."""

    ship_to = None
    contacts = ()
    extrinsics = ()

    def __init__(self, shopper):
        self.shopper = shopper
