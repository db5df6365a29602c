"""Hostile return addresses at the OCI door: no session, no page with one, no crash (T-B4, oci.md §2)."""

from urllib.parse import urlencode

import pytest

from tests.journeys.oci_trips import AGREEMENT, LOGIN, agree
from tests.journeys.plain_door import open_door, page_of, shows
from tests.punchout.roundtrip.test_return_url import AGREEMENT as TESTBY
from tests.punchout.roundtrip.test_return_url import HOSTILE

pytestmark = pytest.mark.rule("T-B4")

GOOD = f"https://{TESTBY.return_hosts[0]}/basket?session=1"
METHODS = pytest.mark.parametrize("method", ["post", "get"])


@pytest.fixture
def door(settings):
    """The door of a buyer that lists the hosts of ``TESTBY``."""
    with open_door(settings) as opened:
        agree(opened.home.world, return_hosts=TESTBY.return_hosts, default_customer="100234")
        yield opened


def call(door, method, **fields):
    """What answers to the call-up with these fields."""
    sent, where = urlencode({**LOGIN, **fields}), f"/oci/{AGREEMENT}"
    return door.get(f"{where}?{sent}") if method == "get" else door.post(where, sent.encode())


def repeats(answer, url):
    """Whether the answer holds the address, in the page or where it leads."""
    return len(url) > len("https://") and shows(answer, url.strip())


def test_the_list_is_long_enough():
    """What is held to here is T-B4's number."""
    assert len(set(HOSTILE)) >= 60


@METHODS
@pytest.mark.parametrize("field", ["HOOK_URL", "hook_url", "MM_HOOK_URL"])
def test_no_session_is_opened_for_a_hostile_hook(door, method, field):
    """Each is refused with a page that does not repeat the address; a listed one is not."""
    wrong = {}
    for url in HOSTILE:
        answer = call(door, method, **{field: url})
        if not 400 <= answer.status_code < 500 or repeats(answer, url):
            wrong[url] = answer.status
    assert wrong == {}
    assert door.sessions() == 0
    assert call(door, method, **{field: GOOD}).status_code == 303
    assert door.sessions() == 1


@METHODS
@pytest.mark.parametrize("function", ["VALIDATE", "BACKGROUND_SEARCH"])
def test_no_function_answers_to_a_hostile_hook(door, method, function):
    """Neither a form to post by itself nor one to be read has such an address."""
    asked = {"FUNCTION": function, "PRODUCTID": "9799900000272", "SEARCHSTRING": "øya"}
    wrong = {}
    for url in HOSTILE:
        answer = call(door, method, HOOK_URL=url, **asked)
        if not 400 <= answer.status_code < 500 or repeats(answer, url) or shows(answer, "NEW_ITEM"):
            wrong[url] = answer.status
    assert wrong == {}
    assert door.sessions() == 0


@METHODS
def test_a_hostile_way_out_is_on_no_page(door, method):
    """The shopper may shop, but leaves by the form to HOOK_URL instead of OCICANCEL's address."""
    wrong = {}
    for url in HOSTILE:
        called = call(door, method, HOOK_URL=GOOD, OCICANCEL=url)
        if called.status_code == 400 and "\0" in url:
            continue
        first = door.follow(called)
        pages = [called, first, *door.leave(first)]
        goes_to = [form.action for form in page_of(pages[-1]).forms]
        if any(page.status_code >= 400 or repeats(page, url) for page in pages) or goes_to != [GOOD]:
            wrong[url] = [page.status for page in pages]
    assert wrong == {}
