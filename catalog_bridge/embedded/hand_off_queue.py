"""Documents for library systems, queued in the transaction that places or changes the order (HO-1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import partial

from sqlalchemy import Connection, bindparam, insert, select, update

from catalog_bridge.embedded import tables
from catalog_bridge.embedded.database import insert_new
from catalog_bridge.library_systems import NO_PROFILE, PROFILES, LineState, profile_of
from catalog_bridge.rules import handing_off
from catalog_bridge.rules.handing_off import Statuses
from protocols.library.order import LibraryLine, LibraryOrder
from protocols.model.customer import LibrarySystem
from protocols.model.item import Product
from protocols.model.order import BookshopOrder
from protocols.model.serial import from_json, to_json

_MINE = tables.library.c.customer_number == bindparam("scope")
_CHOSEN = (
    select(tables.customer.c.library_system, tables.library.c.profile)
    .join_from(tables.customer, tables.library, _MINE, isouter=True)
    .where(tables.customer.c.customer_number == bindparam("scope"))
)
_NEXT = (
    update(tables.library)
    .where(_MINE)
    .values(last_document=tables.library.c.last_document + 1)
    .returning(tables.library.c.last_document)
)
_TOLD = (
    select(tables.library_document.c.content)
    .where(
        tables.library_document.c.customer_number == bindparam("scope"),
        tables.library_document.c.order_number == bindparam("of"),
    )
    .order_by(tables.library_document.c.number)
)


def queue(
    tx: Connection,
    placed: BookshopOrder,
    at: str,
    products: Mapping[str, Product] | None = None,
    reached: Statuses | None = None,
) -> int:
    """The number of the document that now waits with what is new in the order; 0 when there is none.

    Never one for a test order, nor for a customer without hand-off. The order's row must be held by this
    transaction, so that two changes are told in the order in which they were made.

    products
        For titles and ISBNs of lines that nobody was told of before.
    reached
        Lines that are delivered or invoiced by now (HO-1).
    """
    profile = NO_PROFILE if placed.order.test else _profile(tx, placed.order.customer_number)
    if profile == NO_PROFILE:
        return 0
    before = handing_off.told(_told(tx, placed))
    new = handing_off.news(placed, before, products or {}, reached or {})
    return _put(tx, new, profile, at) if new else 0


def telling(
    tx: Connection, at: str, products: Mapping[str, Product] | None = None
) -> Callable[[BookshopOrder], int]:
    """``queue`` for who changes an order, so that the library system hears of it in the same transaction."""
    return partial(queue, tx, at=at, products=products)


def settings_row(tx: Connection, customer_number: str) -> None:
    """Nothing; the customer has a row of settings, of the default where there was none."""
    insert_new(tx, tables.library, {"customer_number": customer_number})


def _profile(tx: Connection, customer_number: str) -> str:
    row = tx.execute(_CHOSEN, {"scope": customer_number}).one()
    return profile_of(LibrarySystem(row.library_system), row.profile or "")


def _told(tx: Connection, placed: BookshopOrder) -> Iterator[LibraryOrder]:
    keys = {"scope": placed.order.customer_number, "of": placed.order_number}
    return (from_json(content, LibraryOrder) for content in tx.execute(_TOLD, keys).scalars())


def _put(tx: Connection, new: LibraryOrder, profile: str, at: str) -> int:
    settings_row(tx, new.customer_number)
    number = int(tx.execute(_NEXT, {"scope": new.customer_number}).scalar_one())
    document = replace(new, document=number)
    written = PROFILES[profile]
    faults = {line.order_line_id: written.unusable(line) for line in document.lines}
    usable = tuple(line for line in document.lines if not faults[line.order_line_id])
    row = {
        "customer_number": document.customer_number,
        "number": number,
        "order_number": document.order_number,
        "profile": profile,
        "queued_at": at,
        "content": to_json(document),
        "body": written.build(replace(document, lines=usable)),
    }
    tx.execute(insert(tables.library_document), row)
    rows = [_line_row(document, line, faults[line.order_line_id], at) for line in document.lines]
    tx.execute(insert(tables.library_line), rows)
    return number


def _line_row(document: LibraryOrder, line: LibraryLine, fault: str, at: str) -> dict[str, object]:
    return {
        "customer_number": document.customer_number,
        "document": document.document,
        "order_line_id": line.order_line_id,
        "line_number": line.number,
        "state": (LineState.FAILED if fault else LineState.QUEUED).value,
        "reason": fault,
        "left_out": bool(fault),
        "changed_at": at,
    }
