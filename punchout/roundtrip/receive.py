"""An approved purchase order comes in: rejoined, judged, promised in one transaction (design §4)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from catalog_bridge.rules.joined import JoinedLine, wanted
from catalog_bridge.rules.ordering import MOST_COPIES
from protocols.errors import Conflict, NotSupported, TooLarge
from protocols.model.finding import Finding, Severity
from protocols.model.order import OrderType, PurchaseOrder, ShopOrder
from protocols.model.serial import to_json
from protocols.model.session import Deployment
from punchout.roundtrip.assess import assess
from punchout.roundtrip.rejoin import rejoin
from session_store import carts, orders, outbox
from session_store.crashpoints import crashpoint
from session_store.orders import OrderState, StoredOrder

if TYPE_CHECKING:
    from protocols.model.agreement import Agreement
    from punchout.roundtrip.world import World
    from session_store.database import Transaction

PLACE_ORDER = "place_order"
_REFERENCE_LENGTH = 8
_OFFERED_KINDS = {"regular", "release"}
_MOST_IN_ONE_ORDER = 100_000
"""Copies; each becomes an object and a line of a slip, so their number is a size like any other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An order as it will be stored: what the bookshop would get, and all that deviates.

    shop_orders
        Empty where a person has to settle something before the bookshop can understand it.
    """

    order: PurchaseOrder
    lines: tuple[JoinedLine, ...]
    shop_orders: tuple[ShopOrder, ...]
    findings: tuple[Finding, ...]
    deployment: Deployment


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What the buyer is told: Status 200 when the order goes on, 201 when it is held (design §4.7)."""

    code: int
    detail: str
    reference: str
    findings: tuple[Finding, ...] = ()


def judge(world: World, agreement: Agreement, order: PurchaseOrder, deployment: Deployment) -> Judged:
    """The order with its copies and findings; asks the bookshop, so it stands outside any transaction.

    Raises NotSupported for what is no new regular order, TooLarge for more than 100,000 copies.
    """
    _check_offered(order)
    _check_size(order)
    rejoined = rejoin(world, agreement, order)
    verdict = assess(world, agreement, order, rejoined.lines, deployment)
    return Judged(
        order=order,
        lines=rejoined.lines,
        shop_orders=verdict.shop_orders,
        findings=rejoined.findings + verdict.findings,
        deployment=deployment,
    )


def _check_offered(order: PurchaseOrder) -> None:
    if order.type is not OrderType.NEW:
        raise NotSupported(
            f"order type {order.type} is not offered; send a new order, or call the bookshop",
            where="OrderRequest/OrderRequestHeader/@type",
        )
    if order.order_kind not in _OFFERED_KINDS:
        raise NotSupported(
            f"orderType {order.order_kind[:40]} is not offered; send a regular order",
            where="OrderRequest/OrderRequestHeader/@orderType",
        )


def _check_size(order: PurchaseOrder) -> None:
    copies = sum(line.quantity for line in order.lines if line.quantity <= MOST_COPIES)
    if copies > _MOST_IN_ONE_ORDER:
        raise TooLarge(
            f"the order asks for more than {_MOST_IN_ONE_ORDER:,} copies; send it in parts",
            where="OrderRequest",
        )


def take_in(world: World, tx: Transaction, agreement: Agreement, judged: Judged, payload_id: str) -> Receipt:
    """The receipt of an order that is now ours, written in the caller's transaction with all it promises.

    An order number that we hold with equal content gets the first answer's status and makes no second order;
    with other content it is refused or held, by ``duplicate_order`` (design §4.4).
    """
    content = content_hash(judged.order)
    first = orders.find(tx, agreement.id, judged.order.order_id, judged.order.version)
    if first is None:
        return _kept(world, tx, agreement, judged, payload_id)
    if first.content_hash == content:
        return _receipt(first)
    if agreement.policy.duplicate_order == "reject":
        raise Conflict(
            f"order {judged.order.order_id} was received before with other content; send an update",
            where="OrderRequest/OrderRequestHeader/@orderID",
        )
    aside = _as_duplicate(judged, content)
    held = orders.find(tx, agreement.id, aside.order.order_id, aside.order.version)
    return _receipt(held) if held else _kept(world, tx, agreement, aside, payload_id)


def content_hash(order: PurchaseOrder) -> bytes:
    """SHA-256 of what the order says, whatever payloadID or white space it came in."""
    return hashlib.sha256(to_json(order).encode()).digest()


def _as_duplicate(judged: Judged, content: bytes) -> Judged:
    """The order under a version of its own, to wait for a person beside the first one."""
    finding = Finding(
        code="duplicate.order",
        where="OrderRequest/OrderRequestHeader/@orderID",
        got=judged.order.order_id,
        advice="compare it with the first order of this number and release or refuse it",
        severity=Severity.ERROR,
    )
    aside = replace(judged.order, version=f"{judged.order.version}~{content.hex()[:8]}")
    return replace(judged, order=aside, findings=(*judged.findings, finding))


def _kept(world: World, tx: Transaction, agreement: Agreement, judged: Judged, payload_id: str) -> Receipt:
    order_id = world.new_id()
    findings = judged.findings + _taken_meanwhile(tx, agreement, judged, order_id)
    reasons = tuple(dict.fromkeys(entry.code for entry in findings if entry.severity is Severity.ERROR))
    stored = StoredOrder(
        id=order_id,
        agreement_id=agreement.id,
        reference=world.new_code(_REFERENCE_LENGTH),
        payload_id=payload_id,
        order=judged.order,
        content_hash=content_hash(judged.order),
        received_at=world.now(),
        state=OrderState.HELD if reasons else OrderState.RECEIVED,
        hold_reasons=reasons,
        shop_orders=judged.shop_orders,
        deployment=judged.deployment,
    )
    orders.insert_new(tx, stored)
    crashpoint("after-order")
    if not reasons:
        outbox.put(tx, _delivery(world, stored))
        crashpoint("after-outbox")
    return replace(_receipt(stored), findings=findings)


def _taken_meanwhile(
    tx: Transaction, agreement: Agreement, judged: Judged, order_key: str
) -> tuple[Finding, ...]:
    """A finding for each line whose copies another order took since they were read (DIST-10)."""
    lost = carts.consume_all(tx, agreement.id, wanted(judged.lines), order_key)
    return tuple(
        Finding(
            code="copies.taken",
            where=f"OrderRequest/ItemOut[@lineNumber={joined.line.number}]",
            advice="this line has just been ordered by another order; check whether they are duplicates",
            severity=Severity.ERROR,
        )
        for joined in judged.lines
        if any(token in lost for token, _ in joined.planned)
    )


def _delivery(world: World, stored: StoredOrder) -> outbox.Delivery:
    return outbox.Delivery(
        id=world.new_id(),
        agreement_id=stored.agreement_id,
        kind=PLACE_ORDER,
        ordering_key=stored.order.order_id,
        payload=json.dumps({"order": stored.id}),
        due_at=stored.received_at,
        created_at=stored.received_at,
    )


def _receipt(stored: StoredOrder) -> Receipt:
    number = stored.order.order_id
    if stored.state is OrderState.HELD:
        why = ", ".join(stored.hold_reasons)
        detail = f"Order {number} is received and waits for a person ({why}); reference {stored.reference}"
        return Receipt(code=201, detail=detail, reference=stored.reference)
    detail = f"Order {number} is received; reference {stored.reference}"
    return Receipt(code=200, detail=detail, reference=stored.reference)
