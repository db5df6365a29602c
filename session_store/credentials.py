"""Who may be talking: credentials looked up across agreements, and failed tries counted (security §3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import and_, bindparam, func, insert, select

from protocols.model.agreement import Role
from session_store import live_secrets
from session_store.tables import auth_failure, credential, secret

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, Row

    from session_store.secrets import Keyring

WINDOW = timedelta(minutes=15)
_REMEMBER_USE_EVERY = timedelta(hours=1)
_LONGEST_KEY = 255
_NOBODY = ""
_DUMMY = ("sender", "", "")


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

    agreement_id
        Empty for the dummy that an unknown Sender is compared with, so that it costs the same (T-C1).
    domain, identity
        As compared: trimmed, without case.
    """

    agreement_id: str
    domain: str
    identity: str
    secrets: tuple[LiveSecret, ...]


_CANDIDATES = (
    select(
        credential.c.agreement_id,
        credential.c.domain_key,
        credential.c.identity_key,
        secret.c.version,
        secret.c.sealed,
        secret.c.last_used_at,
    )
    .join_from(
        credential,
        secret,
        and_(
            secret.c.agreement_id == credential.c.agreement_id,
            secret.c.purpose == credential.c.role,
            secret.c.domain_key == credential.c.domain_key,
            secret.c.identity_key == credential.c.identity_key,
        ),
        isouter=True,
    )
    .where(
        credential.c.identity_key.in_(bindparam("identities", expanding=True)),
        credential.c.role == Role.SENDER,
    )
    .order_by(credential.c.agreement_id, credential.c.domain_key, credential.c.identity_key, secret.c.version)
    .execution_options(across="credential look-up")
)
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
    wanted = set(sender_keys)
    rows: Iterable[Row[Any]] = tx.execute(_CANDIDATES, {"identities": sorted({key[1] for key in wanted})})
    found = tuple(
        _candidate(key, list(group), keyring) for key, group in groupby(rows, key=_of) if key[1:] in wanted
    )
    return found if any(one.secrets for one in found) else (*found, _dummy(keyring))


def mark_used(tx: Connection, found: SenderCandidate, used: LiveSecret, now: datetime) -> None:
    """Nothing: the secret was used now; worth calling when ``used.is_unmarked(now)``."""
    place = (Role.SENDER.value, found.domain, found.identity)
    live_secrets.mark_used(tx, found.agreement_id, place, used.version, now)


def failures(tx: Connection, identity_key: str, network: str, now: datetime) -> int:
    """How often this identity failed from this network in the last 15 minutes."""
    found: int = tx.execute(
        _FAILURES, {"identity": identity_key[:_LONGEST_KEY], "prefix": network, "since": now - WINDOW}
    ).scalar_one()
    return found


def note_failure(tx: Connection, identity_key: str, network: str, now: datetime) -> None:
    """Nothing: one failed try more is remembered."""
    tx.execute(_NOTE_FAILURE, {"identity_key": identity_key[:_LONGEST_KEY], "network": network, "at": now})


def _of(row: Row[Any]) -> tuple[str, str, str]:
    return row.agreement_id, row.domain_key, row.identity_key


def _candidate(key: tuple[str, str, str], rows: list[Row[Any]], keyring: Keyring) -> SenderCandidate:
    agreement_id, domain, identity = key
    live = [row for row in rows if row.sealed is not None]
    secrets = tuple(_live(row, slot, keyring) for row, slot in zip(live, ("current", "next"), strict=False))
    return SenderCandidate(agreement_id=agreement_id, domain=domain, identity=identity, secrets=secrets)


def _live(row: Row[Any], slot: str, keyring: Keyring) -> LiveSecret:
    place = (Role.SENDER.value, row.domain_key, row.identity_key)
    value = live_secrets.opened(row.sealed, row.agreement_id, place, row.version, keyring)
    return LiveSecret(slot=slot, version=row.version, value=value, used_at=row.last_used_at)


def _dummy(keyring: Keyring) -> SenderCandidate:
    """Nobody, whose secret is unsealed like a real one and known to no one."""
    value = live_secrets.opened(_dummy_sealed(keyring), _NOBODY, _DUMMY, 1, keyring)
    nobody = LiveSecret(slot="current", version=1, value=value)
    return SenderCandidate(agreement_id=_NOBODY, domain="", identity="", secrets=(nobody,))


@cache
def _dummy_sealed(keyring: Keyring) -> bytes:
    return live_secrets.sealed(keyring.unguessable(), _NOBODY, _DUMMY, 1, keyring)
