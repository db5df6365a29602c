"""An approved purchase order comes in: rejoined, judged, promised in one transaction (design §4)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from catalog_bridge.rules.ordering import MOST_COPIES
from protocols.errors import Conflict, NotSupported, TooLarge
from protocols.model.finding import Finding, Severity
from protocols.model.order import OrderType
from punchout.roundtrip import changes, order_book
from punchout.roundtrip.assess import assess
from punchout.roundtrip.order_book import Judged, Place, Receipt
from punchout.roundtrip.rejoin import rejoin
from session_store import carts, orders
from session_store.orders import OrderState

if TYPE_CHECKING:
    from datetime import datetime

    from protocols.model.agreement import Agreement
    from protocols.model.order import Choice, PurchaseOrder
    from protocols.model.session import Deployment
    from punchout.roundtrip.world import World
    from session_store.carts import FrozenLine
    from session_store.database import Transaction
    from session_store.orders import StoredOrder

_OFFERED_KINDS = {"regular", "release"}
_MOST_IN_ONE_ORDER = 100_000
"""Copies; each becomes an object and a line of a slip, so their number is a size like any other."""


def judge(
    world: World,
    agreement: Agreement,
    order: PurchaseOrder,
    deployment: Deployment,
    *,
    sent_at: datetime | None = None,
    choices: tuple[Choice, ...] = (),
) -> Judged:
    """The order with its copies and findings; asks the bookshop, so it stands outside any transaction.

    Copies that belong to an earlier version of the same order are free for it; a cancellation needs none.

    choices
        What the librarian said about lines of which fewer copies were approved.
    Raises NotSupported for what is no regular order, TooLarge for more than 100,000 copies.
    """
    _check_offered(order)
    _check_size(order)
    bare = Judged(order=order, deployment=deployment, sent_at=sent_at)
    if order.type is OrderType.DELETE:
        return bare
    with world.store.read() as tx:
        tokens = [line.line_token for line in order.lines if line.line_token]
        frozen = carts.by_tokens(tx, agreement.id, tokens, held_by=order.order_id)
    frozen = _as_chosen(order, frozen, choices)
    lines = rejoin(order, frozen, agreement.policy.on_reduction)
    verdict = assess(world, agreement, order, lines, deployment)
    return replace(
        bare,
        lines=lines,
        shop_orders=verdict.shop_orders,
        findings=tuple(finding for line in lines for finding in line.findings) + verdict.findings,
    )


def _as_chosen(
    order: PurchaseOrder, frozen: dict[str, FrozenLine], choices: tuple[Choice, ...]
) -> dict[str, FrozenLine]:
    """The lines with the copies first that the librarian keeps (DIST-9)."""
    wanted = {choice.line: choice.copies for choice in choices}
    chosen = {
        line.line_token: wanted[line.number]
        for line in order.lines
        if line.number in wanted and line.line_token in frozen
    }
    return frozen | {token: _in_order(frozen[token], copies) for token, copies in chosen.items()}


def _in_order(found: FrozenLine, copies: tuple[int, ...]) -> FrozenLine:
    first = {number: position for position, number in enumerate(copies)}
    free = sorted(found.free_copies, key=lambda copy: first.get(copy.number, len(first)))
    return replace(found, free_copies=tuple(free))


def _check_offered(order: PurchaseOrder) -> None:
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

    Content that we hold gets the first answer's status and makes no second order (design §4.4).
    """
    order = judged.order
    versions = orders.hold_head(tx, agreement.id, order.order_id)
    first = _same(versions, judged)
    if first is not None:
        return order_book.receipt(first)
    if order.type is OrderType.NEW:
        return _new(world, tx, agreement, judged, payload_id, versions)
    return changes.take_in(world, tx, agreement, judged, payload_id, versions)


def _same(versions: tuple[StoredOrder, ...], judged: Judged) -> StoredOrder | None:
    """The version with this very content; a change back to it, in a later document, is another version."""
    return next(
        (
            version
            for version in versions
            if version.content_hash == judged.content_hash and not _comes_back(version, judged)
        ),
        None,
    )


def _comes_back(version: StoredOrder, judged: Judged) -> bool:
    superseded = version.state is OrderState.SUPERSEDED
    later = bool(version.sent_at and judged.sent_at and judged.sent_at > version.sent_at)
    return superseded and later and not judged.order.version and judged.order.type is not OrderType.NEW


def _new(
    world: World,
    tx: Transaction,
    agreement: Agreement,
    judged: Judged,
    payload_id: str,
    versions: tuple[StoredOrder, ...],
) -> Receipt:
    """A new order; one of a number that we hold with other content is refused or held, by policy."""
    if not any(version.order.type is OrderType.NEW for version in versions):
        place = Place(order_key=judged.order.order_id, versions=versions)
        receipt = order_book.keep(world, tx, agreement, judged, payload_id, place)
        changes.take_up_parked(world, tx, versions)
        return receipt
    if agreement.policy.duplicate_order == "reject":
        raise Conflict(
            f"order {judged.order.order_id} was received before with other content; send an update",
            where="OrderRequest/OrderRequestHeader/@orderID",
        )
    return _put_aside(world, tx, agreement, judged, payload_id)


def _put_aside(
    world: World, tx: Transaction, agreement: Agreement, judged: Judged, payload_id: str
) -> Receipt:
    """The order beside the first one of its number, to wait for a person; once for each content."""
    finding = Finding(
        code="duplicate.order",
        where="OrderRequest/OrderRequestHeader/@orderID",
        got=judged.order.order_id,
        advice="compare it with the first order of this number and release or refuse it",
        severity=Severity.ERROR,
    )
    mark = f"{judged.order.version}~{judged.content_hash.hex()[:8]}"
    key = f"{judged.order.order_id}{mark}"
    held = orders.hold_head(tx, agreement.id, key)
    if held:
        return order_book.receipt(held[0])
    aside = replace(judged, findings=(*judged.findings, finding))
    return order_book.keep(world, tx, agreement, aside, payload_id, Place(order_key=key, version=mark))
