"""Behind the counter, as the desk asks for it: pick, pack, send, invoice (bookshop-rules §9 and §10).

Small on purpose: a real shop has a system of its own for this, and attaches it by this Protocol. Every call
that touches one customer's data names the customer; lists for the desk look across all of them. What is asked
for twice is done once, and of two people who do the same at once one does it: the other gets the result.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from protocols.model.invoice import Billable, CreditNote, Invoice
from protocols.model.order import BookshopOrder
from protocols.model.shipment import Consignment, Handled, OrderAtCounter, Parcel


class Counter(Protocol):
    """Everything that the desk asks of those who pack and invoice; refusals are those of ``Bookshop``."""

    def to_pick(self, most: int = 500) -> tuple[OrderAtCounter, ...]:
        """Orders of which something is in no parcel yet, the oldest first, without their lines."""

    def to_pack_with(self, customer_number: str, order_number: str) -> tuple[OrderAtCounter, ...]:
        """All orders with something to pack that may lie in one parcel with this one, the oldest first.

        Itself is among them where something of it is to be packed (SHIP-3). Without their lines. NotFound.
        """

    def order(self, customer_number: str, order_number: str) -> OrderAtCounter:
        """One order with its live lines; NotFound."""

    def pick(self, customer_number: str, order_number: str, line_number: int) -> BookshopOrder:
        """The order with this line picked whole: it does not change any more (ORD-6). NotFound; Refused."""

    def set_picked(
        self, customer_number: str, order_number: str, quantities: Mapping[int, int]
    ) -> BookshopOrder:
        """The order with so many copies of each of these lines picked in all, packed ones among them.

        A line of which anything is picked does not change any more (ORD-6, DIST-13); 0 leaves one that is not
        picked as it is. Refused, and nothing is picked, for fewer copies than are packed of a line, for more
        than are ordered, and for a cancelled line. NotFound.
        """

    def give_up_rest(self, customer_number: str, order_number: str) -> BookshopOrder:
        """The order with everything cancelled that is in no parcel, picked or not (INV-2). NotFound."""

    def pack(self, orders: tuple[tuple[str, str], ...], carrier_day: str) -> Parcel:
        """A parcel with everything that is picked of these orders and packed nowhere, and a slip for each.

        orders
            Customer number and order number of each.
        carrier_day
            ISO date on which the carrier comes.

        Asked for again when nothing is left to pack, it is the parcel that they all went into. Refused when
        two orders must not share a parcel (SHIP-3), and when one of them has nothing to pack. NotFound.
        """

    def unpack(self, parcel_number: str) -> None:
        """Nothing: the parcel is no more and its books lie beside it, picked; Refused once it has left.

        One that there is not is left alone.
        """

    def ship(self, parcel_number: str, tracking: str = "", sscc: str = "") -> Parcel:
        """The parcel, handed to the carrier; said again in the same words it changes nothing.

        Refused for an SSCC whose digits are wrong, for other words than those it was sent with, and for a
        test with a tracking number: tests are done with on paper (design §6). NotFound.
        """

    def parcel(self, parcel_number: str) -> Parcel:
        """A parcel with its slips; NotFound."""

    def parcels(self) -> tuple[Parcel, ...]:
        """Parcels that are packed and have not left."""

    def consignments(self, customer_number: str, order_number: str) -> tuple[Consignment, ...]:
        """The slips of an order, the first first, with how their parcels travel; none before it is packed."""

    def handled(self, customer_number: str, order_number: str) -> Handled:
        """How many copies of the order are ordered, packed and sent; NotFound."""

    def untold(self, most: int = 100) -> tuple[Consignment, ...]:
        """Slips of parcels that have left, of which the shopper has not been told (SHIP-6)."""

    def told(self, consignment: Consignment) -> None:
        """Nothing: the shopper has been told of it, or nobody is known to tell."""

    def to_invoice(self, most: int = 500) -> tuple[Billable, ...]:
        """Orders with shipments that cost something and stand on no invoice, those that are due first."""

    def billable(self, customer_number: str, order_number: str) -> Billable | None:
        """What an invoice could charge of one order, and from when; None when there is nothing. NotFound."""

    def invoice(self, customer_number: str, order_number: str) -> Invoice:
        """An invoice for what has been sent of the order and not been charged (INV-1, INV-2).

        Asked for again when all that was sent has been charged, it is the order's last one. Refused before it
        is due, saying when that is, and when nothing of the order is ever charged (ORD-8). NotFound.
        """

    def invoices(self, customer_number: str, order_number: str = "") -> tuple[Invoice, ...]:
        """The customer's invoices, newest first, or those of one order."""

    def invoice_numbered(self, customer_number: str, invoice_number: str) -> Invoice:
        """One invoice; NotFound."""

    def credit(
        self,
        customer_number: str,
        invoice_number: str,
        quantities: Mapping[int, int],
        reason: str,
        idempotency_key: str,
    ) -> CreditNote:
        """A credit note for so many pieces of these lines of the invoice (INV-4); all that is left for none.

        The same key again gives the first note. Refused for more than was charged and is not credited yet.
        NotFound.
        """

    def credit_notes(self, customer_number: str, invoice_number: str) -> tuple[CreditNote, ...]:
        """The credit notes of an invoice, the first first; NotFound."""
