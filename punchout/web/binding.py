"""The cookie that binds a session to one browser; offered once, never needed (security §5)."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from punchout import signed
from punchout.fingerprint import fingerprint as token_fingerprint
from punchout.web.security import framed

if TYPE_CHECKING:
    from collections.abc import Iterator

    from flask import Request
    from werkzeug import Response

    from protocols.model.agreement import Agreement
    from session_store.secrets import Keyring

_PREFIX = "__Host-po-"
_PURPOSE = "session cookie"


def name(handle: str) -> str:
    """The cookie's name: one for each handle, so that sessions beside each other never mix."""
    return f"{_PREFIX}{hashlib.sha256(handle.encode()).hexdigest()[:8]}"


def offer(response: Response, handle: str, agreement: Agreement, keyring: Keyring) -> bytes:
    """The fingerprint of the cookie that goes with this response: handle and our signature of it.

    Where the buyer frames the shop it is ``Partitioned``, for other cookies do not reach a frame; else Lax.
    """
    value = f"{handle}.{signed.signature(keyring, _PURPOSE, handle)}"
    inside = framed(agreement)
    response.set_cookie(
        name(handle),
        value,
        secure=True,
        httponly=True,
        path="/",
        samesite="None" if inside else "Lax",
        partitioned=inside,
    )
    return token_fingerprint(value)


def fingerprint(request: Request, handle: str, keyring: Keyring) -> bytes | None:
    """The fingerprint of the cookie that came back for this handle; None without one that we signed."""
    value = request.cookies.get(name(handle), "")
    return token_fingerprint(value) if _handle_in(value, keyring) == handle else None


def handles(request: Request, keyring: Keyring) -> Iterator[str]:
    """The handles of all sessions that this browser keeps a cookie of ours for."""
    values = (value for key, value in request.cookies.items() if key.startswith(_PREFIX))
    yield from filter(None, (_handle_in(value, keyring) for value in values))


def _handle_in(value: str, keyring: Keyring) -> str:
    handle, _, claimed = value.partition(".")
    return handle if signed.is_ours(keyring, _PURPOSE, handle, claimed) else ""
