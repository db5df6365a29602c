"""Open carts as stored: a line is its list of copies, so quantity and copies cannot disagree (DIST-4)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import Connection, Row, bindparam, delete, func, insert, select, update

from catalog_bridge.bookshop import ChangedMeanwhile, NotFound, Refused
from catalog_bridge.embedded import tables
from catalog_bridge.embedded.database import insert_new
from protocols.model.distribution import CopyCodes
from protocols.model.item import Kind
from protocols.model.money import NOK, Money
from protocols.model.serial import from_json, to_json

Copies = tuple[CopyCodes, ...]

CLOSED = "This cart has been sent, or is being sent: nothing in it can be changed any more."
CHANGED = "The cart has been changed in another window meanwhile; look at it again."

_IN_CUSTOMER = tables.cart.c.customer_number == bindparam("scope")
_IS_CART = tables.cart.c.cart_id == bindparam("cart")
_LINE_SCOPE = (
    tables.cart_line.c.customer_number == bindparam("scope"),
    tables.cart_line.c.cart_id == bindparam("cart"),
)
_IS_LINE = tables.cart_line.c.line_id == bindparam("line")

_CART = select(tables.cart).where(_IN_CUSTOMER, _IS_CART)
_TOUCH = (
    update(tables.cart)
    .where(_IN_CUSTOMER, _IS_CART, ~tables.cart.c.closed)
    .values(changed_at=bindparam("at"), version=tables.cart.c.version + 1)
)
_CLOSE = (
    update(tables.cart)
    .where(_IN_CUSTOMER, _IS_CART, tables.cart.c.version == bindparam("seen"))
    .values(closed=True)
)
_DETAILS = (
    update(tables.cart)
    .where(_IN_CUSTOMER, _IS_CART)
    .values(order_name=bindparam("name"), delivery_address_id=bindparam("address"))
)
_LINES = select(tables.cart_line).where(*_LINE_SCOPE).order_by(tables.cart_line.c.position)
_LINE = select(tables.cart_line).where(*_LINE_SCOPE, _IS_LINE)
_SAME_PRODUCT = select(tables.cart_line).where(
    *_LINE_SCOPE,
    tables.cart_line.c.product_id == bindparam("product"),
    tables.cart_line.c.kind == bindparam("sort"),
)
_LAST_POSITION = select(func.coalesce(func.max(tables.cart_line.c.position), 0)).where(*_LINE_SCOPE)
_NEW_COPIES = update(tables.cart_line).where(*_LINE_SCOPE, _IS_LINE).values(copies=bindparam("new_copies"))
_NEW_SERVICES = (
    update(tables.cart_line).where(*_LINE_SCOPE, _IS_LINE).values(services=bindparam("new_services"))
)
_NEW_NOTE = update(tables.cart_line).where(*_LINE_SCOPE, _IS_LINE).values(note=bindparam("new_note"))
_NEW_LINES = insert(tables.cart_line)
_REMOVE = delete(tables.cart_line).where(*_LINE_SCOPE, _IS_LINE)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredLine:
    """A line without what the catalogue knows of it.

    services
        Ids, in any sequence (SVC-3).
    """

    line_id: str
    product_id: str
    title: str
    kind: Kind
    copies: Copies
    note: str = ""
    added_price: Money | None = None
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CartRows:
    """One cart inside one transaction; nothing of another customer's can be reached through it."""

    tx: Connection
    customer_number: str
    cart_id: str

    def open(self, at: str, *, subscriptions: bool = False) -> bool:
        """Whether the cart is new; it is there afterwards, and one that was there is unchanged."""
        return insert_new(
            self.tx,
            tables.cart,
            {
                **self._keys("customer_number", "cart_id"),
                "order_name": "",
                "delivery_address_id": "",
                "currency": NOK,
                "opened_at": at,
                "changed_at": at,
                "subscriptions": subscriptions,
            },
        )

    def lock(self, at: str) -> None:
        """Nothing; others who change this cart wait for us, and it counts as changed. NotFound; Refused."""
        if not self.tx.execute(_TOUCH, {**self._keys(), "at": at}).rowcount:
            self.row()
            raise Refused(CLOSED)

    def close(self, version: int) -> None:
        """Nothing; no change comes through from now on. NotFound; ChangedMeanwhile at another version."""
        if not self.tx.execute(_CLOSE, {**self._keys(), "seen": version}).rowcount:
            self.row()
            raise ChangedMeanwhile(CHANGED)

    def row(self) -> Row[tuple[object, ...]]:
        """The cart's own row; NotFound."""
        row = self.tx.execute(_CART, self._keys()).first()
        if row is None:
            raise self._missing()
        return row

    def lines(self) -> tuple[StoredLine, ...]:
        """The lines in the order they were put in."""
        return tuple(map(_line, self.tx.execute(_LINES, self._keys())))

    def line(self, line_id: str) -> StoredLine:
        """One line; NotFound."""
        row = self.tx.execute(_LINE, self._line_keys(line_id)).first() if line_id.isprintable() else None
        if row is None:
            raise NotFound("This line is no longer in the cart; somebody may have removed it.")
        return _line(row)

    def line_of(self, product_id: str, kind: Kind) -> StoredLine | None:
        """The line that holds this product already, if any (CART-4)."""
        row = self.tx.execute(
            _SAME_PRODUCT, {**self._keys(), "product": product_id, "sort": kind.value}
        ).first()
        return _line(row) if row else None

    def append(self, line: StoredLine) -> None:
        """Nothing; the line stands last in the cart."""
        self.append_many([line])

    def append_many(self, lines: Iterable[StoredLine]) -> None:
        """Nothing; the lines stand last in the cart, in their order."""
        last = self.tx.execute(_LAST_POSITION, self._keys()).scalar_one()
        if rows := [self._row(line, position) for position, line in enumerate(lines, start=last + 1)]:
            self.tx.execute(_NEW_LINES, rows)

    def fill(self, lines: Iterable[StoredLine]) -> None:
        """Nothing; a cart that was empty has these lines in their order."""
        if rows := [self._row(line, position) for position, line in enumerate(lines, start=1)]:
            self.tx.execute(_NEW_LINES, rows)

    def set_copies(self, line_id: str, copies: Copies) -> None:
        """Nothing; the line has these copies."""
        self.tx.execute(_NEW_COPIES, {**self._line_keys(line_id), "new_copies": to_json(copies)})

    def set_many(self, copies: Mapping[str, Copies]) -> None:
        """Nothing; each line of these ids has its copies."""
        rows = [{**self._line_keys(line), "new_copies": to_json(new)} for line, new in copies.items()]
        if rows:
            self.tx.execute(_NEW_COPIES, rows)

    def set_services(self, services: Mapping[str, tuple[str, ...]]) -> None:
        """Nothing; each line of these ids has these services."""
        rows = [{**self._line_keys(line), "new_services": " ".join(ids)} for line, ids in services.items()]
        if rows:
            self.tx.execute(_NEW_SERVICES, rows)

    def set_note(self, line_id: str, note: str) -> None:
        """Nothing; the line has this note."""
        self.tx.execute(_NEW_NOTE, {**self._line_keys(line_id), "new_note": note})

    def remove(self, line_id: str) -> None:
        """Nothing; the line is gone."""
        self.tx.execute(_REMOVE, self._line_keys(line_id))

    def set_details(self, order_name: str, delivery_address_id: str) -> None:
        """Nothing; the cart has this order name and address."""
        self.tx.execute(_DETAILS, {**self._keys(), "name": order_name, "address": delivery_address_id})

    def _row(self, line: StoredLine, position: int) -> dict[str, object]:
        return {
            **self._keys("customer_number", "cart_id"),
            "line_id": line.line_id,
            "position": position,
            "product_id": line.product_id,
            "kind": line.kind.value,
            "title": line.title,
            "note": line.note,
            "added_price": str(line.added_price.amount) if line.added_price else "",
            "copies": to_json(line.copies),
            "services": " ".join(line.services),
        }

    def _keys(self, customer: str = "scope", cart: str = "cart") -> dict[str, str]:
        return {customer: self.customer_number, cart: self.cart_id}

    def _line_keys(self, line_id: str) -> dict[str, str]:
        return {**self._keys(), "line": line_id}

    def _missing(self) -> NotFound:
        return NotFound("There is no cart %(cart)s for this customer.", cart=self.cart_id)


def _line(row: Row[tuple[object, ...]]) -> StoredLine:
    return StoredLine(
        line_id=row.line_id,
        product_id=row.product_id,
        title=row.title,
        kind=Kind(row.kind),
        note=row.note,
        copies=from_json(row.copies, Copies),
        added_price=Money(Decimal(row.added_price)) if row.added_price else None,
        services=tuple(row.services.split()),
    )
