"""The one client for HTTP out: documents posted to endpoints, feeds fetched (security §7, T-N1)."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Collection, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, BinaryIO

import requests
from urllib3.exceptions import HTTPError

from punchout.outbound.adapter import LineAdapter
from punchout.outbound.addresses import Address, is_loopback, is_public
from punchout.outbound.destination import checked
from punchout.outbound.errors import Unreachable
from punchout.outbound.line import Limits, Line, Resolve

if TYPE_CHECKING:
    from collections.abc import Iterator

_CHUNK = 64 * 1024
_HEADERS = {
    "Accept": "text/xml, application/xml",
    "Accept-Encoding": "identity",
    "User-Agent": "PunchOut gateway",
}
_OF_DOCUMENTS = {**_HEADERS, "Content-Type": "text/xml; charset=UTF-8"}


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
class Fetched:
    """What a server answered to a question; its body is where the asker wanted it.

    size
        Bytes of the body.
    headers
        By name, without regard to case.
    following
        Target of a ``Link`` header with rel="next", as sent; empty without one.
    """

    status: int
    size: int
    headers: Mapping[str, str]
    following: str = ""


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
        with self._exchange("POST", url, hosts, _OF_DOCUMENTS, body) as answer:
            return Answer(
                status=answer.status_code,
                body=b"".join(self._body(answer)),
                content_type=answer.headers.get("Content-Type", ""),
                retry_after=answer.headers.get("Retry-After", ""),
            )

    def fetch(
        self, url: str, into: BinaryIO, *, hosts: Collection[str], headers: Mapping[str, str]
    ) -> Fetched:
        """The answer to a GET, its body written to ``into`` as it comes.

        headers
            To send beside the usual ones.
        Raises as ``post`` does; part of a body may have been written then.
        """
        with self._exchange("GET", url, hosts, {**_HEADERS, **headers}) as answer:
            return Fetched(
                status=answer.status_code,
                size=sum(map(into.write, self._body(answer))),
                headers=answer.headers,
                following=answer.links.get("next", {}).get("url", ""),
            )

    @contextmanager
    def _exchange(
        self,
        method: str,
        url: str,
        hosts: Collection[str],
        headers: Mapping[str, str],
        body: bytes | None = None,
    ) -> Iterator[requests.Response]:
        """The answer, its body still to be read; a failure until it has been is Refused or Unreachable."""
        destination = checked(url, hosts, loopback=self.loopback)
        may_reach = is_loopback if destination.plain else self.may_reach
        line = Line(destination.host, self.limits, may_reach, self.resolve, self.clock)
        try:
            with self._asked(destination.url, method, headers, body, line) as answer:
                yield answer
        except (requests.RequestException, HTTPError, OSError) as error:
            raise Unreachable(f"no answer from {destination.host}: {_why(error)}") from error

    @contextmanager
    def _asked(
        self, url: str, method: str, headers: Mapping[str, str], body: bytes | None, line: Line
    ) -> Iterator[requests.Response]:
        with requests.Session() as session:
            session.trust_env = False
            session.verify = self.trusted or True
            for scheme in ("https://", "http://"):
                session.mount(scheme, LineAdapter(line))
            timeout = (self.limits.connect_seconds, self.limits.read_seconds)
            with session.request(
                method,
                url,
                data=body,
                headers=headers,
                timeout=timeout,
                stream=True,
                allow_redirects=False,
            ) as answer:
                yield answer

    def _body(self, answer: requests.Response) -> Iterator[bytes]:
        taken = 0
        for chunk in answer.raw.stream(_CHUNK, decode_content=False):
            taken += len(chunk)
            if taken > self.limits.body_bytes:
                raise OSError(f"the answer is longer than {self.limits.body_bytes:,} bytes")
            yield chunk


def _why(error: BaseException) -> str:
    """What the system said below all wrappings, for those above may repeat the URL; else the error's name."""
    said, inner = type(error).__name__, error.__context__
    while inner is not None:
        if isinstance(inner, OSError) and not isinstance(inner, requests.RequestException):
            said = str(inner)
        inner = inner.__context__
    return str(error) if type(error) is OSError else said
