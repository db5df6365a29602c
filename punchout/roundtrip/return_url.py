"""Where a browser may be sent with the cart: only to an address that the agreement lists (T-B4)."""

from __future__ import annotations

import ipaddress
import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

import idna

from protocols.errors import Malformed

if TYPE_CHECKING:
    from protocols.model.agreement import Agreement

_LONGEST = 2048
_CXML_PLACE = "PunchOutSetupRequest/BrowserFormPost/URL"
_SAPEVENT = re.compile(r"sapevent:[A-Za-z0-9_-]{1,40}", re.IGNORECASE)
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\xa0\\]")
_HOST = re.compile(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?(:[0-9]{1,5})?", re.ASCII)
_DEFAULT_PORTS = {"https": ":443", "http": ":80"}


def checked(url: str, agreement: Agreement, *, loopback: bool, where: str = _CXML_PLACE) -> str:
    """The URL as it will be posted to; Malformed naming the place that it came in when it may not be used.

    Refused: no address at all, another scheme than https (http only by ``return_http`` in a test agreement,
    or to loopback when that is switched on), user-info, backslash, white space, an unlisted host, more
    than 2 048 characters, and anything that browsers and ``urlsplit`` read in two ways.
    """
    wanted = url.strip() or agreement.return_url
    try:
        _check(wanted, agreement, loopback=loopback)
    except _NotUsable as error:
        advice = error.advice or f"send {where.partition('/')[2] or where}"
        raise Malformed(f"{error}; {advice}", where=where) from error
    return wanted


def inside_sap_gui(url: str) -> bool:
    """Whether this is no address but SAP GUI's own, which takes the form out of its embedded browser.

    >>> inside_sap_gui("SAPEVENT:POST"), inside_sap_gui("sapevent:javascript:alert(1)")
    (True, False)
    """
    return bool(_SAPEVENT.fullmatch(url.strip()))


class _NotUsable(Exception):
    """Why an address may not be used, and what to do about it."""

    def __init__(self, what: str, advice: str = "") -> None:
        super().__init__(what)
        self.advice = advice


def _check(wanted: str, agreement: Agreement, *, loopback: bool) -> None:
    if not wanted:
        raise _NotUsable("no address to return the cart to")
    if len(wanted) > _LONGEST or _FORBIDDEN.search(wanted):
        raise _NotUsable("the address is too long or holds characters that no URL may hold", "encode them")
    scheme, host = _origin(wanted)
    if not _listed(scheme, host, wanted, agreement, loopback=loopback):
        raise _NotUsable(
            "the address is not on the agreement's list of return hosts",
            "ask the shop to add the host, or use https and a listed one",
        )


def origin(url: str) -> str:
    """Scheme and host of a checked URL, for ``form-action`` and ``frame-ancestors``.

    >>> origin("https://buyer.example:8443/cart?x=1"), origin("SAPEVENT:POST")
    ('https://buyer.example:8443', 'sapevent:')
    """
    if inside_sap_gui(url):
        return "sapevent:"
    parts = urlsplit(url)
    return f"{parts.scheme}://{_ascii_host(parts.netloc)}"


def _origin(url: str) -> tuple[str, str]:
    """Scheme and host[:port] in lower case; not usable where two readers could disagree."""
    try:
        parts = urlsplit(url)
        host = _ascii_host(parts.netloc)
        port = parts.port
    except (ValueError, idna.IDNAError) as error:
        raise _NotUsable("the address cannot be read", "send an absolute https URL") from error
    explicit = url.startswith(f"{url.partition(':')[0]}://{parts.netloc}")
    if not explicit or port == 0 or "@" in parts.netloc or not _same(url, urlunsplit(parts)):
        advice = "send an absolute https URL without user-info"
        raise _NotUsable("the address can be read in two ways", advice)
    return parts.scheme, host


def _same(url: str, again: str) -> bool:
    """Whether parsing and writing changed nothing but the case of the scheme and empty tails."""
    scheme, _, rest = url.partition(":")
    return f"{scheme.lower()}:{rest}".rstrip("?#") == again.rstrip("?#")


def _ascii_host(netloc: str) -> str:
    host, colon, port = netloc.partition(":")
    if not host.isascii():
        host = idna.encode(host, uts46=True, std3_rules=True).decode("ascii")
    joined = f"{host.lower()}{colon}{port}"
    if not _HOST.fullmatch(joined):
        msg = "not a host name"
        raise ValueError(msg)
    return joined


def _listed(scheme: str, host: str, wanted: str, agreement: Agreement, *, loopback: bool) -> bool:
    """Whether the host may be used; of an agreement's own ``return_url`` it may, for this very address."""
    if loopback and scheme in _DEFAULT_PORTS and _is_loopback(host):
        return True
    allowed = scheme == "https" or (
        scheme == "http" and agreement.return_http and agreement.deployment == "test"
    )
    port = _DEFAULT_PORTS.get(scheme, "")
    listed = {entry.strip().lower().removesuffix(port) for entry in agreement.return_hosts}
    return allowed and (wanted == agreement.return_url or host.removesuffix(port) in listed)


def _is_loopback(host: str) -> bool:
    name = host.partition(":")[0]
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
