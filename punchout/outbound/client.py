"""The one client for HTTP out: documents posted to the endpoints of agreements (security §7, T-N1)."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import requests
from urllib3.exceptions import HTTPError

from punchout.outbound.adapter import LineAdapter
from punchout.outbound.addresses import Address, is_loopback, is_public
from punchout.outbound.destination import Destination, checked
from punchout.outbound.errors import Unreachable
from punchout.outbound.line import Limits, Line, Resolve

_CHUNK = 64 * 1024
_HEADERS = {
    "Content-Type": "text/xml; charset=UTF-8",
    "Accept": "text/xml, application/xml",
    "Accept-Encoding": "identity",
    "User-Agent": "PunchOut gateway",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What a server answered, redirects included: none is followed.

    retry_after
        As sent; empty without one.
    """

    status: int
    body: bytes
    content_type: str = ""
    retry_after: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outbound:
    """The client.

    loopback
        True allows http to loopback (``PUNCHOUT_LOOPBACK``), and loosens nothing else.
    may_reach
        Which addresses may be called over https.
    trusted
        File with the certificates to trust in place of the public ones; empty for those.
    """

    loopback: bool = False
    limits: Limits = field(default_factory=Limits)
    may_reach: Callable[[Address], bool] = is_public
    resolve: Resolve = socket.getaddrinfo
    clock: Callable[[], float] = time.monotonic
    trusted: str = ""

    def post(self, url: str, body: bytes, *, hosts: Collection[str]) -> Answer:
        """The answer to the document.

        hosts
            The agreement's allow-list, ``host[:port]`` in lower case.
        Raises Refused for an address that may not be called, Unreachable for no whole answer in time.
        """
        destination = checked(url, hosts, loopback=self.loopback)
        may_reach = is_loopback if destination.plain else self.may_reach
        line = Line(destination.host, self.limits, may_reach, self.resolve, self.clock)
        try:
            return self._exchange(destination, body, line)
        except (requests.RequestException, HTTPError, OSError) as error:
            raise Unreachable(f"no answer from {destination.host}: {_why(error)}") from error

    def _exchange(self, destination: Destination, body: bytes, line: Line) -> Answer:
        with requests.Session() as session:
            session.trust_env = False
            session.verify = self.trusted or True
            for scheme in ("https://", "http://"):
                session.mount(scheme, LineAdapter(line))
            timeout = (self.limits.connect_seconds, self.limits.read_seconds)
            with session.post(
                destination.url,
                data=body,
                headers=_HEADERS,
                timeout=timeout,
                stream=True,
                allow_redirects=False,
            ) as answer:
                return Answer(
                    status=answer.status_code,
                    body=self._body(answer),
                    content_type=answer.headers.get("Content-Type", ""),
                    retry_after=answer.headers.get("Retry-After", ""),
                )

    def _body(self, answer: requests.Response) -> bytes:
        taken = bytearray()
        for chunk in answer.raw.stream(_CHUNK, decode_content=False):
            taken += chunk
            if len(taken) > self.limits.body_bytes:
                raise OSError(f"the answer is longer than {self.limits.body_bytes:,} bytes")
        return bytes(taken)


def _why(error: BaseException) -> str:
    """What the system said below all wrappings, for those above may repeat the URL; else the error's name."""
    said, inner = type(error).__name__, error.__context__
    while inner is not None:
        if isinstance(inner, OSError) and not isinstance(inner, requests.RequestException):
            said = str(inner)
        inner = inner.__context__
    return str(error) if type(error) is OSError else said
