"""Posts that no page of ours has sent are refused, whatever the route (T-B3)."""

import re

import pytest

from punchout.web import forgery
from tests.punchout.web.routes import unsafe
from tests.punchout.web.shopper import FROM_OUR_PAGE, Shopper, text_of

_TOKEN = re.compile(r'name="csrf_token"[^>]* value="([^"]+)"')
_REFUSED = "Skjemaet ble ikke sendt fra en av våre sider"


def token_of(shopper):
    """The token in the forms of a shopper's pages."""
    return _TOKEN.search(shopper.get().get_data(as_text=True))[1]


def guarded(app, handle):
    """The routes that must refuse a forged post."""
    return [entry for entry in unsafe(app, handle=handle) if entry[1] not in forgery.EXEMPT]


@pytest.mark.rule("T-B3")
def test_no_route_takes_a_post_without_a_token(app, shopper):
    """Every unsafe route of the route table answers 403 to a post from our own site without the token."""
    for method, endpoint, address in guarded(app, shopper.handle):
        answer = shopper.client.open(address, method=method, headers=FROM_OUR_PAGE)
        assert (endpoint, answer.status_code) == (endpoint, 403)
        assert _REFUSED in text_of(answer)


@pytest.mark.rule("T-B3")
def test_no_route_takes_the_token_of_another_session(app, home, shopper):
    """A token that was made for another session is worth nothing."""
    foreign = token_of(Shopper.enter(home, app.test_client()))
    for method, endpoint, address in guarded(app, shopper.handle):
        data = {"csrf_token": foreign}
        answer = shopper.client.open(address, method=method, data=data, headers=FROM_OUR_PAGE)
        assert (endpoint, answer.status_code) == (endpoint, 403)


@pytest.mark.rule("T-B3")
@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8000"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:8001"},
        {},
    ],
)
def test_a_right_token_from_another_site_is_refused(shopper, headers):
    """Fetch metadata decides, else Origin; `null` and nothing at all are not us."""
    data = {"csrf_token": token_of(shopper), "quantity": "1"}
    answer = shopper.client.post(f"{shopper.front}titles/9799900000272", data=data, headers=headers)
    assert answer.status_code == 403
    assert shopper.page("cart").links_to("/copies") == []


@pytest.mark.rule("T-B3")
@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}, {"Origin": "http://127.0.0.1:8000"}],
)
def test_our_own_form_is_taken(shopper, headers):
    """The token together with our own origin changes the cart."""
    data = {"csrf_token": token_of(shopper), "quantity": "1"}
    answer = shopper.client.post(f"{shopper.front}titles/9799900000272", data=data, headers=headers)
    assert answer.status_code == 303
    assert len(shopper.page("cart").links_to("/copies")) == 1


@pytest.mark.rule("T-B3")
def test_the_exempt_routes_exist_and_say_why(app):
    """Nothing is exempt without a reason, and no exemption outlives its route."""
    assert forgery.EXEMPT.keys() <= {rule.endpoint for rule in app.url_map.iter_rules()}
    assert all(len(reason.split()) > 5 for reason in forgery.EXEMPT.values())


@pytest.mark.rule("T-B3")
def test_a_token_survives_a_change_of_master_keys(app, shopper):
    """What the former key signed is still ours as long as that key is in the ring."""
    before = token_of(shopper)
    keyring = app.extensions["world"].keyring
    keyring._keys = {"new": b"n" * 32, **keyring._keys}
    keyring._purposes.cache_clear()
    assert token_of(shopper) != before
    data = {"csrf_token": before, "quantity": "1"}
    answer = shopper.client.post(f"{shopper.front}titles/9799900000272", data=data, headers=FROM_OUR_PAGE)
    assert answer.status_code == 303
