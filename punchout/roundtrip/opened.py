"""A cXML document whose sender is known, and the letter that the inbox knows it by."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocols.cxml.attachments import received
from protocols.cxml.envelope import open_envelope
from protocols.cxml.record import record
from protocols.cxml.verdict import validate
from protocols.errors import Forbidden, NotSupported
from protocols.xml import canonical_part, write_canonical
from punchout.roundtrip.authenticate import authenticate
from punchout.roundtrip.letter import Letter
from session_store.inbox import Original

if TYPE_CHECKING:
    from protocols.cxml.envelope import Envelope
    from protocols.model.agreement import Agreement
    from protocols.model.finding import Finding
    from protocols.xml import Document
    from punchout.roundtrip.world import World

CHANNEL = "cxml"
SHOWN = 40
"""Characters of a name in their document that an answer repeats."""

_LONGEST_KEY = 255


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A document whose sender is known."""

    document: Document
    envelope: Envelope
    agreement: Agreement

    def letter(self, findings: tuple[Finding, ...]) -> Letter:
        """The document as the inbox keys it, with everything that deviates in it."""
        digest = _digest(self.document)
        envelope = self.envelope
        return Letter(
            agreement=self.agreement,
            channel=CHANNEL,
            key=_key(envelope.payload_id, digest),
            kind=envelope.kind,
            content_hash=digest,
            deployment=envelope.deployment,
            record=record(self.document),
            findings=(*envelope.findings, *validate(self.document), *findings),
            original=_original(envelope),
        )


def _digest(document: Document) -> bytes:
    """SHA-256 of the canonical document and of the files that came with it."""
    content = hashlib.sha256()
    write_canonical(document, content.update)
    for file in document.attachments:
        content.update(file.digest)
    return content.digest()


def _original(envelope: Envelope) -> Original | None:
    """What a hub made the document from; None for one that comes as it was written."""
    named = envelope.original_payload_id
    if not named or named == envelope.payload_id:
        return None
    content = f"{envelope.kind} {envelope.deployment} ".encode() + canonical_part(envelope.payload)
    return Original(key=_key(named, b""), payload_hash=hashlib.sha256(content).digest())


def _key(payload_id: str, digest: bytes) -> str:
    """The payloadID; without one the content stands in for it, and for a very long one its own hash."""
    if len(payload_id) > _LONGEST_KEY:
        digest = hashlib.sha256(payload_id.encode()).digest()
    elif payload_id:
        return payload_id
    return f"sha256:{digest.hex()}"


def opened(world: World, body: bytes, content_type: str, address: str) -> Opened:
    """The document, now that it is known who sends it and under which agreement; else a ProtocolError."""
    document = received(body, content_type)
    envelope = open_envelope(document)
    if envelope.is_message:
        raise NotSupported(
            f"{envelope.kind[:SHOWN]} is a message to a buyer; send requests here", where="/cXML/Message"
        )
    admitted = authenticate(world, document, envelope, address)
    if CHANNEL not in admitted.agreement.protocols:
        raise Forbidden("the agreement does not cover cXML; ask the shop to add it", where="/cXML")
    if admitted.agreement.trust_declaration and _disagrees(document):
        document = received(body, content_type, trust_declaration=True)
        admitted = authenticate(world, document, open_envelope(document), address)
    return Opened(document=admitted.document, envelope=admitted.envelope, agreement=admitted.agreement)


def _disagrees(document: Document) -> bool:
    return any(finding.code == "charset.disagreement" for finding in document.findings)
