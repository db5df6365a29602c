"""Errors below ``/api/`` as machines read them there: problem+json (RFC 9457)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from flask import Response, request
from werkzeug.http import HTTP_STATUS_CODES

if TYPE_CHECKING:
    from collections.abc import Mapping

MEDIA_TYPE = "application/problem+json"


def wanted() -> bool:
    """Whether the request came to an address where machines read such replies."""
    return request.path.startswith("/api/")


def reply(status: int, detail: str, headers: Mapping[str, str] | None = None) -> Response:
    """The reply that says what is wrong, and what to do."""
    said = {
        "type": "about:blank",
        "title": HTTP_STATUS_CODES.get(status, ""),
        "status": status,
        "detail": detail,
    }
    return Response(json.dumps(said), status=status, headers=headers, content_type=MEDIA_TYPE)
