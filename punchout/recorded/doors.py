"""The doors that recorded documents are brought to, each in its protocol's way, and what is said there."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from werkzeug.http import HTTP_STATUS_CODES

from protocols.cxml.envelope import open_response
from protocols.model.finding import Finding, Severity
from protocols.xml import parse_untrusted
from punchout.app import create_app
from punchout.buyer import pages
from punchout.recorded.agreements import AGREEMENT
from session_store import journal

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask.testing import FlaskClient

    from punchout.house import House
    from punchout.recorded.cases import Case

_REFERENCE = re.compile(r"\breference ([0-9A-Z]{8})\b")
_CODE = re.compile(r": ([0-9A-Z]{8})\b")
"""A reference code as it stands on a page."""
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What the gateway said to a document; ``body`` are the very bytes.

    code, text, detail
        cXML's Status, or the status of HTTP where the protocol has none of its own.
    findings
        Everything that it noted about the document on the way; empty for what it refused.
    """

    http_status: int
    code: int
    text: str
    detail: str
    body: bytes
    findings: tuple[Finding, ...] = ()


def answer(home: House, case: Case) -> Answered:
    """The gateway's answer to the case's document, sent as it was recorded."""
    return _DOORS[case.protocol](home, create_app(home).test_client(), case)


def _cxml(home: House, client: FlaskClient, case: Case) -> Answered:
    reply = client.post("/cxml", data=case.raw, content_type=case.content_type)
    said = open_response(parse_untrusted(reply.data, reply.content_type or ""))
    return Answered(
        http_status=reply.status_code,
        code=said.code,
        text=said.text,
        detail=said.detail,
        body=reply.data,
        findings=_noted(home, said.detail),
    )


def _oci(home: House, client: FlaskClient, case: Case) -> Answered:
    """A call-up is answered with the way into the shop, or with a page that says what is wrong."""
    url = f"/oci/{AGREEMENT}"
    if case.method == "GET":
        reply = client.get(url, query_string=case.raw.decode("ascii", "replace"))
    else:
        reply = client.post(url, data=case.raw, content_type=_FORM)
    status = reply.status_code
    return Answered(
        http_status=status,
        code=status,
        text=HTTP_STATUS_CODES.get(status, ""),
        detail="" if status < 400 else _refusal(home, reply.get_data(as_text=True)),
        body=reply.data,
    )


def _refusal(home: House, page: str) -> str:
    """Why, in the words of the journal; those of the page's heading where nobody known called up."""
    shown = pages.read("", 200, page)
    named = _CODE.search(shown.text)
    with home.store.read() as tx:
        entries = journal.timeline(tx, AGREEMENT, named[1]) if named else ()
    told = [entry.summary for entry in entries if entry.kind.endswith(".refused")]
    return told[-1] if told else shown.h1.strip()


def _peppol(_home: House, client: FlaskClient, case: Case) -> Answered:
    reply = client.post(f"/peppol/{AGREEMENT}", data=case.raw, content_type="application/xml")
    said = json.loads(reply.data)
    code = int(said["status"])
    return Answered(
        http_status=reply.status_code,
        code=code,
        text=HTTP_STATUS_CODES.get(code, ""),
        detail=" ".join(filter(None, (said["detail"], said.get("where", "")))),
        body=reply.data,
        findings=tuple(map(_finding, said.get("findings", ()))),
    )


def _finding(told: dict[str, Any]) -> Finding:
    return Finding(**{**told, "severity": Severity(told["severity"])})


def _noted(home: House, detail: str) -> tuple[Finding, ...]:
    """The findings under the reference that the answer names; none where it names none."""
    named = _REFERENCE.search(detail)
    if named is None:
        return ()
    with home.store.read() as tx:
        entries = journal.timeline(tx, AGREEMENT, named[1])
    return tuple(finding for entry in entries for finding in entry.findings)


_DOORS: dict[str, Callable[[House, FlaskClient, Case], Answered]] = {
    "cxml": _cxml,
    "oci": _oci,
    "peppol": _peppol,
}
