"""A trade feed on loopback: it answers what a test has laid out for each question."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Said:
    """One answer."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Feeding:
    """The feed.

    says
        Answers by the question's query; any other question is answered 404.
    asked
        The queries that came, in order.
    proofs
        The Authorization header of each; empty without one.
    """

    url: str
    says: dict[str, Said] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    proofs: list[str] = field(default_factory=list)


@contextmanager
def feeding() -> Iterator[Feeding]:
    """The feed, until the block is left."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    feed = Feeding(f"http://localhost:{server.server_port}/titles")
    server.RequestHandlerClass = partial(_Handler, feed)
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield feed
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def __init__(self, feed: Feeding, *args: object) -> None:
        self._feed = feed
        super().__init__(*args)  # type: ignore[arg-type]

    def do_GET(self) -> None:
        query = self.path.partition("?")[2]
        self._feed.asked.append(query)
        self._feed.proofs.append(self.headers.get("Authorization", ""))
        said = self._feed.says.get(query, Said(status=404))
        self.send_response(said.status)
        for name, value in {"Content-Length": str(len(said.body)), **said.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(said.body)

    def log_message(self, *_: object) -> None:
        """Nothing is said of it."""
