"""The one or two live secrets of each credential: the current, and the next while a change-over lasts."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, select, update

from protocols.model.party import Credential
from session_store.secrets import aad
from session_store.tables import secret

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, Row

    from protocols.model.agreement import Agreement
    from session_store.secrets import Keyring

    Place = tuple[str, str, str]
    Rows = list[Row[Any]]

OCI = "oci"
"""Purpose of a login field's secret; all other purposes but two are the roles of credentials."""
SIGN = "sign"
"""Purpose of the private key that belongs to our own name in an agreement."""
PEPPOL = "peppol"
"""Purpose of the token with which Peppol documents are handed over."""
PEPPOL_TOKEN = (PEPPOL, "", "token")
"""Its place in every agreement."""

_LIVE = 2
_REMEMBER_USE_EVERY = timedelta(hours=1)
_ADVICE = {
    SIGN: "sign_key_set = true, but no private key is stored here; write sign_key = …",
    PEPPOL: "token_set = true, but no token is stored here; write token = …",
}
_ADVICE_ELSE = "secret_set = true, but no secret is stored here; write secret = …"


class AgreementError(Exception):
    """An agreement cannot be taken in as it is; one line for each thing that is wrong."""

    def __init__(self, *problems: str) -> None:
        """Keep the problems apart, for whoever shows them one by one."""
        super().__init__("\n".join(problems))
        self.problems = problems


@dataclass(frozen=True, slots=True, kw_only=True)
class NewSecret:
    """A secret in the clear, on its way from an agreement file to where it is sealed.

    purpose
        ``sender``, ``from`` or ``to`` for a credential's SharedSecret; ``sign`` for its private key; ``oci``
        for a login field, whose name is then the identity; ``peppol`` for the token of that door.
    """

    purpose: str
    domain: str
    identity: str
    value: str = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretUse:
    """A live secret without its value: which of two is still in use tells when the older one can go."""

    purpose: str
    domain: str
    identity: str
    version: int
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Live:
    """A live secret in the clear, for comparing."""

    version: int
    value: str = field(repr=False)
    used_at: datetime | None = None

    def is_unmarked(self, now: datetime) -> bool:
        """Whether this use is worth writing down: the last one noted is an hour old or more."""
        return self.used_at is None or now - self.used_at >= _REMEMBER_USE_EVERY


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """What documents for one buyer are signed with, both as PEM; the key is in no ``repr``."""

    private_key: str = field(repr=False)
    certificate: str


_PLACE = (secret.c.purpose, secret.c.domain_key, secret.c.identity_key)
_STORED = (
    select(*_PLACE, secret.c.version, secret.c.sealed)
    .where(secret.c.agreement_id == bindparam("scope"))
    .order_by(*_PLACE, secret.c.version)
)
_USES = (
    select(
        secret.c.purpose,
        secret.c.domain_key.label("domain"),
        secret.c.identity_key.label("identity"),
        *(secret.c.version, secret.c.created_at, secret.c.last_used_at),
    )
    .where(secret.c.agreement_id == bindparam("scope"))
    .order_by(*_PLACE, secret.c.version)
)
_ONE = (
    secret.c.agreement_id == bindparam("scope"),
    secret.c.purpose == bindparam("for_purpose"),
    secret.c.domain_key == bindparam("domain"),
    secret.c.identity_key == bindparam("identity"),
)
_OWN = (
    select(secret.c.version, secret.c.sealed)
    .where(*_ONE)
    .order_by(secret.c.last_used_at.is_(None), secret.c.last_used_at.desc(), secret.c.version.desc())
    .limit(1)
)
_LIVE_ONES = (
    select(secret.c.version, secret.c.sealed, secret.c.last_used_at).where(*_ONE).order_by(secret.c.version)
)
_INSERT = insert(secret)
_DELETE = delete(secret).where(*_ONE, secret.c.version <= bindparam("up_to"))
_USED = update(secret).where(*_ONE, secret.c.version == bindparam("which"))


def key(domain: str, identity: str) -> tuple[str, str]:
    """Domain and identity as they are compared, however they are spelled (T-C3)."""
    return Credential(domain=domain, identity=identity).key


def sealed(value: str, agreement_id: str, place: Place, version: int, keyring: Keyring) -> bytes:
    """The secret as it is stored; it opens only in this place (agreement|domain|identity|purpose|version)."""
    return keyring.seal(value.encode(), _aad(agreement_id, place, version), agreement_id)


def opened(sealed: bytes, agreement_id: str, place: Place, version: int, keyring: Keyring) -> str:
    """The secret in the clear; KeyringError when the row was moved or its master key is gone."""
    return keyring.open(sealed, _aad(agreement_id, place, version), agreement_id).decode()


def in_use(tx: Connection, agreement_id: str, place: Place, keyring: Keyring) -> str:
    """The secret of this place that both sides know: the one seen last, else the newest; empty without one.

    While a change-over lasts the other side may not know the new one yet.
    """
    row = tx.execute(_OWN, _where(agreement_id, place)).first()
    return opened(row.sealed, agreement_id, place, row.version, keyring) if row else ""


def live(tx: Connection, agreement_id: str, place: Place, keyring: Keyring) -> tuple[Live, ...]:
    """The one or two live secrets of this place, the older one first; none where none is set."""
    rows = tx.execute(_LIVE_ONES, _where(agreement_id, place)).all()
    return tuple(
        Live(
            version=row.version,
            value=opened(row.sealed, agreement_id, place, row.version, keyring),
            used_at=row.last_used_at,
        )
        for row in rows
    )


def mark_used(tx: Connection, agreement_id: str, place: Place, version: int, now: datetime) -> None:
    """Nothing: this secret was used now, which tells whether the one before it can go."""
    tx.execute(_USED, {**_where(agreement_id, place), "which": version, "last_used_at": now})


def uses(tx: Connection, agreement_id: str) -> tuple[SecretUse, ...]:
    """The agreement's live secrets by place, the older one first; their use is noted once an hour."""
    rows = tx.execute(_USES, {"scope": agreement_id}).mappings()
    return tuple(SecretUse(**row) for row in rows)


def signing_key(tx: Connection, agreement: Agreement, keyring: Keyring) -> SigningKey | None:
    """Our newest private key in the agreement, with its certificate; None where nothing is signed."""
    ours = next((entry for entry in agreement.credentials if entry.sign_key_set), None)
    if ours is None:
        return None
    place = (SIGN, *ours.key)
    newest = _stored(tx, agreement.id)[place][-1]
    opened_key = opened(newest.sealed, agreement.id, place, newest.version, keyring)
    return SigningKey(private_key=opened_key, certificate=ours.certificate)


def renew(
    tx: Connection, changed: Agreement, new: tuple[NewSecret, ...], *, keyring: Keyring, now: datetime
) -> bool:
    """Whether a stored secret changed: new ones are added, those no longer listed are gone."""
    stored = _stored(tx, changed.id)
    wanted = _wanted(changed)
    brought = {(one.purpose, *key(one.domain, one.identity)): one.value for one in new}
    _check_complete(wanted, stored.keys() | brought.keys())
    gone = [place for place in stored if place not in wanted]
    for place in gone:
        tx.execute(_DELETE, {**_where(changed.id, place), "up_to": stored[place][-1].version})
    fresh = [
        place
        for place, value in brought.items()
        if not _is_live(value, stored.get(place, []), changed.id, place, keyring)
    ]
    for place in fresh:
        _add(tx, changed.id, place, brought[place], stored.get(place, []), keyring, now)
    return bool(gone or fresh)


def _add(
    tx: Connection, agreement_id: str, place: Place, value: str, live: Rows, keyring: Keyring, now: datetime
) -> None:
    """The value joins the live ones as the newest; of three the oldest goes."""
    version = live[-1].version + 1 if live else 1
    if len(live) >= _LIVE:
        tx.execute(_DELETE, {**_where(agreement_id, place), "up_to": live[-_LIVE].version})
    blob = sealed(value, agreement_id, place, version, keyring)
    purpose, domain, identity = place
    row = {"agreement_id": agreement_id, "purpose": purpose, "domain_key": domain, "identity_key": identity}
    tx.execute(_INSERT, row | {"version": version, "sealed": blob, "created_at": now})


def _is_live(value: str, live: Rows, agreement_id: str, place: Place, keyring: Keyring) -> bool:
    return any(opened(row.sealed, agreement_id, place, row.version, keyring) == value for row in live)


def _stored(tx: Connection, agreement_id: str) -> dict[Place, Rows]:
    rows: Iterable[Row[Any]] = tx.execute(_STORED, {"scope": agreement_id})
    by_place = groupby(rows, key=lambda row: (row.purpose, row.domain_key, row.identity_key))
    return {place: list(versions) for place, versions in by_place}


def _wanted(changed: Agreement) -> dict[Place, str]:
    """Where the agreement says that a secret is set, with the words for people."""
    credentials = {
        (str(entry.role), *key(entry.domain, entry.identity)): f"{entry.role} {entry.domain} {entry.identity}"
        for entry in changed.credentials
        if entry.secret_set
    }
    keys = {
        (SIGN, *entry.key): f"{entry.role} {entry.domain} {entry.identity}"
        for entry in changed.credentials
        if entry.sign_key_set
    }
    fields = {(OCI, *key("", name)): f"OCI field {name}" for name in changed.oci.secret_fields}
    token = {PEPPOL_TOKEN: "[agreement.peppol]"} if changed.peppol.token_set else {}
    return credentials | keys | fields | token


def _check_complete(wanted: dict[Place, str], known: set[Place]) -> None:
    missing = [(place, words) for place, words in wanted.items() if place not in known]
    if missing:
        raise AgreementError(*(f"{words}: {_ADVICE.get(place[0], _ADVICE_ELSE)}" for place, words in missing))


def _where(agreement_id: str, place: Place) -> dict[str, object]:
    purpose, domain, identity = place
    return {"scope": agreement_id, "for_purpose": purpose, "domain": domain, "identity": identity}


def _aad(agreement_id: str, place: Place, version: int) -> str:
    purpose, domain, identity = place
    return aad(agreement_id, domain, identity, purpose, version)
