"""Hostile return addresses at the OCI door: no session, no page with one, no crash (T-B4, oci.md §2)."""

from dataclasses import dataclass, replace
from html import unescape
from urllib.parse import urlencode

import pytest

from punchout import house
from punchout.app import create_app
from tests.journeys.oci_trips import AGREEMENT, LOGIN, agree
from tests.journeys.rows import one
from tests.punchout.roundtrip.test_return_url import AGREEMENT as TESTBY
from tests.punchout.roundtrip.test_return_url import HOSTILE

pytestmark = pytest.mark.rule("T-B4")

SHOP = "https://shop.testby.example"
GOOD = f"https://{TESTBY.return_hosts[0]}/basket?session=1"
METHODS = pytest.mark.parametrize("method", ["post", "get"])


@dataclass(frozen=True)
class Door:
    """A gateway as in production, where loopback is no address for a cart."""

    home: object
    client: object

    def call(self, method, **fields):
        """What answers to the call-up with these fields."""
        sent = urlencode({**LOGIN, **fields})
        path = f"/oci/{AGREEMENT}"
        if method == "get":
            return self.client.get(f"{path}?{sent}", base_url=SHOP)
        kind = "application/x-www-form-urlencoded"
        return self.client.post(path, data=sent.encode(), content_type=kind, base_url=SHOP)

    def follow(self, answer):
        """The page that a redirect in the shop leads to in the end."""
        while answer.status_code == 303:
            answer = self.client.get(answer.location.removeprefix(SHOP), base_url=SHOP)
        return answer

    def leave(self, called):
        """The first page, the question whether to leave, and what follows when it is answered."""
        first = self.follow(called)
        path = "/".join([*first.request.path.split("/")[:3], "leave"])
        asked = self.client.get(path, base_url=SHOP)
        token = _token(asked.get_data(as_text=True))
        left = self.client.post(path, data=token, base_url=SHOP, headers={"Origin": SHOP})
        return [first, asked, left, self.follow(left)]

    def sessions(self):
        """How many sessions have been offered."""
        return one(self.home.settings.database_url, "SELECT count(*) FROM session")


@pytest.fixture
def door(settings):
    """The door of a buyer that lists the hosts of ``TESTBY``."""
    home = house.build(replace(settings, loopback=False, public_base_url=SHOP))
    hosts = {"return_hosts": TESTBY.return_hosts, "return_url": ""}
    agree(home.world, default_customer="100234", **hosts)
    yield Door(home, create_app(home).test_client())
    home.close()


def repeats(answer, url):
    """Whether the answer holds the address, in the page or where it leads."""
    shown = unescape(answer.get_data(as_text=True)) + str(answer.headers)
    return len(url) > len("https://") and url.strip() in shown


def test_the_list_is_long_enough():
    """What is held to here is T-B4's number."""
    assert len(set(HOSTILE)) >= 60


@METHODS
@pytest.mark.parametrize("field", ["HOOK_URL", "hook_url", "MM_HOOK_URL"])
def test_no_session_is_opened_for_a_hostile_hook(door, method, field):
    """Each is refused with a page that names the field and does not repeat the address."""
    wrong = {}
    for url in HOSTILE:
        answer = door.call(method, **{field: url})
        if not 400 <= answer.status_code < 500 or repeats(answer, url):
            wrong[url] = answer.status
    assert wrong == {}
    assert door.sessions() == 0
    assert door.call(method, **{field: GOOD}).status_code == 303
    assert door.sessions() == 1


@METHODS
@pytest.mark.parametrize("function", ["VALIDATE", "BACKGROUND_SEARCH"])
def test_no_function_answers_to_a_hostile_hook(door, method, function):
    """Neither a form to post by itself nor one to be read has such an address."""
    asked = {"FUNCTION": function, "PRODUCTID": "9799900000272", "SEARCHSTRING": "øya"}
    wrong = {}
    for url in HOSTILE:
        answer = door.call(method, HOOK_URL=url, **asked)
        if not 400 <= answer.status_code < 500 or repeats(answer, url) or b"NEW_ITEM" in answer.data:
            wrong[url] = answer.status
    assert wrong == {}
    assert door.sessions() == 0


@METHODS
def test_a_hostile_way_out_is_on_no_page(door, method):
    """The shopper may shop, but leaves by the form to HOOK_URL instead of OCICANCEL's address."""
    wrong = {}
    for url in HOSTILE:
        called = door.call(method, HOOK_URL=GOOD, OCICANCEL=url)
        if called.status_code == 400 and (method, "\0" in url) == ("get", True):
            continue
        pages = [called, *door.leave(called)]
        if any(page.status_code >= 400 or repeats(page, url) for page in pages) or _action(pages[-1]) != GOOD:
            wrong[url] = [page.status for page in pages]
    assert wrong == {}


def _token(page):
    """The hidden field of the page's last form, to be posted back."""
    name, _, rest = page.rpartition("<input")[2].partition('name="')[2].partition('"')
    return {name: rest.partition('value="')[2].partition('"')[0]}


def _action(page):
    """Where the page's form goes."""
    return unescape(page.get_data(as_text=True).partition('action="')[2].partition('"')[0])
