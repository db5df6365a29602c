"""CredentialMacs that were taken: each is good for the From that it first came with, and no other."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from session_store.secrets import aad
from session_store.tables import mac_seen

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

_FIRST = select(mac_seen.c.from_hash).where(
    mac_seen.c.agreement_id == bindparam("scope"), mac_seen.c.mac_hash == bindparam("mac")
)
_BIND = insert(mac_seen).on_conflict_do_nothing()  # SQLite's compiler knows the clause too


def bound_to(tx: Connection, agreement_id: str, value: str) -> bytes | None:
    """The hash of the From that this MAC came with first; None for a MAC that nobody has seen."""
    found: bytes | None = tx.execute(_FIRST, {"scope": agreement_id, "mac": _hash(value)}).scalar()
    return found


def bind(tx: Connection, agreement_id: str, value: str, from_: bytes, expires_at: datetime) -> bytes:
    """The hash of the From that this MAC is bound to now: this one, unless another was first."""
    row = {"agreement_id": agreement_id, "mac_hash": _hash(value), "from_hash": from_}
    tx.execute(_BIND, row | {"expires_at": expires_at})
    first: bytes = tx.execute(_FIRST, {"scope": agreement_id, "mac": row["mac_hash"]}).scalar_one()
    return first


def from_hash(keys: Iterable[tuple[str, str]]) -> bytes:
    """SHA-256 of a From's names as compared, in whatever order they came."""
    return _hash(aad(*(part for key in sorted(keys) for part in key)))


def _hash(text: str) -> bytes:
    return sha256(text.encode()).digest()
