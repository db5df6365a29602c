"""The address that the cart is posted back to: a small web server of the buyer's own, on loopback."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from socketserver import BaseServer
from urllib.parse import parse_qsl

_LIMIT = 25_000_000
_THANKS = "<!doctype html><html lang=nb><title>Mottatt</title><h1>Handlekurven er mottatt</h1></html>"


@dataclass(frozen=True, slots=True)
class Receiver:
    """The BrowserFormPost address, and the forms that have been posted to it, oldest first."""

    url: str
    forms: list[dict[str, str]]


@contextmanager
def receiving(host: str = "localhost") -> Iterator[Receiver]:
    """A receiver that listens on a free port until the block is left.

    host
        ``localhost`` is another host than 127.0.0.1, as a buyer's is another than the shop's.
    """
    forms: list[dict[str, str]] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, forms))
    listening = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    listening.start()
    try:
        yield Receiver(f"http://{host}:{server.server_port}/return?session=1&lang=nb", forms)
    finally:
        server.shutdown()
        server.server_close()
        listening.join()


class _Handler(BaseHTTPRequestHandler):
    """Takes one form and says thanks."""

    def __init__(
        self, forms: list[dict[str, str]], request: socket, client: tuple[str, int], server: BaseServer
    ) -> None:
        self._forms = forms
        super().__init__(request, client, server)

    def do_POST(self) -> None:
        """Keep the form."""
        length = int(self.headers.get("Content-Length", 0))
        if not 0 < length <= _LIMIT:
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        body = self.rfile.read(length).decode("ascii")
        self._forms.append(dict(parse_qsl(body, keep_blank_values=True)))
        self._say(_THANKS.encode())

    def _say(self, page: bytes) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(page)))
        self.end_headers()
        self.wfile.write(page)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Nothing is logged."""
