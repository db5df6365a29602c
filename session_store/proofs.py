"""Proofs that vouch for no From of their own: each is good for the one that it first came with (security §3).

A CredentialMac covers no part of the body, a signature no part of the Header. So whoever overhears one could
put it beside another From; here it is known again, whichever agreement that From belongs to.
"""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import insert

from session_store.secrets import aad
from session_store.tables import proof_seen

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection

_FIRST = select(proof_seen.c.from_hash).where(proof_seen.c.proof_hash == bindparam("proof"))
_BIND = insert(proof_seen).on_conflict_do_nothing()  # SQLite's compiler knows the clause too


def bound_to(tx: Connection, proof: str) -> bytes | None:
    """The hash of the From that this proof came with first; None for one that nobody has seen."""
    found: bytes | None = tx.execute(_FIRST, {"proof": _hash(proof)}).scalar()
    return found


def bind(tx: Connection, proof: str, from_: bytes, until: datetime) -> bytes:
    """The hash of the From that this proof is bound to now: this one, unless another was first.

    until
        When the proof is worth nothing any more; a day later it is forgotten.
    """
    tx.execute(_BIND, {"proof_hash": _hash(proof), "from_hash": from_, "expires_at": until})
    first: bytes = tx.execute(_FIRST, {"proof": _hash(proof)}).scalar_one()
    return first


def from_hash(keys: Iterable[tuple[str, str]]) -> bytes:
    """SHA-256 of a From's names as compared, in whatever order they came."""
    return _hash(aad(*(part for key in sorted(keys) for part in key)))


def _hash(text: str) -> bytes:
    return sha256(text.encode()).digest()
