"""Errors below ``/api/`` and ``/peppol/`` as machines read them there: problem+json (RFC 9457)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import Response, request
from werkzeug.http import HTTP_STATUS_CODES

from protocols.errors import ProtocolError
from punchout.roundtrip import refusal as refusals

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE = "application/problem+json"
_MACHINES = ("/api/", "/peppol/")


def wanted() -> bool:
    """Whether the request came to an address where machines read such replies."""
    return request.path.startswith(_MACHINES)


def refusal(error: ProtocolError) -> Response:
    """The reply to a refused request: code, place, broken rule, what is wrong and what to do."""
    status = refusals.http_status(error)
    headers = {"WWW-Authenticate": "Bearer"} if status == 401 else {}
    if wait := refusals.seconds_to_wait(error):
        headers["Retry-After"] = str(wait)
    return reply(status, error.detail, headers, refusals.told(error))


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
