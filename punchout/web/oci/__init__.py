"""The OCI door: a browser brings the call-up as form fields, or a machine searches (oci.md §2, §3)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, redirect, render_template, request
from werkzeug.exceptions import ClientDisconnected

from protocols.errors import NotAcceptable, ProtocolError, TooLarge, Unauthorized, Unavailable
from protocols.xml import OCI, read_limited
from punchout.metrics import answered
from punchout.roundtrip import oci_door, oci_refusals
from punchout.roundtrip.refusal import seconds_to_wait
from punchout.roundtrip.start import SetupReply
from punchout.web import errors, language, security
from punchout.web.pages import world

if TYPE_CHECKING:
    from werkzeug.wrappers import Response as AnyResponse

blueprint = Blueprint("oci", __name__)

_SAID = {TooLarge: oci_refusals.TOO_LARGE, Unavailable: oci_refusals.AWAY}
"""What people read instead of words that count bytes, or that are the bookshop's own."""


@blueprint.route("/oci/<agreement>", methods=["GET", "POST"])
def call_up(agreement: str) -> AnyResponse:
    """On to a clean address at once, so that no login stays in one; or the page of hits for a machine."""
    security.no_referrer()
    if security.only_looking():
        return Response(status=204)
    _belongs_to(agreement)
    found = oci_door.answer(world(), agreement, request.query_string, _body(), request.remote_addr or "")
    answered("oci", 200)
    if isinstance(found, SetupReply):
        return redirect(found.start_url, 303)
    body = render_template("oci/hits.html", hits=found)
    return in_charset(Response(), body, found.form.charset)


@blueprint.errorhandler(ProtocolError)
def _refused(error: ProtocolError) -> Response:
    """The page that says what is wrong in the call-up, and who can mend it."""
    status = errors.http_status(error)
    late = isinstance(error, Unauthorized) and error.retry_after
    page = render_template(
        "oci/refused.html", error=error, said=_SAID.get(type(error), error.detail), late=late
    )
    answered("oci", error.cxml_status)
    response = Response(page, status=status)
    if wait := seconds_to_wait(error):
        response.headers["Retry-After"] = str(wait)
    return response


def in_charset(response: Response, body: str, charset: str) -> Response:
    """The response with this page: characters that the set has not go as references."""
    response.data = body.encode(charset, "xmlcharrefreplace")
    response.content_type = f"text/html; charset={charset}"
    return response


def _belongs_to(agreement_id: str) -> None:
    """Nothing: whatever is answered may stand in the buyer's page, and speaks its language.

    A refused login too, for a frame that shows nothing helps nobody; so a stranger can learn of an agreement
    where it may be framed, and nothing else.
    """
    agreement = oci_door.covered(world(), agreement_id)
    if agreement is not None:
        security.framed_by(agreement)
        language.use(agreement.locale)


def _body() -> bytes:
    """The form as it came; NotAcceptable for another kind, ClientDisconnected for half of one."""
    if request.mimetype not in {"", "application/x-www-form-urlencoded"}:
        raise NotAcceptable(oci_refusals.NO_FORM, where="Content-Type")
    request.max_content_length = OCI.body + 1
    body = read_limited(request.stream, OCI.body)
    if len(body) < (request.content_length or 0):
        raise ClientDisconnected
    return body
