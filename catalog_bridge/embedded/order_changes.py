"""Changes of placed orders as stored: one at a time for an order, once for a key (ORD-6, DIST-13)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from catalog_bridge.bookshop import NotFound, Refused
from catalog_bridge.embedded import barcodes, handled, orders, tables
from catalog_bridge.embedded.database import put
from catalog_bridge.embedded.order_rows import AnyRow, changing_values, copy_rows, line_rows
from catalog_bridge.rules.order_status import derived
from protocols.model.distribution import Copy
from protocols.model.order import BookshopOrder, OrderChange, ShopOrderLine
from protocols.model.serial import from_json, to_json

Change = Callable[[BookshopOrder, Callable[[], str]], OrderChange]
"""A rule: the order as it is, and where new copy ids come from, to the order as it will be."""

_IS_ORDER = (
    tables.order.c.customer_number == bindparam("scope"),
    tables.order.c.order_number == bindparam("of"),
)
_LOCK = select(tables.order).where(*_IS_ORDER).with_for_update()
_REWRITE = update(tables.order).where(*_IS_ORDER)
_NO_COPIES = delete(tables.order_copy).where(
    tables.order_copy.c.customer_number == bindparam("scope"),
    tables.order_copy.c.order_number == bindparam("of"),
    tables.order_copy.c.line_number == bindparam("line"),
)
_ANSWER = select(tables.order_change.c.asked, tables.order_change.c.answer).where(
    tables.order_change.c.customer_number == bindparam("scope"),
    tables.order_change.c.order_number == bindparam("of"),
    tables.order_change.c.idempotency_key == bindparam("key"),
)


@dataclass(frozen=True, slots=True)
class OrderRows:
    """One order inside one writing transaction, where others who change it wait for us; NotFound.

    tell
        Hears of the order as it was changed, in the same transaction (HO-1).
    """

    tx: Connection
    customer_number: str
    order_number: str
    tell: Callable[[BookshopOrder], object]

    def change(self, rule: Change) -> OrderChange:
        """The order as the rule changes it, stored; what the rule raises leaves it as it was."""
        kept, current = self.lock(), orders.one(self.tx, self.customer_number, self.order_number)
        names = orders.CopyNames(self.order_number, kept.copies_named)
        change = self._marked(self._standing(rule(current, names)))
        if change.order != current:
            placed = {"placed_digest": kept.placed_digest or orders.said_by(current)}
            self._rewrite(current, change.order, {**placed, "copies_named": names.given})
            self.tell(change.order)
        return change

    def become(self, rule: Callable[[BookshopOrder], BookshopOrder]) -> BookshopOrder:
        """The order as a rule that gives no ids and refuses nothing in part makes it, stored.

        It judges copies with the barcodes that there are by now (SVC-5): only with them is a line picked.
        """
        return self.change(lambda current, _: OrderChange(order=rule(self._with_barcodes(current)))).order

    def change_once(self, key: str, asked: str, at: str, rule: Change) -> OrderChange:
        """What the key was answered before, else the order as the rule changes it; the answer is kept.

        asked
            A digest of what is wanted: Refused when the key asked for something else before.
        """
        self.lock()
        found = self.tx.execute(_ANSWER, {**self._keys(), "key": key}).first()
        if found is None:
            change = self.change(rule)
            self._keep(key, asked, at, change)
            return change
        if found.asked != asked:
            raise Refused(
                "The same key has asked for another change of order %(number)s.", number=self.order_number
            )
        return from_json(found.answer, OrderChange)

    def lock(self) -> AnyRow:
        """The order's own row, which nobody else changes until the transaction ends."""
        row = self.tx.execute(_LOCK, self._keys()).first()
        if row is None:
            raise NotFound("There is no order %(number)s for this customer.", number=self.order_number)
        return row

    def _marked(self, change: OrderChange) -> OrderChange:
        """The change with barcodes for what it leaves: what it takes out uses none up."""
        return replace(change, order=self._with_barcodes(change.order))

    def _with_barcodes(self, placed: BookshopOrder) -> BookshopOrder:
        """The order with the barcodes that its copies lack, now that there may be some (SVC-5)."""
        return replace(placed, order=barcodes.named(self.tx, placed.order))

    def _standing(self, change: OrderChange) -> OrderChange:
        """The change with the status that its lines give the order (ORD-2)."""
        if change.order.order.lines and not change.order.picked:
            return change
        copies = handled.read(self.tx, self.customer_number, self.order_number)
        status = derived(change.order, copies.sent, copies.billed)
        return replace(change, order=replace(change.order, status=status))

    def _rewrite(self, before: BookshopOrder, after: BookshopOrder, values: dict[str, object]) -> None:
        """Nothing; the rows say ``after``: only lines and copies that differ are touched, in bulk."""
        self.tx.execute(_REWRITE, {**self._keys(), **changing_values(after), **values})
        old_rows = {row["number"]: row for row in line_rows(before)}
        put(
            self.tx,
            tables.order_line,
            [row for row in line_rows(after) if row != old_rows.get(row["number"])],
        )
        old = _copies(before)
        self._put_copies(after, [line for line in _lines(after) if line.copies != old.get(line.number)])

    def _put_copies(self, after: BookshopOrder, lines: list[ShopOrderLine]) -> None:
        if lines:
            self.tx.execute(_NO_COPIES, [{**self._keys(), "line": line.number} for line in lines])
            self.tx.execute(insert(tables.order_copy), list(copy_rows(after, lines)))

    def _keep(self, key: str, asked: str, at: str, change: OrderChange) -> None:
        answer = {"asked": asked, "answer": to_json(change), "changed_at": at}
        owner = {"customer_number": self.customer_number, "order_number": self.order_number}
        self.tx.execute(insert(tables.order_change), {**owner, "idempotency_key": key, **answer})

    def _keys(self) -> dict[str, str]:
        return {"scope": self.customer_number, "of": self.order_number}


def _lines(order: BookshopOrder) -> tuple[ShopOrderLine, ...]:
    return (*order.order.lines, *order.cancelled)


def _copies(order: BookshopOrder) -> dict[int, tuple[Copy, ...]]:
    return {line.number: line.copies for line in _lines(order)}
