"""ProfileRequest and ProfileResponse: what is served here, and where (cxml.md §4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from lxml import etree

from protocols.cxml import status
from protocols.cxml.elements import Findings, add, attribute, every, only_child, put, text
from protocols.cxml.envelope import Envelope, open_response
from protocols.cxml.frame import DTD, Route, Stamp, finished, request, response
from protocols.errors import Malformed
from protocols.model.finding import Finding
from protocols.model.session import Deployment
from protocols.moments import parsed, written
from protocols.xml import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Transaction:
    """One request that a peer serves: where, and what is special about it.

    options
        Name → value: ``attachments`` and ``changes`` (Yes, No) of an OrderRequest; ``Direct.URL`` and
        ``Direct.AuthenticationMethod.CredentialMac`` or ``.Certificate`` of a PunchOutSetupRequest.
    """

    url: str
    options: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a peer serves.

    transactions
        Name of the request → transaction, in the peer's order.
    effective
        Since when it holds; None when the date cannot be read.
    """

    transactions: dict[str, Transaction]
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


def build_reply(profile: Profile, stamp: Stamp, dtd: str = DTD) -> bytes:
    """The ProfileResponse document; the inverse of ``parse_reply``.

    effectiveDate never lies in the future, nor is it left out: at the latest it is the document's own time.
    """
    effective = min(profile.effective or stamp.timestamp, stamp.timestamp)
    body = response(200, status.TEXTS[200], "", stamp)
    element = etree.SubElement(body, "ProfileResponse", effectiveDate=written(effective))
    for request_name, transaction in profile.transactions.items():
        entry = etree.SubElement(element, "Transaction", requestName=request_name)
        add(entry, "URL", transaction.url)
        for option, value in transaction.options.items():
            put(add(entry, "Option", value), "name", option)
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
            attribute(entry, "requestName"): _transaction(entry) for entry in every(payload, "Transaction")
        },
        effective=parsed(attribute(payload, "effectiveDate")),
    )


def _transaction(entry: etree._Element) -> Transaction:
    options = {attribute(option, "name"): text(option) for option in every(entry, "Option")}
    return Transaction(url=text(only_child(entry, "URL")), options=options)
