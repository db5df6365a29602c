"""The embedded bookshop: the ``Bookshop`` Protocol on our own tables and catalogue."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from catalog_bridge.bookshop import (
    CatalogueStatus,
    NotFound,
    Refused,
    SearchQuery,
    SearchResult,
)
from catalog_bridge.calendar_day import calendar_day
from catalog_bridge.embedded import cart_changes, customers, hand_off_queue, orders, series
from catalog_bridge.embedded.available import reading, writing
from catalog_bridge.embedded.carts import CartRows, StoredLine
from catalog_bridge.embedded.customers import Terms
from catalog_bridge.embedded.database import Catalogue, Database
from catalog_bridge.embedded.offers import offer
from catalog_bridge.embedded.order_changes import Change, OrderRows
from catalog_bridge.embedded.order_digest import digest
from catalog_bridge.embedded.shown import Snapshot, lost, shown, snapshot
from catalog_bridge.embedded.stamps import stamp
from catalog_bridge.rules import browsing, changing, mailbox, ordering, subscribing
from catalog_bridge.rules import services as rules
from catalog_bridge.rules.item_number import isbn13
from protocols.model.cart import Cart, KeptLine
from protocols.model.customer import Customer
from protocols.model.distribution import CopyCodes, Register
from protocols.model.item import Kind, Offer, Product
from protocols.model.order import BookshopOrder, OrderChange, ShopOrder
from protocols.model.service import Service


class EmbeddedBookshop:
    """A working bookshop: each change is one transaction, and titles are looked up outside it.

    now, new_id
        The clock, and ids that never repeat, for cart lines.
    services
        The price list of what is sold beside books (SVC-1 to SVC-3).
    """

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

    def customer(self, customer_number: str) -> Customer:
        """The account, old numbers resolved (CUST-4); NotFound."""
        with self._reading() as tx:
            return customers.read(tx, customers.known(tx, customer_number))

    def register(self, customer_number: str) -> Register:
        """The customer's distribution codes and profiles; empty is normal (DIST-2)."""
        with self._reading() as tx:
            return customers.register(tx, customers.known(tx, customer_number))

    def default_codes(self, customer_number: str, email: str) -> CopyCodes:
        """The codes of the user's default profile; empty without one (DIST-3)."""
        with self._reading() as tx:
            number = customers.known(tx, customer_number)
            return customers.default_codes(tx, number, mailbox.compared(email))

    def services(self) -> tuple[Service, ...]:
        """The price list of what is sold beside books (SVC-1)."""
        return self._services

    def search(self, customer_number: str, query: SearchQuery) -> SearchResult:
        """Offers for this customer, best first; an ISBN in any of its forms (CART-4). Refused."""
        terms = self._terms(customer_number)
        found, count, more = self._catalogue.search(
            replace(query, text=isbn13(query.text) or query.text),
            browsing.period(query.when, calendar_day(self._now())),
        )
        return SearchResult(
            offers=tuple(self._offer(product, terms) for product in found),
            count=count,
            more=more,
            page=query.page,
        )

    def offer(self, customer_number: str, product_id: str) -> Offer:
        """One product by item number or ISBN (CART-4); NotFound; Refused for a wrong check digit."""
        return self._offer(self._product(product_id), self._terms(customer_number))

    def open_cart(self, customer_number: str, cart_id: str, *, subscriptions: bool = False) -> Cart:
        """The cart with this id, made empty when it is new; repeating it changes nothing."""
        with self._writing() as tx:
            rows = CartRows(tx, customers.known(tx, customer_number), cart_id)
            rows.open(self._at(), subscriptions=subscriptions)
            stored = snapshot(rows)
        return self._shown(stored)

    def cart(self, customer_number: str, cart_id: str) -> Cart:
        """The cart as it stands, with problems marked per line (CART-5, DIST-6); NotFound."""
        with self._reading() as tx:
            stored = snapshot(CartRows(tx, customers.known(tx, customer_number), cart_id))
        return self._shown(stored)

    def fill_cart(
        self,
        customer_number: str,
        cart_id: str,
        lines: tuple[KeptLine, ...],
        order_name: str = "",
        delivery_address_id: str = "",
        *,
        subscriptions: bool = False,
    ) -> Cart:
        """A new cart with these lines in their order (FLOW-5); one that is there stays as it is. Refused."""
        with self._writing() as tx:
            rows = CartRows(tx, customers.known(tx, customer_number), cart_id)
            if rows.open(self._at(), subscriptions=subscriptions):
                cart_changes.fill(rows, lines, order_name, delivery_address_id)
            stored = snapshot(rows)
        return self._shown(stored)

    def add_to_cart(
        self,
        customer_number: str,
        cart_id: str,
        product_id: str,
        quantity: int = 1,
        codes: CopyCodes | None = None,
        kind: Kind = Kind.TITLE,
    ) -> Cart:
        """The cart with so many more copies; the same product raises its line (CART-4)."""
        terms = self._terms(customer_number)
        product = self._series(product_id, kind) if kind.subscribed else self._product(product_id)
        new = (codes or CopyCodes(),) * ordering.check_quantity(quantity)
        line = StoredLine(
            line_id=self._new_id(),
            product_id=product.product_id,
            title=product.title,
            kind=kind,
            copies=new,
            added_price=None if kind.subscribed else self._offer(product, terms).unit_price,
            services=terms.services,
        )
        obstacle = "" if kind.subscribed else ordering.obstacle(product)
        return self._changed(customer_number, cart_id, lambda rows: cart_changes.add(rows, line, obstacle))

    def set_quantity(self, customer_number: str, cart_id: str, line_id: str, quantity: int) -> Cart:
        """The cart with exactly so many copies in the line; 0 removes it (DIST-4)."""
        return self._changed(
            customer_number, cart_id, lambda rows: cart_changes.resize(rows, line_id, quantity)
        )

    def set_copies(
        self,
        customer_number: str,
        cart_id: str,
        line_id: str,
        copies: tuple[CopyCodes, ...],
        note: str = "",
    ) -> Cart:
        """The cart with the line's copies and note replaced, quantity = their number (DIST-4, DIST-5)."""
        return self._changed(
            customer_number, cart_id, lambda rows: cart_changes.distribute(rows, line_id, copies, note)
        )

    def set_services(
        self, customer_number: str, cart_id: str, services: Mapping[str, tuple[str, ...]]
    ) -> Cart:
        """The cart with these services on these lines, all of it or nothing (SVC-3). NotFound; Refused."""
        with self._reading() as tx:
            number = customers.known(tx, customer_number)
            held = [line for line in CartRows(tx, number, cart_id).lines() if line.line_id in services]
            system = customers.terms(tx, number).library_system
        products = self._catalogue.products([line.product_id for line in held if not line.kind.subscribed])

        def offered(line: StoredLine) -> tuple[Service, ...]:
            product = lost(line) if line.kind.subscribed else products.get(line.product_id)
            return rules.offered(self._services, product, system) if product else ()

        return self._changed(
            customer_number, cart_id, lambda rows: cart_changes.serve(rows, services, offered)
        )

    def set_details(
        self, customer_number: str, cart_id: str, order_name: str, delivery_address_id: str
    ) -> Cart:
        """The cart with order name (CHK-3) and listed address (CHK-6); Refused."""
        return self._changed(
            customer_number,
            cart_id,
            lambda rows: cart_changes.describe(rows, order_name, delivery_address_id),
        )

    def close_cart(self, customer_number: str, cart_id: str, version: int) -> Cart:
        """The cart, which nothing can change from now on. NotFound; ChangedMeanwhile at another version."""
        with self._writing() as tx:
            rows = CartRows(tx, customers.known(tx, customer_number), cart_id)
            rows.close(version)
            stored = snapshot(rows)
        return self._shown(stored)

    def place_order(self, order: ShopOrder, idempotency_key: str) -> BookshopOrder:
        """The order as placed; the same key again gives the first one (ORD-1). Refused; ShopUnavailable."""
        with self._reading() as tx:
            account = customers.read(tx, customers.known(tx, order.customer_number))
            kept = orders.as_kept(order, account.number)
            first = orders.replayed(tx, kept, idempotency_key)
        if first:
            return first
        products = self._catalogue.products([line.product_id for line in kept.lines])
        ordering.check_order(kept, account, products)
        return self._placed(kept, idempotency_key, products)

    def change_order(self, order_number: str, order: ShopOrder, idempotency_key: str) -> OrderChange:
        """The placed order with what ``order`` says, picked lines excepted (ORD-6). NotFound; Refused."""
        with self._reading() as tx:
            account = customers.read(tx, customers.known(tx, order.customer_number))
        wanted = orders.as_kept(order, account.number)
        products = self._catalogue.products([line.product_id for line in wanted.lines])

        def rule(current: BookshopOrder, new_id: Callable[[], str]) -> OrderChange:
            changing.check(current, wanted, account, products)
            return changing.changed(current, wanted, new_id)

        return self._once(account.number, order_number, idempotency_key, digest(wanted), rule, products)

    def cancel_order(self, customer_number: str, order_number: str, idempotency_key: str) -> OrderChange:
        """The order with all lines cancelled that are not picked (ORD-6). NotFound; Refused."""
        return self._once(
            customer_number,
            order_number,
            idempotency_key,
            "cancel",
            lambda current, _: changing.called_off(current),
        )

    def set_order_copies(
        self,
        customer_number: str,
        order_number: str,
        line_number: int,
        codes: tuple[CopyCodes, ...],
        seen: str = "",
    ) -> BookshopOrder:
        """The order with the line's copies assigned or moved (DIST-13). NotFound; Refused."""
        with self._writing() as tx:
            number = customers.known(tx, customer_number)
            register = customers.register(tx, number)
            return self._rows(tx, number, order_number).become(
                lambda current: changing.moved(current, line_number, codes, register, seen)
            )

    def waiting(self, product_ids: tuple[str, ...]) -> tuple[str, ...]:
        """Those of these products that can be ordered and not sent yet (CART-5)."""
        products = self._catalogue.products(product_ids)
        return tuple(id_ for id_ in product_ids if id_ in products and ordering.waits(products[id_]))

    def order(self, customer_number: str, order_number: str) -> BookshopOrder:
        """A placed order; NotFound."""
        with self._reading() as tx:
            return orders.one(tx, customers.known(tx, customer_number), order_number)

    def orders(self, customer_number: str, po_number: str = "") -> tuple[BookshopOrder, ...]:
        """The customer's orders, newest first (ORD-3), or those of one PO number."""
        with self._reading() as tx:
            return orders.listed(tx, customers.known(tx, customer_number), po_number)

    def catalogue(self) -> CatalogueStatus:
        """What is on the shelves."""
        return self._catalogue.status()

    def _placed(self, order: ShopOrder, key: str, products: Mapping[str, Product]) -> BookshopOrder:
        try:
            with self._writing() as tx:
                at = self._at()
                placed = orders.place(tx, order, key, at)
                hand_off_queue.queue(tx, placed, at, products)
                return placed
        except IntegrityError:  # the key is taken: somebody else placed it while we looked
            with self._reading() as tx:
                first = orders.replayed(tx, order, key)
        if first is None:
            raise Refused("The same key has placed an order of another customer.")
        return first

    def _once(
        self,
        customer_number: str,
        order_number: str,
        key: str,
        asked: str,
        rule: Change,
        products: Mapping[str, Product] | None = None,
    ) -> OrderChange:
        with self._writing() as tx:
            rows = self._rows(tx, customers.known(tx, customer_number), order_number, products)
            return rows.change_once(key, asked, self._at(), rule)

    def _rows(
        self,
        tx: Connection,
        customer_number: str,
        order_number: str,
        products: Mapping[str, Product] | None = None,
    ) -> OrderRows:
        """The order to be changed; the library system hears of it in the same transaction (HO-1)."""
        return OrderRows(tx, customer_number, order_number, hand_off_queue.telling(tx, self._at(), products))

    def _product(self, text: str) -> Product:
        """The title by item number as it is written, else by the ISBN it means; NotFound."""
        written = text.strip()
        product = self._catalogue.product(written) if written.isprintable() else None
        number = "" if product else isbn13(written)
        product = product or (self._catalogue.product(number) if number else None)
        if product is None:
            raise NotFound("There is no title with number %(number)s in the catalogue.", number=written)
        return product

    def _series(self, product_id: str, kind: Kind) -> Product:
        """The series or package as cart lines show it; NotFound, and Refused when it has ended."""
        number = product_id.strip()
        with self._reading() as tx:
            found = series.some(tx, [number] if number.isprintable() else []).get(number)
        return subscribing.product(subscribing.check(found, kind, number))

    def _terms(self, customer_number: str) -> Terms:
        with self._reading() as tx:
            return customers.terms(tx, customers.known(tx, customer_number))

    def _offer(self, product: Product, terms: Terms) -> Offer:
        return offer(product, terms, self._services)

    def _changed(self, customer_number: str, cart_id: str, change: Callable[[CartRows], None]) -> Cart:
        """The cart after a change that waits for others in the same cart, and is made whole or not at all."""
        with self._writing() as tx:
            rows = CartRows(tx, customers.known(tx, customer_number), cart_id)
            rows.lock(self._at())
            change(rows)
            stored = snapshot(rows)
        return self._shown(stored)

    def _shown(self, stored: Snapshot) -> Cart:
        return shown(stored, self._catalogue.products(stored.product_ids), self._services)

    def _at(self) -> str:
        return stamp(self._now())

    def _reading(self) -> AbstractContextManager[Connection]:
        return reading(self._db)

    def _writing(self) -> AbstractContextManager[Connection]:
        return writing(self._db)
