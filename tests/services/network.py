"""No test reaches beyond this machine: look-ups and connections elsewhere are refused as they are made."""

import ipaddress
import sys
from typing import Any

_DESTINATION = {  # audit event → which of its arguments says where to
    "socket.connect": 1,
    "socket.sendto": 1,
    "socket.sendmsg": 1,
    "socket.getaddrinfo": 0,
    "socket.gethostbyname": 0,
    "socket.gethostbyaddr": 0,
}


class BeyondLoopback(RuntimeError):
    """A test wanted the network; not an OSError, so that no retry or fallback swallows it."""


def pytest_configure() -> None:
    """The guard stands, in this process and until it ends."""
    sys.addaudithook(_refuse)


def is_local(destination: object) -> bool:
    """Whether a socket address or host name stays on this machine.

    >>> is_local(("127.0.0.1", 80)), is_local("localhost"), is_local("/run/postgresql/.s.PGSQL.5432")
    (True, True, True)
    >>> is_local("example.org"), is_local(("192.0.2.1", 25))
    (False, False)
    """
    host = destination[0] if isinstance(destination, tuple) else destination
    name = host.decode("ascii", "replace") if isinstance(host, bytes) else str(host or "")
    return name in {"", "localhost"} or name.startswith(("/", "\0")) or _is_loopback(name)


def _is_loopback(host: str) -> bool:
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _refuse(event: str, arguments: tuple[Any, ...]) -> None:
    if event in _DESTINATION and not is_local(destination := arguments[_DESTINATION[event]]):
        raise BeyondLoopback(f"a test reached for {destination!r} ({event}): tests stay on this machine")
