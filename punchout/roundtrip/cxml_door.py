"""Every cXML request: bytes in, one answer out (cxml.md §3). Refusals leave as ``ProtocolError``."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from catalog_bridge.bookshop import ShopUnavailable
from protocols.cxml import order, profile, setup, status
from protocols.cxml.envelope import open_envelope
from protocols.cxml.record import record
from protocols.cxml.verdict import validate
from protocols.errors import Forbidden, NotSupported, ProtocolError, Unavailable
from protocols.xml import canonical, parse_untrusted
from punchout.roundtrip import receive, start
from punchout.roundtrip.authenticate import authenticate
from punchout.roundtrip.letter import Letter, Outcome, answer_once, answered_before, stamp
from punchout.roundtrip.transfer import dialect_of
from session_store import journal
from session_store.crashpoints import crashpoint

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocols.cxml.envelope import Envelope
    from protocols.model.agreement import Agreement
    from protocols.model.finding import Finding
    from protocols.model.party import Credential
    from protocols.model.session import SetupRequest
    from protocols.xml import Document
    from punchout.roundtrip.world import World
    from session_store.database import Transaction

CHANNEL = "cxml"
_LONGEST_KEY = 255
_SHOWN = 40
SERVED = ("PunchOutSetupRequest", "OrderRequest", "ProfileRequest")
"""What ProfileResponse lists and this door answers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A document whose sender is known."""

    document: Document
    envelope: Envelope
    agreement: Agreement

    def letter(self, findings: tuple[Finding, ...]) -> Letter:
        """The document as the inbox keys it, with everything that deviates in it."""
        digest = hashlib.sha256(canonical(self.document)).digest()
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
        )


def _key(payload_id: str, digest: bytes) -> str:
    """The payloadID; without one the content stands in for it, and for a very long one its own hash."""
    if len(payload_id) > _LONGEST_KEY:
        digest = hashlib.sha256(payload_id.encode()).digest()
    elif payload_id:
        return payload_id
    return f"sha256:{digest.hex()}"


def answer(world: World, body: bytes, content_type: str) -> bytes:
    """The cXML answer to a request.

    Raises a ProtocolError for what is refused; a refusal of a known buyer is in the journal. What was taken
    before is not refused now, though a price or the agreement may have changed meanwhile.
    """
    opened = _opened(world, body, content_type)
    crashpoint("after-auth")
    try:
        return _handler(opened.envelope)(world, opened)
    except Unavailable:
        raise
    except ShopUnavailable as error:
        raise Unavailable(f"{error.detail} Send the same again in half a minute") from error
    except ProtocolError as error:
        first = answered_before(world, opened.letter(()))
        if first is not None:
            return first
        _note_refusal(world, opened, error)
        raise


def _opened(world: World, body: bytes, content_type: str) -> Opened:
    document = parse_untrusted(body, content_type)
    envelope = open_envelope(document)
    if envelope.is_message:
        raise NotSupported(
            f"{envelope.kind[:_SHOWN]} is a message to a buyer; send requests here", where="/cXML/Message"
        )
    agreement = authenticate(world, envelope)
    if CHANNEL not in agreement.protocols:
        raise Forbidden("the agreement does not cover cXML; ask the shop to add it", where="/cXML")
    if agreement.trust_declaration and _disagrees(document):
        document = parse_untrusted(body, content_type, trust_declaration=True)
        envelope = open_envelope(document)
    return Opened(document=document, envelope=envelope, agreement=agreement)


def _disagrees(document: Document) -> bool:
    return any(finding.code == "charset.disagreement" for finding in document.findings)


def _handler(envelope: Envelope) -> Callable[[World, Opened], bytes]:
    try:
        return _HANDLERS[envelope.kind]
    except KeyError:
        raise NotSupported(
            f"{envelope.kind[:_SHOWN]} is not offered here; served are {', '.join(SERVED)}",
            where="/cXML/Request",
        ) from None


def _setup(world: World, opened: Opened) -> bytes:
    envelope, agreement = opened.envelope, opened.agreement
    parsed, findings = setup.parse(envelope, dialect_of(agreement))
    wanted = start.checked(world, agreement, _with_parties(parsed, envelope))

    def work(tx: Transaction) -> Outcome:
        reply = start.offer(world, tx, agreement, wanted, envelope.payload_id, envelope.deployment)
        return Outcome(
            body=setup.build_reply(reply.start_url, stamp(world), dialect_of(agreement)),
            reference=reply.reference,
            summary=f"session offered, operation {wanted.operation}",
        )

    return answer_once(world, opened.letter(findings), work)


def _with_parties(parsed: SetupRequest, envelope: Envelope) -> SetupRequest:
    return replace(
        parsed,
        buyer=_without_secrets(envelope.from_.credentials),
        supplier=_without_secrets(envelope.to.credentials),
    )


def _without_secrets(credentials: tuple[Credential, ...]) -> tuple[Credential, ...]:
    return tuple(replace(credential, secret=None) for credential in credentials)


def _order(world: World, opened: Opened) -> bytes:
    envelope, agreement = opened.envelope, opened.agreement
    parsed, findings = order.parse(envelope)
    judged = receive.judge(world, agreement, parsed, envelope.deployment, sent_at=envelope.sent_at)

    def work(tx: Transaction) -> Outcome:
        receipt = receive.take_in(world, tx, agreement, judged, envelope.payload_id)
        return Outcome(
            body=status.build(receipt.code, receipt.detail, stamp(world)),
            reference=receipt.reference,
            summary=receipt.detail,
            findings=receipt.findings,
        )

    return answer_once(world, opened.letter(findings), work)


def _profile(world: World, opened: Opened) -> bytes:
    """The profile; nothing is stored, for a ping promises nothing."""
    profile.parse(opened.envelope)
    made = stamp(world)
    return profile.build_reply(f"{world.public_base_url}/cxml", SERVED, made.timestamp, made)


_HANDLERS: dict[str, Callable[[World, Opened], bytes]] = {
    "PunchOutSetupRequest": _setup,
    "OrderRequest": _order,
    "ProfileRequest": _profile,
}


def _note_refusal(world: World, opened: Opened, error: ProtocolError) -> None:
    """Nothing: the journal tells an operator what a known buyer was refused, and where."""
    entry = journal.Entry(
        at=world.now(),
        agreement_id=opened.agreement.id,
        kind=f"{opened.envelope.kind[:_SHOWN]}.refused",
        actor=f"buyer:{opened.agreement.id}",
        summary=f"{error.cxml_status} {error.detail} [{error.where}]",
        findings=opened.envelope.findings,
        document=record(opened.document),
    )
    with world.store.write() as tx:
        journal.write(tx, entry)
