"""How a judged order is kept: its copies taken, its promise put into the outbox, its receipt written."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING

from catalog_bridge.rules.joined import JoinedLine, wanted
from catalog_bridge.rules.rejoin_findings import CHOICE
from catalog_bridge.rules.versions import Version, compare
from protocols.model.finding import Finding, Severity
from protocols.model.order import OrderType, PurchaseOrder, ShopOrder
from protocols.model.session import NOBODY, Deployment, Shopper
from protocols.moments import parsed
from punchout.roundtrip import places, telling
from session_store import carts, orders, outbox
from session_store.crashpoints import crashpoint
from session_store.database import moment
from session_store.orders import OrderState, OrderVersion, StoredOrder

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from protocols.model.agreement import Agreement
    from punchout.roundtrip.world import World
    from session_store.database import Transaction

CARRY_OUT = "carry_out"
TAKE_UP = "take_up"
CHOICE_WITHIN = timedelta(hours=24)
"""How long the librarian has to choose between unequal copies (DIST-9)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An order as it will be kept: what the bookshop would get, and all that deviates.

    content_hash
        SHA-256 of what the order says, whatever payloadID or white space it came in.
    shop_orders
        One for each delivery address; none where a person has to settle something first, or for a
        cancellation.
    sent_at
        When the document says it was written.
    shopper
        Who is told what becomes of it.
    """

    order: PurchaseOrder
    content_hash: bytes
    deployment: Deployment
    lines: tuple[JoinedLine, ...] = ()
    shop_orders: tuple[ShopOrder, ...] = ()
    findings: tuple[Finding, ...] = ()
    sent_at: datetime | None = None
    shopper: Shopper = NOBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the buyer is told: Status 200 when the order goes on, 201 when it is held (design §4.7)."""

    code: int
    detail: str
    reference: str
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where an order is kept among the others.

    versions
        The versions of its order that are there already, in the order of their arrival.
    state
        None where its findings decide: held for an error, else received.
    version
        What tells it from the other versions of its number, where orderVersion does not.
    """

    versions: tuple[OrderVersion, ...] = ()
    state: OrderState | None = None
    version: str = ""
    decide_by: datetime | None = None


def draft(
    world: World, agreement: Agreement, judged: Judged, payload_id: str, order_key: str = ""
) -> StoredOrder:
    """The order as it would be kept, not decided yet.

    order_key
        Of a duplicate put aside; the order's own number by default.
    """
    order = judged.order
    return StoredOrder(
        id=world.new_id(),
        agreement_id=agreement.id,
        reference=world.new_reference(),
        payload_id=payload_id,
        order=order,
        order_id=order.order_id,
        order_key=order_key or order.order_id,
        order_type=order.type,
        number=order.version,
        order_date=order.order_date,
        previous=order.previous_payload_id,
        content_hash=judged.content_hash,
        received_at=world.now(),
        sent_at=judged.sent_at,
        shopper=judged.shopper,
        shop_orders=judged.shop_orders,
        deployment=judged.deployment,
    )


def first(versions: tuple[OrderVersion, ...]) -> OrderVersion | None:
    """The order itself, which the others change; None while it has not come."""
    return next((version for version in versions if version.order_type is OrderType.NEW), None)


def of_other_series(agreement: Agreement, known: OrderVersion, deployment: Deployment) -> bool:
    """Whether one of the two is a test and the other is in earnest (design §6)."""
    return agreement.deployment is Deployment.PRODUCTION and known.deployment is not deployment


def mark(draft: StoredOrder, versions: tuple[OrderVersion, ...]) -> str:
    """The document's orderVersion where no other version counts so, else a mark made of its own key."""
    if draft.number not in {version.number for version in versions}:
        return draft.number
    return f"{draft.number}~{draft.order_type}~{draft.payload_id}"


def keep(
    world: World, tx: Transaction, agreement: Agreement, judged: Judged, drafted: StoredOrder, place: Place
) -> Receipt:
    """The receipt of an order that is now ours, with all it promises; what it replaces waits no longer."""
    findings, reasons = (
        (judged.findings, ()) if place.state else _weighed(tx, agreement.id, judged, drafted.order_key)
    )
    state = place.state or (OrderState.HELD if reasons else OrderState.RECEIVED)
    stored = replace(
        drafted,
        state=state,
        answer_code=201 if state in {OrderState.HELD, OrderState.PARKED} else 200,
        hold_reasons=reasons,
        decide_by=place.decide_by or _decide_by(world, reasons),
    )
    orders.insert_new(tx, stored, place.version)
    crashpoint("after-order")
    _promise(world, tx, agreement, stored, judged, place.versions)
    telling.stands(world, tx, agreement, stored)
    return replace(receipt(stored), findings=findings)


def settle(
    world: World,
    tx: Transaction,
    agreement: Agreement,
    stored: StoredOrder,
    judged: Judged,
    versions: tuple[OrderVersion, ...],
    waived: frozenset[str] = frozenset(),
) -> tuple[StoredOrder, tuple[Finding, ...]]:
    """The version as it stands after it has been judged anew, and what was found.

    waived
        Codes that keep it waiting no longer: a person has looked at them.
    """
    findings, reasons = _weighed(tx, stored.agreement_id, judged, stored.order_key, waived)
    state = OrderState.HELD if reasons else OrderState.RECEIVED
    settled = replace(
        stored,
        state=state,
        hold_reasons=reasons or stored.hold_reasons,
        decide_by=_decide_by(world, reasons),
        shop_orders=judged.shop_orders,
    )
    orders.rewrite(tx, settled, world.now())
    _promise(world, tx, agreement, settled, judged, versions)
    return settled, findings


def _weighed(
    tx: Transaction,
    agreement_id: str,
    judged: Judged,
    order_key: str,
    waived: frozenset[str] = frozenset(),
) -> tuple[tuple[Finding, ...], tuple[str, ...]]:
    """All findings, and the codes of those for which it waits; its copies are taken, those that are free."""
    findings = judged.findings + _taken_meanwhile(tx, agreement_id, judged, order_key)
    reasons = blocking(findings)
    complete = judged.shop_orders or judged.order.type is OrderType.DELETE
    return findings, tuple(code for code in reasons if code not in waived) if complete else reasons


def _decide_by(world: World, reasons: tuple[str, ...]) -> datetime | None:
    return world.now() + CHOICE_WITHIN if reasons == (CHOICE,) else None


def _promise(
    world: World,
    tx: Transaction,
    agreement: Agreement,
    stored: StoredOrder,
    judged: Judged,
    versions: tuple[OrderVersion, ...],
) -> None:
    """Nothing: a version that goes on is in the outbox with its own copies; older ones wait no more."""
    if stored.state in {OrderState.HELD, OrderState.RECEIVED}:
        _supersede_waiting(world, tx, agreement, versions, stored)
    if stored.state is OrderState.RECEIVED:
        free = _needed_no_more(tx, stored, judged) if versions else []
        outbox.put(tx, delivery(world, tx, stored, CARRY_OUT, free))
        crashpoint("after-outbox")


def _needed_no_more(tx: Transaction, stored: StoredOrder, judged: Judged) -> list[tuple[str, int]]:
    """Copies that an earlier version took and this one does not keep."""
    return carts.surplus(tx, stored.agreement_id, stored.order_key, keep=wanted(judged.lines))


def blocking(findings: tuple[Finding, ...]) -> tuple[str, ...]:
    """The codes of the findings for which the order waits for a person, each once."""
    return tuple(dict.fromkeys(entry.code for entry in findings if entry.severity is Severity.ERROR))


def _taken_meanwhile(
    tx: Transaction, agreement_id: str, judged: Judged, order_key: str
) -> tuple[Finding, ...]:
    """A finding for each line whose copies another order took since they were read (DIST-10)."""
    lost = carts.consume_all(tx, agreement_id, wanted(judged.lines), order_key)
    return tuple(
        Finding(
            code="copies.taken",
            where=places.of(judged.order).of(joined.line),
            advice="this line has just been ordered by another order; check whether they are duplicates",
            severity=Severity.ERROR,
        )
        for joined in judged.lines
        if any(token in lost for token, _ in joined.planned)
    )


def _supersede_waiting(
    world: World,
    tx: Transaction,
    agreement: Agreement,
    versions: tuple[OrderVersion, ...],
    newer: StoredOrder,
) -> None:
    """Nothing: older versions that wait for a person need not any more."""
    newest = version_of(newer, versions)
    for older in versions:
        if older.state is OrderState.HELD and compare(version_of(older, versions), newest) < 0:
            orders.move(tx, older.agreement_id, older.id, OrderState.SUPERSEDED, world.now(), decide_by=None)
            telling.overtaken(world, tx, agreement, older)


def delivery(
    world: World,
    tx: Transaction,
    stored: OrderVersion,
    kind: str,
    free: Sequence[tuple[str, int]] = (),
) -> outbox.Delivery:
    """The promise to do this with the order, after what was promised for it before.

    free
        Copies that the order needs no more once it is done; picked ones stay with it.
    """
    now = moment(tx, world.now())
    return outbox.Delivery(
        id=world.new_id(),
        agreement_id=stored.agreement_id,
        kind=kind,
        ordering_key=stored.order_key,
        payload=json.dumps({"order": stored.id, "free": free} if free else {"order": stored.id}),
        due_at=now,
        created_at=now,
    )


def version_of(stored: OrderVersion, versions: tuple[OrderVersion, ...]) -> Version:
    """What tells this version's place among the others of its order."""
    new = first(versions)
    repeats = (
        new is not None and stored.order_type is not OrderType.NEW and stored.order_date == new.order_date
    )
    return Version(
        id=stored.id,
        type=stored.order_type,
        number=stored.number,
        dated=None if repeats else parsed(stored.order_date),
        sent_at=stored.sent_at,
        message_key=stored.payload_id,
        previous=stored.previous,
    )


def receipt(stored: OrderVersion) -> Receipt:
    """What the buyer is told of the order, now and whenever it comes again with the same content."""
    what, number = _WHAT[stored.order_type], stored.order_id
    detail = f"{what} {number} is received{_how_it_stands(stored)}; reference {stored.reference}"
    return Receipt(code=stored.answer_code, detail=detail, reference=stored.reference)


def _how_it_stands(stored: OrderVersion) -> str:
    if stored.state in _STANDS:
        return _STANDS[stored.state]
    if stored.state is OrderState.HELD:
        return f" and waits for a person ({', '.join(stored.hold_reasons)})"
    return " and waits for the order that it changes" if stored.state is OrderState.PARKED else ""


_STANDS = {
    OrderState.LATE: "; a newer version came before and stands",
    OrderState.SUPERSEDED: "; a newer version has come since and stands",
    OrderState.REFUSED: ", and the bookshop has refused it",
}
"""What is said of a version that goes no further, also when the same content comes again."""

_WHAT = {
    OrderType.NEW: "Order",
    OrderType.UPDATE: "The change of order",
    OrderType.DELETE: "The cancellation of order",
}
