"""Marks from our own tables: one statement for all titles of a page, however many there are (CART-8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import BindParameter, Boolean, Select, bindparam, false, func, or_, select

from catalog_bridge.calendar_day import calendar_day
from catalog_bridge.embedded import customers, tables
from catalog_bridge.embedded.available import reading
from catalog_bridge.embedded.carts import Copies
from catalog_bridge.embedded.database import Database
from catalog_bridge.embedded.order_history import is_of
from catalog_bridge.embedded.order_rows import AnyRow, LineState
from catalog_bridge.marks import MOST_ORDERS, Ordered, Waiting
from protocols.model.serial import from_json

_SCOPE: BindParameter[str] = bindparam("scope")
_PRODUCTS: BindParameter[Sequence[str]] = bindparam("products", expanding=True)
_LINE, _ORDER, _COPY = tables.order_line.c, tables.order.c, tables.order_copy.c

_NEWEST = (
    select(
        _LINE.product_id,
        _LINE.order_number,
        _LINE.number,
        _ORDER.placed_at,
        _ORDER.ordered_by,
        _ORDER.ordered_by_email,
        func.dense_rank()
        .over(partition_by=_LINE.product_id, order_by=(_ORDER.placed_at.desc(), _ORDER.order_number.desc()))
        .label("age"),
    )
    .join_from(tables.order_line, tables.order, _ORDER.order_number == _LINE.order_number)
    .where(
        _LINE.customer_number == _SCOPE,
        _ORDER.customer_number == _SCOPE,
        _LINE.product_id.in_(_PRODUCTS),
        _LINE.state != LineState.CANCELLED.value,
        or_(_ORDER.test == false(), bindparam("with_tests", type_=Boolean)),
    )
    .subquery()
)
_ORDERED: Select[Any] = (
    select(
        *(
            _NEWEST.c[name]
            for name in ("product_id", "age", "order_number", "placed_at", "ordered_by", "ordered_by_email")
        ),
        _COPY.branch_code,
        func.count().label("copies"),
    )
    .join_from(
        _NEWEST,
        tables.order_copy,
        (_COPY.order_number == _NEWEST.c.order_number) & (_COPY.line_number == _NEWEST.c.number),
    )
    .where(_COPY.customer_number == _SCOPE, _NEWEST.c.age <= MOST_ORDERS)
    .group_by(*_NEWEST.c, _COPY.branch_code)
    .order_by(_NEWEST.c.product_id, _NEWEST.c.age, _COPY.branch_code)
)
_WAITING = (
    select(
        tables.cart_line.c.product_id,
        tables.cart_line.c.cart_id,
        tables.cart_line.c.copies,
        tables.cart.c.order_name,
    )
    .join_from(tables.cart_line, tables.cart, tables.cart.c.cart_id == tables.cart_line.c.cart_id)
    .where(
        tables.cart_line.c.customer_number == _SCOPE,
        tables.cart.c.customer_number == _SCOPE,
        tables.cart_line.c.cart_id.in_(bindparam("carts", expanding=True)),
        tables.cart_line.c.product_id.in_(_PRODUCTS),
    )
    .order_by(tables.cart.c.changed_at.desc(), tables.cart_line.c.cart_id, tables.cart_line.c.position)
)


class EmbeddedMarks:
    """The ``Marks`` Protocol on our own tables."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def ordered(
        self,
        customer_number: str,
        product_ids: tuple[str, ...],
        *,
        own: str | None = None,
        test: bool = False,
    ) -> dict[str, tuple[Ordered, ...]]:
        """Product id → the orders that took it, the newest first, at most three."""
        if not product_ids:
            return {}
        with reading(self._db) as tx:
            number = customers.known(tx, customer_number)
            values = {"scope": number, "products": list(product_ids), "with_tests": test}
            rows = tx.execute(_ORDERED, values).all()
        together: defaultdict[tuple[str, str], list[AnyRow]] = defaultdict(list)
        for row in rows:
            together[row.product_id, row.order_number].append(row)
        found: defaultdict[str, list[Ordered]] = defaultdict(list)
        for (product_id, _), parts in together.items():
            found[product_id].append(_ordered(parts, own))
        return {product_id: tuple(orders) for product_id, orders in found.items()}

    def waiting(
        self, customer_number: str, product_ids: tuple[str, ...], cart_ids: tuple[str, ...]
    ) -> dict[str, tuple[Waiting, ...]]:
        """Product id → those of these carts that hold it, the one changed last first."""
        if not (product_ids and cart_ids):
            return {}
        with reading(self._db) as tx:
            number = customers.known(tx, customer_number)
            values = {"scope": number, "products": list(product_ids), "carts": list(cart_ids)}
            rows = tx.execute(_WAITING, values).all()
        found: defaultdict[str, list[Waiting]] = defaultdict(list)
        for row in rows:
            copies = len(from_json(row.copies, Copies))
            found[row.product_id].append(
                Waiting(cart_id=row.cart_id, copies=copies, order_name=row.order_name)
            )
        return {product_id: tuple(carts) for product_id, carts in found.items()}


def _ordered(parts: Sequence[AnyRow], own: str | None) -> Ordered:
    """One order of one title, whose copies come branch by branch."""
    first = parts[0]
    named = own is None or is_of(first.ordered_by_email, own)
    return Ordered(
        on=calendar_day(datetime.fromisoformat(first.placed_at)),
        copies=sum(part.copies for part in parts),
        branches=_branches(part.branch_code for part in parts),
        buyer=first.ordered_by if named else "",
        order_number=first.order_number if named else "",
    )


def _branches(codes: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, codes)))
