"""Who gets to the desk, how long, and that nobody else does (security §8)."""

import pytest

from punchout.app import create_app
from session_store import journal, orders
from session_store.orders import OrderState
from tests.punchout.web.houses import build
from tests.punchout.web.operator import come_in, held_order, login_path, page, post
from tests.punchout.web.routes import addresses, unsafe
from tests.punchout.web.shopper import FROM_OUR_PAGE, LOOKS_AHEAD, text_of
from tests.punchout.web.test_headers import PAGE_POLICY, policy

CLOSED = "Skranken er stengt"


def at_desk(client):
    """Whether this browser is at the desk."""
    answer = client.get("/desk/")
    assert answer.status_code in {200, 403}
    return answer.status_code == 200


def said(home, kind):
    """Who did this, as the journal has it."""
    with home.store.read() as tx:
        return [entry.actor for entry in journal.timeline(tx, "", "") if entry.kind == kind]


@pytest.mark.rule("T-B1")
def test_an_address_opens_the_desk_once(home, app, client):
    """The first browser comes in, the second is told why not; the journal names the operator."""
    path = login_path(home)
    assert client.get(path).headers["Location"] == "/desk/"
    assert at_desk(client)
    other = app.test_client()
    late = other.get(path)
    assert late.status_code == 403
    assert "Adressen er brukt, utløpt eller ukjent" in text_of(late)
    assert not at_desk(other)
    assert said(home, "desk.entered") == ["operator:Åse"]


@pytest.mark.rule("T-B1")
@pytest.mark.parametrize(("method", "headers"), LOOKS_AHEAD)
def test_looking_at_the_address_does_not_spend_it(home, client, method, headers):
    """A mail scanner or a browser that fetches ahead leaves it to the operator."""
    path = login_path(home)
    looked = client.open(path, method=method, headers=headers)
    assert looked.status_code == 204
    assert "Set-Cookie" not in looked.headers
    assert client.get(path).status_code == 303


def test_an_address_expires(home, client, clock):
    """After five minutes it opens nothing."""
    path = login_path(home)
    clock.forward(minutes=5)
    assert client.get(path).status_code == 403


def test_the_desk_closes_behind_who_is_away(home, client, clock):
    """After 30 minutes without a request; each request begins them anew."""
    come_in(home, client)
    for _ in range(3):
        clock.forward(minutes=29)
        assert at_desk(client)
    clock.forward(minutes=30)
    assert not at_desk(client)


def test_the_desk_closes_after_eight_hours(home, client, clock):
    """However busy the operator was."""
    come_in(home, client)
    for _ in range(16):
        clock.forward(minutes=28)
        assert at_desk(client)
    clock.forward(minutes=28)
    assert at_desk(client)
    clock.forward(minutes=4)
    assert not at_desk(client)


def test_leaving_ends_it_for_good(home, client):
    """The cookie is taken away, and worth nothing for whoever kept it."""
    come_in(home, client)
    kept = client.get_cookie("desk").value
    (form,) = page(client.get("/desk/")).forms_to("/logout")
    assert "Du har forlatt skranken" in text_of(post(client, form))
    assert client.get_cookie("desk") is None
    client.set_cookie("desk", kept)
    assert not at_desk(client)
    assert said(home, "desk.left") == ["operator:Åse"]


def test_the_cookie_is_for_the_desk_alone(home, client):
    """HttpOnly and SameSite=Strict; on plain http, where browsers refuse it, without Secure and prefix."""
    cookie = come_in(home, client).headers["Set-Cookie"]
    name, *rest = cookie.split("; ")
    assert name.startswith("desk=")
    assert sorted(rest) == ["HttpOnly", "Path=/", "SameSite=Strict"]


def test_over_tls_the_cookie_has_the_host_prefix(filled, tmp_path, clock):
    """No other host can set it then, and it travels encrypted only."""
    there = "https://shop.example"
    home = build(filled, tmp_path / "tls", clock, public_base_url=there)
    client = create_app(home).test_client()
    cookie = come_in(home, client, base_url=there).headers["Set-Cookie"]
    name, *rest = cookie.split("; ")
    assert name.startswith("__Host-desk=")
    assert sorted(rest) == ["HttpOnly", "Path=/", "SameSite=Strict", "Secure"]
    assert client.get("/desk/", base_url=there).status_code == 200
    home.close()


def desk_routes(app, reference):
    """Every page of the desk but the way in, with an order's address in it."""
    found = addresses(app, "GET").items()
    return [
        address.replace("/x", f"/{reference}")
        for endpoint, address in found
        if endpoint.startswith("desk.") and endpoint != "desk.come_in"
    ]


@pytest.mark.rule("T-M1")
@pytest.mark.rule("T-B5")
def test_no_page_of_the_desk_opens_without_its_cookie(app, home, client, shopper):
    """Strangers and shoppers get the closed desk on every route; nothing of the order, nothing stored."""
    order = held_order(home)
    routes = desk_routes(app, order.reference)
    assert len(routes) >= 7
    for address in routes:
        answer = shopper.client.get(address)
        assert (address, answer.status_code) == (address, 403)
        assert CLOSED in text_of(answer)
        assert order.order.order_id not in text_of(answer)


@pytest.mark.rule("T-B5")
def test_pages_of_the_desk_are_neither_stored_nor_framed(app, home, client):
    """Not even by a buyer that may frame the shop."""
    order = held_order(home)
    come_in(home, client)
    for address in desk_routes(app, order.reference):
        answer = client.get(address)
        assert answer.status_code in {200, 404}
        assert answer.headers["Cache-Control"] == "no-store"
        assert policy(answer) == {**PAGE_POLICY, "frame-ancestors": "'none'"}


@pytest.mark.rule("T-B3")
def test_one_operators_form_is_worth_nothing_in_anothers_browser(app, home, client):
    """Every post of the desk is refused with the token of a colleague, or without one."""
    order, other = held_order(home), app.test_client()
    come_in(home, client)
    come_in(home, other, "Bo")
    foreign = page(other.get("/desk/")).forms[0].untouched()
    posts = [(method, path) for method, endpoint, path in unsafe(app) if endpoint.startswith("desk.")]
    assert len(posts) >= 12
    for method, path in posts:
        for data in ({}, dict(foreign)):
            answer = client.open(
                path.replace("/x", f"/{order.reference}"), method=method, data=data, headers=FROM_OUR_PAGE
            )
            assert (path, answer.status_code) == (path, 403)
    assert at_desk(client)


@pytest.mark.rule("T-M2")
def test_fields_that_no_form_has_change_nothing(home, client):
    """A refusal with other people's field names refuses this order, and no more."""
    first, second = held_order(home), held_order(home, "PO-2")
    come_in(home, client)
    (form,) = page(client.get(f"/desk/orders/{first.reference}/refuse")).forms_to("/refuse")
    post(client, form, reason="Feil", agreement_id="demo-coupa", reference=second.reference, status="placed")
    assert state(home, first) is OrderState.REFUSED
    assert state(home, second) is OrderState.HELD


def state(home, order):
    """Where the order stands now."""
    with home.store.read() as tx:
        return orders.get(tx, order.agreement_id, order.id).state


def test_an_order_that_there_is_not(home, client):
    """The page says how a code looks; a code in small letters, with O for 0, is understood."""
    order = held_order(home)
    come_in(home, client)
    missing = client.get("/desk/orders/ZZZZZZZZ")
    assert missing.status_code == 404
    assert "Det finnes ingen bestilling med denne koden" in text_of(missing)
    spelled = order.reference.lower().replace("0", "o").replace("1", "l")
    assert client.get(f"/desk/orders/{spelled}").status_code == 200


def test_a_question_about_an_order_that_is_settled_leads_to_the_order(home, client):
    """An old tab with the question shows how the order stands now."""
    order = held_order(home)
    come_in(home, client)
    (form,) = page(client.get(f"/desk/orders/{order.reference}/refuse")).forms_to("/refuse")
    post(client, form, reason="Feil")
    for what in ("release", "refuse"):
        answer = client.get(f"/desk/orders/{order.reference}/{what}")
        assert answer.headers["Location"] == f"/desk/orders/{order.reference}"
