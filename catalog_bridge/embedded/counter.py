"""The embedded counter: the ``Counter`` Protocol on the bookshop's own tables."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial

from sqlalchemy import Connection

from catalog_bridge.bookshop import Refused
from catalog_bridge.calendar_day import calendar_day
from catalog_bridge.embedded import (
    at_counter,
    bills,
    counter_lists,
    customers,
    hand_off_queue,
    handled,
    orders,
    parcels,
)
from catalog_bridge.embedded.accounts import account, billable
from catalog_bridge.embedded.available import reading, writing
from catalog_bridge.embedded.database import Catalogue, Database
from catalog_bridge.embedded.order_changes import OrderRows
from catalog_bridge.embedded.packing import Packing
from catalog_bridge.embedded.stamps import stamp
from catalog_bridge.rules import changing, invoicing, order_status
from catalog_bridge.rules import parcels as rules
from protocols.model.invoice import Billable, CreditNote, Invoice
from protocols.model.order import BookshopOrder
from protocols.model.shipment import Consignment, Handled, OrderAtCounter, Parcel


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The shop's own settings for invoices (INV-2)."""

    invoice_after_days: int = invoicing.INVOICE_AFTER_DAYS
    payment_days: int = invoicing.PAYMENT_DAYS


class EmbeddedCounter:
    """A working counter: each step is one transaction, and titles are looked up outside it.

    Whoever changes orders holds their rows: a parcel's first, then those of its orders by number, so that two
    people never wait for each other.
    """

    def __init__(
        self,
        db: Database,
        catalogue: Catalogue,
        *,
        now: Callable[[], datetime],
        terms: Terms | None = None,
    ) -> None:
        self._db = db
        self._catalogue = catalogue
        self._now = now
        self._terms = terms or Terms()

    def to_pick(self, most: int = 500) -> tuple[OrderAtCounter, ...]:
        """Orders of which something is in no parcel yet, the oldest first, without their lines."""
        with reading(self._db) as tx:
            return counter_lists.to_pick(tx, most)

    def to_pack_with(self, customer_number: str, order_number: str) -> tuple[OrderAtCounter, ...]:
        """All orders with something to pack that may lie in one parcel with this one (SHIP-3). NotFound."""
        order = self.order(customer_number, order_number)
        with reading(self._db) as tx:
            there = counter_lists.to_pack_at(tx, order.address_id, test=order.test)
        return rules.beside(order, there)

    def order(self, customer_number: str, order_number: str) -> OrderAtCounter:
        """One order with its live lines; NotFound."""
        with reading(self._db) as tx:
            work = at_counter.work(tx, customers.known(tx, customer_number), order_number)
        return at_counter.shown(work, self._catalogue.products(work.product_ids))

    def pick(self, customer_number: str, order_number: str, line_number: int) -> BookshopOrder:
        """The order with this line picked whole (ORD-6). NotFound; Refused."""

        def all_of_it(current: BookshopOrder) -> Mapping[int, int]:
            return {line_number: changing.live_line(current, line_number).quantity}

        return self._picked(customer_number, order_number, all_of_it)

    def set_picked(
        self, customer_number: str, order_number: str, quantities: Mapping[int, int]
    ) -> BookshopOrder:
        """The order with so many copies of each of these lines picked in all (DIST-13). NotFound; Refused."""
        return self._picked(customer_number, order_number, lambda _: quantities)

    def give_up_rest(self, customer_number: str, order_number: str) -> BookshopOrder:
        """The order with everything cancelled that is in no parcel (INV-2). NotFound."""
        with writing(self._db) as tx:
            number = customers.known(tx, customer_number)
            rows = self._rows(tx, number, order_number)
            rows.lock()
            copies = handled.read(tx, number, order_number)
            handled.put_back(tx, number, copies.to_pack)
            return rows.become(lambda current: rules.without_rest(current, copies.packed))

    def pack(self, orders: tuple[tuple[str, str], ...], carrier_day: str) -> Parcel:
        """A parcel with all that is picked of these orders, a slip for each (SHIP-3). NotFound; Refused."""
        with reading(self._db) as tx:
            works = [at_counter.work(tx, customers.known(tx, owner), number) for owner, number in orders]
        products = self._catalogue.products([id_ for work in works for id_ in work.product_ids])
        day = date.fromisoformat(carrier_day).isoformat()
        with writing(self._db) as tx:
            packing = Packing(tx, products, self._today().isoformat(), partial(self._rows, tx))
            return packing.pack(orders, day, self._at())

    def unpack(self, parcel_number: str) -> None:
        """Nothing: the parcel is no more and its books lie beside it; Refused once it has left."""
        with writing(self._db) as tx:
            owners = parcels.owners(tx, parcel_number)
            parcel = parcels.locked(tx, parcel_number) if owners else None
            if parcel is None:
                return
            if parcel.sent:
                raise Refused(rules.SENT_BEFORE, number=parcel_number)
            for owner in owners:
                handled.unpack(tx, owner, parcel_number)
            parcels.remove(tx, parcel)

    def ship(self, parcel_number: str, tracking: str = "", sscc: str = "") -> Parcel:
        """The parcel, handed to the carrier; the same words again change nothing. NotFound; Refused."""
        number, code = rules.tracking(tracking), rules.sscc(sscc)
        with writing(self._db) as tx:
            parcel = parcels.locked(tx, parcel_number)
            if parcel.sent and (parcel.tracking, parcel.sscc) != (number, code):
                raise Refused(rules.SENT_BEFORE, number=parcel_number)
            if parcel.test and (number or code):
                raise Refused(rules.NO_CARRIER)
            if not parcel.sent:
                self._send(tx, parcel, number, code)
            return parcels.read(tx, parcel_number)

    def parcel(self, parcel_number: str) -> Parcel:
        """A parcel with its slips; NotFound."""
        with reading(self._db) as tx:
            return parcels.read(tx, parcel_number)

    def parcels(self) -> tuple[Parcel, ...]:
        """Parcels that are packed and have not left."""
        with reading(self._db) as tx:
            return parcels.unsent(tx)

    def consignments(self, customer_number: str, order_number: str) -> tuple[Consignment, ...]:
        """The slips of an order, the first first; none before it is packed."""
        with reading(self._db) as tx:
            return parcels.of_order(tx, customers.known(tx, customer_number), order_number)

    def handled(self, customer_number: str, order_number: str) -> Handled:
        """How many copies of the order are ordered, packed and sent; NotFound."""
        with reading(self._db) as tx:
            number = customers.known(tx, customer_number)
            lines = orders.one(tx, number, order_number).order.lines
            copies = handled.read(tx, number, order_number)
        return Handled(
            ordered=sum(line.quantity for line in lines), packed=len(copies.packed), sent=len(copies.sent)
        )

    def untold(self, most: int = 100) -> tuple[Consignment, ...]:
        """Slips of parcels that have left, of which the shopper has not been told (SHIP-6)."""
        with reading(self._db) as tx:
            return parcels.untold(tx, most)

    def told(self, consignment: Consignment) -> None:
        """Nothing: the shopper has been told of it, or nobody is known to tell."""
        with writing(self._db) as tx:
            parcels.tell(tx, consignment.slip)

    def to_invoice(self, most: int = 500) -> tuple[Billable, ...]:
        """Orders with shipments that no invoice charges, those that are due first."""
        after = self._terms.invoice_after_days
        with reading(self._db) as tx:
            found = [billable(tx, *one, after) for one in counter_lists.unbilled(tx, most)]
        return tuple(sorted(filter(None, found), key=lambda one: (one.due_on, one.order_number)))

    def billable(self, customer_number: str, order_number: str) -> Billable | None:
        """What an invoice could charge of one order, and from when. NotFound."""
        with reading(self._db) as tx:
            owner = customers.known(tx, customer_number)
            return billable(tx, owner, order_number, self._terms.invoice_after_days)

    def invoice(self, customer_number: str, order_number: str) -> Invoice:
        """An invoice for what has been sent and not been charged, else the last one. NotFound; Refused."""
        with writing(self._db) as tx:
            number = customers.known(tx, customer_number)
            rows = self._rows(tx, number, order_number)
            rows.lock()
            found = account(tx, number, order_number)
            before = bills.listed(tx, number, order_number)
            if before and not found.unbilled:
                return before[0]
            invoice = self._charge(tx, found)
            self._settle(rows)
        return invoice

    def invoices(self, customer_number: str, order_number: str = "") -> tuple[Invoice, ...]:
        """The customer's invoices, newest first, or those of one order."""
        with reading(self._db) as tx:
            return bills.listed(tx, customers.known(tx, customer_number), order_number)

    def invoice_numbered(self, customer_number: str, invoice_number: str) -> Invoice:
        """One invoice; NotFound."""
        with reading(self._db) as tx:
            return bills.one(tx, customers.known(tx, customer_number), invoice_number)

    def credit(
        self,
        customer_number: str,
        invoice_number: str,
        quantities: Mapping[int, int],
        reason: str,
        idempotency_key: str,
    ) -> CreditNote:
        """A credit note for so many pieces of these lines, all that is left for none (INV-4). Refused."""
        asked = json.dumps([sorted(quantities.items()), reason])
        with writing(self._db) as tx:
            owner = customers.known(tx, customer_number)
            invoice = bills.one(tx, owner, invoice_number, lock=True)
            first = bills.replayed(tx, owner, invoice_number, idempotency_key, asked)
            if first:
                return first
            earlier = bills.notes(tx, owner, invoice_number)
            number = bills.new_credit_number(tx, test=invoice.test)
            note = invoicing.credit(invoice, earlier, quantities, number, self._today(), reason)
            bills.add_note(tx, note, idempotency_key, asked, self._at())
        return note

    def credit_notes(self, customer_number: str, invoice_number: str) -> tuple[CreditNote, ...]:
        """The credit notes of an invoice, the first first; NotFound."""
        with reading(self._db) as tx:
            owner = customers.known(tx, customer_number)
            bills.one(tx, owner, invoice_number)
            return bills.notes(tx, owner, invoice_number)

    def _picked(
        self,
        customer_number: str,
        order_number: str,
        quantities: Callable[[BookshopOrder], Mapping[int, int]],
    ) -> BookshopOrder:
        with writing(self._db) as tx:
            number = customers.known(tx, customer_number)
            rows = self._rows(tx, number, order_number)
            rows.lock()
            copies = handled.read(tx, number, order_number)

            def rule(current: BookshopOrder) -> BookshopOrder:
                taken = rules.picking(current, quantities(current), copies.picked, copies.packed)
                handled.put_back(tx, number, taken.put_back)
                handled.pick(tx, number, order_number, taken.charged)
                return taken.order

            return rows.become(rule)

    def _rows(self, tx: Connection, customer_number: str, order_number: str) -> OrderRows:
        """The order to be worked on; the library system hears of what changes in it (HO-1)."""

        def tell(placed: BookshopOrder) -> None:
            copies = handled.read(tx, customer_number, order_number)
            lines = order_status.reached(placed, copies.sent, copies.billed)
            hand_off_queue.queue(tx, placed, self._at(), reached=lines)

        return OrderRows(tx, customer_number, order_number, tell)

    def _send(self, tx: Connection, parcel: Parcel, tracking: str, sscc: str) -> None:
        parcels.send(tx, parcel, tracking, sscc, self._at())
        for slip in parcel.slips:
            handled.send(tx, slip.customer_number, parcel.parcel_number)
        for slip in sorted(parcel.slips, key=lambda slip: slip.order_number):
            self._settle(self._rows(tx, slip.customer_number, slip.order_number))

    @staticmethod
    def _settle(rows: OrderRows) -> None:
        """Nothing: the order has the status of its copies, and the library system hears of each line."""
        rows.tell(rows.become(lambda current: current))

    def _charge(self, tx: Connection, found: invoicing.Account) -> Invoice:
        test, terms = found.order.order.test, self._terms
        invoice = invoicing.invoice(
            found,
            bills.new_number(tx, test=test),
            self._today(),
            after_days=terms.invoice_after_days,
            payment_days=terms.payment_days,
        )
        bills.add(tx, invoice, self._at())
        copies = [id_ for line in invoice.lines for id_ in line.copy_ids]
        handled.bill(tx, invoice.customer_number, copies, invoice.number)
        return invoice

    def _today(self) -> date:
        return calendar_day(self._now())

    def _at(self) -> str:
        return stamp(self._now())
