"""Into the direct shop: codes, cookies, the choice of a library, and out again (LOGIN-1 to LOGIN-7)."""

import json
import re
from dataclasses import replace

import pytest
from flask import g

from catalog_bridge.embedded import customers_import
from protocols.errors import Forbidden
from punchout.app import create_app
from punchout.direct import code_mail, login
from punchout.direct import visit as visits
from punchout.roundtrip import outbox_desk
from punchout.web.direct.room import for_administrators
from tests.punchout.web.houses import build, call_up
from tests.punchout.web.shopper import FROM_OUR_PAGE, Shopper, text_of
from tests.punchout.web.user import CHILDREN, KARI, SCHOOL, User, mails

STRANGER = "nobody@testby.example"
TLS = "https://shop.example"
_SEALED = {code_mail.LOGIN_CODE: code_mail.shown}


@pytest.fixture
def user(home, client):
    """Kari, logged in."""
    return User.enter(home, client)


def cookie(answer, name):
    """The Set-Cookie header of this name."""
    (found,) = [one for one in answer.headers.getlist("Set-Cookie") if one.startswith(f"{name}=")]
    return found


def add_customer(home, number, *users):
    """Nothing: the bookshop has this customer with these users."""
    document = {"customers": [{"number": number, "name": f"Bibliotek {number}", "users": list(users)}]}
    customers_import.import_json(home.store, json.dumps(document))


def test_the_home_page_leads_to_log_in_and_to_the_tester(client):
    """For who is not logged in, log-in stands first; integrators find what they need."""
    page = Shopper(client, "/").page("")
    assert page.links_to("/login")
    assert page.links_to("/tester/")
    assert "/cxml" in text_of(client.get("/"))


@pytest.mark.rule("LOGIN-3")
def test_spam_folder_and_customer_service_are_told(home, client):
    """Before and after the code is asked for."""
    user = User(home, client)
    email = home.facts.customer_service_email
    assert email in user.get("login").text
    user.ask(KARI)
    shown = text_of(user.get("login/code"))
    assert "søppelpost" in shown
    assert email in shown


@pytest.mark.rule("T-P1")
@pytest.mark.rule("LOGIN-2")
def test_known_and_unknown_addresses_get_the_same_answer(filled, tmp_path, clock):
    """Status, way on and page differ in nothing but the address itself."""
    home = build(filled, tmp_path / "live", clock, loopback=False)
    app, answers = create_app(home), []
    for email in (KARI, STRANGER):
        user = User(home, app.test_client())
        sent = user.ask(email)
        answers.append(
            (sent.status_code, sent.headers["Location"], user.get("login/code").text.replace(email, ""))
        )
    home.close()
    assert answers[0] == answers[1]


def test_a_stranger_s_code_is_shown_nowhere(home, client):
    """Not on the demo's page either."""
    user = User(home, client)
    user.ask(STRANGER)
    assert "Demo: her er e-posten" not in user.get("login/code").text
    assert mails(home) == []


@pytest.mark.rule("LOGIN-1")
def test_a_right_code_opens_the_shop_with_a_welcome(user):
    """The front greets by name and tells the customer number; another page does not."""
    shown = text_of(user.get("?welcome=1"))
    assert "Velkommen, Innkjøper Testby" in shown
    assert "100234" in shown
    assert "Velkommen" not in text_of(user.get())


@pytest.mark.rule("CUST-1")
def test_the_welcome_tells_the_new_customer_number(home, client):
    """Right after log-in, and that old ones no longer hold."""
    user = User(home, client)
    user.ask(KARI)
    answer = user.give(user.code())
    shown = text_of(user.get(answer.headers["Location"].removeprefix("/")))
    assert "Testby bibliotek har kundenummer 100234. Gamle kundenumre gjelder ikke lenger." in shown


@pytest.mark.parametrize(
    "written", ["", "kari", "kari@", "a" * 300 + "@b.no", "<script>@b", "a b@c.no", "a@b"]
)
def test_what_is_no_address_is_said_at_the_field(home, client, written):
    """422, the text still there, and no code is asked for."""
    user = User(home, client)
    answer = user.ask(written)
    assert answer.status_code == 422
    assert "Skriv e-postadressen din" in text_of(answer)
    assert "<script>@b" not in answer.text


@pytest.mark.rule("LOGIN-2")
def test_a_wrong_code_tells_the_tries_left_and_the_fifth_ends_it(home, client):
    """Whatever is written; then a new code is needed, which the page asks for."""
    user = User(home, client)
    user.ask(KARI)
    form = user.page("login/code").form("code")
    for left, wrong in enumerate(["", "x" * 500, "१२३४५६", "-1"], start=1):
        answer = user.submit(form, {"code": wrong})
        assert answer.status_code == 422
        assert f"Forsøk igjen: {5 - left}" in text_of(answer)
    answer = user.submit(form, {"code": "12"})
    assert "Denne koden kan ikke brukes lenger" in text_of(answer)
    assert user.get("login/code").headers["Location"].partition("?")[0] == "/login"


@pytest.mark.rule("LOGIN-2")
def test_a_code_is_too_old_after_ten_minutes(home, client, clock):
    """It opens nothing, and the page leads back to the beginning."""
    user = User(home, client)
    user.ask(KARI)
    digits, form = user.code(), user.page("login/code").form("code")
    clock.forward(minutes=10)
    assert user.submit(form, {"code": digits}).status_code == 422
    assert user.get("cart").headers["Location"].partition("?")[0] == "/login"


def test_blanks_in_a_code_do_no_harm(home, client):
    """As people copy it out of a mail."""
    user = User(home, client)
    user.ask(KARI)
    digits = user.code()
    assert user.give(f" {digits[:3]} {digits[3:]} ").status_code == 303


@pytest.mark.rule("LOGIN-2")
def test_asking_again_in_one_browser_ends_its_earlier_code(home, client, clock):
    """The cookie of before opens nothing, with the right code neither."""
    user = User(home, client)
    user.ask(KARI)
    digits, before = user.code(), client.get_cookie("login").value
    clock.forward(minutes=2)
    user.ask(KARI)
    client.set_cookie("login", before)
    assert user.get("login/code").headers["Location"].partition("?")[0] == "/login"
    with pytest.raises(login.NotIn):
        login.enter(home.world, before, digits)


@pytest.mark.rule("LOGIN-2")
def test_too_many_codes_are_refused_with_the_time(home, client, clock):
    """429, and when the next one may be asked for; the same for an address that nobody has."""
    for email in (KARI, STRANGER):
        user = User(home, client)
        for _ in range(4):
            assert user.ask(email).status_code == 303
            clock.forward(minutes=2)
        answer = user.ask(email)
        assert answer.status_code == 429
        assert "11:15" in text_of(answer) or "neste" in text_of(answer)
        clock.forward(hours=1)


def test_cookies_are_kept_from_scripts_and_other_sites(filled, tmp_path, clock):
    """Over TLS with ``__Host-`` and Secure; both HttpOnly, the browser's Strict, the session's Lax."""
    home = build(filled, tmp_path / "tls", clock, public_base_url=TLS)
    client = create_app(home).test_client()
    asked = post(client, "/login", email=KARI)
    assert "; Secure; HttpOnly; Path=/; SameSite=Strict" in cookie(asked, "__Host-login")
    digits = re.search(r"\b\d{6}\b", mails(home)[0].text)[0]
    entered = post(client, "/login/code", code=digits)
    assert "; Secure; HttpOnly; Path=/; SameSite=Lax" in cookie(entered, "__Host-shop")
    assert client.get("/cart", base_url=TLS).status_code == 200
    home.close()


def post(client, path, **values):
    """What answers to the form of this page, over TLS."""
    shown = client.get(path, base_url=TLS).text
    token = re.search(r'name="csrf_token"[^>]* value="([^"]+)"', shown)[1]
    return client.post(path, data={"csrf_token": token, **values}, headers=FROM_OUR_PAGE, base_url=TLS)


@pytest.mark.rule("FLOW-4", way="direct")
def test_a_session_ends_by_log_out_and_by_time(home, client, user, clock):
    """After half an hour without a click, after eight hours in any case, and at once by the button."""
    clock.forward(minutes=29)
    assert user.get("cart").status_code == 200
    clock.forward(minutes=30)
    assert user.get("cart").headers["Location"].partition("?")[0] == "/login"
    user = User.enter(home, client)
    for _ in range(17):
        clock.forward(minutes=28)
        assert user.get("cart").status_code == 200
    clock.forward(minutes=28)
    assert user.get("cart").headers["Location"].partition("?")[0] == "/login"
    user = User.enter(home, client)
    before = client.get_cookie("shop").value
    (form,) = user.page("").forms_to("/logout")
    assert user.submit(form).headers["Location"] == "/"
    client.set_cookie("shop", before)
    assert user.get("cart").headers["Location"].partition("?")[0] == "/login"


@pytest.mark.rule("LOGIN-5")
def test_a_user_of_several_libraries_chooses_one(home, client):
    """Nothing is shown before; afterwards everything is that library's, until another is chosen."""
    add_customer(home, "200001", {"email": KARI, "name": "Kari"})
    user = User.enter(home, client)
    assert user.get("cart").headers["Location"] == "/customer"
    assert user.get("min-side/").headers["Location"] == "/customer"
    form = user.page("customer").form("customer")
    assert user.submit(form).status_code == 422
    assert user.submit(form, {"customer": "200001"}).status_code == 303
    assert "Bibliotek 200001" in text_of(user.get())
    user.submit(user.page("customer").form("customer"), {"customer": "100234"})
    assert "Testby bibliotek" in text_of(user.get())


@pytest.mark.rule("LOGIN-5")
def test_another_s_library_cannot_be_chosen(user):
    """Whatever the form is made to say, only the user's own libraries are there."""
    form = user.page("customer").form("customer")
    data = dict(form.untouched()) | {"customer": "100235"}
    answer = user.client.post(form.action, data=data, headers=FROM_OUR_PAGE)
    assert answer.status_code == 422
    assert "Testby bibliotek" in text_of(user.get())


@pytest.mark.rule("LOGIN-6", way="punchout")
@pytest.mark.rule("LOGIN-7", way="punchout")
def test_a_punchout_session_opens_nothing_of_the_direct_shop(home, client):
    """Not even for an address that is an administrator's: neither pages, nor Min side, nor a cookie of it."""
    from protocols.model.session import Shopper as Person  # noqa: PLC0415 - the name is taken here

    shopper = Shopper.enter(home, client, shopper=Person(name="Kari", email=KARI))
    shopper.add("9799900000272")
    for path in ("/cart", "/checkout", "/carts", "/customer", "/min-side/", "/titles/9799900000272"):
        assert client.get(path).headers["Location"].partition("?")[0] == "/login", path
    assert client.get_cookie("shop") is None
    for path in ("min-side/", "login", "checkout", "carts", "customer"):
        assert shopper.get(path).status_code == 404, path
    shown = shopper.get().text
    assert "/min-side/" not in shown
    assert "/login" not in shown


@pytest.mark.rule("LOGIN-7", way="punchout")
@pytest.mark.parametrize("name", ["shop", "login", "desk"])
def test_a_handle_is_no_cookie_of_the_direct_shop(home, client, name):
    """What opens a session under /s/ opens nothing elsewhere, and the other way round."""
    handle = call_up(home).rpartition("/")[2]
    shopper = Shopper.enter(home, client)
    for value in (handle, shopper.handle):
        client.set_cookie(name, value)
        assert client.get("/cart").headers["Location"].partition("?")[0] == "/login"


@pytest.mark.rule("CART-3")
def test_a_direct_cart_is_invisible_in_punchout_and_the_other_way_round(home, app, user):
    """Two carts of one library, each with its own line."""
    user.add("9799900000272", 3)
    shopper = Shopper.enter(home, app.test_client())
    assert shopper.page("cart").links_to("/copies") == []
    shopper.add("9799900000272", 1)
    assert "3 × uten fordeling" in text_of(user.get("cart"))
    address = shopper.get("cart").request.path
    assert (
        user.client.get(address.replace(shopper.handle, user.client.get_cookie("shop").value)).status_code
        == 410
    )


def test_a_colleague_s_form_is_worth_nothing(home, app, user):
    """A token of one user's page does not open another's."""
    other = User.enter(home, app.test_client(), CHILDREN)
    form = other.page("titles/9799900000272").form("quantity")
    assert user.submit(form, {"quantity": "1"}).status_code == 403


@pytest.mark.rule("CUST-6")
def test_min_side_tells_the_customer_information(home, app):
    """Account, addresses, and who one is."""
    user = User.enter(home, app.test_client(), SCHOOL)
    shown = text_of(user.get("min-side/"))
    for word in ("Testby skolebibliotek", "100235", "310000027", "Skoleveien 3", SCHOOL, "administrator"):
        assert word in shown


@pytest.mark.rule("LOGIN-1")
def test_a_shared_mailbox_is_let_in_and_told(home, client):
    """The guide asks for a personal address."""
    add_customer(home, "200002", {"email": "post@felles.example", "name": ""})
    user = User(home, client)
    user.ask("post@felles.example")
    answer = user.give(user.code())
    assert "som en flere leser" in text_of(user.get(answer.headers["Location"].removeprefix("/")))


@pytest.mark.parametrize("wanted", ["min-side/", "cart", "titles/9799900000272"])
def test_log_in_leads_on_to_where_one_was_going(home, client, wanted):
    """A link in a mail is not forgotten on the way."""
    user = User(home, client)
    user.submit(user.read(user.get(wanted)).form("email"), {"email": KARI})
    form = user.page(f"login/code?to=/{wanted}").form("code")
    assert user.submit(form, {"code": user.code()}).headers["Location"] == f"/{wanted}"


@pytest.mark.parametrize(
    "wanted",
    ["https://evil.example/", "//evil.example", "/\\evil.example", "/%2f/evil", "javascript:1", "/a//b"],
)
def test_log_in_leads_to_no_other_site(home, client, wanted):
    """Whatever the address says, only a plain path of ours is gone to."""
    user = User(home, client)
    user.ask(KARI)
    form = user.page("login/code").form("code")
    data = dict(form.untouched()) | {"code": user.code()}
    answer = client.post("/login/code", query_string={"to": wanted}, data=data, headers=FROM_OUR_PAGE)
    assert answer.headers["Location"] == "/?welcome=1"


def test_who_was_away_is_told_so(user, clock):
    """Not an error, and the cart is kept."""
    user.add("9799900000272")
    clock.forward(hours=1)
    assert "Handlekurven er tatt vare på" in text_of(user.client.get("/cart", follow_redirects=True))


@pytest.mark.rule("CUST-7")
def test_pages_for_administrators_are_closed_to_other_users(home, app):
    """By membership of today, and said plainly."""
    closed = for_administrators(lambda: "inside")
    for email, said in ((KARI, True), (CHILDREN, False)):
        user = User.enter(home, app.test_client(), email)
        with app.test_request_context("/min-side/"):
            g.visit = visits.visit(home.world, user.client.get_cookie("shop").value)
            assert opens(closed) is said


def opens(view):
    """Whether the view lets this request in."""
    try:
        return view() == "inside"
    except Forbidden:
        return False


@pytest.mark.rule("CART-1")
@pytest.mark.rule("CART-4")
def test_the_same_title_again_raises_its_line(user):
    """With the profile chosen for the new copies; the ISBN may be written with hyphens."""
    user.add("979-99-000-0027-2", 1)
    user.add("9799900000272", 2, profile="Barn bildebok")
    shown = text_of(user.get("cart"))
    assert "1 × uten fordeling" in shown
    assert "2 × HBB/BARN/BILDEBOK" in shown


@pytest.mark.rule("T-M1")
def test_another_library_s_orders_and_carts_are_not_found(home, app, user):
    """By no address, and with the same answer as for what never was."""
    user.add("9799900000272")
    address = user.check_out(delivery_address_id="HBB").headers["Location"]
    school = User.enter(home, app.test_client(), SCHOOL)
    first, second = (school.client.get(path) for path in (address, "/checkout/done/direct-x"))
    assert first.status_code == second.status_code == 404
    assert "Ti små støvler" not in first.text


def test_the_desk_shows_codes_only_where_no_server_sends_them(home, client, user):
    """In the demo an operator can read them; with a mail server nobody here can."""
    digits = user.code()
    letters = outbox_desk.mails(home.world, _SEALED)
    assert digits in [word for letter in letters for word in letter.mail.text.split()]
    sending = replace(home.world, mailer=object())
    assert outbox_desk.mails(sending, _SEALED) == ()
