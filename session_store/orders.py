"""Purchase orders in all their versions, and what the bookshop made of them."""

from __future__ import annotations

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import insert as insert_where_new

from protocols.model.order import Choice, OrderType, PurchaseOrder, ShopOrder, Standing
from protocols.model.session import NOBODY, Deployment, Shopper
from session_store.tables import order_head, purchase_order

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from typing import Any

    from sqlalchemy import Connection, RowMapping


class OrderState(StrEnum):
    """Where one version of a purchase order stands (design §4.7, security §4)."""

    RECEIVED = "received"
    """It goes on to the bookshop."""
    HELD = "held"
    """A person decides."""
    PARKED = "parked"
    """It changes an order that has not come yet."""
    LATE = "late"
    """A newer version came first: kept, and not applied."""
    PLACED = "placed"
    """The bookshop has it so."""
    CANCELLED = "cancelled"
    """A cancellation that the bookshop has carried out."""
    SUPERSEDED = "superseded"
    """A newer version has taken its place."""
    REFUSED = "refused"
    """A person has said no."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderVersion:
    """One version of one purchase order, as far as the others need to know it: without its lines.

    id
        UUID; never shown. ``reference`` is the short code for people.
    order_key
        The order that it is a version of: its number, and for a duplicate put aside one of its own. Copies
        belong to it, and deliveries are ordered by it.
    number, order_date, previous
        orderVersion, orderDate and the replaced document's payloadID as sent; empty where they were not.
    content_hash
        SHA-256 of what the order says, to tell a repeated order from a changed one (design §4.4).
    sent_at
        When the document says it was written.
    answer_code
        200 or 201: what the buyer was told, and is told again for the same content.
    hold_reasons
        Finding codes that a person must look at, or has looked at.
    shop_order_numbers
        The bookshop's own numbers once placed, in the order of ``shop_orders``; empty text where one is not.
    carried_out_at
        When the bookshop was last brought to this version, as far as it would go; None before. Later than
        that of the version before it, whatever the clocks say.
    standing
        All that the bookshop had of the order after that.
    """

    id: str
    agreement_id: str
    reference: str
    payload_id: str
    order_id: str
    order_key: str
    content_hash: bytes
    received_at: datetime
    order_type: OrderType = OrderType.NEW
    number: str = ""
    order_date: str = ""
    previous: str = ""
    sent_at: datetime | None = None
    state: OrderState = OrderState.RECEIVED
    answer_code: int = 200
    hold_reasons: tuple[str, ...] = ()
    shop_order_numbers: tuple[str, ...] = ()
    carried_out_at: datetime | None = None
    standing: tuple[Standing, ...] = ()
    deployment: Deployment = Deployment.PRODUCTION


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredOrder(OrderVersion):
    """A version whole, with its lines.

    decide_by
        Until when it waits by itself: a parked one for its order, a held one for the librarian's choice.
    choices
        The copies that the librarian keeps where fewer were approved (DIST-9).
    shopper
        Who filled the cart, else whom the order names; all empty where nobody is known (ORD-9).
    shop_orders
        What goes to the bookshop, one for each delivery address (CHK-8); none for a cancellation.
    """

    order: PurchaseOrder
    decide_by: datetime | None = None
    choices: tuple[Choice, ...] = ()
    shopper: Shopper = NOBODY
    shop_orders: tuple[ShopOrder, ...] = ()


_FACTS = [purchase_order.c[field.name] for field in fields(OrderVersion)]
_COLUMNS = [purchase_order.c[field.name] for field in fields(StoredOrder)]
_SCOPE = purchase_order.c.agreement_id == bindparam("scope")
_MINE = (_SCOPE, purchase_order.c.id == bindparam("of"))
_VERSIONS_OF = (_SCOPE, purchase_order.c.order_key == bindparam("key"))
_IN_ARRIVAL = (purchase_order.c.received_at, purchase_order.c.id)

_NEW_HEAD = insert_where_new(order_head).on_conflict_do_nothing()  # SQLite's compiler knows the clause too
_HOLD_HEAD = (
    select(order_head.c.order_key)
    .where(order_head.c.agreement_id == bindparam("scope"), order_head.c.order_key == bindparam("key"))
    .with_for_update()
)
_INSERT = insert(purchase_order)
_FIND = select(*_COLUMNS).where(
    _SCOPE,
    purchase_order.c.order_id == bindparam("number"),
    purchase_order.c.order_version == bindparam("version"),
)
_GET = select(*_COLUMNS).where(*_MINE)
_VERSIONS = select(*_FACTS).where(*_VERSIONS_OF).order_by(*_IN_ARRIVAL)
_BY_PAYLOAD = select(*_COLUMNS).where(_SCOPE, purchase_order.c.payload_id == bindparam("payload")).limit(1)
_BY_REFERENCE = select(*_COLUMNS).where(_SCOPE, purchase_order.c.reference == bindparam("wanted"))
_ANYWHERE = (
    select(*_COLUMNS)
    .where(purchase_order.c.reference == bindparam("wanted"))
    .execution_options(across="reference look-up")
)
_OF_NUMBER = (
    select(*_COLUMNS).where(_SCOPE, purchase_order.c.order_id == bindparam("number")).order_by(*_IN_ARRIVAL)
)
_LISTING = select(*_COLUMNS).where(_SCOPE).order_by(purchase_order.c.received_at.desc(), purchase_order.c.id)
_IN_STATE = (
    select(*_COLUMNS)
    .where(purchase_order.c.state == bindparam("wanted"))
    .order_by(*_IN_ARRIVAL)
    .execution_options(across="operator's list")
)
_OVERDUE = (
    select(*_COLUMNS)
    .where(purchase_order.c.state == bindparam("wanted"), purchase_order.c.decide_by <= bindparam("now"))
    .order_by(purchase_order.c.decide_by)
    .limit(bindparam("most"))
    .execution_options(across="operator's list")
)
_CHANGE = update(purchase_order).where(*_MINE)


def hold_head(tx: Connection, agreement_id: str, order_key: str) -> tuple[OrderVersion, ...]:
    """All versions of the order as they arrived, which nobody else can change until the transaction ends."""
    tx.execute(_NEW_HEAD, {"agreement_id": agreement_id, "order_key": order_key})
    tx.execute(_HOLD_HEAD, {"scope": agreement_id, "key": order_key})
    return versions(tx, agreement_id, order_key)


def versions(tx: Connection, agreement_id: str, order_key: str) -> tuple[OrderVersion, ...]:
    """All versions of the order, in the order in which they arrived."""
    rows = tx.execute(_VERSIONS, {"scope": agreement_id, "key": order_key}).mappings()
    return tuple(OrderVersion(**{**row, **_words(row)}) for row in rows)


def newest(tx: Connection, agreement_id: str, order_key: str) -> StoredOrder | None:
    """The version of the order that came last, whole; None where there is none."""
    known = versions(tx, agreement_id, order_key)
    return get(tx, agreement_id, known[-1].id) if known else None


def insert_new(tx: Connection, stored: StoredOrder, version: str = "") -> None:
    """Nothing: the order is kept; IntegrityError when the agreement has one of this number and version.

    version
        What tells it from the other versions of its number, where orderVersion does not.
    """
    row = {field.name: getattr(stored, field.name) for field in fields(stored)}
    tx.execute(_INSERT, row | {"order_version": version or stored.number})


def find(tx: Connection, agreement_id: str, order_id: str, version: str) -> StoredOrder | None:
    """The agreement's order of this number and version (empty for none): another agreement's is not found."""
    key = {"scope": agreement_id, "number": order_id, "version": version}
    return _one(tx.execute(_FIND, key).mappings().first())


def get(tx: Connection, agreement_id: str, id_: str) -> StoredOrder | None:
    """The agreement's order with our id."""
    return _one(tx.execute(_GET, {"scope": agreement_id, "of": id_}).mappings().first())


def by_payload(tx: Connection, agreement_id: str, payload_id: str) -> StoredOrder | None:
    """The version that came in the agreement's document of this payloadID."""
    return _one(tx.execute(_BY_PAYLOAD, {"scope": agreement_id, "payload": payload_id}).mappings().first())


def by_reference(tx: Connection, agreement_id: str, reference: str) -> StoredOrder | None:
    """The agreement's order with this reference code."""
    return _one(tx.execute(_BY_REFERENCE, {"scope": agreement_id, "wanted": reference}).mappings().first())


def anywhere(tx: Connection, reference: str) -> tuple[StoredOrder, ...]:
    """Orders of all agreements with this reference code; more than one only by chance."""
    return tuple(map(_stored, tx.execute(_ANYWHERE, {"wanted": reference}).mappings()))


def of_number(tx: Connection, agreement_id: str, order_id: str) -> tuple[StoredOrder, ...]:
    """The agreement's orders under this number of the buyer's, in all their versions as they arrived."""
    return tuple(map(_stored, tx.execute(_OF_NUMBER, {"scope": agreement_id, "number": order_id}).mappings()))


def listing(tx: Connection, agreement_id: str) -> tuple[StoredOrder, ...]:
    """All orders of the agreement, newest first."""
    return tuple(map(_stored, tx.execute(_LISTING, {"scope": agreement_id}).mappings()))


def in_state(tx: Connection, state: OrderState) -> tuple[StoredOrder, ...]:
    """All agreements' orders in this state, the oldest first: for the operator."""
    return tuple(map(_stored, tx.execute(_IN_STATE, {"wanted": state}).mappings()))


def overdue(tx: Connection, state: OrderState, now: datetime, most: int = 100) -> tuple[StoredOrder, ...]:
    """Orders in this state whose time to wait is over."""
    rows = tx.execute(_OVERDUE, {"wanted": state, "now": now, "most": most}).mappings()
    return tuple(map(_stored, rows))


def hold(tx: Connection, agreement_id: str, id_: str, reasons: Iterable[str], now: datetime) -> bool:
    """Whether the order now waits for a person, for these reasons; False when there is no such order."""
    return move(tx, agreement_id, id_, OrderState.HELD, now, hold_reasons=tuple(reasons), decide_by=None)


def move(
    tx: Connection,
    agreement_id: str,
    id_: str,
    state: OrderState,
    now: datetime,
    **values: Any,  # noqa: ANN401 - columns of any type
) -> bool:
    """Whether the order now stands in this state, with these columns; False when there is no such order."""
    change = {"scope": agreement_id, "of": id_, "state": state, "moved_at": now}
    return tx.execute(_CHANGE, {**change, **values}).rowcount == 1


_CHANGING = (
    *("hold_reasons", "decide_by", "choices", "shop_orders"),
    *("shop_order_numbers", "carried_out_at", "standing"),
)


def rewrite(tx: Connection, stored: StoredOrder, now: datetime) -> None:
    """Nothing: the version stands as it is given, after it has been judged anew or carried out."""
    values = {name: getattr(stored, name) for name in _CHANGING}
    move(tx, stored.agreement_id, stored.id, stored.state, now, **values)


def _one(row: RowMapping | None) -> StoredOrder | None:
    return None if row is None else _stored(row)


def _stored(row: RowMapping) -> StoredOrder:
    return StoredOrder(**{**row, **_words(row)})


def _words(row: RowMapping) -> dict[str, Any]:
    """The columns whose words are one of a few."""
    return {
        "state": OrderState(row["state"]),
        "order_type": OrderType(row["order_type"]),
        "deployment": Deployment(row["deployment"]),
    }
