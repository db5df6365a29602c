"""Min side: the account to be read, what is missing, and users seen to by administrators (CUST-*)."""

import pytest

from catalog_bridge.user_administration import User
from protocols.model.session import Shopper as Person
from session_store import tables
from tests.punchout.web.colleague import ADMINISTRATOR, LIBRARY, SCHOOL, SCHOOLS_USER, USER, Colleague
from tests.punchout.web.shopper import Shopper, text_of

NEW = "ny@bibliotek.testby.example"


@pytest.fixture
def administrator(home, client):
    """The administrator of Testby bibliotek."""
    return Colleague.enter(home, client)


def users(home, number=LIBRARY):
    """E-mail → user."""
    return {user.email: user for user in home.world.user_administration.users(number)}


def act(person, email, button):
    """What answers to a button on a user's page."""
    page = person.page(f"brukere/bruker?email={email}")
    form = next(form for form in page.forms if button in form.buttons)
    return person.submit(form, button=button)


@pytest.mark.rule("CUST-6")
@pytest.mark.rule("CUST-1")
def test_the_account_is_shown_and_customer_service_changes_it(administrator):
    """Name, the new number and the ones it replaced, addresses; nothing of it can be changed here."""
    page = administrator.page("")
    for fact in ("Testby bibliotek", "100234", "Det har erstattet 5512, 5513", "310000019", "9998 Lillevik"):
        assert fact in page.text
    assert "Kundeservice retter det" in page.text or "Kundeservice endrer" in page.text
    assert "kundeservice@bokhandel.example" in page.text
    posts = [form.action for form in page.forms if form.method == "post"]
    assert [action.rpartition("/")[2] for action in posts] == ["logout", "nummer", "min-profil"]


@pytest.mark.rule("CUST-9")
def test_what_has_not_come_over_is_said_until_it_has(home, app, administrator):
    """Each part by its name; nothing is said where everything is there."""
    assert (
        "Ikke alt er overført fra den gamle nettbutikken ennå: serieabonnementer."
        in administrator.page("").text
    )
    school = Colleague.enter(home, app.test_client(), SCHOOLS_USER)
    assert "Ikke alt er overført" not in school.page("").text


@pytest.mark.rule("CUST-9")
def test_a_session_does_not_speak_of_it(shopper):
    """What has come over is no matter of the procurement system's."""
    for path in ("", "session", "ordrer"):
        assert "overført fra den gamle" not in shopper.page(path).text


@pytest.mark.rule("CUST-10")
def test_the_to_do_stays_open_until_it_is_ticked(administrator, home):
    """With Mikromarc the new number has to be registered there; a tick can be taken back."""
    form = administrator.page("").forms_to("/nummer")[0]
    assert "Registrer det nye kundenummeret 100234 i Mikromarc" in administrator.page("").text
    page = administrator.read(administrator.submit(form, button=form.buttons[0]))
    assert "Registrer det nye kundenummeret" not in page.text
    assert home.world.shop.customer(LIBRARY).number_registered
    form = page.forms_to("/nummer")[0]
    page = administrator.read(administrator.submit(form, button=form.buttons[0]))
    assert "Registrer det nye kundenummeret" in page.text
    assert not home.world.shop.customer(LIBRARY).number_registered


@pytest.mark.rule("CUST-10")
def test_where_the_library_system_needs_no_number_there_is_nothing_to_do(home, client):
    """Neither with Bibliofil nor without a library system."""
    page = Colleague.enter(home, client, SCHOOLS_USER).page("")
    assert page.forms_to("/nummer") == []
    assert "Å gjøre" not in page.text


@pytest.mark.rule("CUST-10")
def test_a_session_tells_of_the_same_to_do(shopper, home):
    """It is the customer's; there it is only told."""
    assert "Å gjøre" in shopper.page("session").text
    home.world.library.set_registered(LIBRARY, registered=True)
    assert "Å gjøre" not in shopper.page("session").text


@pytest.mark.rule("DIST-3", way="direct")
def test_everybody_chooses_their_own_default_profile(home, client):
    """It is the user's, and no administrator is needed for it."""
    person = Colleague.enter(home, client, USER)
    form = person.page("").form("default_profile")
    assert dict(form.untouched())["default_profile"] == "Barn bildebok"
    person.submit(form, {"default_profile": "Voksen nyhet"})
    assert users(home)[USER].default_profile == "Voksen nyhet"
    assert home.world.shop.default_codes(LIBRARY, USER).shelf_location == "NYHET"


@pytest.mark.rule("CUST-7")
def test_an_administrator_adds_a_colleague(administrator, home):
    """Who can log in from then on; the address is compared as at log-in."""
    form = administrator.page("brukere").form("email", "name")
    page = administrator.read(
        administrator.submit(form, {"email": " Ny@Bibliotek.Testby.example ", "name": "Ny"})
    )
    assert "Brukeren er lagt til" in page.text
    assert (users(home)[NEW].name, users(home)[NEW].administrator) == ("Ny", False)
    assert [one.customer_number for one in home.world.users.memberships(NEW)] == [LIBRARY]


@pytest.mark.rule("CUST-7")
@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"email": "ingen adresse"}, "Skriv en e-postadresse"),
        ({"email": USER.upper()}, "er bruker fra før"),
        ({"email": NEW, "name": "x" * 71}, "71 tegn"),
    ],
)
def test_a_colleague_that_cannot_be_added_is_told(administrator, home, values, says):
    """The form keeps what was typed."""
    before = users(home)
    answer = administrator.submit(administrator.page("brukere").form("email", "name"), values)
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert users(home) == before


@pytest.mark.rule("LOGIN-1")
def test_a_shared_mailbox_is_taken_and_flagged(administrator, home):
    """The shop asks for personal addresses."""
    form = administrator.page("brukere").form("email", "name")
    page = administrator.read(administrator.submit(form, {"email": "post@bibliotek.testby.example"}))
    assert "ser ut som en felles postkasse" in page.text


@pytest.mark.rule("CUST-7")
def test_administrator_access_is_given_and_taken(administrator, home):
    """And a colleague is renamed and gets a profile."""
    act(administrator, USER, ("administrator", "1"))
    assert users(home)[USER].administrator
    act(administrator, USER, ("administrator", "0"))
    assert not users(home)[USER].administrator
    form = administrator.page(f"brukere/bruker?email={USER}").form("name", "default_profile")
    administrator.submit(form, {"name": "Barn og unge", "default_profile": ""})
    assert (users(home)[USER].name, users(home)[USER].default_profile) == ("Barn og unge", "")


@pytest.mark.rule("CUST-8")
@pytest.mark.parametrize("button", [("administrator", "0"), ("remove", "1")])
def test_the_last_administrator_stays(administrator, home, button):
    """Neither demoted nor removed; the page says what to do first."""
    answer = act(administrator, ADMINISTRATOR, button)
    assert answer.status_code == 422
    assert "er den siste administratoren" in text_of(answer)
    assert users(home)[ADMINISTRATOR].administrator
    act(administrator, USER, ("administrator", "1"))
    assert act(administrator, ADMINISTRATOR, button).status_code == 303


@pytest.mark.rule("CUST-8")
def test_who_is_removed_is_out_at_the_next_request(administrator, home, app):
    """And so is the access of an administrator who is none any more."""
    other = Colleague.enter(home, app.test_client(), USER)
    assert other.get("").status_code == 200
    act(administrator, USER, ("administrator", "1"))
    assert other.get("brukere").status_code == 200
    act(administrator, USER, ("administrator", "0"))
    assert other.get("brukere").status_code == 403
    act(administrator, USER, ("remove", "1"))
    assert "/login?" in other.get("").headers["Location"]


@pytest.mark.rule("CUST-7")
def test_users_without_administrator_access_see_no_users(home, client):
    """Not on Min side, not by the address, not by a post."""
    person = Colleague.enter(home, client, USER)
    assert person.page("").links_to("brukere") == []
    assert person.get("brukere").status_code == 403
    assert person.get(f"brukere/bruker?email={ADMINISTRATOR}").status_code == 403
    form = person.page("").form("default_profile")
    token = dict(form.untouched())["csrf_token"]
    for path, data in (
        ("brukere", {"email": NEW}),
        ("brukere/bruker", {"email": ADMINISTRATOR, "remove": "1"}),
    ):
        answer = client.post(
            f"/min-side/{path}", data={"csrf_token": token, **data}, headers={"Sec-Fetch-Site": "same-origin"}
        )
        assert answer.status_code == 403
    assert users(home).keys() == {ADMINISTRATOR, USER}


@pytest.mark.rule("CUST-7")
@pytest.mark.rule("LOGIN-7")
def test_a_session_has_no_users(home, client):
    """Not even for somebody whose e-mail is an administrator's."""
    shopper = Shopper.enter(home, client, shopper=Person(name="Innkjøper", email=ADMINISTRATOR))
    assert shopper.get("brukere").status_code == 404
    assert "/login?" in client.get("/min-side/brukere").headers["Location"]


@pytest.mark.rule("CUST-7")
def test_another_customers_users_are_not_found(administrator):
    """Neither shown nor changed."""
    assert administrator.get(f"brukere/bruker?email={SCHOOLS_USER}").status_code == 404
    assert "skole" not in administrator.page("brukere").text


@pytest.mark.rule("CUST-7")
def test_every_change_is_written_down(administrator, home):
    """Who did it, to whom, at which customer."""
    act(administrator, USER, ("administrator", "1"))
    act(administrator, USER, ("remove", "1"))
    with home.store.read() as tx:
        tx.execution_options(across="migration")
        rows = [row for row in tx.execute(tables.journal.select()) if row.kind.startswith("user.")]
    assert [row.summary for row in rows] == [
        f"{USER} got administrator access at customer {LIBRARY}",
        f"{USER} was removed at customer {LIBRARY}",
    ]
    assert {row.actor for row in rows} == {ADMINISTRATOR}


@pytest.mark.rule("LOGIN-5")
@pytest.mark.rule("T-B3")
def test_a_form_counts_for_the_library_that_it_was_shown_for(home, administrator):
    """After a change of library in another window it is refused, and neither library changes."""
    school = User(email=ADMINISTRATOR, name="Innkjøper", administrator=True)
    home.world.user_administration.add(SCHOOL, school)
    forms = [
        (administrator.page("brukere").form("email"), {"email": "ny@testby.example", "name": "Ny"}),
        (administrator.page("fordelingsinformasjon").form("field", "value"), {"value": "ZZZ"}),
    ]
    chosen = administrator.read(administrator.client.get("/customer")).form("customer")
    administrator.submit(chosen, {"customer": SCHOOL})
    for form, values in forms:
        assert administrator.submit(form, values).status_code == 403
    for number in (LIBRARY, SCHOOL):
        assert "ny@testby.example" not in {one.email for one in home.world.user_administration.users(number)}
        assert "ZZZ" not in {code.value for code in home.world.registers.register(number).codes}
