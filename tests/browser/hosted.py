"""Where a buyer's own site is served: on ``localhost``, another site than the gateway on 127.0.0.1."""

import threading
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@contextmanager
def serving(make_site, handler):
    """The site made for a free port, until the block is left; the handler is handed it first."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    site = make_site(server.server_port)
    server.RequestHandlerClass = partial(handler, site)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class Handler(BaseHTTPRequestHandler):
    """Answers for a site by ``get()`` and ``post(body)``, and logs nothing."""

    def __init__(self, site, *connection):
        self._site = site
        super().__init__(*connection)

    def do_GET(self):
        """One of the site's pages."""
        self.get()

    def do_POST(self):
        """What becomes of a form's bytes."""
        self.post(self.rfile.read(int(self.headers["Content-Length"])))

    def say(self, page, charset, headers=()):
        """Nothing; the browser has the page, in bytes of this character set."""
        self.send_response(200)
        self.send_header("Content-Type", f"text/html; charset={charset}")
        self.send_header("Content-Length", str(len(page)))
        for header in headers:
            self.send_header(*header)
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, *_):
        """Nothing is logged."""
