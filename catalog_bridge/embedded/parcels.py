"""Parcels and slips as stored: a row for each customer in the parcel, each slip as it was packed."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, delete, insert, select, update

from catalog_bridge.bookshop import NotFound
from catalog_bridge.embedded import orders, tables
from catalog_bridge.embedded.order_rows import AnyRow
from protocols.model.party import Address
from protocols.model.serial import from_json, to_json
from protocols.model.shipment import Consignment, Parcel, Slip

_SCOPE: BindParameter[str] = bindparam("scope")

_parcel, _slip = tables.parcel.c, tables.slip.c
_MINE = (_parcel.customer_number == _SCOPE, _parcel.parcel_number == bindparam("of"))
_MY_SLIPS = (_slip.customer_number == _SCOPE, _slip.parcel_number == bindparam("of"))

_WHOSE = (
    select(_parcel.customer_number)
    .where(_parcel.parcel_number == bindparam("of"))
    .order_by(_parcel.customer_number)
    .execution_options(across="counter's lists")
)
_ROW = select(tables.parcel).where(*_MINE)
_LOCK = _ROW.with_for_update()
_SEND = update(tables.parcel).where(*_MINE)
_REMOVE = delete(tables.parcel).where(*_MINE)
_SLIPS = select(_slip.slip).where(*_MY_SLIPS).order_by(_slip.order_number)
_REMOVE_SLIPS = delete(tables.slip).where(*_MY_SLIPS)
_TOLD = update(tables.slip).where(*_MY_SLIPS, _slip.order_number == bindparam("order"))
_TRAVELS = (_slip.slip, _parcel.tracking, _parcel.sscc, _parcel.sent_at)
_OF_ORDER = (
    select(*_TRAVELS)
    .join_from(tables.slip, tables.parcel, _parcel.parcel_number == _slip.parcel_number)
    .where(_slip.customer_number == _SCOPE, _parcel.customer_number == _SCOPE)
    .where(_slip.order_number == bindparam("order"))
    .order_by(_parcel.packed_at, _parcel.parcel_number)
)
_UNTOLD = (
    select(*_TRAVELS)
    .join_from(
        tables.slip,
        tables.parcel,
        (_parcel.parcel_number == _slip.parcel_number) & (_parcel.customer_number == _slip.customer_number),
    )
    .where(_slip.told.is_(False), _parcel.sent_at != "")
    .order_by(_parcel.sent_at, _slip.order_number)
    .limit(bindparam("most"))
    .execution_options(across="counter's lists")
)
_OPEN = (
    select(_parcel.parcel_number)
    .where(_parcel.sent_at == "")
    .distinct()
    .order_by(_parcel.parcel_number)
    .execution_options(across="counter's lists")
)

PREFIX = "P"


def new_number(tx: Connection, *, test: bool) -> str:
    """The next parcel number, tests in a series of their own."""
    return f"{orders.PREFIX[test]}{PREFIX}{orders.next_in(tx, 'tparcel' if test else 'parcel')}"


def add(tx: Connection, parcel: Parcel, at: str) -> None:
    """Nothing; the parcel is there with its slips."""
    row = {
        "parcel_number": parcel.parcel_number,
        "address_id": parcel.address_id,
        "address": to_json(parcel.address),
        "carrier_day": parcel.carrier_day,
        "test": parcel.test,
        "packed_at": at,
        "sent_at": "",
        "tracking": "",
        "sscc": "",
    }
    owners = dict.fromkeys(slip.customer_number for slip in parcel.slips)
    tx.execute(insert(tables.parcel), [{**row, "customer_number": owner} for owner in owners])
    tx.execute(insert(tables.slip), [_slip_row(slip) for slip in parcel.slips])


def owners(tx: Connection, parcel_number: str) -> tuple[str, ...]:
    """The customers whose orders lie in the parcel; none where there is no such parcel."""
    return tuple(tx.execute(_WHOSE, {"of": parcel_number}).scalars())


def read(tx: Connection, parcel_number: str) -> Parcel:
    """The parcel with every slip in it; NotFound."""
    return _read(tx, _ROW, parcel_number)


def locked(tx: Connection, parcel_number: str) -> Parcel:
    """The same, and nobody else changes it until the transaction ends."""
    return _read(tx, _LOCK, parcel_number)


def send(tx: Connection, parcel: Parcel, tracking: str, sscc: str, at: str) -> None:
    """Nothing; the parcel has left."""
    for owner in owners(tx, parcel.parcel_number):
        tx.execute(_SEND, {**_key(owner, parcel), "tracking": tracking, "sscc": sscc, "sent_at": at})


def remove(tx: Connection, parcel: Parcel) -> None:
    """Nothing; the parcel and its slips are no more."""
    for owner in owners(tx, parcel.parcel_number):
        tx.execute(_REMOVE_SLIPS, _key(owner, parcel))
        tx.execute(_REMOVE, _key(owner, parcel))


def of_order(tx: Connection, customer_number: str, order_number: str) -> tuple[Consignment, ...]:
    """The order's slips, sent or not, as they were packed."""
    return _consignments(tx.execute(_OF_ORDER, {"scope": customer_number, "order": order_number}))


def untold(tx: Connection, most: int) -> tuple[Consignment, ...]:
    """Slips of parcels that have left, of which nobody has been told, the oldest first."""
    return _consignments(tx.execute(_UNTOLD, {"most": most}))


def tell(tx: Connection, slip: Slip) -> None:
    """Nothing; somebody has been told, or nobody is to be."""
    key = {"scope": slip.customer_number, "of": slip.parcel_number, "order": slip.order_number}
    tx.execute(_TOLD, {**key, "told": True})


def unsent(tx: Connection) -> tuple[Parcel, ...]:
    """Parcels that are packed and have not left, by number."""
    return tuple(read(tx, number) for number in tx.execute(_OPEN).scalars().all())


def _read(tx: Connection, how: Select[Any], parcel_number: str) -> Parcel:
    slips: list[Slip] = []
    row: AnyRow | None = None
    for owner in owners(tx, parcel_number):
        key = {"scope": owner, "of": parcel_number}
        row = tx.execute(how, key).first()
        slips += (from_json(text, Slip) for text in tx.execute(_SLIPS, key).scalars())
    if row is None:
        raise NotFound("There is no parcel %(number)s.", number=parcel_number)
    return Parcel(
        parcel_number=row.parcel_number,
        address_id=row.address_id,
        address=from_json(row.address, Address),
        carrier_day=row.carrier_day,
        slips=tuple(slips),
        tracking=row.tracking,
        sscc=row.sscc,
        sent_at=row.sent_at,
        test=row.test,
    )


def _consignments(rows: Iterable[AnyRow]) -> tuple[Consignment, ...]:
    return tuple(
        Consignment(slip=from_json(row.slip, Slip), tracking=row.tracking, sscc=row.sscc, sent_at=row.sent_at)
        for row in rows
    )


def _slip_row(slip: Slip) -> dict[str, object]:
    return {
        "customer_number": slip.customer_number,
        "parcel_number": slip.parcel_number,
        "order_number": slip.order_number,
        "slip": to_json(slip),
        "told": False,
    }


def _key(owner: str, parcel: Parcel) -> dict[str, str]:
    return {"scope": owner, "of": parcel.parcel_number}
