"""HTTP byte by byte over a socket, for what no well-behaved client sends."""

import socket
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPResponse
from urllib.parse import urlsplit

_PATIENCE = 60


@dataclass(frozen=True)
class Answer:
    """What the server said."""

    status: int
    content_type: str
    body: bytes


def send(url, head, *pieces, path="/cxml"):
    """The answer to a POST with these header lines and pieces of body, after which the line goes silent."""
    there = urlsplit(url)
    lines = [f"POST {path} HTTP/1.1", f"Host: {there.netloc}", "Connection: close", *head]
    with socket.create_connection((there.hostname, there.port), timeout=_PATIENCE) as line:
        with suppress(OSError):  # a server that has read enough hangs up, and its answer is there already
            line.sendall("\r\n".join([*lines, "", ""]).encode())
            for piece in pieces:
                line.sendall(piece)
            line.shutdown(socket.SHUT_WR)
        with HTTPResponse(line) as answer:
            answer.begin()
            return Answer(answer.status, answer.headers["Content-Type"], answer.read())


def chunk(data):
    """The data as one chunk of a chunked body."""
    return b"%x\r\n%b\r\n" % (len(data), data)
