"""ProfileRequest and ProfileResponse: what is served here, and where (cxml.md §4)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from protocols.cxml import status
from protocols.cxml.elements import Findings, add, attribute, children, every, text
from protocols.cxml.envelope import Envelope, open_response
from protocols.cxml.frame import DTD, Route, Stamp, finished, request, response
from protocols.errors import Malformed
from protocols.model.finding import Finding
from protocols.model.session import Deployment
from protocols.moments import parsed, written
from protocols.xml import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a peer serves.

    transactions
        Name of the request → URL, in the peer's order.
    effective
        None when the date cannot be read.
    """

    transactions: dict[str, str]
    effective: datetime | None = None


def parse(envelope: Envelope) -> tuple[None, tuple[Finding, ...]]:
    """Nothing, with a finding when the request is not empty as it should be."""
    found = Findings()
    if len(envelope.payload):
        found.note("envelope.unknown", envelope.payload, expected="an empty ProfileRequest")
    return None, found.all()


def build_request(
    route: Route,
    stamp: Stamp,
    deployment: Deployment = Deployment.PRODUCTION,
    dtd: str = DTD,
) -> bytes:
    """A ProfileRequest document, secret included."""
    body = request(route, stamp, deployment)
    etree.SubElement(body, "ProfileRequest")
    return finished(body, dtd)


def build_reply(
    url: str,
    transactions: tuple[str, ...],
    effective: datetime,
    stamp: Stamp,
    dtd: str = DTD,
) -> bytes:
    """The ProfileResponse: these requests are served at this URL since then (not in the future)."""
    body = response(200, status.TEXTS[200], "", stamp)
    profile = etree.SubElement(body, "ProfileResponse", effectiveDate=written(effective))
    for name in transactions:
        add(etree.SubElement(profile, "Transaction", requestName=name), "URL", url)
    return finished(body, dtd)


def parse_reply(document: Document) -> Profile:
    """What the peer serves; raises the refusal that its Status tells, Malformed when it is no profile."""
    answer = open_response(document)
    if refusal := status.to_error(answer):
        raise refusal
    payload = answer.payload
    if payload is None or payload.tag != "ProfileResponse":
        raise Malformed("The answer is no ProfileResponse.", where="/cXML/Response")
    return Profile(
        transactions={
            attribute(entry, "requestName"): text(children(entry).get("URL"))
            for entry in every(payload, "Transaction")
        },
        effective=parsed(attribute(payload, "effectiveDate")),
    )
