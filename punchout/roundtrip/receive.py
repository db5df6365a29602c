"""An approved purchase order comes in: rejoined, judged, promised in one transaction (design §4)."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import TYPE_CHECKING

from catalog_bridge.rules.ordering import MOST_COPIES
from catalog_bridge.rules.versions import is_late
from protocols.errors import Conflict, NotSupported, TooLarge
from protocols.model.finding import Finding, Severity
from protocols.model.order import CXML, OrderReferences, OrderType
from protocols.model.serial import written
from punchout.roundtrip import changes, order_book, places, shoppers
from punchout.roundtrip.assess import assess
from punchout.roundtrip.order_book import Judged, Place, Receipt
from punchout.roundtrip.rejoin import rejoin
from session_store import orders

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from protocols.model.agreement import Agreement
    from protocols.model.order import Choice, PurchaseOrder
    from protocols.model.session import Deployment
    from punchout.roundtrip.world import World
    from session_store.database import Transaction
    from session_store.orders import OrderVersion

_OFFERED_KINDS = {"regular", "release"}
_NO_CHARGES = b',"charges":[]'
_SILENT_LINE = b',"line_id":"","standard_id":"","originator":"","partial_delivery":null,"recipient":""'
_SILENT_ORDER = (
    b',"protocol":"cxml","profile":"","tax":null,"buyer":null,"seller":null,"originator":null'
    b',"references":%b,"recipient":""' % written(OrderReferences())
)
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
    again: bool = False,
) -> Judged:
    """The order with its copies and findings; asks the bookshop, so it stands outside any transaction.

    Copies that belong to an earlier version of the same order are free for it; a cancellation needs none.

    choices
        What the librarian said about lines of which fewer copies were approved.
    again
        True where a person has let a possible duplicate go on.
    Raises NotSupported for what is no regular order, TooLarge for more than 100,000 copies.
    """
    at = places.of(order)
    _check_offered(order)
    _check_size(order)
    content_hash = _digest(order)
    bare = Judged(order=order, content_hash=content_hash, deployment=deployment, sent_at=sent_at)
    if order.type is OrderType.DELETE:
        return replace(bare, shopper=shoppers.of_order(world, agreement, order))
    chosen = {choice.line: choice.copies for choice in choices}
    rejoined = rejoin(world, agreement, order, held_by=order.order_id, choices=chosen, again=again, places=at)
    shopper = shoppers.of_carts(world, agreement, order, rejoined.lines)
    verdict = assess(world, agreement, order, rejoined.lines, deployment, shopper=shopper, places=at)
    return replace(
        bare,
        shopper=shopper,
        lines=rejoined.lines,
        shop_orders=verdict.shop_orders,
        findings=(*rejoined.findings, *verdict.findings, *_of_its_kind(order)),
    )


def _digest(order: PurchaseOrder) -> bytes:
    """SHA-256 of what the order says; what only Peppol can say does not count where it is not said.

    So an order of before those fields keeps its digest, and is known when it comes again.
    """
    said = written(order)
    for silence in (_NO_CHARGES, _SILENT_LINE, _SILENT_ORDER):
        said = said.replace(silence, b"")
    return hashlib.sha256(said).digest()


def _check_offered(order: PurchaseOrder) -> None:
    if order.protocol == CXML and order.order_kind not in _OFFERED_KINDS:
        raise NotSupported(
            f"orderType {order.order_kind[:40]} is not offered; send a regular order",
            where=places.of(order).above(places.of(order).kind),
        )


def _of_its_kind(order: PurchaseOrder) -> Iterator[Finding]:
    """An Order of UBL that is not regular waits for a person: its process foresees no refusal of a kind."""
    if order.order_kind not in _OFFERED_KINDS:
        where = places.of(order)
        yield Finding(
            code="order.kind",
            where=where.above(where.kind),
            expected="220 or 105",
            got=order.order_kind[:40],
            advice="let it go on as a plain order, or refuse it and ask for one",
            severity=Severity.ERROR,
        )


def _check_size(order: PurchaseOrder) -> None:
    copies = sum(line.quantity for line in order.lines if line.quantity <= MOST_COPIES)
    if copies > _MOST_IN_ONE_ORDER:
        raise TooLarge(
            f"the order asks for more than {_MOST_IN_ONE_ORDER:,} copies; send it in parts",
            where=places.of(order).header,
        )


def take_in(world: World, tx: Transaction, agreement: Agreement, judged: Judged, payload_id: str) -> Receipt:
    """The receipt of an order that is now ours, written in the caller's transaction with all it promises.

    Content that we hold gets the first answer's status and makes no second order (design §4.4). A test and an
    order in earnest of one number are never versions of each other: the second of them waits for a person.
    """
    order = judged.order
    versions = orders.hold_head(tx, agreement.id, order.order_id)
    known = order_book.first(versions)
    if (
        known
        and order.type is OrderType.NEW
        and order_book.of_other_series(agreement, known, judged.deployment)
    ):
        return _put_aside(world, tx, agreement, judged, payload_id)
    same = _same(versions, judged)
    if same is not None:
        return order_book.receipt(same)
    if order.type is OrderType.NEW:
        return _new(world, tx, agreement, judged, payload_id, versions)
    return changes.take_in(world, tx, agreement, judged, payload_id, versions)


def _same(versions: tuple[OrderVersion, ...], judged: Judged) -> OrderVersion | None:
    """The version with this very content; a change back to it, in a later document, is another version."""
    return next(
        (
            version
            for version in versions
            if version.content_hash == judged.content_hash and not _comes_back(version, versions, judged)
        ),
        None,
    )


def _comes_back(version: OrderVersion, versions: tuple[OrderVersion, ...], judged: Judged) -> bool:
    if judged.order.version or judged.order.type is OrderType.NEW:
        return False
    later = bool(version.sent_at and judged.sent_at and judged.sent_at > version.sent_at)
    others = [order_book.version_of(other, versions) for other in versions]
    return later and is_late(order_book.version_of(version, versions), others)


def _new(
    world: World,
    tx: Transaction,
    agreement: Agreement,
    judged: Judged,
    payload_id: str,
    versions: tuple[OrderVersion, ...],
) -> Receipt:
    """A new order; one of a number that we hold with other content is refused or held, by policy."""
    if order_book.first(versions) is None:
        draft = order_book.draft(world, agreement, judged, payload_id)
        place = Place(versions=versions, version=order_book.mark(draft, versions))
        receipt = order_book.keep(world, tx, agreement, judged, draft, place)
        changes.take_up_parked(world, tx, versions)
        return receipt
    if agreement.policy.duplicate_order == "reject":
        raise Conflict(
            f"order {judged.order.order_id} was received before with other content; send an update",
            where=_number_of(judged.order),
        )
    return _put_aside(world, tx, agreement, judged, payload_id)


def _number_of(order: PurchaseOrder) -> str:
    where = places.of(order)
    return where.above(where.order_id)


def _put_aside(
    world: World, tx: Transaction, agreement: Agreement, judged: Judged, payload_id: str
) -> Receipt:
    """The order beside the first one of its number, to wait for a person; once for each content."""
    finding = Finding(
        code="duplicate.order",
        where=_number_of(judged.order),
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
    draft = order_book.draft(world, agreement, aside, payload_id, key)
    return order_book.keep(world, tx, agreement, aside, draft, Place(version=mark))
