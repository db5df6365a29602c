"""How a Sender proves itself: by its secret, by a MAC made with it, or by signing (security §2 and §3)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from protocols.cxml import mac, signature
from protocols.errors import SignatureInvalid, SignatureRequired, SignatureUnacceptable
from protocols.moments import parsed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from protocols.cxml.envelope import Envelope
    from protocols.model.party import Credential
    from protocols.xml import Document
    from session_store.credentials import LiveSecret, SenderCandidate

_REMEMBERED = timedelta(days=396)
"""How long a signature is known again: as long as the answer to its document."""

BadSignature = SignatureRequired | SignatureInvalid | SignatureUnacceptable


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """That the Sender is who an agreement lists.

    from_
        The names of the From that it holds for: a MAC vouches for one, the others for all.
    secret
        The live secret that was used; None for a signature.
    bearer, until
        What could be put beside another From by whoever overhears it; empty for a secret, which is a password
        and opens for all.
    signed
        The document as far as it is signed, where the signature is the proof.
    """

    candidate: SenderCandidate
    from_: tuple[Credential, ...]
    secret: LiveSecret | None = None
    bearer: str = ""
    until: datetime | None = None
    signed: Document | None = None


def by_secret(envelope: Envelope, found: tuple[SenderCandidate, ...]) -> list[Proof]:
    """The live secrets equal to one that was sent; every pair is compared, none skipped (T-C1)."""
    sent = envelope.sender.credentials
    presented = [credential.secret.encode() for credential in sent if credential.secret]
    return [
        Proof(candidate=candidate, from_=envelope.from_.credentials, secret=secret)
        for candidate in found
        for secret in candidate.secrets
        for attempt in presented
        if hmac.compare_digest(attempt, secret.value.encode()) and candidate.agreement_id
    ]


def by_mac(envelope: Envelope, found: tuple[SenderCandidate, ...], now: datetime) -> list[Proof]:
    """The live secrets that the Sender's MAC was made with; every pair is computed, none skipped (T-C1)."""
    proved = [(one, one.mac) for one in envelope.sender.credentials if one.mac]
    return [
        Proof(
            candidate=candidate, from_=(from_,), secret=secret, bearer=sent.value, until=parsed(sent.expires)
        )
        for sender, sent in proved[:1]
        if mac.is_live(sent, now)
        for candidate in found
        for secret in candidate.secrets
        for from_ in envelope.from_.credentials
        if mac.fits(sent, from_, sender, secret.value) and _takes_macs(candidate, sender)
    ]


def _takes_macs(candidate: SenderCandidate, sender: Credential) -> bool:
    agreed = candidate.agreed
    return agreed is not None and agreed.mac and agreed.key == sender.key


def by_signature(
    document: Document, envelope: Envelope, found: tuple[SenderCandidate, ...], now: datetime
) -> tuple[list[Proof], BadSignature | None]:
    """Where the document is signed by a Sender that has nothing but its certificate; else why it is not.

    The reason is None where no such Sender is listed: then no signature was asked for.
    """
    proofs, reason = [], None
    for candidate, certificate in _signers(found):
        try:
            signed = signature.verified(document, certificate, now)
        except (SignatureRequired, SignatureInvalid, SignatureUnacceptable) as error:
            reason = error
        else:
            proofs.append(
                Proof(
                    candidate=candidate,
                    from_=envelope.from_.credentials,
                    bearer=signature.fingerprint(document),
                    until=now + _REMEMBERED,
                    signed=signed,
                )
            )
    return proofs, reason


def _signers(found: tuple[SenderCandidate, ...]) -> Iterator[tuple[SenderCandidate, str]]:
    for candidate in found:
        agreed = candidate.agreed
        if agreed and agreed.certificate and not agreed.secret_set:
            yield candidate, agreed.certificate


def signed_part(document: Document, proofs: list[Proof], now: datetime) -> Document:
    """The document as far as it is signed, where the agreement has a certificate; else as it is.

    A Sender with a secret need not sign, but what it signs must be right: errors as ``signature.verified``.
    """
    for proof in proofs:
        agreed = proof.candidate.agreed
        if proof.signed is not None:
            return proof.signed
        if agreed and agreed.certificate and signature.is_signed(document):
            return signature.verified(document, agreed.certificate, now)
    return document
