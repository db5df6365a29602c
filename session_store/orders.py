"""Purchase orders as they came in, and what the bookshop made of them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update

from protocols.model.order import PurchaseOrder, ShopOrder
from protocols.model.session import Deployment
from session_store.tables import purchase_order

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from sqlalchemy import Connection, RowMapping


class OrderState(StrEnum):
    """Where a purchase order stands (design §4.7)."""

    RECEIVED = "received"
    HELD = "held"
    PLACED = "placed"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredOrder:
    """One version of one purchase order.

    id
        UUID; never shown. ``reference`` is the short code for people.
    content_hash
        SHA-256 of what the order says, to tell a repeated order from a changed one (design §4.4).
    hold_reasons
        Finding codes that a person must look at; empty unless held.
    shop_orders
        What goes to the bookshop, one for each delivery address (CHK-8).
    shop_order_numbers
        The bookshop's own numbers once placed, in the order of ``shop_orders``.
    """

    id: str
    agreement_id: str
    reference: str
    payload_id: str
    order: PurchaseOrder
    content_hash: bytes
    received_at: datetime
    state: OrderState = OrderState.RECEIVED
    hold_reasons: tuple[str, ...] = ()
    shop_orders: tuple[ShopOrder, ...] = ()
    shop_order_numbers: tuple[str, ...] = ()
    deployment: Deployment = Deployment.PRODUCTION


_COLUMNS = [purchase_order.c[field.name] for field in fields(StoredOrder)]
_SCOPE = purchase_order.c.agreement_id == bindparam("scope")
_MINE = (_SCOPE, purchase_order.c.id == bindparam("of"))

_INSERT = insert(purchase_order)
_FIND = select(*_COLUMNS).where(
    _SCOPE,
    purchase_order.c.order_id == bindparam("number"),
    purchase_order.c.order_version == bindparam("version"),
)
_GET = select(*_COLUMNS).where(*_MINE)
_BY_PAYLOAD_ID = select(*_COLUMNS).where(_SCOPE, purchase_order.c.payload_id == bindparam("wanted"))
_BY_REFERENCE = select(*_COLUMNS).where(_SCOPE, purchase_order.c.reference == bindparam("wanted"))
_LISTING = select(*_COLUMNS).where(_SCOPE).order_by(purchase_order.c.received_at.desc(), purchase_order.c.id)
_CHANGE = update(purchase_order).where(*_MINE)


def insert_new(tx: Connection, stored: StoredOrder) -> None:
    """Nothing: the order is kept; IntegrityError when the agreement has one of this number and version."""
    row = {field.name: getattr(stored, field.name) for field in fields(stored)}
    tx.execute(_INSERT, row | {"order_id": stored.order.order_id, "order_version": stored.order.version})


def find(tx: Connection, agreement_id: str, order_id: str, version: str) -> StoredOrder | None:
    """The agreement's order of this number and version (empty for none): another agreement's is not found."""
    key = {"scope": agreement_id, "number": order_id, "version": version}
    return _stored(tx.execute(_FIND, key).mappings().first())


def get(tx: Connection, agreement_id: str, id_: str) -> StoredOrder | None:
    """The agreement's order with our id."""
    return _stored(tx.execute(_GET, {"scope": agreement_id, "of": id_}).mappings().first())


def by_reference(tx: Connection, agreement_id: str, reference: str) -> StoredOrder | None:
    """The agreement's order with this reference code."""
    return _stored(tx.execute(_BY_REFERENCE, {"scope": agreement_id, "wanted": reference}).mappings().first())


def by_payload_id(tx: Connection, agreement_id: str, payload_id: str) -> StoredOrder | None:
    """The agreement's order that came in the document with this payloadID."""
    key = {"scope": agreement_id, "wanted": payload_id}
    return _stored(tx.execute(_BY_PAYLOAD_ID, key).mappings().first())


def listing(tx: Connection, agreement_id: str) -> tuple[StoredOrder, ...]:
    """All orders of the agreement, newest first."""
    rows = tx.execute(_LISTING, {"scope": agreement_id}).mappings()
    return tuple(order for row in rows if (order := _stored(row)))


def placed(tx: Connection, agreement_id: str, id_: str, numbers: Iterable[str], now: datetime) -> bool:
    """Whether the order is now marked as placed under these numbers; False when there is no such order."""
    return _move(tx, agreement_id, id_, OrderState.PLACED, now, shop_order_numbers=tuple(numbers))


def hold(tx: Connection, agreement_id: str, id_: str, reasons: Iterable[str], now: datetime) -> bool:
    """Whether the order now waits for a person, for these reasons; False when there is no such order."""
    return _move(tx, agreement_id, id_, OrderState.HELD, now, hold_reasons=tuple(reasons))


def _move(
    tx: Connection, agreement_id: str, id_: str, state: OrderState, now: datetime, **values: tuple[str, ...]
) -> bool:
    change = {"scope": agreement_id, "of": id_, "state": state, "moved_at": now}
    return tx.execute(_CHANGE, {**change, **values}).rowcount == 1


def _stored(row: RowMapping | None) -> StoredOrder | None:
    if row is None:
        return None
    state, deployment = OrderState(row["state"]), Deployment(row["deployment"])
    return StoredOrder(**{**row, "state": state, "deployment": deployment})
