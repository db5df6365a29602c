"""Many lines of an embedded cart at once: the ``Grids`` Protocol on our own tables."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection

from catalog_bridge.bookshop import BookshopError, NotFound, Refused
from catalog_bridge.embedded import customers, hand_off_queue, looked_up
from catalog_bridge.embedded.available import available
from catalog_bridge.embedded.carts import CartRows, Copies, StoredLine
from catalog_bridge.embedded.database import Catalogue, Database
from catalog_bridge.embedded.offers import offer
from catalog_bridge.embedded.order_changes import OrderRows
from catalog_bridge.embedded.shown import Snapshot, shown, snapshot
from catalog_bridge.embedded.stamps import stamp
from catalog_bridge.grids import LineCopies, LineGroups, Moved, NotTaken, Wanted, Written
from catalog_bridge.rules import changing, grid, ordering
from catalog_bridge.rules.distribution import checked
from protocols.model.distribution import CopyCodes, Register
from protocols.model.item import Kind, Offer, Product
from protocols.model.order import BookshopOrder
from protocols.model.service import Service


class EmbeddedGrids:
    """Each call is one transaction on a locked cart; an entry that breaks a rule is left out of it."""

    def __init__(
        self,
        db: Database,
        catalogue: Catalogue,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        services: tuple[Service, ...] = (),
    ) -> None:
        self._db = db
        self._catalogue = catalogue
        self._now = now
        self._new_id = new_id
        self._services = services

    def offers(self, customer_number: str, numbers: tuple[str, ...]) -> dict[str, Offer]:
        """Number as it is written → the offer, of those that are known (CART-4)."""
        with self._reading() as tx:
            terms = customers.terms(tx, customers.known(tx, customer_number))
        return {
            number: offer(product, terms, self._services)
            for number, product in zip(numbers, self._products(numbers), strict=True)
            if product
        }

    def distribute(self, customer_number: str, cart_id: str, lines: tuple[LineGroups, ...]) -> Written:
        """The cart with these lines' copies replaced, line by line or not at all (DIST-4 to DIST-6)."""
        refused: list[NotTaken] = []
        with self._writing() as tx:
            rows = self._locked(tx, customer_number, cart_id)
            register = customers.register(tx, rows.customer_number)
            rows.set_many(_settled(lines, rows, register, refused))
            stored = snapshot(rows)
        return self._written(stored, refused)

    def add_titles(self, customer_number: str, cart_id: str, wanted: tuple[Wanted, ...]) -> Written:
        """The cart with these titles; the same product raises its line (CART-4)."""
        refused: list[NotTaken] = []
        found = self._looked_up(wanted, refused)
        with self._writing() as tx:
            rows = self._locked(tx, customer_number, cart_id)
            self._add(rows, wanted, found, refused)
            stored = snapshot(rows)
        return self._written(stored, refused)

    def move(self, customer_number: str, order_number: str, lines: tuple[LineCopies, ...]) -> Moved:
        """The placed order with these lines' copies assigned or moved (DIST-13); one correction (HO-1)."""
        refused: list[NotTaken] = []
        with self._writing() as tx:
            number = customers.known(tx, customer_number)
            register = customers.register(tx, number)
            rows = OrderRows(tx, number, order_number, hand_off_queue.telling(tx, stamp(self._now())))
            order = rows.become(lambda current: _moved(current, lines, register, refused))
        return Moved(order=order, refused=tuple(refused))

    def _add(
        self,
        rows: CartRows,
        wanted: tuple[Wanted, ...],
        found: Mapping[int, Product],
        refused: list[NotTaken],
    ) -> None:
        """Nothing; what can be added stands in the cart, in few statements however many titles there are."""
        lines = {(line.product_id, line.kind): line for line in rows.lines()}
        before = dict(lines)
        register = customers.register(rows.tx, rows.customer_number)
        usual = customers.terms(rows.tx, rows.customer_number).services
        fit = _Checked(register)
        for index, product in found.items():
            try:
                codes = fit.all(wanted[index].codes)
                self._raise(lines, product, codes, usual)
            except Refused as error:
                refused.append(_why(index, error))
        rows.append_many([line for key, line in lines.items() if key not in before])
        rows.set_many({line.line_id: line.copies for key, line in lines.items() if line != before.get(key)})

    def _raise(
        self,
        lines: dict[tuple[str, Kind], StoredLine],
        product: Product,
        codes: Copies,
        services: tuple[str, ...],
    ) -> None:
        key = (product.product_id, Kind.TITLE)
        line = lines.get(key)
        copies = (*line.copies, *codes) if line else codes
        ordering.check_quantity(len(codes))
        ordering.check_quantity(len(copies))
        lines[key] = replace(line, copies=copies) if line else self._new_line(product, copies, services)

    def _new_line(self, product: Product, copies: Copies, services: tuple[str, ...]) -> StoredLine:
        return StoredLine(
            line_id=self._new_id(),
            product_id=product.product_id,
            title=product.title,
            kind=Kind.TITLE,
            copies=copies,
            services=services,
        )

    def _looked_up(self, wanted: tuple[Wanted, ...], refused: list[NotTaken]) -> Mapping[int, Product]:
        """Index → product, of the titles that can be ordered, asked of the catalogue at once."""
        products = self._products([entry.number for entry in wanted])
        found: dict[int, Product] = {}
        for index, (entry, product) in enumerate(zip(wanted, products, strict=True)):
            try:
                found[index] = _orderable(product, entry.number)
            except BookshopError as error:
                refused.append(_why(index, error))
        return found

    def _products(self, numbers: Sequence[str]) -> list[Product | None]:
        return looked_up.products(self._catalogue, numbers)

    def _locked(self, tx: Connection, customer_number: str, cart_id: str) -> CartRows:
        rows = CartRows(tx, customers.known(tx, customer_number), cart_id)
        rows.lock(stamp(self._now()))
        return rows

    def _written(self, stored: Snapshot, refused: Iterable[NotTaken]) -> Written:
        cart = shown(stored, self._catalogue.products(stored.product_ids), self._services)
        return Written(cart=cart, refused=tuple(sorted(refused, key=lambda entry: entry.index)))

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with available(), self._db.read() as tx:
            yield tx

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with available(), self._db.write() as tx:
            yield tx


class _Checked:
    """Codes against one register, each looked at once however many copies carry them."""

    def __init__(self, register: Register) -> None:
        self._register = register
        self._fit: dict[CopyCodes, CopyCodes] = {}

    def all(self, codes: Copies) -> Copies:
        """The codes as they may stand in the cart; Refused (DIST-5)."""
        for one in set(codes) - self._fit.keys():
            self._fit[one] = checked(one, self._register)
        return tuple(self._fit[one] for one in codes)


def _settled(
    lines: tuple[LineGroups, ...], rows: CartRows, register: Register, refused: list[NotTaken]
) -> dict[str, Copies]:
    """Line id → copies, of the lines that break no rule; why the others do is added to ``refused``."""
    before = {line.line_id: line.copies for line in rows.lines()}
    after: dict[str, Copies] = {}
    for index, line in enumerate(lines):
        try:
            after[line.line_id] = _copies(line, before.get(line.line_id), register)
        except BookshopError as error:
            refused.append(_why(index, error))
    return after


def _copies(line: LineGroups, before: Copies | None, register: Register) -> Copies:
    if before is None:
        raise NotFound(grid.GONE)
    if grid.mark(before) != line.seen:
        raise Refused(grid.CHANGED)
    return grid.settled(line.groups, before, register)


def _moved(
    current: BookshopOrder, lines: tuple[LineCopies, ...], register: Register, refused: list[NotTaken]
) -> BookshopOrder:
    """The order with the lines that break no rule moved; why the others do is added to ``refused``."""
    for index, line in enumerate(lines):
        try:
            current = changing.moved(current, line.number, line.codes, register, line.seen)
        except BookshopError as error:
            refused.append(_why(index, error))
    return current


def _orderable(found: Product | None, number: str) -> Product:
    product = looked_up.known(found, number)
    if reason := ordering.obstacle(product):
        raise Refused(reason)
    return product


def _why(index: int, error: BookshopError) -> NotTaken:
    return NotTaken(index=index, message=error.message, values=error.values)
