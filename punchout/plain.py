"""Errors and addresses as people may read them: one line, without secrets."""

from __future__ import annotations

from catalog_bridge.bookshop import BookshopError
from protocols.errors import ProtocolError
from punchout.buyer.browser import PageRefused
from punchout.buyer.exchange import GatewayUnreachable
from punchout.buyer.trading import NoAgreement
from punchout.config import ConfigError
from punchout.feed.errors import FeedError
from session_store.live_secrets import AgreementError
from session_store.secrets import KeyringError

_PLAIN = (
    AgreementError,
    BookshopError,
    ConfigError,
    FeedError,
    GatewayUnreachable,
    KeyringError,
    NoAgreement,
    PageRefused,
    ProtocolError,
    OSError,
)
"""Errors whose text is meant for people; anything else is a mistake of ours."""


def plain(error: Exception) -> str:
    """The error in words for people.

    >>> plain(FileNotFoundError(2, "No such file or directory", "feed.xml"))
    'feed.xml: No such file or directory'
    """
    if isinstance(error, ProtocolError):
        return f"{error.detail} [{error.where}]" if error.where else error.detail
    if isinstance(error, OSError) and error.filename:
        return f"{error.filename}: {error.strerror}"
    if isinstance(error, _PLAIN):
        return str(error)
    said = str(error).partition("\n")[0]
    return f"unexpected {type(error).__name__}: {said}; run again as `punchout --traceback …` and report it"


def safe_url(url: str) -> str:
    """The database's address without its password.

    >>> safe_url("postgresql://punchout:sesame@db.example/punchout")
    'postgresql://punchout:***@db.example/punchout'
    """
    scheme, separator, rest = url.partition("://")
    user, at, host = rest.rpartition("@")
    name, colon, _ = user.partition(":")
    return f"{scheme}{separator}{name}{':***' if colon else ''}{at}{host}"
