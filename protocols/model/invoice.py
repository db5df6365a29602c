"""What is charged: an invoice for one order, and credit notes that point at one invoice (INV-1 to INV-4)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from protocols.model.item import Kind
from protocols.model.money import NOK, Money, Taxed, total
from protocols.model.party import Address


@dataclass(frozen=True, slots=True, kw_only=True)
class InvoiceLine:
    """So many pieces of one order line at one price, or so often one service (INV-4).

    number
        1…n in the invoice; a credit note's lines keep the numbers of the invoice they credit.
    order_line
        The order line's number; of a service, the first of those that it is charged for.
    kind
        SERVICE for a service.
    buyer_line
        The number of the buyer's line that asks for it; None where no buyer's document does.
    line_total
        Tax excluded, rounded once (PRICE-5); on a credit note what is given back.
    copy_ids
        The copies that are charged, as many as ``quantity``; none on a credit note.
    """

    number: int
    order_line: int
    product_id: str
    description: str
    quantity: int
    unit_price: Money
    tax_rate: Decimal
    line_total: Money
    copy_ids: tuple[str, ...] = ()
    kind: Kind = Kind.TITLE
    buyer_line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What invoices and credit notes share.

    order_number
        The one order that it is about (INV-1).
    order_name, po_number, requisition_id
        Printed as they stand on the slip (CHK-2, INV-3).
    issued_on
        ISO date in Norway.
    taxes
        Tax per rate, on the sum of the rate's lines (PRICE-5).
    """

    number: str
    order_number: str
    customer_number: str
    customer_name: str
    address: Address
    lines: tuple[InvoiceLine, ...]
    taxes: tuple[Taxed, ...]
    issued_on: str
    organisation_number: str = ""
    order_name: str = ""
    po_number: str = ""
    requisition_id: str = ""
    ordered_by: str = ""
    currency: str = NOK
    test: bool = False

    @property
    def net(self) -> Money:
        """The sum of the lines, tax excluded."""
        return total((line.line_total for line in self.lines), self.currency)

    @property
    def total(self) -> Money:
        """What is to be paid, or given back: with tax."""
        return total((share.tax for share in self.taxes), self.currency) + self.net


@dataclass(frozen=True, slots=True, kw_only=True)
class Invoice(Bill):
    """What one order has cost so far.

    due_on
        ISO date of payment.
    sent_on
        ISO dates on which its parcels left.
    """

    due_on: str = ""
    sent_on: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class CreditNote(Bill):
    """What is given back of one invoice, whole or in part (INV-4)."""

    invoice_number: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Billable:
    """An order with shipments that no invoice charges yet.

    due_on
        ISO date from which it may be invoiced (INV-2).
    copies
        How many copies have been sent and not been charged.
    """

    order_number: str
    customer_number: str
    customer_name: str
    due_on: str
    copies: int
    order_name: str = ""
    test: bool = False
