"""Every cXML request: bytes in, one answer out (cxml.md §3). Refusals leave as ``ProtocolError``."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from catalog_bridge.bookshop import ShopUnavailable
from protocols import dialects
from protocols.cxml import order, profile, setup, status, status_update
from protocols.errors import NotSupported, ProtocolError, Unavailable
from punchout.roundtrip import note_status, receive, start
from punchout.roundtrip.letter import Outcome, answer_once, refused, stamp
from punchout.roundtrip.opened import SHOWN, opened
from punchout.roundtrip.reopen import reopen
from punchout.roundtrip.served import profile_of
from session_store import attachments, orders
from session_store.crashpoints import crashpoint

if TYPE_CHECKING:
    from collections.abc import Callable

    from protocols.cxml.envelope import Envelope
    from protocols.model.attachment import Attachment
    from protocols.model.session import SetupRequest
    from punchout.roundtrip.letter import Letter
    from punchout.roundtrip.opened import Opened
    from punchout.roundtrip.world import World
    from session_store.database import Transaction


@dataclass(frozen=True, slots=True)
class Errand:
    """What a document asks for, read out of it: the tree it stood in is needed no more, and takes no memory.

    letter
        As the inbox knows it; None for what is answered and never stored.
    """

    letter: Letter | None
    do: Callable[[World], bytes]


def answer(world: World, body: bytes, content_type: str, address: str = "") -> bytes:
    """The cXML answer to a request that came from this network address.

    Raises a ProtocolError for what is refused; a refusal of a known buyer is in the journal. What was taken
    before is not refused now, though a price or the agreement may have changed meanwhile.
    """
    document = opened(world, body, content_type, address)
    crashpoint("after-auth")
    try:
        errand = _reader(document.envelope)(document)
    except ProtocolError as error:
        return refused(world, document.letter(()), error)
    del document  # its tree is larger than all that was read out of it
    try:
        return errand.do(world)
    except Unavailable:
        raise
    except ShopUnavailable as error:
        raise Unavailable(f"{error.detail} Send the same again in half a minute") from error
    except ProtocolError as error:
        return refused(world, errand.letter, error)


def _reader(envelope: Envelope) -> Callable[[Opened], Errand]:
    try:
        return _READERS[envelope.kind]
    except KeyError:
        raise NotSupported(
            f"{envelope.kind[:SHOWN]} is not offered here; served are {', '.join(SERVED)}",
            where="/cXML/Request",
        ) from None


def _setup(document: Opened) -> Errand:
    envelope, agreement = document.envelope, document.agreement
    parsed, findings = setup.parse(envelope, dialects.agreed(agreement))
    asked = _with_parties(parsed, envelope)
    letter, payload_id = document.letter(findings), envelope.payload_id

    def do(world: World) -> bytes:
        wanted = start.checked(world, agreement, asked)
        again = reopen(world, agreement, wanted)

        def work(tx: Transaction) -> Outcome:
            reply = start.offer(world, tx, agreement, wanted, payload_id, letter.deployment, again.refill)
            return Outcome(
                body=setup.build_reply(reply.start_url, stamp(world), dialects.agreed(agreement)),
                reference=reply.reference,
                summary=f"session offered, operation {wanted.operation}",
                findings=again.findings,
            )

        return answer_once(world, letter, work)

    return Errand(letter, do)


def _with_parties(parsed: SetupRequest, envelope: Envelope) -> SetupRequest:
    return replace(
        parsed,
        buyer=tuple(credential.without_proof() for credential in envelope.from_.credentials),
        supplier=tuple(credential.without_proof() for credential in envelope.to.credentials),
    )


def _order(document: Opened) -> Errand:
    envelope = document.envelope
    parsed, findings = order.parse(envelope)
    letter = document.letter(findings)
    payload_id, sent_at, files = envelope.payload_id, envelope.sent_at, envelope.attachments

    def do(world: World) -> bytes:
        judged = receive.judge(world, letter.agreement, parsed, letter.deployment, sent_at=sent_at)

        def work(tx: Transaction) -> Outcome:
            receipt = receive.take_in(world, tx, letter.agreement, judged, payload_id)
            _keep_files(world, tx, letter, payload_id, files, receipt.reference)
            return Outcome(
                body=status.build(receipt.code, receipt.detail, stamp(world)),
                reference=receipt.reference,
                summary=receipt.detail,
                findings=receipt.findings,
            )

        return answer_once(world, letter, work)

    return Errand(letter, do)


def _keep_files(
    world: World,
    tx: Transaction,
    letter: Letter,
    payload_id: str,
    files: tuple[Attachment, ...],
    reference: str,
) -> None:
    """Nothing: the files lie with the order that this very document made; a repeated order has its own."""
    stored = orders.by_reference(tx, letter.agreement.id, reference) if files else None
    if stored is not None and stored.payload_id == payload_id:
        ids = [world.new_id() for _ in files]
        attachments.save(tx, letter.agreement.id, stored.id, dict(zip(ids, files, strict=True)), world.now())


def _status_update(document: Opened) -> Errand:
    """Noted and answered 200, whatever it is about: a status asks for nothing."""
    update, findings = status_update.parse(document.envelope)
    letter = document.letter(findings)

    def do(world: World) -> bytes:
        def work(tx: Transaction) -> Outcome:
            noted = note_status.note(tx, letter.agreement.id, update)
            return Outcome(
                body=status.build(200, "", stamp(world)),
                reference=noted.reference,
                summary=noted.summary,
                findings=noted.findings,
            )

        return answer_once(world, letter, work)

    return Errand(letter, do)


def _profile(document: Opened) -> Errand:
    """The profile; nothing is stored, for a ping promises nothing."""
    profile.parse(document.envelope)
    agreement = document.agreement
    return Errand(None, lambda world: profile.build_reply(profile_of(world, agreement, SERVED), stamp(world)))


_READERS: dict[str, Callable[[Opened], Errand]] = {
    "PunchOutSetupRequest": _setup,
    "OrderRequest": _order,
    "ProfileRequest": _profile,
    "StatusUpdateRequest": _status_update,
}
SERVED = tuple(_READERS)
"""What this door answers; a profile lists those of them that its buyer may send."""
