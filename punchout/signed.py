"""Signatures with keys of our own, so that what comes back from a browser needs no row to be known again."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from session_store.secrets import Keyring


def signature(keyring: Keyring, purpose: str, text: str) -> str:
    """HMAC-SHA256 of the text under the active key for this purpose, as base64url without padding."""
    return signatures(keyring, purpose, text)[0]


def is_ours(keyring: Keyring, purpose: str, text: str, claimed: str) -> bool:
    """Whether the claimed signature of the text is one of ours, by any live master key."""
    expected = signatures(keyring, purpose, text)
    return any(hmac.compare_digest(one.encode(), claimed.encode()) for one in expected)


def signatures(keyring: Keyring, purpose: str, text: str) -> tuple[str, ...]:
    """The signature of the text by each live master key, the active one's first."""
    return tuple(_mac(key, text) for key in keyring.derived(purpose))


def _mac(key: bytes, text: str) -> str:
    digest = hmac.digest(key, text.encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
