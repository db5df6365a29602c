"""The trade's feed as ``[feed]`` of ``shop.toml`` describes it: address and words are data (CAT-3)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, fields
from datetime import date
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode

from punchout.outbound.destination import checked, host_of
from punchout.outbound.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORD = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SOME_DAY = date(2026, 3, 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """Where the feed is, and what it calls things.

    since_parameter, since_format
        How a first question names its date; the format is strftime's.
    next_parameter, next_header
        How a question names the token of the next page, and the header of an answer that brings it.
    token_variable
        Environment variable whose value proves who we are, as a bearer token; empty where the feed is open.
    """

    url: str = field(repr=False)
    since_parameter: str = "after"
    since_format: str = "%Y%m%d"
    next_parameter: str = "next"
    next_header: str = "next"
    token_variable: str = ""

    def since(self, day: date) -> str:
        """The address of the first page of what has changed since."""
        return self._asking(self.since_parameter, day.strftime(self.since_format))

    def after(self, token: str) -> str:
        """The address of the page that the token stands for."""
        return self._asking(self.next_parameter, token)

    def _asking(self, name: str, value: str) -> str:
        joint = "&" if "?" in self.url else "?"
        return f"{self.url}{joint}{urlencode({name: value}, quote_via=quote)}"


_KEYS = tuple(entry.name for entry in fields(Feed))


def feed(entry: Mapping[str, Any], *, loopback: bool) -> Feed:
    """The feed; ValueError saying which key cannot be used, and why.

    loopback
        True allows http to this machine.
    """
    for key in entry.keys() - set(_KEYS):
        near = get_close_matches(key, _KEYS, n=1)
        raise ValueError(f"feed: unknown key {key}" + (f"; did you mean {near[0]}?" if near else ""))
    for key, value in entry.items():
        if not isinstance(value, str):
            raise ValueError(f"feed: {key} must be a text in quotation marks")  # noqa: TRY004 - like any other mistake
    found = Feed(**{"url": "", **entry})
    _check_url(found.url, loopback=loopback)
    for key in ("since_parameter", "next_parameter", "next_header"):
        if not _WORD.fullmatch(getattr(found, key)):
            raise ValueError(
                f"feed: {key} must be 1 to 40 of A-Z, a-z, 0-9, hyphen, underscore and full stop"
            )
    if found.token_variable and not _VARIABLE.fullmatch(found.token_variable):
        raise ValueError("feed: token_variable must be the name of an environment variable, not the token")
    if _SOME_DAY.strftime(found.since_format) == found.since_format:
        raise ValueError('feed: since_format must say how a date is written, like "%Y%m%d" or "%Y-%m-%d"')
    return found


def _check_url(url: str, *, loopback: bool) -> None:
    try:
        checked(url, {host_of(url)}, loopback=loopback)
    except Refused as error:
        raise ValueError(f"feed: url: {error}") from error
