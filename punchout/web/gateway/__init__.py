"""The doors for machines: cXML requests come to POST /cxml, Peppol documents to POST /peppol/<agreement>."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request
from werkzeug.exceptions import ClientDisconnected

from protocols import multipart
from protocols.xml import CXML, decompressed, read_limited
from punchout.metrics import answered
from punchout.roundtrip import cxml_door, peppol_door
from punchout.roundtrip.peppol_door import Handed

blueprint = Blueprint("gateway", __name__)

CONTENT_TYPE = "text/xml; charset=UTF-8"


@blueprint.post("/cxml")
def cxml() -> Response:
    """The cXML answer in HTTP 200; what cannot be answered in cXML leaves through ``errors``."""
    content_type = request.content_type or ""
    limit = multipart.WHOLE if multipart.is_multipart(content_type) else CXML.body
    # Over the limit of forms; the read loop is what also counts chunked bodies (T-X1).
    request.max_content_length = limit + 1
    plain = decompressed(_body(limit), request.headers.get("Content-Encoding", ""), limit)
    world, address = current_app.extensions["world"], request.remote_addr or ""
    content = cxml_door.answer(world, plain, content_type, address)
    answered("cxml", 200)
    return Response(content, content_type=CONTENT_TYPE)


@blueprint.post("/peppol/<agreement>")
def peppol(agreement: str) -> Response:
    """The answer in JSON for a document that was taken; refusals leave through ``errors`` as problem+json."""
    request.max_content_length = CXML.body + 1
    body = decompressed(_body(CXML.body), request.headers.get("Content-Encoding", ""), CXML.body)
    handed = Handed(
        body=body,
        content_type=request.content_type or "",
        token=_bearer(),
        instance_id=request.headers.get("Peppol-Instance-Id", "").strip(),
        address=request.remote_addr or "",
    )
    content = peppol_door.answer(current_app.extensions["world"], agreement, handed)
    answered("peppol", 200)
    return Response(content, content_type="application/json")


def _bearer() -> str:
    """The token that was sent; empty for none, and for any other kind of proof."""
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _body(limit: int) -> bytes:
    """The whole body; ClientDisconnected when less came than was announced."""
    body = read_limited(request.stream, limit)
    if len(body) < (request.content_length or 0):
        raise ClientDisconnected
    return body
