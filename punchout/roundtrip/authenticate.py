"""Who is talking: the Sender is authenticated, the From is authorised (cxml.md §2, T-C1, T-C3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocols.cxml.envelope import open_envelope
from protocols.errors import Unauthorized
from punchout.roundtrip import patience
from punchout.roundtrip.authorise import authorised
from punchout.roundtrip.proof import by_mac, by_secret, by_signature, signed_part
from session_store import credentials, proofs
from session_store.throttle import Caller

if TYPE_CHECKING:
    from protocols.cxml.envelope import Envelope
    from protocols.model.agreement import Agreement
    from protocols.xml import Document
    from punchout.roundtrip.proof import Proof
    from punchout.roundtrip.world import World

_REFUSED = (
    "The Sender credential was not recognised; check Sender/Credential domain, Identity and SharedSecret (or "
    "CredentialMac with its dates) against the set-up sheet of this agreement"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Admitted:
    """A document whose sender is known; of a signed one only what was signed, beside its Header."""

    agreement: Agreement
    document: Document
    envelope: Envelope


def authenticate(world: World, document: Document, envelope: Envelope, address: str = "") -> Admitted:
    """The document under the one agreement whose Sender verified and that lists the From.

    address
        Where it came from; ten failures of one Sender from there make the next ones wait.
    Raises Unauthorized for an unknown Sender or a missing or wrong proof, and unseen for one that has to
    wait, always in the same words; errors of ``signature.verified`` where a signature is due or wrong; errors
    of ``authorised``.
    """
    found = _proved(world, document, envelope, address)
    vouched = [(one.candidate.agreement, one.from_) for one in found if one.candidate.agreement]
    agreement = authorised(vouched, envelope)
    mine = [one for one in found if one.candidate.agreement_id == agreement.id]
    _bind(world, envelope, mine[0])
    _mark_used(world, mine)
    believed = signed_part(document, mine, world.now())
    if believed is not document:
        envelope = open_envelope(believed)
    return Admitted(agreement=agreement, document=believed, envelope=envelope)


def _proved(world: World, document: Document, envelope: Envelope, address: str) -> list[Proof]:
    """Everything that proves the Sender, at least one thing; a failure counts against the caller."""
    keys = _keys(envelope)
    caller, now = Caller.of(keys, patience.network(address)), world.now()
    before = patience.standing(world, caller)
    if before.closed_until:
        raise _refusal(patience.seconds(world, before.closed_until))
    found = credentials.look_up(world.store, keys, world.keyring)
    signed, reason = by_signature(document, envelope, found, now)
    proved = [*by_secret(envelope, found), *by_mac(envelope, found, now), *signed]
    if not proved:
        patience.failed(world, caller)
        raise reason or _refusal()
    if before.failed:
        patience.succeeded(world, caller)
    return proved


def _keys(envelope: Envelope) -> list[tuple[str, str]]:
    return [credential.key for credential in envelope.sender.credentials]


def _refusal(wait: int = 0) -> Unauthorized:
    return Unauthorized(_REFUSED, where="/cXML/Header/Sender/Credential", retry_after=wait)


def _bind(world: World, envelope: Envelope, proof: Proof) -> None:
    """Nothing; Unauthorized for a MAC or signature that came with another From before (security §3)."""
    if not proof.bearer:
        return
    from_ = proofs.from_hash(credential.key for credential in envelope.from_.credentials)
    with world.store.read() as tx:
        first = proofs.bound_to(tx, proof.bearer)
    if first is None:
        with world.store.write() as tx:
            first = proofs.bind(tx, proof.bearer, from_, proof.until or world.now())
    if first != from_:
        raise _refusal()


def _mark_used(world: World, used: list[Proof]) -> None:
    """Nothing: an operator sees which of two live secrets is still in use."""
    now = world.now()
    stale = [(one, one.secret) for one in used if one.secret and one.secret.is_unmarked(now)]
    if stale:
        with world.store.write() as tx:
            for one, secret in stale:
                credentials.mark_used(tx, one.candidate, secret, now)
