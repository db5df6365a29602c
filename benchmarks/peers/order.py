"""An OrderRequest taken in by hand: lxml, the schema, raw sqlite3 with executemany, one durable commit.

It leaves the rows that we leave, in a database of our own schema, and does no more: it asks nobody who sends,
joins no line to its cart, judges no price, and writes no bookshop order.
"""

# The document has been validated, so what is looked up in it is there.
# mypy: disable-error-code="union-attr, arg-type, return-value"

from __future__ import annotations

import json
import secrets
import sqlite3
import uuid
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from lxml import etree

import schemas

if TYPE_CHECKING:
    from pathlib import Path

_AGREEMENT = "testby"
_SETTINGS = (
    "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA busy_timeout=10000"
)
_INBOX = """
INSERT INTO inbox (agreement_id, channel, message_key, body_hash, received_at, answer)
VALUES (?, 'cxml', ?, ?, ?, ?)
"""
_ORDER = """
INSERT INTO purchase_order (agreement_id, id, reference, payload_id, order_id, order_key, "order",
 content_hash, received_at, order_version, order_type, number, order_date, previous, answer_code, choices,
 shopper, deployment, state, hold_reasons, shop_orders, shop_order_numbers)
VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?,
 '', 'new', '', '', '', 200, '[]', '{}', 'test', 'received', '[]', '[]', '[]')
"""
_HEAD = "INSERT INTO order_head (agreement_id, order_key) VALUES (?, ?)"
_COPY = "INSERT INTO line_copy (agreement_id, token, number, order_key) VALUES (?, ?, ?, ?)"
_OUTBOX = """
INSERT INTO outbox (agreement_id, id, kind, ordering_key, payload, state, attempts, due_at, created_at)
VALUES (?, ?, 'carry_out', ?, ?, 'waiting', 0, ?, ?)
"""
_JOURNAL = """
INSERT INTO journal (agreement_id, at, kind, reference, session_id, actor, summary, findings, document)
VALUES (?, ?, 'OrderRequest', ?, '', 'buyer:testby', ?, '[]', ?)
"""


def connected(database: Path) -> sqlite3.Connection:
    """A connection as durable as ours, closed by whoever asked for it."""
    connection = sqlite3.connect(database, isolation_level=None)
    connection.executescript(_SETTINGS)
    return connection


def receive(connection: sqlite3.Connection, body: bytes) -> bytes:
    """The answer, when the order and all its rows are durable; ValueError for an invalid document."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    root = etree.fromstring(body, parser)
    if not schemas.load("cxml").validate(root):
        raise ValueError("invalid")
    root.find("Header/Sender/Credential/SharedSecret").text = "[removed]"
    connection.execute("BEGIN IMMEDIATE")
    answer = _stored(connection, root, sha256(body).digest())
    connection.execute("COMMIT")
    return answer


def _stored(connection: sqlite3.Connection, root: etree._Element, body_hash: bytes) -> bytes:
    order = _order(root.find("Request/OrderRequest"))
    text, id_, reference = json.dumps(order, ensure_ascii=False), str(uuid.uuid4()), secrets.token_hex(4)
    now, number, key = (
        datetime.now(UTC).isoformat(timespec="microseconds"),
        order["order_id"],
        root.get("payloadID"),
    )
    summary = f"Order {number} is received; reference {reference}"
    kept = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
    answer = f'<Response><Status code="200" text="OK">{summary}</Status></Response>'.encode()
    connection.execute(_INBOX, (_AGREEMENT, key, body_hash, now, answer))
    connection.execute(_HEAD, (_AGREEMENT, number))
    row = (_AGREEMENT, id_, reference, key, number, number, text, sha256(text.encode()).digest(), now)
    connection.execute(_ORDER, row)
    connection.executemany(_COPY, _copies(order["lines"], number))
    payload = json.dumps({"order": id_})
    connection.execute(_OUTBOX, (_AGREEMENT, str(uuid.uuid4()), number, payload, now, now))
    connection.execute(_JOURNAL, (_AGREEMENT, now, reference, summary, kept))
    return answer


def _copies(lines: list[dict[str, Any]], order_key: str) -> list[tuple[str, str, int, str]]:
    return [
        (_AGREEMENT, line["line_token"], number, order_key)
        for line in lines
        for number in range(1, int(line["quantity"]) + 1)
    ]


def _order(request: etree._Element) -> dict[str, Any]:
    head = request.find("OrderRequestHeader")
    return {
        "order_id": head.get("orderID"),
        "order_date": head.get("orderDate"),
        "lines": [_line(entry) for entry in request.iterfind("ItemOut")],
        "type": head.get("type"),
        "order_kind": head.get("orderType", "regular"),
        "total": _money(head.find("Total/Money")),
        "ship_to": _address(head.find("ShipTo/Address")),
        "bill_to": _address(head.find("BillTo/Address")),
        "protocol": "cxml",
    }


def _line(item: etree._Element) -> dict[str, Any]:
    detail = item.find("ItemDetail")
    return {
        "number": int(item.get("lineNumber")),
        "product_id": item.findtext("ItemID/SupplierPartID"),
        "quantity": item.get("quantity"),
        "line_token": item.findtext("ItemID/SupplierPartAuxiliaryID"),
        "description": detail.findtext("Description"),
        "unit": detail.findtext("UnitOfMeasure"),
        "unit_price": _money(detail.find("UnitPrice/Money")),
        "classification": detail.findtext("Classification"),
        "accounting": [_accounting(entry) for entry in item.iterfind("Distribution")],
    }


def _accounting(entry: etree._Element) -> dict[str, Any]:
    accounting = entry.find("Accounting")
    segments = [(part.get("type"), part.get("id")) for part in accounting.iterfind("Segment")]
    return {
        "name": accounting.get("name"),
        "segments": [{"name": name, "value": value} for name, value in segments],
        "charge": _money(entry.find("Charge/Money")),
    }


def _address(address: etree._Element) -> dict[str, Any]:
    postal = address.find("PostalAddress")
    return {
        "address_id": address.get("addressID"),
        "name": address.findtext("Name"),
        "street": [entry.text for entry in postal.iterfind("Street")],
        "postal_code": postal.findtext("PostalCode"),
        "city": postal.findtext("City"),
        "country": postal.find("Country").get("isoCountryCode"),
    }


def _money(money: etree._Element) -> dict[str, Any]:
    return {"amount": money.text, "currency": money.get("currency")}
