"""Who may be talking: credentials looked up across agreements (security §3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING

from protocols.model.agreement import Role
from session_store import directory, live_secrets
from session_store.directory import Listed, SealedSecret
from session_store.live_secrets import Live

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from protocols.model.agreement import AgreedCredential, Agreement
    from session_store.database import Database
    from session_store.directory import Directory
    from session_store.secrets import Keyring

_NOBODY = ""
_SLOTS = ("current", "next")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSecret(Live):
    """A Sender's secret in the clear.

    slot
        ``current``, or ``next`` while a change-over lasts; ``version`` tells them apart for ever.
    """

    slot: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderCandidate:
    """An agreement that lists the Sender, with what the Sender may prove itself by.

    agreement_id, agreement
        Empty and None for the dummy that an unknown Sender is compared with, at the same cost (T-C1).
    domain, identity
        As compared: trimmed, without case.
    """

    agreement_id: str
    agreement: Agreement | None
    domain: str
    identity: str
    secrets: tuple[LiveSecret, ...]
    directory: Directory = field(repr=False, compare=False)

    @property
    def agreed(self) -> AgreedCredential | None:
        """What the agreement says of this credential; None for the dummy."""
        if self.agreement is None:
            return None
        return self.agreement.credential(Role.SENDER, (self.domain, self.identity))


def candidates(
    tx: Connection, sender_keys: Iterable[tuple[str, str]], keyring: Keyring
) -> tuple[SenderCandidate, ...]:
    """The agreements that list one of these Sender keys, secrets opened; a dummy where nobody has a secret.

    sender_keys
        ``Credential.key`` of each Sender credential: domain and identity as compared.
    """
    return _candidates(directory.current(tx), sender_keys, keyring)


def look_up(
    store: Database, sender_keys: Iterable[tuple[str, str]], keyring: Keyring
) -> tuple[SenderCandidate, ...]:
    """The candidates as of the last commit, without a transaction: what every document begins with."""
    return _candidates(directory.latest(store), sender_keys, keyring)


def _candidates(
    known: Directory, sender_keys: Iterable[tuple[str, str]], keyring: Keyring
) -> tuple[SenderCandidate, ...]:
    listed = [one for key in dict.fromkeys(sender_keys) for one in known.by_key.get(key, ())]
    if not any(one.secrets for one in listed):
        listed.append(_nobody(keyring))
    return tuple(_candidate(one, known, keyring) for one in listed)


def mark_used(tx: Connection, found: SenderCandidate, used: LiveSecret, now: datetime) -> None:
    """Nothing: the secret was used now; worth calling when ``used.is_unmarked(now)``."""
    place = (Role.SENDER.value, found.domain, found.identity)
    live_secrets.mark_used(tx, found.agreement_id, place, used.version, now)
    found.directory.used[found.agreement_id, found.domain, found.identity, used.version] = now


def _candidate(listed: Listed, known: Directory, keyring: Keyring) -> SenderCandidate:
    agreement_id = listed.agreement.id if listed.agreement else _NOBODY
    place = (Role.SENDER.value, listed.domain, listed.identity)
    secrets = [
        LiveSecret(
            slot=slot,
            version=one.version,
            value=live_secrets.opened(one.sealed, agreement_id, place, one.version, keyring),
            used_at=known.used.get((agreement_id, listed.domain, listed.identity, one.version)),
        )
        for slot, one in zip(_SLOTS, listed.secrets, strict=False)
    ]
    return SenderCandidate(
        agreement_id=agreement_id,
        agreement=listed.agreement,
        domain=listed.domain,
        identity=listed.identity,
        secrets=tuple(secrets),
        directory=known,
    )


@cache
def _nobody(keyring: Keyring) -> Listed:
    """A listing that is nobody's, with a secret that is unsealed like a real one and known to no one."""
    place = (Role.SENDER.value, "", "")
    sealed = live_secrets.sealed(keyring.unguessable(), _NOBODY, place, 1, keyring)
    return Listed(agreement=None, domain="", identity="", secrets=(SealedSecret(version=1, sealed=sealed),))
