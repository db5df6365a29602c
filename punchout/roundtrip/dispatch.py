"""What leaves for buyers and for people: put into the outbox, and sent from there (security §11)."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from protocols.model.fulfilment import Confirmation, Mail, StatusUpdate
from protocols.model.serial import from_json, to_json
from punchout.outbound.errors import Refused, Unreachable
from punchout.roundtrip import outgoing
from punchout.roundtrip.outgoing import CONFIRMATION, STATUS_UPDATE, Outgoing
from punchout.roundtrip.reply import Verdict, judged
from session_store import journal, outbox, outbox_book
from session_store.crashpoints import crashpoint
from session_store.database import moment
from session_store.outbox import Delivery

if TYPE_CHECKING:
    from datetime import datetime

    from protocols.model.agreement import Agreement
    from punchout.outbound.mail import Mailer
    from punchout.roundtrip.outgoing import Draft
    from punchout.roundtrip.world import World
    from session_store.database import Transaction

MAIL = "mail"
"""The kind of deliveries whose payload is a ``Mail``."""

_FAILURES, _PROBE_EVERY = 5, timedelta(minutes=1)


class NotNow(Exception):
    """A delivery did not get through this time.

    wait
        As long as the other side asked to be left alone; None when it did not.
    """

    def __init__(self, detail: str, wait: timedelta | None = None) -> None:
        """Keep the reason and the pause."""
        super().__init__(detail)
        self.detail = detail
        self.wait = wait


def confirmation(
    world: World, agreement: Agreement, confirmation: Confirmation, ordering_key: str
) -> Delivery | None:
    """The promise to send it; None where the agreement names no endpoint for it.

    ordering_key
        ``buyer:`` and the order's number, so that a document that is stuck holds back no other order, and
        nothing on the shop's side.
    """
    return _document(world, agreement, CONFIRMATION, to_json(confirmation), ordering_key)


def status_update(
    world: World, agreement: Agreement, update: StatusUpdate, ordering_key: str
) -> Delivery | None:
    """The same for the Status that follows a 201."""
    return _document(world, agreement, STATUS_UPDATE, to_json(update), ordering_key)


def mail(world: World, agreement_id: str, mail: Mail, ordering_key: str) -> Delivery:
    """The promise to send a mail, or to keep it for the desk where no mail server is set."""
    return _delivery(world, world.new_id(), agreement_id, MAIL, to_json(mail), ordering_key)


def payload_id(delivery: Delivery) -> str:
    """The payloadID of a document's delivery, for the one that updates it."""
    return outgoing.payload_id(delivery.payload)


def _document(
    world: World, agreement: Agreement, kind: str, document: str, ordering_key: str
) -> Delivery | None:
    if "cxml" not in agreement.endpoints:
        return None
    id_ = world.new_id()
    payload = Outgoing(payload_id=f"{id_}@{world.host}", document=document)
    return _delivery(world, id_, agreement.id, kind, to_json(payload), ordering_key)


def _delivery(
    world: World, id_: str, agreement_id: str, kind: str, payload: str, ordering_key: str
) -> Delivery:
    now = world.now()
    return Delivery(
        id=id_,
        agreement_id=agreement_id,
        kind=kind,
        ordering_key=ordering_key,
        payload=payload,
        due_at=now,
        created_at=now,
    )


def send_document(world: World, delivery: Delivery, owner: str) -> None:
    """Nothing: the document is with the buyer, or dead for a reason that the journal tells.

    A receiver that has failed five times in a row is tried once a minute. Raises NotNow when the document has
    to be sent again.
    """
    try:
        with world.store.read() as tx:
            rests_until = _rests_until(tx, delivery.agreement_id, moment(tx, world.now()))
            draft = outgoing.draft(world, tx, delivery)
    except outgoing.NoWay as error:
        _end(world, delivery, owner, Verdict.DEAD, str(error))
        return
    if draft.is_withheld:
        words = "a test goes to no endpoint that is in earnest"
        _end(world, delivery, owner, "withheld", words, reference=draft.reference)
    elif rests_until:
        _postpone(world, delivery, owner, rests_until)
    else:
        _send(world, draft, owner)


def _rests_until(tx: Transaction, agreement_id: str, now: datetime) -> datetime | None:
    """When the agreement's endpoint may be tried again; None where that is now."""
    last = outbox_book.attempts(tx, agreement_id, outgoing.KINDS, _FAILURES)
    if len(last) < _FAILURES or any(attempt.outcome != "again" for attempt in last):
        return None
    until = last[0].at + _PROBE_EVERY
    return until if now < until else None


def _postpone(world: World, delivery: Delivery, owner: str, until: datetime) -> None:
    with world.store.write() as tx:
        now = moment(tx, world.now())
        outbox.postponed(tx, delivery, owner, now, until, "the receiver has not answered for 72 hours")


def _send(world: World, draft: Draft, owner: str) -> None:
    try:
        document = outgoing.written(draft)
        answer = world.outbound.post(draft.url, document.body, hosts=draft.hosts)
    except Unreachable as error:
        raise NotNow(str(error)) from error
    except (Refused, outgoing.NoWay) as error:
        _end(world, draft.delivery, owner, Verdict.DEAD, str(error), reference=draft.reference)
        return
    said = judged(answer, draft.secret, world.now())
    if said.verdict is Verdict.AGAIN:
        raise NotNow(said.words, said.wait)
    _end(
        world,
        draft.delivery,
        owner,
        said.verdict,
        said.words,
        reference=draft.reference,
        record=document.record,
    )


def send_mail(world: World, delivery: Delivery, owner: str) -> None:
    """Nothing: the mail server has the mail; without one it stays here, to be shown at the desk.

    Raises NotNow when it has to be sent again.
    """
    send_letter(world, delivery, from_json(delivery.payload, Mail), owner)


def send_letter(world: World, delivery: Delivery, letter: Mail, owner: str) -> None:
    """The same for this letter, which the delivery stands for."""
    outcome, words = "shown", "no mail server is set; it is shown at the desk"
    if world.mailer is not None:
        outcome, words = _mailed(world.mailer, letter, delivery)
    _end(world, delivery, owner, outcome, words, reference=letter.reference)


def done(world: World, delivery: Delivery, owner: str, outcome: str, words: str) -> None:
    """Nothing: the delivery is done in another way than by being sent, and the journal tells how."""
    _end(world, delivery, owner, outcome, words)


def _mailed(mailer: Mailer, letter: Mail, delivery: Delivery) -> tuple[str, str]:
    """What became of the mail, and why."""
    try:
        mailer.send(letter, delivery.id, delivery.created_at)
    except Unreachable as error:
        raise NotNow(str(error)) from error
    except Refused as error:
        return Verdict.DEAD, str(error)
    return Verdict.SENT, "the mail server has it"


def _end(
    world: World,
    delivery: Delivery,
    owner: str,
    outcome: str,
    words: str,
    *,
    reference: str = "",
    record: bytes = b"",
) -> None:
    """Nothing: the outcome is written, and the journal tells it, if the lease is still ours."""
    crashpoint("dispatch-after-send")
    entry = journal.Entry(
        at=world.now(),
        agreement_id=delivery.agreement_id,
        kind=f"{delivery.kind}.{outcome}",
        reference=reference,
        actor="outbox",
        summary=words,
        document=record,
    )
    with world.store.write() as tx:
        if _marked(tx, delivery, owner, moment(tx, world.now()), outcome, words):
            journal.write(tx, entry)
    crashpoint("dispatch-after-mark")


def _marked(tx: Transaction, delivery: Delivery, owner: str, now: datetime, outcome: str, words: str) -> bool:
    if outcome == Verdict.DEAD:
        return outbox.dead(tx, delivery, owner, now, words)
    return outbox.sent(tx, delivery, owner, now, outcome, words)
