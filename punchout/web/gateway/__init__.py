"""The door for machines: every cXML request comes to POST /cxml."""

from __future__ import annotations

from flask import Blueprint, Response, current_app, request

from protocols.xml import CXML, decompressed, read_limited
from punchout.metrics import answered
from punchout.roundtrip import cxml_door

blueprint = Blueprint("gateway", __name__)

CONTENT_TYPE = "text/xml; charset=UTF-8"


@blueprint.post("/cxml")
def cxml() -> Response:
    """The cXML answer in HTTP 200; what cannot be answered in cXML leaves through ``errors``."""
    request.max_content_length = (
        CXML.body + 1
    )  # over that of forms; the read loop is the limit, chunked or not
    body = read_limited(request.stream, CXML.body)
    plain = decompressed(body, request.headers.get("Content-Encoding", ""), CXML.body)
    content = cxml_door.answer(current_app.extensions["world"], plain, request.content_type or "")
    answered("cxml", 200)
    return Response(content, content_type=CONTENT_TYPE)
