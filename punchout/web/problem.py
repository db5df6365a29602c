"""Errors below ``/api/`` and ``/peppol/`` as machines read them there: problem+json (RFC 9457)."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from flask import Response, request
from werkzeug.http import HTTP_STATUS_CODES

from protocols.errors import (
    Conflict,
    Forbidden,
    NotAcceptable,
    NotSupported,
    PreconditionFailed,
    ProtocolError,
    TooLarge,
    Unauthorized,
    Unavailable,
    Unknown,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE = "application/problem+json"
_MACHINES = ("/api/", "/peppol/")
_HTTP = {NotAcceptable: 400, NotSupported: 422, PreconditionFailed: 409}
"""Where the number of the protocol means something else in HTTP."""

_ADVICE: dict[type[ProtocolError], str] = {
    Unauthorized: "Check the token, wait if you were told to, and send the document again.",
    Forbidden: "Ask the shop to look at the agreement; sending the same again changes nothing.",
    Unknown: "Check the address, or ask the shop.",
    Conflict: "Send changed content as a document of its own, with a number of its own.",
    Unavailable: "Send the same document again in half a minute.",
    TooLarge: "Send it in parts.",
    NotSupported: "Send a document of one of the kinds that are served.",
}
_ADVICE_ELSE = "Correct the document at the place that is named, and send it again."
_RETRY_SECONDS = 30


def wanted() -> bool:
    """Whether the request came to an address where machines read such replies."""
    return request.path.startswith(_MACHINES)


def refusal(error: ProtocolError) -> Response:
    """The reply to a refused request: code, place, broken rule, what is wrong and what to do."""
    status = error.http_status if error.http_status >= 400 else _HTTP.get(type(error), error.cxml_status)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    if wait := error.retry_after or (_RETRY_SECONDS if isinstance(error, Unavailable) else 0):
        headers["Retry-After"] = str(wait)
    advice = next((text for kind, text in _ADVICE.items() if isinstance(error, kind)), _ADVICE_ELSE)
    told = {"code": _word(error), "where": error.where, "rule": error.rule, "advice": advice}
    return reply(status, error.detail, headers, told)


def _word(error: ProtocolError) -> str:
    """The kind of refusal as a word: ``not-supported``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()


def reply(
    status: int,
    detail: str,
    headers: Mapping[str, str] | None = None,
    told: Mapping[str, str] | None = None,
) -> Response:
    """The reply that says what is wrong, and what to do.

    told
        What stands beside it.
    """
    said = {
        "type": "about:blank",
        "title": HTTP_STATUS_CODES.get(status, ""),
        "status": status,
        "detail": detail,
        **(told or {}),
    }
    return Response(json.dumps(said), status=status, headers=headers, content_type=MEDIA_TYPE)
