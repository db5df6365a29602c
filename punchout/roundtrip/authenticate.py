"""Who is talking: the Sender is authenticated, the From is authorised (cxml.md §2, T-C1, T-C3)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocols.errors import Forbidden, Unauthorized
from protocols.model.agreement import Role
from session_store import credentials

if TYPE_CHECKING:
    from protocols.cxml.envelope import Envelope, Party
    from protocols.model.agreement import Agreement
    from protocols.model.party import Credential
    from punchout.roundtrip.world import World
    from session_store.credentials import LiveSecret, SenderCandidate

_REFUSED = (
    "The Sender credential was not recognised; check Sender/Credential domain, Identity and SharedSecret "
    "against the set-up sheet of this agreement"
)


def authenticate(world: World, envelope: Envelope) -> Agreement:
    """The one agreement whose Sender verified and that lists the From.

    Raises Unauthorized for an unknown Sender or a missing or wrong SharedSecret, always in the same words;
    Forbidden when no agreement or more than one is meant, when it is disabled, or when To is not ours.
    """
    found = credentials.look_up(world.store, _keys(envelope.sender), world.keyring)
    verified = _verified(envelope.sender.credentials, found)
    if not verified:
        raise Unauthorized(_REFUSED, where="/cXML/Header/Sender/Credential")
    known = {match.candidate.agreement_id: match.candidate.agreement for match in verified}
    agreement = _authorised([one for one in known.values() if one], envelope)
    _mark_used(world, agreement, verified)
    return agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """A live secret that was presented."""

    candidate: SenderCandidate
    secret: LiveSecret


def _keys(party: Party) -> list[tuple[str, str]]:
    return [credential.key for credential in party.credentials]


def _verified(sent: tuple[Credential, ...], found: tuple[SenderCandidate, ...]) -> list[_Match]:
    """The live secrets equal to one that was sent; every pair is compared, none skipped (T-C1)."""
    presented = [credential.secret.encode() for credential in sent if credential.secret]
    return [
        _Match(candidate=candidate, secret=secret)
        for candidate in found
        for secret in candidate.secrets
        for attempt in presented
        if hmac.compare_digest(attempt, secret.value.encode()) and candidate.agreement_id
    ]


def _mark_used(world: World, agreement: Agreement, verified: list[_Match]) -> None:
    """Nothing: an operator sees which of two live secrets is still in use."""
    now = world.now()
    stale = [
        match
        for match in verified
        if match.candidate.agreement_id == agreement.id and match.secret.is_unmarked(now)
    ]
    if stale:
        with world.store.write() as tx:
            for match in stale:
                credentials.mark_used(tx, match.candidate, match.secret, now)


def _authorised(known: list[Agreement], envelope: Envelope) -> Agreement:
    meant = [agreement for agreement in known if agreement.enabled and _lists_from(agreement, envelope)]
    if len(meant) != 1:
        said = "more than one agreement lists" if meant else "no agreement of this Sender lists"
        raise Forbidden(
            f"{said} this From; the shop must register the buyer's From credential exactly once",
            where="/cXML/Header/From/Credential",
        )
    _check_to(meant[0], envelope)
    return meant[0]


def _lists_from(agreement: Agreement, envelope: Envelope) -> bool:
    """Whether a From credential is listed; one that lists none trades directly."""
    direct = not any(entry.role is Role.FROM for entry in agreement.credentials)
    role = Role.SENDER if direct else Role.FROM
    return any(agreement.lists(role, key) for key in _keys(envelope.from_))


def _check_to(agreement: Agreement, envelope: Envelope) -> None:
    addressed = any(entry.role is Role.TO for entry in agreement.credentials)
    if addressed and not any(agreement.lists(Role.TO, key) for key in _keys(envelope.to)):
        raise Forbidden(
            "this document is addressed to somebody else; check To/Credential",
            where="/cXML/Header/To/Credential",
        )
