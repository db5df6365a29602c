"""Where the copies of an order are at the counter: picked, in a parcel, sent, on an invoice."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from catalog_bridge.embedded import tables

_TABLE = tables.handled_copy
_MINE = _TABLE.c.customer_number == bindparam("scope")
_ONE = (_MINE, _TABLE.c.copy_id == bindparam("of"))

_OF_ORDER = select(_TABLE).where(_MINE, _TABLE.c.order_number == bindparam("order"))
_PICK = insert(_TABLE)
_PUT_BACK = delete(_TABLE).where(*_ONE)
_PACK = update(_TABLE).where(*_ONE)
_UNPACK = update(_TABLE).where(_MINE, _TABLE.c.parcel_number == bindparam("parcel"))
_SEND = update(_TABLE).where(_MINE, _TABLE.c.parcel_number == bindparam("parcel"))


@dataclass(frozen=True, slots=True)
class HandledCopies:
    """Copy ids of one order, by what has been done with them.

    packed
        In which parcel each lies.
    """

    picked: frozenset[str] = frozenset()
    packed: Mapping[str, str] = field(default_factory=dict)
    sent: frozenset[str] = frozenset()
    billed: frozenset[str] = frozenset()

    @property
    def to_pack(self) -> frozenset[str]:
        """Picked, and in no parcel yet."""
        return self.picked.difference(self.packed)


def read(tx: Connection, customer_number: str, order_number: str) -> HandledCopies:
    """What has been done with the order's copies."""
    rows = tx.execute(_OF_ORDER, {"scope": customer_number, "order": order_number}).all()
    return HandledCopies(
        picked=frozenset(row.copy_id for row in rows),
        packed={row.copy_id: row.parcel_number for row in rows if row.parcel_number},
        sent=frozenset(row.copy_id for row in rows if row.sent),
        billed=frozenset(row.copy_id for row in rows if row.invoice_number),
    )


def pick(tx: Connection, customer_number: str, order_number: str, charged: Mapping[str, bool]) -> None:
    """Nothing; these copies have been taken from the shelf, each with whether it costs anything (ORD-8)."""
    owner = {"customer_number": customer_number, "order_number": order_number, "sent": False}
    if charged:
        tx.execute(_PICK, [{**owner, "copy_id": id_, "charged": costs} for id_, costs in charged.items()])


def put_back(tx: Connection, customer_number: str, copy_ids: Iterable[str]) -> None:
    """Nothing; these copies are on the shelf again."""
    _each(tx, _PUT_BACK, customer_number, copy_ids)


def pack(tx: Connection, customer_number: str, copy_ids: Iterable[str], parcel_number: str) -> None:
    """Nothing; these copies lie in the parcel."""
    _each(tx, _PACK, customer_number, copy_ids, parcel_number=parcel_number)


def unpack(tx: Connection, customer_number: str, parcel_number: str) -> None:
    """Nothing; the customer's copies in the parcel are beside it."""
    tx.execute(_UNPACK, {"scope": customer_number, "parcel": parcel_number, "parcel_number": None})


def send(tx: Connection, customer_number: str, parcel_number: str) -> None:
    """Nothing; the customer's copies in the parcel have left."""
    tx.execute(_SEND, {"scope": customer_number, "parcel": parcel_number, "sent": True})


def bill(tx: Connection, customer_number: str, copy_ids: Collection[str], invoice_number: str) -> None:
    """Nothing; the invoice charges these copies."""
    _each(tx, _PACK, customer_number, copy_ids, invoice_number=invoice_number)


def _each(
    tx: Connection,
    statement: object,
    customer_number: str,
    copy_ids: Iterable[str],
    **values: object,
) -> None:
    rows = [{"scope": customer_number, "of": id_, **values} for id_ in copy_ids]
    if rows:
        tx.execute(statement, rows)  # type: ignore[call-overload]  # an UPDATE or DELETE, each with rows of parameters
