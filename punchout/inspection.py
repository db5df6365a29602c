"""What a document is and says, and what is odd about it: the readers of the gateway without the gateway."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from protocols.cxml import cart, confirmation, order, profile, setup, status_update
from protocols.cxml.attachments import received
from protocols.cxml.elements import text
from protocols.cxml.envelope import Envelope, open_envelope, open_response
from protocols.cxml.verdict import validate
from protocols.dialects import Dialect
from protocols.errors import NotAcceptable, ProtocolError
from protocols.model.finding import Finding
from protocols.xml import Document

Reader = Callable[[Envelope], tuple[Any, tuple[Finding, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspected:
    """A document that could be parsed.

    kind
        Payload element; ``Response …`` for an answer.
    model
        What the payload says, in the words of ``protocols.model``; None for kinds that are not read, and for
        a payload that is refused.
    refusal
        Why its reader refuses it; None when it does not.
    attachments
        What the document refers to as a file beside it.
    """

    document: Document
    kind: str
    envelope: Envelope | None = None
    model: Any = None
    findings: tuple[Finding, ...] = ()
    refusal: ProtocolError | None = None
    attachments: tuple[str, ...] = ()


def inspect(raw: bytes, content_type: str = "", dialect: Dialect = setup.GENERIC) -> Inspected:
    """The document, opened and read; raises what the XML door raises for what is no document at all."""
    document = received(raw, content_type)
    try:
        envelope = open_envelope(document)
    except NotAcceptable:
        return _answer(document)
    except ProtocolError as error:
        return Inspected(document=document, kind="cXML", findings=document.findings, refusal=error)
    return _read(document, envelope, dialect)


def _unread(_: Envelope) -> tuple[None, tuple[Finding, ...]]:
    return None, ()


def _answer(document: Document) -> Inspected:
    """A Response, told with its code; a document that is none either is refused in the envelope's words."""
    try:
        said = open_response(document)
    except ProtocolError as error:
        return Inspected(document=document, kind="unknown", findings=document.findings, refusal=error)
    inside = f", {said.payload.tag!s}" if said.payload is not None else ""
    findings = (*document.findings, *validate(document))
    return Inspected(document=document, kind=f"Response {said.code}{inside}", findings=findings)


def _read(document: Document, envelope: Envelope, dialect: Dialect) -> Inspected:
    readers: dict[str, Reader] = {
        "PunchOutSetupRequest": lambda opened: setup.parse(opened, dialect),
        "OrderRequest": order.parse,
        "PunchOutOrderMessage": cart.parse,
        "ProfileRequest": profile.parse,
        "ConfirmationRequest": confirmation.parse,
        "StatusUpdateRequest": status_update.parse,
    }
    reader = readers.get(envelope.kind, _unread)
    refusal = None
    try:
        model, found = reader(envelope)
    except ProtocolError as error:
        model, found, refusal = None, (), error
    return Inspected(
        document=document,
        kind=envelope.kind,
        envelope=envelope,
        model=model,
        findings=(*envelope.findings, *found, *validate(document)),
        refusal=refusal,
        attachments=tuple(text(entry) for entry in envelope.payload.iter("Attachment")),
    )
