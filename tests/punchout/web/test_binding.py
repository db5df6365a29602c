"""A session and its browser: bound by a cookie where there is one, free where there is none (security §5)."""

import pytest

from punchout.web import binding
from tests.punchout.web.houses import agree
from tests.punchout.web.shopper import Shopper, text_of

_ELSEWHERE = "Denne økten er åpen i et annet vindu"


@pytest.fixture
def stranger(app, shopper):
    """Another browser that knows the address of the shopper's pages."""
    shopper.get()
    return Shopper(app.test_client(), shopper.front)


@pytest.mark.rule("T-B2")
def test_a_bound_session_is_closed_to_other_browsers(stranger):
    """Once the cookie has come back, the address alone opens nothing."""
    answer = stranger.get("cart")
    assert answer.status_code == 403
    assert _ELSEWHERE in text_of(answer)
    assert stranger.client.get(stranger.front).status_code == 403


@pytest.mark.rule("T-B2")
def test_the_session_can_follow_its_shopper(stranger, shopper):
    """The button "Fortsett her" lets the session go on in this window, with what the cart holds."""
    shopper.add("9799900000272")
    page = stranger.page("cart", 403)
    went_on = stranger.read(stranger.submit(page.forms_to("/continue")[0]))
    assert went_on.url.endswith(stranger.front)
    assert len(stranger.page("cart").links_to("/copies")) == 1


@pytest.mark.rule("T-B2")
def test_a_required_cookie_lets_nobody_follow(home, stranger):
    """With `cookie_binding = required` there is no button, and posting to it is refused."""
    agree(home, policy={"cookie_binding": "required"})
    page = stranger.page("cart", 403)
    assert page.forms == []
    agree(home, policy={"cookie_binding": "preferred"})
    form = stranger.page("cart", 403).forms_to("/continue")[0]
    agree(home, policy={"cookie_binding": "required"})
    assert stranger.submit(form).status_code == 403
    assert stranger.get("cart").status_code == 403


def test_continuing_where_nothing_is_wrong_leads_to_the_shop(app, home, shopper):
    """The button pressed twice does no harm."""
    shopper.get()
    stranger = Shopper(app.test_client(), shopper.front)
    form = stranger.page("", 403).forms_to("/continue")[0]
    for _ in range(2):
        assert stranger.submit(form).headers["Location"] == shopper.front


@pytest.mark.rule("T-B2")
def test_without_cookies_the_path_is_enough(app, home):
    """A browser that keeps no cookie shops all the same, and no cookie is demanded of it later."""
    shopper = Shopper.enter(home, app.test_client(use_cookies=False))
    shopper.add("9799900000272")
    assert len(shopper.page("cart").links_to("/copies")) == 1


@pytest.mark.rule("T-B1")
@pytest.mark.parametrize("value", ["", "x", "{handle}", "{handle}.", "{handle}.AAAA", "{other}"])
def test_a_cookie_we_did_not_sign_binds_nothing(app, home, value):
    """Only our signature counts: a made-up cookie neither binds the session nor opens a bound one."""
    shopper = Shopper.enter(home, app.test_client(use_cookies=False))
    other = app.test_client()
    Shopper.enter(home, other)
    names = [key for _, _, key in other._cookies]
    signed_for_another = other._cookies["localhost", "/", names[0]].value
    forged = app.test_client()
    forged.set_cookie(
        binding.name(shopper.handle), value.format(handle=shopper.handle, other=signed_for_another)
    )
    assert forged.get(shopper.front).status_code == 200
    assert shopper.get().status_code == 200


@pytest.mark.rule("T-B1")
@pytest.mark.parametrize(("cookies", "idle", "whole"), [(True, 30, 8 * 60), (False, 15, 2 * 60)])
def test_a_session_ends_idle_and_at_its_limit(app, home, clock, cookies, idle, whole):
    """Bound: 30 minutes idle, 8 hours in all; by path alone: 15 minutes and 2 hours (security §5)."""
    shopper = Shopper.enter(home, app.test_client(use_cookies=cookies))
    passed, step = 0, idle - 2
    while passed + step < whole:
        assert shopper.get("session").status_code == 200
        clock.forward(minutes=step)
        passed += step
    assert shopper.get("session").status_code == 200
    clock.forward(minutes=whole - passed)
    ended = shopper.get("session")
    assert ended.status_code == 410
    assert "Denne økten er avsluttet" in text_of(ended)

    idler = Shopper.enter(home, app.test_client(use_cookies=cookies))
    idler.get()
    clock.forward(minutes=idle)
    assert idler.get().status_code == 410


def test_an_ended_session_is_no_dead_end(shopper, clock):
    """The page says that the cart was not sent, where to go, and the code that customer service asks for."""
    shopper.get()
    clock.forward(hours=9)
    text = text_of(shopper.get("cart"))
    assert "Handlekurven er ikke sendt" in text
    assert "Gå tilbake til innkjøpssystemet til Testby kommune (generic)" in text
    assert "Kundeservice finner denne økten med koden" in text


@pytest.mark.rule("T-M1")
def test_an_unknown_handle_looks_like_an_ended_session(client):
    """Who guesses handles learns nothing but that the page is closed."""
    answer = client.get("/s/AAAA/cart")
    assert answer.status_code == 410
    assert "Denne økten er avsluttet" in text_of(answer)
