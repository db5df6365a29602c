"""Who is listed as Sender where: kept in memory for as long as no agreement changes.

Each change of an agreement or secret writes a new mark that no database has had before. So one look at the
mark tells whether what is in memory still holds: a withdrawn secret stops at once, and looking somebody up
costs the same whether we know them or not (T-C1).
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import TYPE_CHECKING

from sqlalchemy import Text, and_, cast, insert, select, update

from protocols.model.agreement import Agreement, Role
from protocols.model.serial import from_json
from session_store.tables import agreement, agreement_mark, credential, secret

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, Row

    from session_store.database import Database

_MOST_KEPT = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedSecret:
    """A live secret as it is stored."""

    version: int
    sealed: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A Sender credential of one agreement (None: nobody's), with its live secrets, the current one first."""

    agreement: Agreement | None
    domain: str
    identity: str
    secrets: tuple[SealedSecret, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Directory:
    """All Sender credentials under one mark.

    used
        When each secret was last noted as used: the one thing here that changes.
    """

    by_key: Mapping[tuple[str, str], tuple[Listed, ...]]
    used: dict[tuple[str, str, str, int], datetime]


_MARK = select(agreement_mark.c.mark)
_NEW_MARK = update(agreement_mark)
_FIRST_MARK = insert(agreement_mark)
_SENDERS = (
    select(
        credential.c.agreement_id,
        credential.c.domain_key,
        credential.c.identity_key,
        cast(agreement.c.body, Text).label("body"),
        secret.c.version,
        secret.c.sealed,
        secret.c.last_used_at,
    )
    .join_from(credential, agreement, agreement.c.id == credential.c.agreement_id)
    .outerjoin(
        secret,
        and_(
            secret.c.agreement_id == credential.c.agreement_id,
            secret.c.purpose == credential.c.role,
            secret.c.domain_key == credential.c.domain_key,
            secret.c.identity_key == credential.c.identity_key,
        ),
    )
    .where(credential.c.role == Role.SENDER)
    .order_by(credential.c.agreement_id, credential.c.domain_key, credential.c.identity_key, secret.c.version)
    .execution_options(across="credential look-up")
)

_kept: dict[tuple[str | None, str | None], Directory] = {}


def latest(store: Database) -> Directory:
    """The directory as of the last commit; while nothing changes, all it costs is the look at the mark."""
    found = _kept.get((store.name, store.agreement_mark()))
    if found is not None:
        return found
    with store.read() as tx:
        return current(tx)


def current(tx: Connection) -> Directory:
    """The directory as this transaction sees it, read from the database only after a change."""
    key = tx.engine.url.database, tx.execute(_MARK).scalar()
    found = _kept.get(key)
    if found is None:
        found = _kept[key] = _read(tx)
        while len(_kept) > _MOST_KEPT:
            _kept.pop(next(iter(_kept)), None)
    return found


def changed(tx: Connection, mark: str) -> None:
    """Nothing: from the commit on, every process reads the directory anew.

    mark
        Unguessable, so that it never stands for two different contents, whatever is restored or copied.
    """
    if tx.execute(_NEW_MARK, {"mark": mark}).rowcount == 0:
        tx.execute(_FIRST_MARK, {"mark": mark})


@lru_cache(maxsize=4096)
def agreement_in(body: str) -> Agreement:
    """The agreement that a stored body says; the same body is parsed once."""
    return from_json(body, Agreement)


def _read(tx: Connection) -> Directory:
    rows: Iterable[Row[Any]] = tx.execute(_SENDERS)
    by_key: defaultdict[tuple[str, str], tuple[Listed, ...]] = defaultdict(tuple)
    used: dict[tuple[str, str, str, int], datetime] = {}
    for (_, domain, identity), group in groupby(rows, key=_of):
        live = list(group)
        by_key[domain, identity] += (_listed(live),)
        used |= {(*_of(row), row.version): row.last_used_at for row in live if row.last_used_at}
    return Directory(by_key=dict(by_key), used=used)


def _of(row: Row[Any]) -> tuple[str, str, str]:
    return row.agreement_id, row.domain_key, row.identity_key


def _listed(rows: list[Row[Any]]) -> Listed:
    secrets = [SealedSecret(version=row.version, sealed=row.sealed) for row in rows if row.sealed is not None]
    return Listed(
        agreement=agreement_in(rows[0].body),
        domain=rows[0].domain_key,
        identity=rows[0].identity_key,
        secrets=tuple(secrets),
    )
