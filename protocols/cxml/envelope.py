"""The outer frame of what we receive: who sends, to whom, and what is inside (cxml.md §2)."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from protocols.cxml.elements import XML_LANG, Findings, attribute, children, name, path, text
from protocols.cxml.frame import Route, Stamp
from protocols.cxml.parties import credentials
from protocols.errors import Malformed, NotAcceptable, Unauthorized
from protocols.model.attachment import Attachment
from protocols.model.finding import Finding
from protocols.model.party import Credential
from protocols.model.session import Deployment
from protocols.moments import parsed
from protocols.xml import Document

__all__ = ["Envelope", "Party", "Response", "Route", "Stamp", "open_envelope", "open_response"]

_SIGNATURE = "{http://www.w3.org/2000/09/xmldsig#}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """One side of the Header with all its names; empty where the Header lacks it."""

    credentials: tuple[Credential, ...] = ()
    user_agent: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A request or message, opened but not yet read.

    payload_id
        Opaque; empty when missing, then there is no protection against duplicates.
    timestamp
        As sent; ``sent_at`` is None where it cannot be read.
    kind
        Name of the payload: PunchOutSetupRequest, OrderRequest, QuoteMessage …
    is_message
        True for a one-way Message, which by the standard carries no secret.
    original_payload_id
        Of the document a hub made this one from (OriginalDocument), else empty.
    attachments
        The files that came with the document.
    """

    payload_id: str
    timestamp: str
    sent_at: datetime | None
    version: str
    lang: str
    sender: Party
    from_: Party
    to: Party
    deployment: Deployment
    kind: str
    is_message: bool
    payload: etree._Element
    original_payload_id: str = ""
    findings: tuple[Finding, ...] = ()
    attachments: tuple[Attachment, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An answer, opened: its Status, and the payload beside it where there is one."""

    payload_id: str
    code: int
    text: str
    detail: str
    payload: etree._Element | None


def open_envelope(document: Document) -> Envelope:
    """The envelope of a request or message, whatever kind of payload it holds.

    Raises NotAcceptable for what is no cXML request (a Response, another root), Unauthorized for a
    request without Sender, Malformed for an empty body or an unknown deploymentMode.
    """
    found = Findings(document.findings)
    root = _root(document, found)
    parts = children(root)
    body = _body(parts)
    header = {} if (element := parts.get("Header")) is None else children(element)
    payload = _payload(body)
    if body.tag == "Request" and "Sender" not in header:
        raise Unauthorized(
            "The document has no Sender, so nobody vouches for it.", where="/cXML/Header/Sender"
        )
    sender = _party(header.get("Sender"), found)
    if not sender.user_agent:
        found.note("envelope.missing", "/cXML/Header/Sender/UserAgent")
    timestamp = attribute(root, "timestamp")
    original = header.get("OriginalDocument")
    return Envelope(
        payload_id=_expected(root, "payloadID", found),
        timestamp=timestamp,
        sent_at=_sent_at(timestamp, found),
        version=attribute(root, "version"),
        lang=attribute(root, XML_LANG),
        sender=sender,
        from_=_party(header.get("From"), found),
        to=_party(header.get("To"), found),
        deployment=_deployment(body, found),
        kind=name(payload),
        is_message=body.tag == "Message",
        payload=payload,
        original_payload_id="" if original is None else attribute(original, "payloadID"),
        findings=found.all(),
        attachments=document.attachments,
    )


def open_response(document: Document) -> Response:
    """The answer in the document; NotAcceptable when it is none, Malformed without a Status code."""
    root = _root(document, Findings())
    body = children(root).get("Response")
    if body is None:
        raise NotAcceptable("The document is no cXML Response.", where="/cXML/Response")
    parts = children(body)
    status = parts.pop("Status", None)
    code = "" if status is None else attribute(status, "code")
    if status is None or not code.isdecimal():
        raise Malformed("The Response has no Status with a code.", where="/cXML/Response/Status")
    return Response(
        payload_id=attribute(root, "payloadID"),
        code=int(code),
        text=attribute(status, "text"),
        detail=text(status),
        payload=next(iter(parts.values()), None),
    )


def _root(document: Document, found: Findings) -> etree._Element:
    """The cXML element, in its own spelling or another case, with namespaces taken off."""
    root = document.root if b"xmlns" not in document.utf8 else _without_namespaces(document.root)
    if name(root).lower() != "cxml":
        raise NotAcceptable(f"The root element is {name(root)[:40]!r}; expected cXML.", where="/")
    if document.root.tag != "cXML":
        found.note("root.spelling", "/", expected="cXML", got=name(document.root))
    return root


def _without_namespaces(root: etree._Element) -> etree._Element:
    """A copy where elements have plain names; signatures and the content of BuyerCookie stay as they were."""
    plain = deepcopy(root)
    pending = [plain]
    while pending:
        element = pending.pop()
        if name(element).startswith(_SIGNATURE):
            continue
        element.tag = etree.QName(element).localname
        if element.tag != "BuyerCookie":
            pending.extend(element)
    return plain


def _body(parts: dict[str, etree._Element]) -> etree._Element:
    if "Response" in parts:
        raise NotAcceptable("A Response came where a request was expected.", where="/cXML/Response")
    body = parts.get("Request", parts.get("Message"))
    if body is None:
        raise Malformed("The document holds no Request.", where="/cXML/Request")
    return body


def _payload(body: etree._Element) -> etree._Element:
    """The one element inside Request or Message that is not its Status."""
    payload = next((child for child in body if child.tag != "Status"), None)
    if payload is None:
        raise Malformed(f"The {name(body)} is empty.", where=path(body))
    return payload


def _party(element: etree._Element | None, found: Findings) -> Party:
    if element is None:
        return Party()
    return Party(
        credentials=credentials(element, found),
        user_agent=text(children(element).get("UserAgent")),
    )


def _deployment(body: etree._Element, found: Findings) -> Deployment:
    """Production unless the document says test; anything else is refused, it could be an order in earnest."""
    written = attribute(body, "deploymentMode")
    mode = written.lower()
    if mode.startswith("prod") or not written:
        deployment = Deployment.PRODUCTION
    elif mode == "test":
        deployment = Deployment.TEST
    else:
        raise Malformed(
            'deploymentMode must be "production" or "test".', where=f"{path(body)}/@deploymentMode"
        )
    if written and written != deployment.value:
        where = f"{path(body)}/@deploymentMode"
        found.note("deployment.spelling", where, expected=deployment.value, got=written)
    return deployment


def _expected(root: etree._Element, name: str, found: Findings) -> str:
    value = attribute(root, name)
    if not value:
        found.note("envelope.missing", f"/cXML/@{name}")
    return value


def _sent_at(written: str, found: Findings) -> datetime | None:
    moment = parsed(written) if written else None
    if not written:
        found.note("envelope.missing", "/cXML/@timestamp")
    elif moment is None:
        found.note("timestamp.unreadable", "/cXML/@timestamp", got=written)
    return moment
