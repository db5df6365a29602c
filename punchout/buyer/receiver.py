"""Where the shop answers to: a small web server of the buyer's own, on loopback."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socket import socket
from socketserver import BaseServer
from urllib.parse import parse_qsl

_LIMIT = 25_000_000
_ENDPOINT = "/cxml"
_THANKS = "<!doctype html><html lang=nb><title>Mottatt</title><h1>Handlekurven er mottatt</h1></html>"


@dataclass(frozen=True, slots=True)
class Receiver:
    """The BrowserFormPost address, and the forms that have been posted to it, oldest first.

    endpoint
        The address for documents, where an inbox takes them.
    bodies
        The same forms as they came: a form without documents may repeat names, and be in another charset.
    """

    url: str
    endpoint: str
    bodies: list[bytes]

    @property
    def forms(self) -> list[dict[str, str]]:
        """The fields of each form, read as UTF-8."""
        return [dict(parse_qsl(body.decode("ascii"), keep_blank_values=True)) for body in self.bodies]


@contextmanager
def receiving(
    host: str = "localhost", answer: Callable[[bytes, str], bytes] | None = None
) -> Iterator[Receiver]:
    """A receiver that listens on a free port until the block is left.

    host
        ``localhost`` is another host than 127.0.0.1, as a buyer's is another than the shop's.
    answer
        Answers the documents that come to the endpoint, told their bytes and type; without it none is taken.
    """
    bodies: list[bytes] = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, bodies, answer))
    listening = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    listening.start()
    try:
        place = f"http://{host}:{server.server_port}"
        yield Receiver(f"{place}/return?session=1&lang=nb", f"{place}{_ENDPOINT}", bodies)
    finally:
        server.shutdown()
        server.server_close()
        listening.join()


class _Handler(BaseHTTPRequestHandler):
    """Takes one form and says thanks, or one document and answers it."""

    def __init__(
        self,
        bodies: list[bytes],
        answer: Callable[[bytes, str], bytes] | None,
        request: socket,
        client: tuple[str, int],
        server: BaseServer,
    ) -> None:
        self._bodies = bodies
        self._answer = answer
        super().__init__(request, client, server)

    def do_POST(self) -> None:
        """Keep the form, or answer the document."""
        length = int(self.headers.get("Content-Length", 0))
        if not 0 <= length <= _LIMIT:
            self.send_error(HTTPStatus.BAD_REQUEST)
            return
        body = self.rfile.read(length)
        if self._answer and self.path == _ENDPOINT:
            self._say(self._answer(body, self.headers.get("Content-Type", "")), "text/xml")
            return
        self._bodies.append(body)
        self._say(_THANKS.encode(), "text/html")

    def _say(self, content: bytes, kind: str) -> None:
        self.send_response(HTTPStatus.OK)
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """Nothing is logged."""
