"""Agreements as rows: saved whole, loaded whole, their secrets sealed beside them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Text, bindparam, cast, delete, insert, select, update

from protocols.model.serial import to_json
from session_store import directory, live_secrets
from session_store.directory import agreement_in
from session_store.tables import agreement, credential

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

    from protocols.model.agreement import Agreement
    from session_store.live_secrets import NewSecret
    from session_store.secrets import Keyring

_SCOPE = agreement.c.id == bindparam("scope")

# The text, not the object: what has been read before need not be read again.
_BODY = select(agreement.c.revision, cast(agreement.c.body, Text).label("body")).where(_SCOPE)
_EVERYONE = (
    select(cast(agreement.c.body, Text)).order_by(agreement.c.id).execution_options(across="agreement list")
)
_INSERT = insert(agreement)
_UPDATE = update(agreement).where(_SCOPE)
_FORGET_CREDENTIALS = delete(credential).where(credential.c.agreement_id == bindparam("scope"))
_INSERT_CREDENTIAL = insert(credential)


def load(tx: Connection, agreement_id: str) -> Agreement | None:
    """The agreement as it stands now; None when there is none with this id."""
    row = tx.execute(_BODY, {"scope": agreement_id}).first()
    return None if row is None else agreement_in(row.body)


def everyone(tx: Connection) -> tuple[Agreement, ...]:
    """All agreements, disabled ones too, in the order of their ids."""
    return tuple(agreement_in(body) for body in tx.execute(_EVERYONE).scalars())


def save(
    tx: Connection, changed: Agreement, new_secrets: Iterable[NewSecret], *, keyring: Keyring, now: datetime
) -> bool:
    """Whether anything changed: the agreement is now exactly this one.

    A new secret stands beside the one before it, so that both open until the next change (security §3).
    Raises AgreementError when ``secret_set`` is said of a secret that neither comes along nor is stored here.
    """
    rewritten = _write(tx, changed, now)
    renewed = live_secrets.renew(tx, changed, tuple(new_secrets), keyring=keyring, now=now)
    if rewritten or renewed:
        directory.changed(tx, keyring.unguessable())
    return rewritten or renewed


def _write(tx: Connection, changed: Agreement, now: datetime) -> bool:
    row = tx.execute(_BODY, {"scope": changed.id}).first()
    if row is not None and row.body == to_json(changed):
        return False
    values = {"name": changed.name, "enabled": changed.enabled, "body": changed, "updated_at": now}
    if row is None:
        tx.execute(_INSERT, {**values, "id": changed.id, "revision": 1})
    else:
        tx.execute(_UPDATE, {**values, "scope": changed.id, "revision": row.revision + 1})
    _list_credentials(tx, changed)
    return True


def _list_credentials(tx: Connection, changed: Agreement) -> None:
    tx.execute(_FORGET_CREDENTIALS, {"scope": changed.id})
    rows = [
        {"agreement_id": changed.id, "role": entry.role, "domain_key": domain, "identity_key": identity}
        for entry in changed.credentials
        for domain, identity in [live_secrets.key(entry.domain, entry.identity)]
    ]
    if rows:
        tx.execute(_INSERT_CREDENTIAL, rows)
