"""A status that a buyer or its hub sends: noted where people look for what it is about (cxml.md §9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocols.model.finding import Finding
from punchout.roundtrip import outgoing
from session_store import orders, outbox_book

if TYPE_CHECKING:
    from protocols.model.fulfilment import StatusUpdate
    from session_store.database import Transaction

_SHOWN = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Noted:
    """What the update is about.

    reference
        Of the order that the named document belongs to; empty for an unknown one, which is a finding.
    """

    summary: str
    reference: str = ""
    findings: tuple[Finding, ...] = ()


def note(tx: Transaction, agreement_id: str, update: StatusUpdate) -> Noted:
    """The update joined to the document that it names: an order of the buyer's, or a document of ours."""
    said = ": ".join(filter(None, (f"{update.code} {update.text}".strip(), update.detail)))[:_SHOWN]
    named = update.document_payload_id
    reference = _of_order(tx, agreement_id, named) or _of_ours(tx, agreement_id, named)
    if reference:
        return Noted(summary=said, reference=reference)
    return Noted(summary=said, findings=(_unknown(named),))


def _of_order(tx: Transaction, agreement_id: str, payload_id: str) -> str:
    order = orders.by_payload(tx, agreement_id, payload_id)
    return order.reference if order else ""


def _of_ours(tx: Transaction, agreement_id: str, payload_id: str) -> str:
    """The reference of the order that our document of this payloadID is about; empty for none of ours."""
    found = outbox_book.find(tx, agreement_id, payload_id.partition("@")[0])
    if found is None or found.kind not in outgoing.KINDS:
        return ""
    if outgoing.payload_id(found.payload) != payload_id:
        return ""
    return _of_order(tx, agreement_id, outgoing.answered(found.kind, found.payload))


def _unknown(payload_id: str) -> Finding:
    return Finding(
        code="document.unknown",
        where="StatusUpdateRequest/DocumentReference/@payloadID",
        got=payload_id[:80],
        advice="it is noted; name the payloadID of an order of yours or of a document that we sent",
    )
