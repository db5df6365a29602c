"""A purchase order is changed or cancelled: applied, kept as late, or parked until its order comes (T-I5)."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from catalog_bridge.rules.versions import is_late
from protocols.errors import Conflict
from protocols.model.finding import Finding, Severity
from punchout.roundtrip import order_book, telling
from punchout.roundtrip.order_book import Place
from session_store import orders, outbox
from session_store.orders import OrderState

if TYPE_CHECKING:
    from protocols.model.agreement import Agreement
    from punchout.roundtrip.order_book import Judged, Receipt
    from punchout.roundtrip.world import World
    from session_store.database import Transaction
    from session_store.orders import OrderVersion, StoredOrder

PARKED_FOR = timedelta(minutes=15)
"""How long a change waits for its order before a person looks at it (security §4)."""

_NO_ORDER = "order.parent"

_COUNT = frozenset(
    {
        OrderState.RECEIVED,
        OrderState.HELD,
        OrderState.PLACED,
        OrderState.CANCELLED,
        OrderState.SUPERSEDED,
    }
)
"""States of versions that have been applied, or will be: a change must be newer than these."""


def take_in(
    world: World,
    tx: Transaction,
    agreement: Agreement,
    judged: Judged,
    payload_id: str,
    versions: tuple[OrderVersion, ...],
) -> Receipt:
    """The receipt of a change or cancellation, kept where it belongs among the versions of its order."""
    draft = order_book.draft(world, agreement, judged, payload_id)
    place = Place(versions=versions, version=order_book.mark(draft, versions))
    first = order_book.first(versions)
    if first is None:
        return _without_order(world, tx, agreement, judged, draft, place)
    if order_book.of_other_series(agreement, first, judged.deployment):
        raise Conflict(
            f"order {draft.order_id} came as {first.deployment}; send its changes in the same mode",
            where="/cXML/Request/@deploymentMode",
        )
    if is_overtaken(draft, versions):
        place = replace(place, state=OrderState.LATE)
    return order_book.keep(world, tx, agreement, judged, draft, place)


def is_overtaken(version: OrderVersion, versions: tuple[OrderVersion, ...]) -> bool:
    """Whether a newer version has been applied, or will be."""
    applied = [one for one in versions if one.state in _COUNT and not is_waiting_for_order(one)]
    return is_late(
        order_book.version_of(version, versions), [order_book.version_of(one, versions) for one in applied]
    )


def _without_order(
    world: World, tx: Transaction, agreement: Agreement, judged: Judged, draft: StoredOrder, place: Place
) -> Receipt:
    """Parked until its order comes; held where it names an order that goes by another number."""
    other = orders.by_payload(tx, agreement.id, draft.previous) if draft.previous else None
    if other is None or other.order_key == draft.order_key:
        parked = replace(place, state=OrderState.PARKED, decide_by=world.now() + PARKED_FOR)
        return order_book.keep(world, tx, agreement, judged, draft, parked)
    finding = Finding(
        code="order.reference",
        where="OrderRequest/OrderRequestHeader/DocumentReference",
        expected=draft.order_id,
        got=other.order_id,
        advice="send the change under the orderID of the order that it changes",
        severity=Severity.ERROR,
    )
    held = replace(judged, findings=(*judged.findings, finding))
    return order_book.keep(world, tx, agreement, held, draft, place)


def take_up_parked(world: World, tx: Transaction, versions: tuple[OrderVersion, ...]) -> None:
    """Nothing: changes that waited for their order are judged anew, once it has been placed."""
    for version in versions:
        if is_waiting_for_order(version):
            outbox.put(tx, order_book.delivery(world, tx, version, order_book.TAKE_UP))


def is_waiting_for_order(version: OrderVersion) -> bool:
    """Whether this is a change whose order has not come, parked or on the operator's list by now."""
    overdue = version.state is OrderState.HELD and _NO_ORDER in version.hold_reasons
    return overdue or version.state is OrderState.PARKED


def take_up(
    world: World, tx: Transaction, agreement: Agreement, stored: StoredOrder, judged: Judged
) -> tuple[StoredOrder, tuple[Finding, ...]]:
    """A parked change, applied or late now that its order is there; as it stands when somebody was faster."""
    versions = orders.hold_head(tx, stored.agreement_id, stored.order_key)
    now_is = next(version for version in versions if version.id == stored.id)
    first = order_book.first(versions)
    foreign = first is None or order_book.of_other_series(agreement, first, stored.deployment)
    if foreign or not is_waiting_for_order(now_is):
        return replace(stored, state=now_is.state), ()
    if is_overtaken(now_is, versions):
        late = replace(stored, state=OrderState.LATE, decide_by=None, hold_reasons=())
        orders.rewrite(tx, late, world.now())
        telling.overtaken(world, tx, agreement, late)
        return late, judged.findings
    return order_book.settle(world, tx, agreement, stored, judged, versions)


def give_up_waiting(world: World, tx: Transaction) -> int:
    """How many changes have waited too long for their order and are now on the operator's list."""
    overdue = orders.overdue(tx, OrderState.PARKED, world.now())
    for version in overdue:
        orders.hold(tx, version.agreement_id, version.id, (_NO_ORDER,), world.now())
    return len(overdue)
