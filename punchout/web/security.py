"""What every answer carries and every form must bring: headers, framing, forms of our own (security §5)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from flask import abort, current_app, g, request

from protocols import dialects
from protocols.dialects import Frame
from protocols.model.session import Deployment
from punchout.roundtrip.return_url import origin
from punchout.web import forgery

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from flask import Flask, Response

    from protocols.model.agreement import Agreement

HEADERS = {
    "Strict-Transport-Security": "max-age=63072000; includeSubDomains",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
"""On every answer; a view that sets one itself keeps its own."""

POLICY = {
    "default-src": "'self'",
    "img-src": "'self' data:",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
}
"""Content-Security-Policy of an ordinary page; ``frame-ancestors`` comes from the agreement."""

_FIELD_NAME = re.compile(r"[a-z_]+(-[0-9]{1,3}-[a-z_]+){0,2}")
_FOR_EVERYBODY = {"static", "bootstrap.static"}
_PREFETCH = ("Sec-Purpose", "Purpose")
_KEEP_FILES = "public, max-age=3600"


def protect(app: Flask) -> None:
    """Nothing: from now on forged posts are refused and every answer carries its headers (T-B3, T-B5)."""
    app.before_request(forgery.refuse)
    app.before_request(_refuse_strange)
    app.after_request(_with_headers)
    app.register_error_handler(forgery.Forged, forgery.explained)
    app.jinja_env.globals.update(csrf_token=forgery.token, csrf_field=forgery.FIELD)


def framed(agreement: Agreement) -> bool:
    """Whether this buyer shows the shop inside a page of its own."""
    return bool(agreement.frame_ancestors) or dialects.agreed(agreement).frame is Frame.IFRAME


def framed_by(agreement: Agreement) -> None:
    """Nothing: this answer may be framed by the agreement's pages."""
    g.ancestors = agreement.frame_ancestors


def framed_by_ourselves() -> None:
    """Nothing: this answer may stand in a frame of our own, the built-in buyer's."""
    g.ancestors = ()


def return_to(url: str, agreement: Agreement, nonce: str) -> None:
    """Nothing: this answer may only post to the buyer, and run the one script with this nonce.

    url
        Empty where nothing is posted.
    """
    goes_to = [origin(url)] if url else []
    g.policy = {
        "default-src": "'none'",
        "style-src": "'self'",
        "img-src": "'self' data:",
        "script-src": f"'nonce-{nonce}'",
        "form-action": " ".join(dict.fromkeys([*goes_to, *_return_origins(agreement)])) or "'none'",
        "base-uri": "'none'",
    }
    g.referrer = "no-referrer"


def no_referrer() -> None:
    """Nothing: this answer's address goes no further."""
    g.referrer = "no-referrer"


def only_looking() -> bool:
    """Whether no person has opened the address yet: a HEAD, or a browser that fetches ahead."""
    return request.method == "HEAD" or any(
        "prefetch" in request.headers.get(name, "").lower() for name in _PREFETCH
    )


def _return_origins(agreement: Agreement) -> Iterable[str]:
    """Where the buyer may redirect the form on to: browsers check each step."""
    plain = agreement.return_http and agreement.deployment is Deployment.TEST
    schemes = ("https", "http") if plain else ("https",)
    return (f"{scheme}://{host}" for host in agreement.return_hosts for scheme in schemes)


def _refuse_strange() -> None:
    """Nothing; 400 for what no page of ours sends: a NUL in the address, a field that no form has.

    PostgreSQL holds no NUL, and WTForms stumbles over fields like ``copies-²-note``.
    """
    if "\0" in request.path or b"%00" in request.query_string:
        abort(400)
    if request.endpoint is None or request.endpoint in forgery.EXEMPT:
        return
    if not all(map(_FIELD_NAME.fullmatch, request.form)):
        abort(400)


def _with_headers(response: Response) -> Response:
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.endpoint in _FOR_EVERYBODY and response.status_code < 400:
        response.headers["Cache-Control"] = _KEEP_FILES
    if "referrer" in g:
        response.headers["Referrer-Policy"] = g.referrer
    response.headers["Content-Security-Policy"] = _written({**g.get("policy", POLICY), **_frames()})
    return response


def _frames() -> Mapping[str, str]:
    """Who may frame this answer: nobody, unless its view said so; on loopback the built-in buyer too."""
    ancestors = g.get("ancestors")
    if ancestors is None:
        return {"frame-ancestors": "'none'"}
    ours = ["'self'"] if current_app.extensions["world"].loopback else []
    return {"frame-ancestors": " ".join([*ours, *ancestors]) or "'none'"}


def _written(policy: Mapping[str, str]) -> str:
    return "; ".join(f"{directive} {sources}" for directive, sources in policy.items())
