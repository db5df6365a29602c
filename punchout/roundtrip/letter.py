"""One document of a known buyer, answered exactly once (design §4.4, security §4)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocols.cxml.envelope import Stamp
from session_store import inbox, journal
from session_store.crashpoints import crashpoint
from session_store.database import run_retrying

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocols.errors import ProtocolError
    from protocols.model.agreement import Agreement
    from protocols.model.finding import Finding
    from protocols.model.session import Deployment
    from punchout.roundtrip.world import World
    from session_store.database import Transaction
    from session_store.inbox import Original

_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """An authenticated document.

    channel, key
        What makes it one document: ``cxml`` and its payloadID.
    content_hash
        SHA-256 of the canonical body: a retry is equal, other content under the same key is a conflict.
    record
        The document as it may be kept: secrets and card data taken out.
    original
        Behind a hub: the document that this one was made from, a second key against duplicates.
    """

    agreement: Agreement
    channel: str
    key: str
    kind: str
    content_hash: bytes
    deployment: Deployment
    record: bytes = b""
    findings: tuple[Finding, ...] = ()
    original: Original | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a use case made of a letter: the answer, and what the journal says about it."""

    body: bytes
    reference: str
    summary: str
    findings: tuple[Finding, ...] = ()


def answer_once(world: World, letter: Letter, work: Callable[[Transaction], Outcome]) -> bytes:
    """The answer, stored before it leaves; a letter that was answered gets the same bytes again.

    So does one that a hub made from the same original. Inbox row, all that ``work`` writes, the journal and
    the answer commit together. Raises Conflict when the key, or the original's, was used for other content.
    """

    def unit(tx: Transaction) -> bytes:
        stored = _claimed(world, tx, letter)
        if stored is not None:
            return stored.body
        crashpoint("after-inbox")
        outcome = work(tx)
        inbox.answer(tx, letter.agreement.id, letter.channel, letter.key, outcome.body, keyring=world.keyring)
        journal.write(tx, entry(world, letter, outcome))
        crashpoint("before-commit")
        return outcome.body

    body = run_retrying(world.store, unit)
    crashpoint("after-commit")
    return body


def _claimed(world: World, tx: Transaction, letter: Letter) -> inbox.StoredAnswer | None:
    """None when the letter is ours to answer in this transaction, else the answer it has had."""
    place = (letter.agreement.id, letter.channel)
    stored = inbox.claim(tx, *place, letter.key, letter.content_hash, now=world.now(), keyring=world.keyring)
    if stored is not None or letter.original is None:
        return stored
    first = inbox.claim_original(tx, *place, letter.original, letter.key, now=world.now())
    stored = inbox.answer_under(tx, *place, first, keyring=world.keyring) if first else None
    if stored is not None:
        inbox.answer(tx, *place, letter.key, stored.body, keyring=world.keyring)
    return stored


def answered_before(world: World, letter: Letter) -> bytes | None:
    """The answer that this very letter has had, None when it has had none: a promise stands."""
    place = (letter.agreement.id, letter.channel)
    with world.store.read() as tx:
        stored = inbox.given(tx, *place, letter.key, letter.content_hash, keyring=world.keyring)
        if stored is None and letter.original is not None:
            stored = inbox.given_to_original(tx, *place, letter.original, keyring=world.keyring)
    return stored.body if stored else None


def refused(world: World, letter: Letter | None, error: ProtocolError) -> bytes:
    """The answer that this very letter has had before; else the refusal leaves, and the journal tells of it.

    An operator sees there what a known buyer was refused, and where.
    """
    if letter is None:
        raise error
    first = answered_before(world, letter)
    if first is not None:
        return first
    told = journal.Entry(
        at=world.now(),
        agreement_id=letter.agreement.id,
        kind=f"{letter.kind[:_SHOWN]}.refused",
        actor=f"buyer:{letter.agreement.id}",
        summary=f"{error.cxml_status} {error.detail} [{error.where}]",
        findings=letter.findings,
        document=letter.record,
    )
    with world.store.write() as tx:
        journal.write(tx, told)
    raise error


def entry(world: World, letter: Letter, outcome: Outcome) -> journal.Entry:
    """The journal's line for an answered letter."""
    return journal.Entry(
        at=world.now(),
        agreement_id=letter.agreement.id,
        kind=letter.kind,
        reference=outcome.reference,
        actor=f"buyer:{letter.agreement.id}",
        summary=outcome.summary,
        findings=letter.findings + outcome.findings,
        document=letter.record,
    )


def stamp(world: World) -> Stamp:
    """A fresh payloadID and the time, for a document of ours."""
    return Stamp(payload_id=world.new_payload_id(), timestamp=world.now())
