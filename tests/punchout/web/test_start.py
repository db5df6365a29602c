"""The StartPage: spent once, explained afterwards (T-B1)."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from punchout.web import binding
from tests.punchout.web.houses import agree, call_up
from tests.punchout.web.shopper import LOOKS_AHEAD, text_of


def cookie_of(answer):
    """The attributes of the one cookie that came with an answer, names in lower case."""
    (header,) = answer.headers.getlist("Set-Cookie")
    name_value, *attributes = header.split("; ")
    return {"name": name_value.partition("=")[0]} | {
        key.lower(): value for key, _, value in (entry.partition("=") for entry in attributes)
    }


@pytest.mark.rule("T-B1")
def test_a_start_page_opens_once(home, app):
    """The first GET leads into a session, the second one of another browser explains itself with 410."""
    path = call_up(home)
    first, second = app.test_client().get(path), app.test_client().get(path)
    assert first.status_code == 303
    assert first.headers["Location"].startswith("/s/")
    assert second.status_code == 410
    assert "Denne adressen er allerede brukt" in text_of(second)
    assert "Set-Cookie" not in second.headers


@pytest.mark.rule("T-B1")
def test_of_fifty_at_once_one_gets_the_session(home, app):
    """Fifty parallel GETs of one StartPage give one 303 with a cookie, and 49 explanations."""
    path = call_up(home)
    with ThreadPoolExecutor(50) as pool:
        answers = list(pool.map(lambda _: app.test_client().get(path), range(50)))
    assert sorted(answer.status_code for answer in answers) == [303] + [410] * 49
    assert sum("Set-Cookie" in answer.headers for answer in answers) == 1


@pytest.mark.rule("T-B1")
@pytest.mark.parametrize(("method", "headers"), LOOKS_AHEAD)
def test_looking_ahead_spends_nothing(home, client, method, headers):
    """HEAD and prefetch answer without opening the session, which is still there for the person."""
    path = call_up(home)
    ahead = client.open(path, method=method, headers=headers)
    assert ahead.status_code == 204
    assert "Set-Cookie" not in ahead.headers
    assert client.get(path).status_code == 303


@pytest.mark.rule("T-B1")
def test_the_same_browser_gets_back_in(home, client):
    """Who opens a spent StartPage with the cookie of its session lands in that session."""
    path = call_up(home)
    first = client.get(path).headers["Location"]
    again = client.get(path)
    assert again.status_code == 303
    assert again.headers["Location"] == first


@pytest.mark.rule("T-B1")
def test_the_cookie_of_another_session_opens_nothing(home, client):
    """A cookie of ours for one session does not open the spent StartPage of another."""
    other = call_up(home)
    assert client.application.test_client().get(other).status_code == 303
    client.get(call_up(home))
    assert client.get(other).status_code == 410


@pytest.mark.rule("T-B1")
def test_an_expired_start_page_says_so(home, client, clock):
    """After five minutes the page says that the address has expired, and names the procurement system."""
    path = call_up(home)
    clock.forward(minutes=5)
    answer = client.get(path)
    assert answer.status_code == 410
    assert "Denne adressen er utløpt" in text_of(answer)
    assert "Testby kommune (generic)" in text_of(answer)


@pytest.mark.rule("T-B1")
def test_an_unknown_start_page_tells_nothing(client):
    """An address that we never gave out is explained without naming anybody."""
    answer = client.get("/start/0000")
    assert answer.status_code == 410
    assert "Denne adressen er ukjent her" in text_of(answer)
    assert "Testby" not in text_of(answer).replace("Testbokhandelen", "")


@pytest.mark.rule("T-B5")
def test_the_cookie_is_partitioned_where_the_buyer_frames_the_shop(home, client):
    """Only such a cookie reaches a frame; its name is made of the handle's hash."""
    agree(home, frame_ancestors=("https://buyer.testby.example",))
    answer = client.get(call_up(home))
    handle = answer.headers["Location"].split("/")[2]
    assert cookie_of(answer) == {
        "name": binding.name(handle),
        "secure": "",
        "httponly": "",
        "path": "/",
        "samesite": "None",
        "partitioned": "",
    }
    assert binding.name(handle).startswith("__Host-po-")


@pytest.mark.rule("T-B5")
def test_the_cookie_is_lax_at_top_level(home, client):
    """A buyer that opens the shop in its own window needs no cookie that travels between sites."""
    agree(home, frame_ancestors=())
    cookie = cookie_of(client.get(call_up(home)))
    assert (cookie["samesite"], "partitioned" in cookie) == ("Lax", False)


@pytest.mark.rule("T-B5")
def test_the_start_address_goes_no_further(home, client):
    """The StartPage sends no referrer, spent or not."""
    path = call_up(home)
    assert client.get(path).headers["Referrer-Policy"] == "no-referrer"
    assert client.application.test_client().get(path).headers["Referrer-Policy"] == "no-referrer"
