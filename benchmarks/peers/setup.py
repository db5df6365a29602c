"""POST /cxml by hand: Flask, lxml and raw sqlite3, the same look-ups and rows, one durable commit.

It works on a database of our own schema, so that indexes, constraints and triggers cost both sides alike.
It looks the Sender up in one statement, as we do, and keeps the agreement that it has read once. What is not
in the goal it leaves out: it seals nothing (the secret stands in the clear in its row), knows one kind of
document, tolerates no deviation and explains none.
"""

# The document has been validated, so what is looked up in it is there.
# mypy: disable-error-code="union-attr, arg-type, return-value"

from __future__ import annotations

import hmac
import json
import secrets
import sqlite3
import threading
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from hashlib import sha256
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit
from xml.sax.saxutils import escape

from flask import Flask, Response, request
from lxml import etree

import schemas

if TYPE_CHECKING:
    from pathlib import Path

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_SETTINGS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=10000"
)

_CANDIDATES = """
SELECT c.agreement_id, a.body, s.sealed
FROM credential c
JOIN agreement a ON a.id = c.agreement_id
JOIN secret s ON s.agreement_id = c.agreement_id AND s.purpose = c.role
 AND s.domain_key = c.domain_key AND s.identity_key = c.identity_key
WHERE c.identity_key = ? AND c.domain_key = ? AND c.role = 'sender'
"""
_CLAIM = """
INSERT INTO inbox (agreement_id, channel, message_key, body_hash, received_at) VALUES (?, 'cxml', ?, ?, ?)
ON CONFLICT DO NOTHING
"""
_ANSWERED = "SELECT answer FROM inbox WHERE agreement_id = ? AND channel = 'cxml' AND message_key = ?"
_ANSWER = "UPDATE inbox SET answer = ? WHERE agreement_id = ? AND channel = 'cxml' AND message_key = ?"
_SESSION = """
INSERT INTO session (agreement_id, id, reference, payload_id, setup, deployment, customer_number, cart_id,
 state, created_at, start_hash, start_expires_at, idle_until, absolute_until)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, 'offered', ?, ?, ?, ?, ?)
"""
_JOURNAL = """
INSERT INTO journal (agreement_id, at, kind, reference, session_id, actor, summary, findings, document)
VALUES (?, ?, 'PunchOutSetupRequest', ?, '', ?, 'session offered, operation create', '[]', ?)
"""
_REPLY = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE cXML SYSTEM "http://xml.cxml.org/schemas/cXML/1.2.014/cXML.dtd">
<cXML payloadID="{payload_id}" timestamp="{timestamp}" xml:lang="en"><Response>\
<Status code="200" text="OK" xml:lang="en"/>\
<PunchOutSetupResponse><StartPage><URL>{url}</URL></StartPage></PunchOutSetupResponse></Response></cXML>"""


@dataclass(frozen=True, slots=True)
class _CallUp:
    """What the document says, its secret taken out of ``kept``."""

    payload_id: str
    sender: tuple[str, str, str]
    deployment: str
    setup: dict[str, Any]
    kept: bytes


def create_app(database: Path, public_base_url: str) -> Flask:
    """The application on a migrated database file."""
    app = Flask("peer", static_folder=None)
    connections = threading.local()

    def connection() -> sqlite3.Connection:
        if not hasattr(connections, "opened"):
            connections.opened = sqlite3.connect(database, isolation_level=None)
            connections.opened.executescript(_SETTINGS)
        opened: sqlite3.Connection = connections.opened
        return opened

    @app.post("/cxml")
    def cxml() -> Response:
        body = request.get_data()
        call_up = _parse(body)
        reply = _answered(connection(), call_up, sha256(body).digest(), public_base_url)
        return Response(reply, content_type="text/xml; charset=UTF-8")

    return app


def _parse(body: bytes) -> _CallUp:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(body, parser)
    if not schemas.load("cxml").validate(root):
        raise ValueError("invalid")
    sender = root.find("Header/Sender/Credential")
    secret = sender.find("SharedSecret")
    presented, secret.text = secret.text, "[removed]"
    return _CallUp(
        payload_id=root.get("payloadID"),
        sender=(sender.get("domain").casefold(), sender.findtext("Identity").casefold(), presented),
        deployment=root.find("Request").get("deploymentMode"),
        setup=_setup(root),
        kept=etree.tostring(root, encoding="UTF-8", xml_declaration=True),
    )


def _setup(root: etree._Element) -> dict[str, Any]:
    call = root.find("Request/PunchOutSetupRequest")
    extrinsics = {entry.get("name"): _value(entry) for entry in call.iterfind("Extrinsic")}
    contact = call.find("Contact")
    name, email = contact.findtext("Name"), contact.findtext("Email")
    return {
        "operation": call.get("operation"),
        "buyer_cookie": call.findtext("BuyerCookie"),
        "return_url": call.findtext("BrowserFormPost/URL"),
        "shopper": {
            "name": extrinsics["UserPrintableName"],
            "email": email,
            "user_id": extrinsics["UniqueName"],
        },
        "ship_to": _address(call.find("ShipTo/Address")),
        "selected_item": call.findtext("SelectedItem/ItemID/SupplierPartID") or "",
        "contacts": [{"name": name, "role": contact.get("role"), "email": email, "phone": ""}],
        "extrinsics": [{"name": name, "value": value} for name, value in extrinsics.items()],
        "items": [],
        "buyer": [_credential(entry) for entry in root.iterfind("Header/From/Credential")],
        "supplier": [_credential(entry) for entry in root.iterfind("Header/To/Credential")],
        "search": "",
        "form_return": None,
        "check": None,
    }


def _value(extrinsic: etree._Element) -> str:
    reference = extrinsic.find("IdReference")
    return (extrinsic.text or "") if reference is None else reference.get("identifier")


def _address(address: etree._Element) -> dict[str, Any]:
    postal = address.find("PostalAddress")
    return {
        "address_id": address.get("addressID"),
        "name": address.findtext("Name"),
        "deliver_to": [entry.text for entry in postal.iterfind("DeliverTo")],
        "street": [entry.text for entry in postal.iterfind("Street")],
        "postal_code": postal.findtext("PostalCode"),
        "city": postal.findtext("City"),
        "country": postal.find("Country").get("isoCountryCode"),
        "email": address.findtext("Email") or "",
    }


def _credential(element: etree._Element) -> dict[str, Any]:
    return {
        "domain": element.get("domain"),
        "identity": element.findtext("Identity"),
        "secret": None,
        "marketplace": element.get("type") == "marketplace",
        "mac": None,
    }


def _answered(connection: sqlite3.Connection, call_up: _CallUp, body_hash: bytes, base_url: str) -> bytes:
    agreement_id, agreement = _authenticated(connection, call_up.sender)
    _check_return(call_up.setup["return_url"], agreement)
    now = datetime.now(UTC)
    connection.execute("BEGIN IMMEDIATE")
    try:
        reply = _once(connection, call_up, body_hash, base_url, agreement_id, agreement, now)
        connection.execute("COMMIT")
    except BaseException:
        connection.execute("ROLLBACK")
        raise
    return reply


def _authenticated(
    connection: sqlite3.Connection, sender: tuple[str, str, str]
) -> tuple[str, dict[str, Any]]:
    domain, identity, presented = sender
    for agreement_id, body, secret in connection.execute(_CANDIDATES, (identity, domain)):
        if hmac.compare_digest(presented.encode(), secret):
            return agreement_id, _agreement(body)
    raise PermissionError(identity)


@cache
def _agreement(body: str) -> dict[str, Any]:
    agreement: dict[str, Any] = json.loads(body)
    return agreement


def _check_return(url: str, agreement: dict[str, Any]) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" or parts.netloc.lower() not in agreement["return_hosts"]:
        raise PermissionError(url)


def _once(
    connection: sqlite3.Connection,
    call_up: _CallUp,
    body_hash: bytes,
    base_url: str,
    agreement_id: str,
    agreement: dict[str, Any],
    now: datetime,
) -> bytes:
    key = call_up.payload_id
    if connection.execute(_CLAIM, (agreement_id, key, body_hash, _text(now))).rowcount == 0:
        stored: bytes = connection.execute(_ANSWERED, (agreement_id, key)).fetchone()[0]
        return stored
    token, reference = secrets.token_urlsafe(32), _code(8)
    reply = _reply(base_url, token, now)
    _offer(connection, call_up, agreement_id, agreement, token=token, reference=reference, now=now)
    connection.execute(_ANSWER, (reply, agreement_id, key))
    journal = (agreement_id, _text(now), reference, f"buyer:{agreement_id}", call_up.kept)
    connection.execute(_JOURNAL, journal)
    return reply


def _offer(
    connection: sqlite3.Connection,
    call_up: _CallUp,
    agreement_id: str,
    agreement: dict[str, Any],
    *,
    token: str,
    reference: str,
    now: datetime,
) -> None:
    codes = {entry["name"]: entry["value"] for entry in call_up.setup["extrinsics"]}
    customer = agreement["org_codes"].get(codes.get("CostCenter"), agreement["default_customer"])
    row = (
        agreement_id,
        str(uuid.uuid4()),
        reference,
        call_up.payload_id,
        json.dumps(call_up.setup, ensure_ascii=False),
        call_up.deployment,
        customer,
        str(uuid.uuid4()),
        _text(now),
        sha256(token.encode()).digest(),
        _text(now + timedelta(minutes=5)),
        _text(now + timedelta(minutes=15)),
        _text(now + timedelta(hours=2)),
    )
    connection.execute(_SESSION, row)


def _reply(base_url: str, token: str, now: datetime) -> bytes:
    host = base_url.partition("://")[2]
    return _REPLY.format(
        payload_id=f"{now:%Y%m%d%H%M%S}.{_code(16)}@{host}",
        timestamp=now.isoformat(timespec="seconds"),
        url=escape(f"{base_url}/start/{token}"),
    ).encode()


def _code(length: int) -> str:
    return "".join(secrets.choice(_CROCKFORD) for _ in range(length))


def _text(moment: datetime) -> str:
    return moment.isoformat(timespec="microseconds")
