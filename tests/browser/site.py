"""A procurement system's own site, on ``localhost``: another site than the gateway on 127.0.0.1.

It links to the shop or frames it, and takes the cart home.
"""

import html
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

from tests.browser import hosted

_PAGE = (
    '<!doctype html><html lang="nb"><meta charset="utf-8">'
    '<link rel="icon" href="data:,"><title>{title}</title>{body}</html>'
)
_LINK = '<h1>Rekvisisjon</h1><p><a href="{start}">Til bokhandelen</a></p>'
_FRAME = (
    '<h1>Rekvisisjon</h1><iframe name="shop" title="Bokhandelen" src="{start}" '
    'width="1200" height="900"></iframe>'
)
_COOKIES = ("plain=1; Secure; SameSite=None; Path=/", "own=1; Secure; SameSite=None; Path=/; Partitioned")


class Site:
    """The site, and the carts that were posted to it: the fields of each form, oldest first."""

    def __init__(self, port):
        self.origin = f"http://localhost:{port}"
        self.return_url = f"{self.origin}/return?session=1&lang=nb"
        self.probe_url = f"http://127.0.0.1:{port}/probe"
        self.carts = []

    def link(self, start):
        """A page with a link to this address."""
        return f"{self.origin}/link?{_query(start)}"

    def frame(self, start):
        """A page that frames this address."""
        return f"{self.origin}/frame?{_query(start)}"


def serving():
    """The site, until the block is left."""
    return hosted.serving(Site, _Handler)


def _query(start):
    return urlencode({"start": start})


class _Handler(hosted.Handler):
    def get(self):
        """The page with the link, the frame, or the cookies that came along."""
        address = urlsplit(self.path)
        start = html.escape(parse_qs(address.query).get("start", [""])[0])
        if address.path == "/probe":
            self._say("Cookies", f"<p>{html.escape(self.headers.get('Cookie', ''))}</p>", _COOKIES)
        else:
            self._say("Rekvisisjon", (_FRAME if address.path == "/frame" else _LINK).format(start=start))

    def post(self, body):
        """The cart, kept."""
        self._site.carts.append(dict(parse_qsl(body.decode("ascii"), keep_blank_values=True)))
        self._say("Mottatt", "<h1>Handlekurven er mottatt</h1>")

    def _say(self, title, body, cookies=()):
        page = _PAGE.format(title=title, body=body).encode()
        self.say(page, "utf-8", [("Set-Cookie", cookie) for cookie in cookies])
