"""StatusUpdateRequest: the Status of a document that was answered before, sent later (cxml.md §9)."""

from __future__ import annotations

from lxml import etree

from protocols.cxml.elements import Findings, add, attribute, children, name, path, put, text
from protocols.cxml.envelope import Envelope
from protocols.cxml.frame import Route, Stamp, add_status, finished, request
from protocols.dialects import Dialect
from protocols.errors import Malformed
from protocols.model.finding import Finding, Severity
from protocols.model.fulfilment import StatusUpdate
from protocols.model.session import Deployment

_READ = {"DocumentReference", "Status"}


def parse(envelope: Envelope) -> tuple[StatusUpdate, tuple[Finding, ...]]:
    """The update and what deviated in it; what it says besides the Status is not read.

    Raises Malformed without a Status that has a code.
    """
    element, found = envelope.payload, Findings()
    parts = children(element)
    status, reference = parts.get("Status"), parts.get("DocumentReference")
    if status is None:
        raise Malformed("The update has no Status.", where=path(element))
    update = StatusUpdate(
        document_payload_id="" if reference is None else attribute(reference, "payloadID"),
        code=_code(status),
        text=attribute(status, "text"),
        detail=text(status),
    )
    if not update.document_payload_id:
        found.note("value.missing", f"{path(element)}/DocumentReference/@payloadID")
    for part in element:
        if name(part) not in _READ:
            found.note("envelope.unknown", part, expected="a Status alone", severity=Severity.NOTE)
    return update, found.all()


def _code(status: etree._Element) -> int:
    written = attribute(status, "code")
    if not (written.isdecimal() and len(written) == 3):
        raise Malformed("The Status needs a code of three digits.", where=f"{path(status)}/@code")
    return int(written)


def build(
    update: StatusUpdate,
    route: Route,
    stamp: Stamp,
    dialect: Dialect,
    deployment: Deployment,
    lang: str = "nb",
) -> bytes:
    """The StatusUpdateRequest document, secret included; the inverse of ``parse``."""
    body = request(route, stamp, deployment, lang)
    element = etree.SubElement(body, "StatusUpdateRequest")
    put(add(element, "DocumentReference"), "payloadID", update.document_payload_id)
    add_status(element, update.code, update.text, update.detail, lang)
    return finished(body, dialect.dtd_version)
