"""Files that came with orders, kept for 13 months in the order's own transaction (security §8)."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select

from session_store.tables import attachment

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from sqlalchemy import Connection

    from protocols.model.attachment import Attachment


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAttachment:
    """A file without its content.

    id
        Our own; what the sender calls it is in ``name``, for people alone.
    """

    id: str
    order_key: str
    number: int
    content_id: str
    name: str
    media_type: str
    size: int
    sha256: bytes
    received_at: datetime


_COLUMNS = [attachment.c[field.name] for field in fields(StoredAttachment)]
_SCOPE = attachment.c.agreement_id == bindparam("scope")
_INSERT = insert(attachment)
_OF_ORDER = (
    select(*_COLUMNS)
    .where(_SCOPE, attachment.c.order_key == bindparam("order"))
    .order_by(attachment.c.number)
)
_CONTENT = select(attachment.c.content).where(_SCOPE, attachment.c.id == bindparam("of"))


def save(
    tx: Connection, agreement_id: str, order_key: str, files: Mapping[str, Attachment], now: datetime
) -> None:
    """Nothing: the files, each under an id of ours, are kept with the order in the order they came in."""
    rows = [
        {
            "agreement_id": agreement_id,
            "id": id_,
            "order_key": order_key,
            "number": number,
            "content_id": file.content_id,
            "name": file.name,
            "media_type": file.media_type,
            "size": len(file.content),
            "sha256": file.digest,
            "content": file.content,
            "received_at": now,
        }
        for number, (id_, file) in enumerate(files.items(), start=1)
    ]
    if rows:
        tx.execute(_INSERT, rows)


def listing(tx: Connection, agreement_id: str, order_key: str) -> tuple[StoredAttachment, ...]:
    """The files of the agreement's order with our id, in the order they came in."""
    rows = tx.execute(_OF_ORDER, {"scope": agreement_id, "order": order_key}).mappings()
    return tuple(StoredAttachment(**row) for row in rows)


def content(tx: Connection, agreement_id: str, id_: str) -> bytes | None:
    """The bytes of one file; None for another agreement's, or when their time is over."""
    found: bytes | None = tx.execute(_CONTENT, {"scope": agreement_id, "of": id_}).scalar()
    return found
