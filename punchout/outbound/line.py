"""The line of one exchange: resolved once, connected to what was checked, and over in time (security §7)."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import ip_address
from typing import TYPE_CHECKING, Any

from punchout.outbound.addresses import Address
from punchout.outbound.errors import Refused

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer, WriteableBuffer

Resolve = Callable[..., list[tuple[Any, ...]]]
"""As ``socket.getaddrinfo``."""

_HEADERS = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long an exchange may last, and how much may be answered.

    connect_seconds, read_seconds
        Longest wait for a connection with its TLS handshake, and for the next bytes.
    total_seconds
        Of the whole exchange; below the 60 s of an outbox lease.
    body_bytes
        Longest body of an answer.
    """

    connect_seconds: float = 5
    read_seconds: float = 30
    total_seconds: float = 35
    body_bytes: int = 1_000_000


class Line:
    """What one exchange goes over.

    host
        The only one that is connected to.
    may_reach
        Whether an address may be called.
    clock
        Seconds that only ever grow.
    """

    def __init__(
        self,
        host: str,
        limits: Limits,
        may_reach: Callable[[Address], bool],
        resolve: Resolve,
        clock: Callable[[], float],
    ) -> None:
        """The time runs from now on."""
        self._host = host
        self._limits = limits
        self._may_reach = may_reach
        self._resolve = resolve
        self._clock = clock
        self._end = clock() + limits.total_seconds
        self._room = limits.body_bytes + _HEADERS

    def connect(self, host: str, port: int) -> PlainSocket:
        """A connection to the first of the host's addresses that takes one; OSError when none does.

        Raises Refused when a single one of its addresses may not be called.
        """
        failed = OSError(f"{host} has no address")
        for family, kind, protocol, _, place in self._checked(host, port):
            try:
                return self._connected(family, kind, protocol, place)
            except OSError as error:
                failed = error
        raise failed

    def _checked(self, host: str, port: int) -> list[tuple[Any, ...]]:
        """All addresses of the host, looked up this once."""
        if host != self._host.strip("[]"):
            raise Refused(f"the address is read in two ways: {self._host} and {host}")
        found = self._resolve(host, port, type=socket.SOCK_STREAM)
        for *_, place in found:
            if not self._may_reach(ip_address(place[0])):
                raise Refused(f"{host} leads to an address that is not of the public Internet")
        return found

    def _connected(self, family: int, kind: int, protocol: int, place: Any) -> PlainSocket:  # noqa: ANN401 - as the system has it
        made = PlainSocket(family, kind, protocol)
        made.line = self
        try:
            made.settimeout(self.left(self._limits.connect_seconds))
            made.connect(place)
        except BaseException:
            made.close()
            raise
        return made

    def left(self, most: float | None = None) -> float:
        """Seconds to wait for what comes next, at most ``most``; TimeoutError when the time is over."""
        left = self._end - self._clock()
        if left <= 0:
            raise TimeoutError(f"the whole exchange took longer than {self._limits.total_seconds:g} s")
        return min(left, self._limits.read_seconds if most is None else most)

    def took(self, size: int) -> int:
        """The size of what came in; OSError when it is more than any answer may have."""
        self._room -= size
        if self._room < 0:
            raise OSError(f"the answer is longer than {self._limits.body_bytes:,} bytes")
        return size


class PlainSocket(socket.socket):
    """A connection whose every wait ends with its line's time."""

    line: Line

    def recv_into(self, buffer: WriteableBuffer, nbytes: int = 0, flags: int = 0) -> int:
        """How many bytes came."""
        self.settimeout(self.line.left())
        return self.line.took(super().recv_into(buffer, nbytes, flags))

    def sendall(self, data: ReadableBuffer, flags: int = 0) -> None:
        """Nothing, once all has gone."""
        self.settimeout(self.line.left())
        super().sendall(data, flags)


class TlsSocket(ssl.SSLSocket):
    """The same under TLS; its handshake has the connection's time."""

    line: Line

    def recv_into(self, buffer: WriteableBuffer, nbytes: int | None = None, flags: int = 0) -> int:
        """How many bytes came."""
        self.settimeout(self.line.left())
        return self.line.took(super().recv_into(buffer, nbytes, flags))

    def send(self, data: ReadableBuffer, flags: int = 0) -> int:
        """How many bytes have gone."""
        self.settimeout(self.line.left())
        return super().send(data, flags)


def tls() -> ssl.SSLContext:
    """Settings for TLS 1.2 and later, certificate and name always checked; whom to trust is loaded later."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.sslsocket_class = TlsSocket
    return context
