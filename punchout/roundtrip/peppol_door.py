"""Every Peppol document that is handed over: bytes in, one answer out (peppol.md §4 and §9).

Refusals leave as ``ProtocolError``; one of a known agreement is in the journal with the document.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING

from catalog_bridge.bookshop import ShopUnavailable
from protocols.errors import ProtocolError, Unavailable
from protocols.model.finding import Severity
from protocols.model.order import PEPPOL
from protocols.moments import parsed
from protocols.peppol import order as documents
from protocols.peppol.envelope import open_envelope
from protocols.peppol.record import record
from protocols.peppol.verdict import validate
from protocols.xml import canonical_part, parse_untrusted
from punchout.roundtrip import peppol_admission, receive
from punchout.roundtrip.letter import Letter, Outcome, answer_once, refused
from session_store import agreements

if TYPE_CHECKING:
    from protocols.model.agreement import Agreement
    from protocols.model.finding import Finding
    from protocols.model.order import PurchaseOrder
    from protocols.peppol.envelope import Envelope
    from punchout.roundtrip.order_book import Receipt
    from punchout.roundtrip.world import World
    from session_store.database import Transaction

_LONGEST_KEY = 255
_MOST_KEPT = 1_000_000
"""Bytes that are kept of what cannot be read at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """A document as somebody hands it over.

    token
        What stands behind ``Bearer``; empty without it.
    instance_id
        The envelope's id, where the access point has taken the envelope off.
    address
        Where it comes from.
    trusted
        True for one that an operator, or a folder of ours, hands over: nobody has to prove anything.
    """

    body: bytes = field(repr=False)
    content_type: str = "application/xml"
    token: str = field(default="", repr=False)
    instance_id: str = ""
    address: str = ""
    trusted: bool = False


def answer(world: World, agreement_id: str, handed: Handed) -> bytes:
    """The answer as JSON: status 200 or 201, reference, detail and findings; the same for the same document.

    Raises a ProtocolError for what is refused. What was taken before is not refused now.
    """
    with world.store.read() as tx:
        known = agreements.load(tx, agreement_id)
    agreement = peppol_admission.admitted(world, known, handed.token, handed.address, trusted=handed.trusted)
    letter = _unread(agreement, handed)
    try:
        document = parse_untrusted(
            handed.body, handed.content_type, trust_declaration=agreement.trust_declaration
        )
        letter = replace(letter, record=record(document))
        envelope = open_envelope(document)
        letter = _addressed(letter, handed, envelope)
        order, findings = documents.parse(envelope)
        told = (*findings, *peppol_admission.parties_fit(world, agreement, order, envelope))
        letter = replace(letter, findings=(*told, *validate(envelope)))
        del document, envelope  # the tree is larger than all that was read out of it
        return _taken(world, letter, order)
    except Unavailable:
        raise
    except ShopUnavailable as error:
        raise Unavailable(f"{error.detail} Send the same again in half a minute") from error
    except ProtocolError as error:
        return refused(world, letter, error)


def _taken(world: World, letter: Letter, order: PurchaseOrder) -> bytes:
    """The answer; what is grave in the document itself makes the order wait like anything else."""
    sent_at = parsed(order.order_date)
    judged = receive.judge(world, letter.agreement, order, letter.deployment, sent_at=sent_at)
    grave = tuple(entry for entry in letter.findings if entry.severity is Severity.ERROR)
    judged = replace(judged, findings=(*grave, *judged.findings))
    letter = replace(letter, findings=tuple(entry for entry in letter.findings if entry not in grave))

    def work(tx: Transaction) -> Outcome:
        receipt = receive.take_in(world, tx, letter.agreement, judged, letter.key)
        return Outcome(
            body=_written(receipt, letter.findings + receipt.findings),
            reference=receipt.reference,
            summary=receipt.detail,
            findings=receipt.findings,
        )

    return answer_once(world, letter, work)


def _written(receipt: Receipt, findings: tuple[Finding, ...]) -> bytes:
    said = {
        "status": receipt.code,
        "reference": receipt.reference,
        "detail": receipt.detail,
        "findings": [asdict(finding) for finding in findings],
    }
    return json.dumps(said, ensure_ascii=False).encode()


def _unread(agreement: Agreement, handed: Handed) -> Letter:
    """The bytes as they came, for the journal, until they can be read."""
    digest = hashlib.sha256(handed.body).digest()
    return Letter(
        agreement=agreement,
        channel=PEPPOL,
        key=_key(handed.instance_id, digest),
        kind="Order",
        content_hash=digest,
        deployment=agreement.deployment,
        record=handed.body[:_MOST_KEPT],
    )


def _addressed(letter: Letter, handed: Handed, envelope: Envelope) -> Letter:
    """The letter as the inbox keys it; what counts is the Order, in whatever envelope it comes again."""
    digest = hashlib.sha256(canonical_part(envelope.payload)).digest()
    return replace(
        letter,
        key=_key(envelope.instance_id or handed.instance_id, digest),
        kind=envelope.kind,
        content_hash=digest,
        findings=envelope.findings,
    )


def _key(instance_id: str, digest: bytes) -> str:
    """The envelope's id; without one the content stands in for it, and for a very long one its own hash."""
    if len(instance_id) > _LONGEST_KEY:
        digest = hashlib.sha256(instance_id.encode()).digest()
    elif instance_id:
        return instance_id
    return f"sha256:{digest.hex()}"
