"""A server on loopback that says, byte for byte, what a test wants said."""

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Saying = Callable[[socket.socket], None]
"""Answers one request on its connection; the connection is closed afterwards."""


@dataclass(frozen=True)
class Answering:
    """Where it listens, and what it was sent: head and body of each request."""

    port: int
    requests: list[bytes] = field(default_factory=list)


def saying(*chunks: bytes) -> Saying:
    """Say these chunks and no more."""

    def say(connection: socket.socket) -> None:
        for chunk in chunks:
            connection.sendall(chunk)

    return say


def endlessly(first: bytes, then: bytes) -> Saying:
    """Say the first, and the other one for as long as somebody listens."""

    def say(connection: socket.socket) -> None:
        connection.sendall(first)
        while True:
            connection.sendall(then)

    return say


def reply(body: bytes = b"", status: str = "200 OK", *headers: str) -> bytes:
    """A whole HTTP answer."""
    head = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}", "Content-Type: text/xml", *headers]
    return "\r\n".join([*head, "", ""]).encode() + body


@contextmanager
def answering(say: Saying, tls: ssl.SSLContext | None = None) -> Iterator[Answering]:
    """The server, until the block is left."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Answering(listener.getsockname()[1])
        thread = threading.Thread(target=_serve, args=(listener, server, say, tls), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            listener.shutdown(socket.SHUT_RDWR)
            thread.join()


def _serve(listener: socket.socket, server: Answering, say: Saying, tls: ssl.SSLContext | None) -> None:
    with suppress(OSError):  # the listener is gone: no more is said
        while True:
            connection, _ = listener.accept()
            with suppress(OSError), connection:  # the other side has left
                _answer(connection, server, say, tls)


def _answer(connection: socket.socket, server: Answering, say: Saying, tls: ssl.SSLContext | None) -> None:
    spoken = tls.wrap_socket(connection, server_side=True) if tls else connection
    with spoken:
        server.requests.append(_request(spoken))
        say(spoken)


def _request(connection: socket.socket) -> bytes:
    """The request, as far as its Content-Length says; a GET has none."""
    got = b""
    while b"\r\n\r\n" not in got:
        got += _more(connection)
    head, _, body = got.partition(b"\r\n\r\n")
    lines = head.lower().split(b"\r\n")
    length = sum(int(line[15:]) for line in lines if line.startswith(b"content-length:"))
    while len(body) < length:
        body += _more(connection)
    return head + b"\r\n\r\n" + body


def _more(connection: socket.socket) -> bytes:
    got = connection.recv(65536)
    if not got:
        raise OSError("the request broke off")
    return got
