"""An OCI buyer's own site, on ``localhost``: another site than the gateway on 127.0.0.1.

It calls the shop up by a form or a link, in its window or in a frame, and takes raw forms home as PHP does.
"""

import html
from urllib.parse import unquote_to_bytes, urlencode

from protocols.oci import callup
from protocols.oci.callup import Function
from tests.browser import hosted
from tests.journeys.oci_trips import LOGIN

MOST_FIELDS = 1000
"""``max_input_vars`` of PHP as it comes: what is beyond is dropped without a word."""

_PAGE = (
    '<!doctype html><html lang="nb"><meta charset="{charset}">'
    '<link rel="icon" href="data:,"><title>Rekvisisjon</title><h1>{heading}</h1>{body}</html>'
)
_FRAME = '<iframe name="shop" title="Bokhandelen" width="1200" height="900"></iframe>'


class OciSite:
    """The site, and what was posted to it.

    bodies
        Each form as it came, oldest first.
    referrers
        The Referer of every request but for the site's own pages; empty where there was none.
    """

    def __init__(self, port):
        self.origin = f"http://localhost:{port}"
        self.url = f"{self.origin}/return?session=1&lang=nb"
        self.cancel_url = f"{self.origin}/cancel"
        self.bodies = []
        self.referrers = []
        self._pages = {}

    def form(self, shop, *, framed=False, method="post", **asked):
        """The address of a page whose button calls the shop up; ``callup.build`` has what can be asked."""
        fields = "".join(map(_hidden, self._fields(**asked)))
        target = ' target="shop"' if framed else ""
        opened = f'<form method="{method}" action="{shop}"{target}>{fields}'
        button = f"{opened}<button>Til bokhandelen</button></form>"
        return self.page("Rekvisisjon", button + (_FRAME if framed else ""))

    def link(self, shop, **asked):
        """The address of a page whose link calls the shop up, login and all."""
        where = html.escape(f"{shop}?{urlencode(self._fields(**asked))}")
        return self.page("Rekvisisjon", f'<a href="{where}">Til bokhandelen</a>')

    def _fields(self, *, function="", **asked):
        served = Function(function) if function else None
        return callup.build(self.url, LOGIN, function=served, **asked)

    def sending(self, charset, **fields):
        """The address of a page in this character set whose button posts these fields home."""
        inputs = "".join(map(_hidden, fields.items()))
        opened = f'<form method="post" action="{self.url}" accept-charset="{charset}">{inputs}'
        return self.page("Send", f"{opened}<button>Send</button></form>", charset)

    def page(self, heading, body, charset="utf-8"):
        """The address of a page of the site."""
        path = f"/pages/{len(self._pages)}"
        self._pages[path] = (_PAGE.format(charset=charset, heading=heading, body=body), charset)
        return f"{self.origin}{path}"

    def found(self, path):
        """The page at this path, and its character set."""
        heading = "Avbrutt" if path == "/cancel" else "Finnes ikke"
        return self._pages.get(path) or (_PAGE.format(charset="utf-8", heading=heading, body=""), "utf-8")

    def taken(self, body):
        """The page that answers to a posted form: what PHP would have of it, by the bytes."""
        self.bodies.append(body)
        lines = sum(name.startswith(b"NEW_ITEM-VENDORMAT[") for name in as_php(body))
        words = {"heading": "Handlekurven er mottatt", "body": f"<p>{lines} linjer</p>"}
        return _PAGE.format(charset="utf-8", **words), "utf-8"


def as_php(body):
    """Name → value in bytes of the fields that PHP keeps of a form: the first ones, of a name the last."""
    pieces = (piece.replace(b"+", b" ").partition(b"=") for piece in body.split(b"&")[:MOST_FIELDS])
    return {unquote_to_bytes(name): unquote_to_bytes(value) for name, _, value in pieces}


def _hidden(field):
    name, value = map(html.escape, field)
    return f'<input type="hidden" name="{name}" value="{value}">'


def serving():
    """The site, until the block is left."""
    return hosted.serving(OciSite, _Handler)


class _Handler(hosted.Handler):
    def get(self):
        """One of the pages."""
        if not self.path.startswith("/pages/"):
            self._site.referrers.append(self.headers.get("Referer", ""))
        self._say(*self._site.found(self.path))

    def post(self, body):
        """A form, taken home."""
        self._site.referrers.append(self.headers.get("Referer", ""))
        self._say(*self._site.taken(body))

    def _say(self, text, charset):
        encoding = "cp1252" if charset == "iso-8859-1" else charset
        self.say(text.encode(encoding, "xmlcharrefreplace"), charset)
