"""The one place where an error becomes a reply: cXML Status for machines, a page for people (design §4.8)."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask import Response, current_app, render_template, request
from werkzeug.exceptions import BadRequest, ClientDisconnected, HTTPException, MethodNotAllowed

from protocols.cxml import status
from protocols.errors import NotAcceptable, NotSupported, ProtocolError, TooLarge
from protocols.xml import CXML
from punchout.catalogues import marked
from punchout.metrics import answered
from punchout.roundtrip.letter import stamp
from punchout.roundtrip.refusal import seconds_to_wait
from punchout.web import problem

if TYPE_CHECKING:
    from flask import Flask

    from punchout.roundtrip.world import World

log = logging.getLogger(__name__)

_MACHINES = ("/cxml",)
_DOCUMENTS = {"text/xml", "application/xml", "text/plain", "multipart/related", "multipart/mixed"}


class OurFault(ProtocolError):
    """Something broke on our side; the reference finds it in the log."""

    cxml_status = 500
    http_status = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """What a page tells a person: what happened, whose side it is on, and what to do."""

    code: int
    title: str
    detail: str
    advice: str
    reference: str = ""


def answer_for(app: Flask) -> None:
    """Nothing: from now on every error of this app leaves as a reply that its reader understands."""
    app.register_error_handler(ProtocolError, _protocol_error)
    app.register_error_handler(HTTPException, _http_error)
    app.register_error_handler(ClientDisconnected, broken_off)
    app.register_error_handler(Exception, _defect)


def broken_off(_error: Exception) -> Response:
    """The reply to a body that the web server could not take off the wire: damaged chunks, an early end."""
    return _http_error(BadRequest("the request broke off before its end; send it again"))


def refused(trouble: Trouble) -> Response:
    """The page under the HTTP status that fits; a document that missed the door is told where it is."""
    if problem.wanted():
        return problem.reply(trouble.code, trouble.detail or trouble.title)
    return _missed(trouble.code) if _from_machine() else page(trouble)


def _protocol_error(error: ProtocolError) -> Response:
    if request.path.startswith("/peppol/"):
        answered("peppol", error.cxml_status)
        return problem.refusal(error)
    if problem.wanted():
        return problem.reply(max(error.http_status, 400), error.detail)
    return _to_machine(error) if _from_machine() else _to_person(error)


def _http_error(error: HTTPException) -> Response:
    if problem.wanted():
        return problem.reply(error.code or 500, error.description or "", _allowed(error))
    if not _from_machine():
        return page(_of_http(error))
    if error.code == 413:
        return _to_machine(TooLarge(f"The document is larger than {CXML.body:,} bytes."))
    if error.code in {404, 405}:
        reply = _missed(error.code)
        reply.headers.extend(_allowed(error))
        return reply
    return _to_machine(NotAcceptable(error.description or "the request cannot be read"))


def _missed(http_status: int) -> Response:
    """The reply to a request that came to another address than the door's, or not with POST."""
    how = "with POST" if request.path in _MACHINES else "to /cxml"
    return _to_machine(NotSupported(f"send cXML requests {how}"), http_status=http_status)


def _allowed(error: HTTPException) -> dict[str, str]:
    methods = error.valid_methods if isinstance(error, MethodNotAllowed) else None
    return {"Allow": ", ".join(methods)} if methods else {}


def _defect(error: Exception) -> Response:
    world: World = current_app.extensions["world"]
    reference = world.new_reference()
    log.error("defect %s", reference, exc_info=error)
    if problem.wanted():
        return problem.reply(500, f"Something failed on our side; ask the shop about {reference}.")
    if _from_machine():
        return _to_machine(OurFault(f"something failed on our side; ask the shop about {reference}"))
    return page(
        Trouble(
            code=500,
            title=marked("Something failed on our side"),
            detail=marked("Nothing that you entered is lost as far as it had been saved."),
            advice=marked("Go back and try again. If it fails again, give customer service the code below."),
            reference=reference,
        )
    )


def _from_machine() -> bool:
    """Whether a machine reads the reply: at its door, and with a document that missed the door.

    No form of a page sends one of these types, nor a body without a type.
    """
    kind = request.mimetype
    is_document = kind in _DOCUMENTS or kind.endswith("+xml") or (not kind and bool(request.content_length))
    return request.path in _MACHINES or is_document


def _to_machine(error: ProtocolError, *, http_status: int | None = None) -> Response:
    """The cXML Response; HTTP 200 for what the protocol can say, 413, 415, 500, 503 for what it cannot."""
    world: World = current_app.extensions["world"]
    body = status.from_error(error, stamp(world))
    reply = Response(body, status=http_status or error.http_status, content_type="text/xml; charset=UTF-8")
    if wait := seconds_to_wait(error):
        reply.headers["Retry-After"] = str(wait)
    answered("cxml", error.cxml_status)
    return reply


def _to_person(error: ProtocolError) -> Response:
    code = http_status(error)
    return page(
        Trouble(
            code=code,
            title=_TITLES[code],
            detail=error.detail,
            advice=marked("Go back, or start again from the procurement system."),
        )
    )


def http_status(error: ProtocolError) -> int:
    """The HTTP status that fits a refusal which people read."""
    code = error.http_status if error.http_status >= 400 else error.cxml_status
    code = _AS_HTTP.get(code, code)
    return code if code in _TITLES else 400


_AS_HTTP = {401: 403, 450: 501}
"""HTTP wants a challenge with 401, and knows no 450."""

_TITLES = {
    400: marked("That could not be understood"),
    403: marked("That is not allowed here"),
    404: marked("There is no such page"),
    405: marked("That is not possible here"),
    409: marked("That cannot be done now"),
    410: marked("This page is no longer open"),
    413: marked("That was too much at once"),
    501: marked("That is not offered here"),
    503: marked("The shop is busy"),
}


def _of_http(error: HTTPException) -> Trouble:
    code = error.code or 500
    return Trouble(
        code=code,
        title=_TITLES.get(code, _TITLES[400]),
        detail="",
        advice=marked("Go back, or start again from the procurement system."),
    )


def page(trouble: Trouble) -> Response:
    """The page for a person, under the HTTP status that fits."""
    return Response(render_template("error.html", trouble=trouble), status=trouble.code)
