"""What the shop sends after an order, as it arrives at the buyer's: judged the way a strict buyer would."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from protocols.cxml import confirmation, status_update
from protocols.cxml.envelope import Envelope, open_envelope
from protocols.cxml.record import record
from protocols.errors import NotSupported
from protocols.model.finding import Finding
from protocols.model.fulfilment import Confirmation, StatusUpdate
from protocols.model.party import Credential
from protocols.xml import parse_untrusted
from punchout.buyer.received import Verdict, by_schema, by_standards

if TYPE_CHECKING:
    from protocols.model.order import PurchaseOrder
    from punchout.buyer.buyer import Buyer

Model = Confirmation | StatusUpdate

_READERS: dict[str, Callable[[Envelope], tuple[Model, tuple[Finding, ...]]]] = {
    "ConfirmationRequest": confirmation.parse,
    "StatusUpdateRequest": status_update.parse,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ReceivedDocument:
    """A document of the shop's.

    record
        Its bytes without the secret, to be shown.
    secret_right
        Whether the shop proved that it is the shop; nothing else is worth looking at before.
    """

    kind: str
    payload_id: str
    record: bytes
    model: Model
    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]
    secret_right: bool

    @property
    def holds(self) -> bool:
        """Whether every verdict is good."""
        return all(verdict.holds for verdict in self.verdicts)


def read(
    raw: bytes, content_type: str, buyer: Buyer, orders: Mapping[str, PurchaseOrder]
) -> ReceivedDocument:
    """The document, judged.

    orders
        What the buyer has ordered: payloadID of the order's document → order.
    Raises what the XML door and the readers raise, and NotSupported for another kind.
    """
    document = parse_untrusted(raw, content_type)
    envelope = open_envelope(document)
    if envelope.kind not in _READERS:
        raise NotSupported(f"{envelope.kind[:40]} is not taken here", where="/cXML/Request")
    model, found = _READERS[envelope.kind](envelope)
    right = _sent_secret(envelope) == buyer.secret
    return ReceivedDocument(
        kind=envelope.kind,
        payload_id=envelope.payload_id,
        record=record(document),
        model=model,
        findings=(*envelope.findings, *found),
        verdicts=(
            by_schema(document),
            *by_standards(document, buyer.standards),
            Verdict(about="secret", holds=right, detail="" if right else "not the agreed one"),
            _parties(envelope, buyer),
            _in_earnest(envelope, buyer),
            _of_found((*envelope.findings, *found)),
            *_of_numbers(model, orders),
        ),
        secret_right=right,
    )


def _sent_secret(envelope: Envelope) -> str | None:
    return next((entry.secret for entry in envelope.sender.credentials if entry.secret), None)


def _parties(envelope: Envelope, buyer: Buyer) -> Verdict:
    """Whether it is from the shop and for this buyer, by the names of its own orders."""
    route = buyer.route(None)
    told = (_keys(envelope.from_.credentials), _keys(envelope.to.credentials))
    return _equal("From and To", (_keys(route.to), _keys(route.from_)), told)


def _keys(credentials: tuple[Credential, ...]) -> set[tuple[str, str]]:
    return {credential.key for credential in credentials}


def _in_earnest(envelope: Envelope, buyer: Buyer) -> Verdict:
    return _equal("deploymentMode", buyer.agreement.deployment.value, envelope.deployment.value)


def _of_found(found: tuple[Finding, ...]) -> Verdict:
    detail = "; ".join(f"{finding.code} {finding.where} {finding.expected}".strip() for finding in found)
    return Verdict(about="no deviation", holds=not found, detail=detail)


def _of_numbers(model: Model, orders: Mapping[str, PurchaseOrder]) -> Iterator[Verdict]:
    """Whether every number is one of an order of ours: its own, its lines', and how much was ordered."""
    named = model.order_payload_id if isinstance(model, Confirmation) else model.document_payload_id
    order = orders.get(named)
    yield Verdict(about="order known", holds=order is not None, detail="" if order else f"no order {named!r}")
    if order is not None and isinstance(model, Confirmation):
        yield _equal("order number", order.order_id, model.order_id)
        ordered = {line.number: (line.quantity, line.unit) for line in order.lines}
        for line in model.lines:
            yield _equal(f"line {line.number}", ordered.get(line.number), (line.quantity, line.unit))


def _equal(about: str, expected: object, got: object) -> Verdict:
    same = expected == got
    return Verdict(about=about, holds=same, detail="" if same else f"expected {expected!r}, got {got!r}")
