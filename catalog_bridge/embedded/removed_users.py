"""Users whom an administrator has removed: kept as a digest, taken back by an administrator only (CUST-7)."""

from __future__ import annotations

from hashlib import sha256

from sqlalchemy import BindParameter, Connection, bindparam, delete, select

from catalog_bridge.embedded import tables
from catalog_bridge.embedded.database import insert_new

_SCOPE: BindParameter[str] = bindparam("scope")
_TABLE = tables.removed_user
_MINE = _TABLE.c.customer_number == _SCOPE
_ALL = select(_TABLE.c.digest).where(_MINE)
_FORGET = delete(_TABLE).where(_MINE, _TABLE.c.digest == bindparam("of"))


def remember(tx: Connection, customer_number: str, email: str) -> None:
    """Nothing; no file brings this address back."""
    insert_new(tx, _TABLE, {"customer_number": customer_number, "digest": digest(email)})


def forget(tx: Connection, customer_number: str, email: str) -> None:
    """Nothing; the address may be a user's again."""
    tx.execute(_FORGET, {"scope": customer_number, "of": digest(email)})


def known(tx: Connection, customer_number: str) -> frozenset[str]:
    """The digests of all who have been removed."""
    return frozenset(tx.execute(_ALL, {"scope": customer_number}).scalars())


def digest(email: str) -> str:
    """What is kept of an address as compared (LOGIN-4)."""
    return sha256(email.encode()).hexdigest()
