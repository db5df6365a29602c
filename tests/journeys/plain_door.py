"""The OCI door of a gateway as in production, where loopback is no address for a cart; no network between."""

from contextlib import contextmanager
from dataclasses import dataclass, replace
from html import unescape

from protocols.oci import pairs
from punchout import house
from punchout.app import create_app
from punchout.buyer.browser import filled
from punchout.buyer.pages import read
from tests.journeys.rows import count

SHOP = "https://shop.testby.example"
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True)
class Door:
    """The door, and a browser without script in front of it."""

    home: object
    client: object

    def get(self, url):
        """What answers there."""
        return self.client.get(url.removeprefix(SHOP), base_url=SHOP)

    def post(self, url, body, **headers):
        """What answers to these bytes of a form."""
        where = url.removeprefix(SHOP)
        return self.client.post(where, data=body, content_type=_FORM, base_url=SHOP, headers=headers)

    def follow(self, answer):
        """What a redirect in the shop leads to in the end."""
        while answer.status_code == 303:
            answer = self.get(answer.location)
        return answer

    def submit(self, answer, form, values=None, button=()):
        """What the form leads to in the end, filled so and sent by this button."""
        body = pairs.encoded([*filled(form, values or {}), *button], form.charset)
        return self.follow(self.post(form.action, body, Origin=SHOP))

    def enter(self, called):
        """The page that an answer leads to, past the question who shops."""
        first = self.follow(called)
        asked = page_of(first).form("name", "email")
        return self.submit(first, asked, button=[("nobody", "1")]) if asked else first

    def below(self, first, path):
        """The page below the front of the session that this page is of."""
        return self.get("/".join([*first.request.path.split("/")[:3], path]))

    def leave(self, first):
        """The question whether to leave the session, and the page that sends the shopper home."""
        asked = self.below(first, "leave")
        (form,) = page_of(asked).forms_to("/leave")
        return asked, self.submit(asked, form)

    def sessions(self):
        """How many sessions have been offered."""
        return count(self.home.settings.database_url, "session")


@contextmanager
def open_door(settings):
    """The door on these settings, until the block is left."""
    home = house.build(replace(settings, loopback=False, public_base_url=SHOP))
    yield Door(home, create_app(home).test_client())
    home.close()


def page_of(answer):
    """The answer as a browser without script sees it."""
    return read(f"{SHOP}{answer.request.path}", answer.status_code, text_of(answer))


def text_of(answer):
    """The answer's text, in the character set that it says."""
    return answer.data.decode(answer.mimetype_params.get("charset", "utf-8"))


def shows(answer, text):
    """Whether the text stands in the page or its headers, escaped or not."""
    return text in unescape(text_of(answer)) + str(answer.headers)
