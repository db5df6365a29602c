"""Where library systems fetch their documents and say how it went (transport ``pull``, HO-1, DIST-11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, jsonify, request, url_for

from catalog_bridge.bookshop import BookshopError, NotFound, ShopUnavailable
from punchout.roundtrip import library_access
from punchout.web import problem
from punchout.web.library.reports import Unreadable, reports
from punchout.web.pages import world
from punchout.web.security import only_looking

if TYPE_CHECKING:
    from catalog_bridge.library_systems import DocumentFacts, LineFacts

blueprint = Blueprint("library", __name__, url_prefix="/api/v1/library")

WARNING = "Punchout-Warning"
"""The header that carries what is to be said beside a document."""

_CHALLENGE = {"WWW-Authenticate": 'Bearer realm="library"'}
_RETRY = {"Retry-After": "30"}
_DIGITS = 9


class NoBearer(Exception):
    """The request brings no token, or one that opens nothing."""


@blueprint.before_request
def _identify() -> None:
    """Nothing; NoBearer, in the same way for a token that is missing, wrong, revoked or nobody's."""
    sent = request.authorization
    text = (sent.token or "") if sent and sent.type == "bearer" else ""
    g.customer_number = library_access.bearer(world(), text)
    if not g.customer_number:
        raise NoBearer


@blueprint.get("/documents")
def waiting() -> Response:
    """The documents that wait to be fetched or reported on, the oldest first."""
    found = world().library.undelivered(g.customer_number)
    return jsonify(
        customer_number=g.customer_number,
        warning=world().library.warning(g.customer_number),
        documents=[_facts(document) for document in found],
    )


@blueprint.get("/documents/<number>")
def document(number: str) -> Response:
    """The document itself; its lines are ``sent`` from now on, unless somebody only looks (HEAD)."""
    library = world().library
    fetch = library.document if only_looking() else library.take
    found = fetch(g.customer_number, _number(number))
    name = f"{g.customer_number}-{found.facts.number}.{found.profile.ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    if said := library.warning(g.customer_number):
        headers[WARNING] = said
    return Response(found.body, headers=headers, content_type=found.profile.media_type)


@blueprint.post("/documents/<number>/acknowledgement")
def acknowledge(number: str) -> Response:
    """The document after the report: all its lines acknowledged, or line by line what is said of them."""
    said = reports(request.get_data())
    return jsonify(_facts(world().library.report(g.customer_number, _number(number), said)))


@blueprint.get("/records/<isbn>")
def record(isbn: str) -> Response:
    """The bibliographic record of a title that was ordered with it, as it came (CAT-4, SVC-3)."""
    found = world().library.record(g.customer_number, isbn)
    name = f"{found.isbns[0]}.{found.format.ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(found.body, headers=headers, content_type=found.format.media_type)


@blueprint.errorhandler(NoBearer)
def _who(_error: NoBearer) -> Response:
    detail = "Send the token that the shop gave you as Authorization: Bearer TOKEN."
    return problem.reply(401, detail, _CHALLENGE)


@blueprint.errorhandler(Unreadable)
def _unreadable(error: Unreadable) -> Response:
    return problem.reply(422, str(error))


@blueprint.errorhandler(BookshopError)
def _refused(error: BookshopError) -> Response:
    if isinstance(error, ShopUnavailable):
        return problem.reply(503, error.detail, _RETRY)
    return problem.reply(404 if isinstance(error, NotFound) else 409, error.detail)


def _number(text: str) -> int:
    """The number in the address; NotFound for what cannot be one."""
    if not (text.isascii() and text.isdecimal() and len(text) <= _DIGITS):
        raise NotFound("There is no document %(number)s for this customer.", number=text)
    return int(text)


def _facts(facts: DocumentFacts) -> dict[str, object]:
    return {
        "number": facts.number,
        "order_number": facts.order_number,
        "profile": facts.profile,
        "queued_at": facts.queued_at,
        "url": url_for("library.document", number=facts.number),
        "lines": [_line(line) for line in facts.lines],
    }


def _line(line: LineFacts) -> dict[str, object]:
    return {
        "order_line_id": line.order_line_id,
        "state": line.state.value,
        "reason": line.reason,
        "in_document": not line.left_out,
        "changed_at": line.changed_at,
    }
