"""Whether a URL may be called at all, before anything is looked up (security §7)."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from punchout.outbound.errors import Refused

_LONGEST = 2048
_FORBIDDEN = re.compile(r"[^\x21-\x7e]|[\\#]")
_HOST = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?|\[[0-9a-f:.]+\]", re.ASCII)
_ENDS_IN_A_NUMBER = re.compile(r"(^|\.)(0x[0-9a-f]*|[0-9]+)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Destination:
    """A URL that may be called; ``plain`` where it is http, which leads to loopback only."""

    url: str
    host: str
    plain: bool


def host_of(url: str) -> str:
    """Host and port as an allow-list holds them, in lower case; empty for what is no URL.

    >>> host_of("https://Buyer.Example:8443/cxml")
    'buyer.example:8443'
    """
    try:
        return urlsplit(url).netloc.lower()
    except ValueError:
        return ""


def checked(url: str, hosts: Collection[str], *, loopback: bool) -> Destination:
    """The URL, taken apart.

    hosts
        ``host[:port]`` in lower case, the agreement's allow-list.
    loopback
        True allows http too; the address must then turn out to be loopback.
    Raises Refused for another scheme, user-info, characters that no URL holds, a host written as a number in
    any but the plain form, and a host that is not listed.
    """
    if len(url) > _LONGEST or _FORBIDDEN.search(url):
        raise Refused("the address is too long, or holds characters that no URL may hold: encode them")
    host, scheme = _parts(url)
    if scheme != "https" and not (loopback and scheme == "http"):
        raise Refused("only https is called; give the endpoint an address that begins with https://")
    if not _HOST.fullmatch(host) or _is_odd_number(host):
        raise Refused("the address has no plain host name; write it in letters, without user or password")
    if host_of(url) not in hosts:
        raise Refused(f"{host_of(url)} is not on the agreement's list of endpoints")
    return Destination(url=url, host=host, plain=scheme == "http")


def _parts(url: str) -> tuple[str, str]:
    """The host in lower case without its port, empty where a user stands before it; and the scheme."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        raise Refused("the address is no URL") from None
    netloc = parts.netloc.lower()
    return ("" if "@" in netloc else re.sub(r":\d+$", "", netloc)), parts.scheme


def _is_odd_number(host: str) -> bool:
    """Whether the host is an IPv4 address in decimal, hexadecimal or short form, as resolvers take them."""
    if not _ENDS_IN_A_NUMBER.search(host):
        return False
    try:
        ip_address(host)
    except ValueError:
        return True
    return False
