"""A procurement system's own site, on ``localhost``: another site than the gateway on 127.0.0.1.

It links to the shop or frames it, and takes the cart home.
"""

import html
import threading
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

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


@contextmanager
def serving():
    """The site, until the block is left."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    site = Site(server.server_port)
    server.RequestHandlerClass = partial(_Handler, site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _query(start):
    return urlencode({"start": start})


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, site, *connection):
        self._site = site
        super().__init__(*connection)

    def do_GET(self):
        """The page with the link, the frame, or the cookies that came along."""
        address = urlsplit(self.path)
        start = html.escape(parse_qs(address.query).get("start", [""])[0])
        if address.path == "/probe":
            self._say("Cookies", f"<p>{html.escape(self.headers.get('Cookie', ''))}</p>", _COOKIES)
        else:
            self._say("Rekvisisjon", (_FRAME if address.path == "/frame" else _LINK).format(start=start))

    def do_POST(self):
        """The cart, kept."""
        body = self.rfile.read(int(self.headers["Content-Length"])).decode("ascii")
        self._site.carts.append(dict(parse_qsl(body, keep_blank_values=True)))
        self._say("Mottatt", "<h1>Handlekurven er mottatt</h1>")

    def _say(self, title, body, cookies=()):
        page = _PAGE.format(title=title, body=body).encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        for cookie in cookies:
            self.send_header("Set-Cookie", cookie)
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        """Nothing is logged."""
