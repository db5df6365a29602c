"""The outer frame of what we send: root, Header, and Request, Message or Response (cxml.md §2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from protocols.cxml.elements import XML_LANG, add, writable
from protocols.cxml.parties import add_credentials
from protocols.model.party import Credential
from protocols.model.session import Deployment
from protocols.moments import written
from protocols.xml import to_bytes

DTD = "1.2.014"
LANG = "en"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stamp:
    """What makes a document one of a kind; both come from the caller.

    payload_id
        Unique in space and time, unchanged on a retry.
    timestamp
        With a zone.
    """

    payload_id: str
    timestamp: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """The Header of a document that we send; a Sender's secret goes out in requests only."""

    from_: tuple[Credential, ...]
    to: tuple[Credential, ...]
    sender: tuple[Credential, ...]
    user_agent: str = "PunchOut gateway"


def request(route: Route, stamp: Stamp, deployment: Deployment, lang: str = LANG) -> etree._Element:
    """The empty Request element of a new document, secret included."""
    return _body("Request", route, stamp, deployment, lang)


def message(route: Route, stamp: Stamp, deployment: Deployment, lang: str = LANG) -> etree._Element:
    """The empty Message element of a new document: it passes through a browser, so no secret is in it."""
    return _body("Message", route, stamp, deployment, lang)


def response(code: int, words: str, detail: str, stamp: Stamp, lang: str = LANG) -> etree._Element:
    """The Response element of a new document with its Status; a payload may follow a 2xx one."""
    element = add(_root(stamp, lang), "Response")
    add_status(element, code, words, detail, lang)
    return element


def add_status(parent: etree._Element, code: int, words: str, detail: str, lang: str) -> None:
    """A Status; ``words`` is the code's canonical text, ``detail`` what happened this time."""
    status = add(parent, "Status", detail)
    status.set("code", str(code))
    status.set("text", writable(words))
    status.set(XML_LANG, lang)


def finished(body: etree._Element, dtd: str = DTD, module: str = "cXML") -> bytes:
    """The whole document around this Request, Message or Response, with the DOCTYPE of that version.

    module
        The DTD file in which the payload is declared: ``Fulfill`` for what follows an order (cxml.md §1).
    """
    doctype = f'<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/{dtd}/{module}.dtd">'
    return to_bytes(body.getroottree().getroot(), doctype=doctype)


def _root(stamp: Stamp, lang: str) -> etree._Element:
    root = etree.Element("cXML", payloadID=writable(stamp.payload_id), timestamp=written(stamp.timestamp))
    root.set(XML_LANG, lang)
    return root


def _body(tag: str, route: Route, stamp: Stamp, deployment: Deployment, lang: str) -> etree._Element:
    root = _root(stamp, lang)
    header = add(root, "Header")
    add_credentials(add(header, "From"), route.from_, secrets=False)
    add_credentials(add(header, "To"), route.to, secrets=False)
    sender = add(header, "Sender")
    add_credentials(sender, route.sender, secrets=tag == "Request")
    add(sender, "UserAgent", route.user_agent)
    return etree.SubElement(root, tag, deploymentMode=deployment.value)
