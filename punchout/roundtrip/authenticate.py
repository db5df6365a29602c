"""Who is talking: the Sender is authenticated, the From is authorised (cxml.md §2, T-C1, T-C3)."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocols.cxml import mac
from protocols.cxml.moments import parsed
from protocols.errors import Forbidden, Unauthorized
from protocols.model.agreement import Role
from punchout.roundtrip import patience
from session_store import credentials, macs
from session_store.throttle import Caller

if TYPE_CHECKING:
    from protocols.cxml.envelope import Envelope, Party
    from protocols.model.agreement import Agreement
    from protocols.model.party import Credential, CredentialMac
    from punchout.roundtrip.world import World
    from session_store.credentials import LiveSecret, SenderCandidate

_REFUSED = (
    "The Sender credential was not recognised; check Sender/Credential domain, Identity and SharedSecret (or "
    "CredentialMac with its dates) against the set-up sheet of this agreement"
)


def authenticate(world: World, envelope: Envelope, address: str = "") -> Agreement:
    """The one agreement whose Sender verified and that lists the From.

    address
        Where the document came from; ten failures of one Sender from there make the next ones wait.
    Raises Unauthorized for an unknown Sender or a missing or wrong proof, and unseen for one that has to
    wait, always in the same words; Forbidden when no agreement or more than one is meant, when it is
    disabled, or when To is not ours.
    """
    caller = Caller.of(_keys(envelope.sender), patience.network(address))
    if wait := patience.seconds_to_wait(world, caller):
        raise _refusal(wait)
    found = credentials.look_up(world.store, _keys(envelope.sender), world.keyring)
    verified = [*_by_secret(envelope.sender.credentials, found), *_by_mac(world, envelope, found)]
    if not verified:
        patience.failed(world, caller)
        raise _refusal()
    patience.succeeded(world, caller)
    agreement = _authorised(verified, envelope)
    mine = [match for match in verified if match.candidate.agreement_id == agreement.id]
    _bind_macs(world, agreement, envelope, mine)
    _mark_used(world, mine)
    return agreement


@dataclass(frozen=True, slots=True, kw_only=True)
class _Match:
    """A live secret that was presented, or that a MAC was made with.

    mac, from_
        The MAC, and the one From that it vouches for; None for a secret, which vouches for any.
    """

    candidate: SenderCandidate
    secret: LiveSecret
    mac: CredentialMac | None = None
    from_: Credential | None = None


def _refusal(wait: int = 0) -> Unauthorized:
    return Unauthorized(_REFUSED, where="/cXML/Header/Sender/Credential", retry_after=wait)


def _keys(party: Party) -> list[tuple[str, str]]:
    return [credential.key for credential in party.credentials]


def _by_secret(sent: tuple[Credential, ...], found: tuple[SenderCandidate, ...]) -> list[_Match]:
    """The live secrets equal to one that was sent; every pair is compared, none skipped (T-C1)."""
    presented = [credential.secret.encode() for credential in sent if credential.secret]
    return [
        _Match(candidate=candidate, secret=secret)
        for candidate in found
        for secret in candidate.secrets
        for attempt in presented
        if hmac.compare_digest(attempt, secret.value.encode()) and candidate.agreement_id
    ]


def _by_mac(world: World, envelope: Envelope, found: tuple[SenderCandidate, ...]) -> list[_Match]:
    """The live secrets that the Sender's MAC was made with; every pair is computed, none skipped (T-C1)."""
    proved = [(one, one.mac) for one in envelope.sender.credentials if one.mac]
    return [
        _Match(candidate=candidate, secret=secret, mac=proof, from_=from_)
        for sender, proof in proved[:1]
        if mac.is_live(proof, world.now())
        for candidate in found
        for secret in candidate.secrets
        for from_ in envelope.from_.credentials
        if mac.fits(proof, from_, sender, secret.value) and _takes_macs(candidate, sender)
    ]


def _takes_macs(candidate: SenderCandidate, sender: Credential) -> bool:
    agreed = candidate.agreed
    return agreed is not None and agreed.mac and agreed.key == sender.key


def _bind_macs(world: World, agreement: Agreement, envelope: Envelope, verified: list[_Match]) -> None:
    """Nothing; Unauthorized for a MAC that came with another From before (security §3).

    It covers no part of the body: who overhears it could send anything under it until it expires.
    """
    proof = verified[0].mac
    if proof is None:
        return
    from_, expires = macs.from_hash(_keys(envelope.from_)), parsed(proof.expires) or world.now()
    with world.store.read() as tx:
        first = macs.bound_to(tx, agreement.id, proof.value)
    if first is None:
        with world.store.write() as tx:
            first = macs.bind(tx, agreement.id, proof.value, from_, expires)
    if first != from_:
        raise _refusal()


def _mark_used(world: World, verified: list[_Match]) -> None:
    """Nothing: an operator sees which of two live secrets is still in use."""
    now = world.now()
    stale = [match for match in verified if match.secret.is_unmarked(now)]
    if stale:
        with world.store.write() as tx:
            for match in stale:
                credentials.mark_used(tx, match.candidate, match.secret, now)


def _authorised(verified: list[_Match], envelope: Envelope) -> Agreement:
    """The one enabled agreement of the matches that lists the From."""
    meant = {
        agreement.id: agreement
        for match in verified
        if (agreement := match.candidate.agreement)
        and agreement.enabled
        and _lists(agreement, (match.from_,) if match.from_ else envelope.from_.credentials)
    }
    if len(meant) != 1:
        said = "more than one agreement lists" if meant else "no agreement of this Sender lists"
        raise Forbidden(
            f"{said} this From; the shop must register the buyer's From credential exactly once",
            where="/cXML/Header/From/Credential",
        )
    (agreement,) = meant.values()
    _check_to(agreement, envelope)
    return agreement


def _lists(agreement: Agreement, from_: tuple[Credential, ...]) -> bool:
    """Whether the agreement lists the From under any of its names; one that lists none trades directly.

    A marketplace's name stands beside those of all its members, so it alone counts only for an agreement
    that lists nothing else: one with the marketplace as a whole.
    """
    direct = not any(entry.role is Role.FROM for entry in agreement.credentials)
    role = Role.SENDER if direct else Role.FROM
    listed = {entry.key for entry in agreement.credentials if entry.role is role}
    own = {name.key for name in from_ if not name.marketplace}
    marketplaces = {name.key for name in from_ if name.marketplace}
    return bool(listed & own) or (bool(listed) and listed <= marketplaces)


def _check_to(agreement: Agreement, envelope: Envelope) -> None:
    addressed = any(entry.role is Role.TO for entry in agreement.credentials)
    if addressed and not any(agreement.lists(Role.TO, key) for key in _keys(envelope.to)):
        raise Forbidden(
            "this document is addressed to somebody else; check To/Credential",
            where="/cXML/Header/To/Credential",
        )
