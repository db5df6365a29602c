"""Answers given, so that a document sent twice is answered twice and acted on once (T-I1 … T-I3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.postgresql import insert

from protocols.errors import Conflict, Unavailable
from protocols.model.order import PEPPOL
from session_store.prepared import Prepared
from session_store.secrets import aad
from session_store.tables import inbox, inbox_original

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import Connection, Row

    from session_store.secrets import Keyring


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredAnswer:
    """What was answered the first time, byte for byte."""

    body: bytes


_KEY = (
    inbox.c.agreement_id == bindparam("scope"),
    inbox.c.channel == bindparam("over"),
    inbox.c.message_key == bindparam("key"),
)
_PAYLOAD_ID = ("payloadID", "/cXML/@payloadID")
_KEYS = {
    PEPPOL: (
        "InstanceIdentifier (Peppol-Instance-Id, where the envelope has been taken off)",
        "/StandardBusinessDocument/StandardBusinessDocumentHeader/DocumentIdentification/InstanceIdentifier",
    )
}
"""By channel, what its senders call the key of a document, and where it stands."""

_CLAIM = Prepared(insert(inbox).on_conflict_do_nothing())  # SQLite's compiler knows the clause too
_FIRST = select(inbox.c.body_hash, inbox.c.answer).where(*_KEY)
_ANSWER = Prepared(update(inbox).where(*_KEY))
_CLAIM_ORIGINAL = insert(inbox_original).on_conflict_do_nothing()
_ORIGINAL = select(inbox_original.c.message_key, inbox_original.c.payload_hash).where(
    inbox_original.c.agreement_id == bindparam("scope"),
    inbox_original.c.channel == bindparam("over"),
    inbox_original.c.original_key == bindparam("original"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """What a hub's document was made from, which a hub may send again under another payloadID.

    key
        The payloadID that its originator gave it.
    payload_hash
        SHA-256 of the payload alone: the hub writes the Header.
    """

    key: str
    payload_hash: bytes


def claim(
    tx: Connection,
    agreement_id: str,
    channel: str,
    key: str,
    body_hash: bytes,
    *,
    now: datetime,
    keyring: Keyring,
) -> StoredAnswer | None:
    """None when this document is ours to answer in this transaction; else the answer it got the first time.

    A loser of a race waits here until the winner has committed. Raises Conflict when the key came before with
    other content, and Unavailable when the first answer never got stored.

    body_hash
        SHA-256 of the canonical document.
    """
    row = {"agreement_id": agreement_id, "channel": channel, "message_key": key}
    if _CLAIM.run(tx, {**row, "body_hash": body_hash, "received_at": now}) == 1:
        return None
    first: Row[bytes, bytes | None] = tx.execute(
        _FIRST, {"scope": agreement_id, "over": channel, "key": key}
    ).one()
    _check(first, channel, key, body_hash)
    return _opened(first, agreement_id, channel, key, keyring)


def given(
    tx: Connection, agreement_id: str, channel: str, key: str, body_hash: bytes, *, keyring: Keyring
) -> StoredAnswer | None:
    """The answer that this very document has had; None when it has had none."""
    first: Row[bytes, bytes | None] | None = tx.execute(
        _FIRST, {"scope": agreement_id, "over": channel, "key": key}
    ).first()
    if first is None or first.body_hash != body_hash or first.answer is None:
        return None
    return _opened(first, agreement_id, channel, key, keyring)


def claim_original(
    tx: Connection, agreement_id: str, channel: str, original: Original, key: str, *, now: datetime
) -> str | None:
    """None when this original is new, now claimed under ``key``; else the key under which it came first.

    A loser of a race waits here too. Raises Conflict when it came before with another payload.
    """
    row = {"agreement_id": agreement_id, "channel": channel, "message_key": key, "received_at": now}
    claimed = {**row, "original_key": original.key, "payload_hash": original.payload_hash}
    if tx.execute(_CLAIM_ORIGINAL, claimed).rowcount == 1:
        return None
    first = tx.execute(_ORIGINAL, {"scope": agreement_id, "over": channel, "original": original.key}).one()
    if first.payload_hash != original.payload_hash:
        raise Conflict(
            f"{original.key} was received before with other content; send changes under a new payloadID",
            where="/cXML/Header/OriginalDocument/@payloadID",
        )
    key_then: str = first.message_key
    return key_then


def given_to_original(
    tx: Connection, agreement_id: str, channel: str, original: Original, *, keyring: Keyring
) -> StoredAnswer | None:
    """The answer that this original has had under whatever key; None when it has had none."""
    first = tx.execute(_ORIGINAL, {"scope": agreement_id, "over": channel, "original": original.key}).first()
    if first is None or first.payload_hash != original.payload_hash:
        return None
    return answer_under(tx, agreement_id, channel, first.message_key, keyring=keyring)


def answer_under(
    tx: Connection, agreement_id: str, channel: str, key: str, *, keyring: Keyring
) -> StoredAnswer | None:
    """The answer stored under this key, whatever its document said; None when there is none."""
    first = tx.execute(_FIRST, {"scope": agreement_id, "over": channel, "key": key}).first()
    return _opened(first, agreement_id, channel, key, keyring) if first and first.answer is not None else None


def answer(
    tx: Connection, agreement_id: str, channel: str, key: str, body: bytes, *, keyring: Keyring
) -> None:
    """Nothing: the answer is kept with this transaction's claim, sealed, for it may hold a start token."""
    sealed = keyring.seal(body, aad(agreement_id, channel, key, "answer"), agreement_id)
    _ANSWER.run(tx, {"scope": agreement_id, "over": channel, "key": key, "answer": sealed})


def _opened(
    first: Row[bytes, bytes | None], agreement_id: str, channel: str, key: str, keyring: Keyring
) -> StoredAnswer:
    place = aad(agreement_id, channel, key, "answer")
    return StoredAnswer(body=keyring.open(first.answer, place, agreement_id))


def _check(first: Row[bytes, bytes | None], channel: str, key: str, body_hash: bytes) -> None:
    if first.body_hash != body_hash:
        named, where = _KEYS.get(channel, _PAYLOAD_ID)
        raise Conflict(
            f"{key} was received before with other content; send changed content under a new {named}",
            where=where,
        )
    if first.answer is None:
        raise Unavailable(f"{key} was received before and not answered; send it again in half a minute")
