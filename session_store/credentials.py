"""Who may be talking: credentials looked up across agreements, and failed tries counted (security §3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, func, insert, select

from protocols.model.agreement import Role
from session_store import directory, live_secrets
from session_store.directory import SealedSecret
from session_store.tables import auth_failure

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from protocols.model.agreement import Agreement
    from session_store.directory import Directory, Listed
    from session_store.secrets import Keyring

WINDOW = timedelta(minutes=15)
_REMEMBER_USE_EVERY = timedelta(hours=1)
_LONGEST_KEY = 255
_NOBODY = ""
_SLOTS = ("current", "next")


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSecret:
    """A secret in the clear, for comparing.

    slot
        ``current``, or ``next`` while a change-over lasts; ``version`` tells them apart for ever.
    """

    slot: str
    version: int
    value: str = field(repr=False)
    used_at: datetime | None = None

    def is_unmarked(self, now: datetime) -> bool:
        """Whether this use is worth writing down: the last one noted is an hour old or more."""
        return self.used_at is None or now - self.used_at >= _REMEMBER_USE_EVERY


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderCandidate:
    """An agreement that lists the Sender, with what the Sender may prove itself by.

    agreement
        None for the dummy that an unknown Sender is compared with, so that it costs the same (T-C1).
    domain, identity
        As compared: trimmed, without case.
    """

    agreement: Agreement | None
    domain: str
    identity: str
    secrets: tuple[LiveSecret, ...]
    directory: Directory = field(repr=False, compare=False)

    @property
    def agreement_id(self) -> str:
        """The agreement's id; empty for the dummy."""
        return self.agreement.id if self.agreement else _NOBODY


_FAILURES = select(func.count()).where(
    auth_failure.c.identity_key == bindparam("identity"),
    auth_failure.c.network == bindparam("prefix"),
    auth_failure.c.at > bindparam("since"),
)
_NOTE_FAILURE = insert(auth_failure)


def candidates(
    tx: Connection, sender_keys: Iterable[tuple[str, str]], keyring: Keyring
) -> tuple[SenderCandidate, ...]:
    """The agreements that list one of these Sender keys, secrets opened; a dummy where nobody has a secret.

    sender_keys
        ``Credential.key`` of each Sender credential: domain and identity as compared.
    """
    known = directory.current(tx)
    found = tuple(
        _candidate(listed, known, keyring)
        for key in dict.fromkeys(sender_keys)
        for listed in known.by_key.get(key, ())
    )
    return found if any(one.secrets for one in found) else (*found, _dummy(keyring, known))


def mark_used(tx: Connection, found: SenderCandidate, used: LiveSecret, now: datetime) -> None:
    """Nothing: the secret was used now; worth calling when ``used.is_unmarked(now)``."""
    place = (Role.SENDER.value, found.domain, found.identity)
    live_secrets.mark_used(tx, found.agreement_id, place, used.version, now)
    found.directory.used[found.agreement_id, found.domain, found.identity, used.version] = now


def failures(tx: Connection, identity_key: str, network: str, now: datetime) -> int:
    """How often this identity failed from this network in the last 15 minutes."""
    found: int = tx.execute(
        _FAILURES, {"identity": identity_key[:_LONGEST_KEY], "prefix": network, "since": now - WINDOW}
    ).scalar_one()
    return found


def note_failure(tx: Connection, identity_key: str, network: str, now: datetime) -> None:
    """Nothing: one failed try more is remembered."""
    tx.execute(_NOTE_FAILURE, {"identity_key": identity_key[:_LONGEST_KEY], "network": network, "at": now})


def _candidate(listed: Listed, known: Directory, keyring: Keyring) -> SenderCandidate:
    place = (listed.agreement.id, listed.domain, listed.identity)
    secrets = [
        LiveSecret(
            slot=slot,
            version=one.version,
            value=_opened(one, *place, keyring),
            used_at=known.used.get((*place, one.version)),
        )
        for slot, one in zip(_SLOTS, listed.secrets, strict=False)
    ]
    return SenderCandidate(
        agreement=listed.agreement,
        domain=listed.domain,
        identity=listed.identity,
        secrets=tuple(secrets),
        directory=known,
    )


def _opened(one: SealedSecret, agreement_id: str, domain: str, identity: str, keyring: Keyring) -> str:
    place = (Role.SENDER.value, domain, identity)
    return live_secrets.opened(one.sealed, agreement_id, place, one.version, keyring)


def _dummy(keyring: Keyring, known: Directory) -> SenderCandidate:
    """Nobody, whose secret is unsealed like a real one and known to no one."""
    value = _opened(_dummy_secret(keyring), _NOBODY, "", "", keyring)
    nobody = LiveSecret(slot=_SLOTS[0], version=1, value=value)
    return SenderCandidate(agreement=None, domain="", identity="", secrets=(nobody,), directory=known)


@cache
def _dummy_secret(keyring: Keyring) -> SealedSecret:
    place = (Role.SENDER.value, "", "")
    return SealedSecret(
        version=1, sealed=live_secrets.sealed(keyring.unguessable(), _NOBODY, place, 1, keyring)
    )
