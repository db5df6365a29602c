"""The approved purchase order as it comes in, and the bookshop order that is made of it."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from protocols.model.distribution import Copy
from protocols.model.item import Kind
from protocols.model.money import Money
from protocols.model.party import Address, Contact, Extrinsic, OrderParty
from protocols.model.service import LineService


class OrderType(StrEnum):
    """What the document does; cXML OrderRequestHeader/@type."""

    NEW = "new"
    UPDATE = "update"
    DELETE = "delete"


@dataclass(frozen=True, slots=True, kw_only=True)
class Accounting:
    """A share of a line's cost; cXML Distribution. Never library distribution (design §3)."""

    name: str
    segments: tuple[Extrinsic, ...] = ()
    charge: Money | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """What the buyer adds to its prices, or as an allowance takes from them (UBL AllowanceCharge).

    amount
        As sent; None where only a percentage is told.
    """

    amount: Money | None
    allowance: bool = False
    reason: str = ""

    @property
    def added(self) -> Decimal:
        """What it adds to a sum; an allowance less than nothing."""
        amount = self.amount.amount if self.amount else Decimal(0)
        return -amount if self.allowance else amount

    def __str__(self) -> str:
        """Kind, amount and reason, for findings: ``allowance 500.00 NOK: Discount``."""
        told = f"{'allowance' if self.allowance else 'charge'} {self.amount or 'of no amount'}"
        return f"{told}: {self.reason}" if self.reason else told


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderLine:
    """One line of an order or of an earlier cart; cXML ItemOut.

    number
        lineNumber, or the position (from 1) where the buyer gave none.
    line_token
        SupplierPartAuxiliaryID as received: a look-up key, not authority (DIST-8).
    quantity
        Whole pieces for books; 0 where a UBL line names none, which then waits for a person.
    unit_price
        None where the buyer stripped ItemDetail.
    quote_id, quote_line
        Our quote and its line, where the buyer gives them back with the line (OCI EXT_QUOTE_ID and
        EXT_QUOTE_ITEM); empty and 0 where it does not, as in cXML.
    line_id
        The buyer's own id of the line where it need not be a number (UBL LineItem/ID), for later documents.
    standard_id
        The item's GTIN or ISBN, where the buyer names it beside our number (UBL StandardItemIdentification).
    originator
        Code or name of the department that the line is for (UBL OriginatorParty); a clue, like org codes.
    partial_delivery
        Whether a part of it may be delivered first; None where nothing is said.
    recipient
        The own code of who gets the goods, where it is named beside the place (UBL DeliveryParty).
    charges
        What the buyer lays on the line beside its price.
    """

    number: int
    product_id: str
    quantity: Decimal
    line_token: str = ""
    quote_id: str = ""
    quote_line: int = 0
    description: str = ""
    unit: str = ""
    unit_price: Money | None = None
    classification: str = ""
    requisition_id: str = ""
    requested_delivery: str = ""
    ship_to: Address | None = None
    comments: str = ""
    accounting: tuple[Accounting, ...] = ()
    extrinsics: tuple[Extrinsic, ...] = ()
    line_id: str = ""
    standard_id: str = ""
    originator: str = ""
    partial_delivery: bool | None = None
    recipient: str = ""
    charges: tuple[Charge, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderReferences:
    """What an order names for the buyer's books and ours; later documents repeat it (peppol.md §7).

    customer_reference
        "Deres ref", the invoice's BT-10.
    accounting_cost
        The account string of the whole order, BT-19.
    contract, project
        BT-12 and BT-11.
    sales_order_id
        Our own number, where the buyer echoes one.
    earlier_order
        The number of an order that this one follows.
    valid_until
        The last day on which it may be accepted, as sent.
    shipping_marks
        What the buyer wants to read on parcels and packing slip.
    catalogue
        The cart's number, where it is named as a catalogue and not as a quotation.
    """

    customer_reference: str = ""
    accounting_cost: str = ""
    contract: str = ""
    project: str = ""
    sales_order_id: str = ""
    earlier_order: str = ""
    valid_until: str = ""
    shipping_marks: str = ""
    catalogue: str = ""


CXML, PEPPOL = "cxml", "peppol"
"""Protocols that orders come by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PurchaseOrder:
    """An approved order; cXML OrderRequest, UBL Order.

    order_id
        The buyer's PO number.
    order_date
        As sent: the buyer's spelling is evidence, parsed only for show.
    version
        orderVersion, or empty.
    order_kind
        cXML orderType: regular, release, blanket …; of a UBL Order ``regular``, else its OrderTypeCode.
    supplier_order_id
        Our quote id from the cart header, echoed (cXML SupplierOrderInfo, UBL QuotationDocumentReference).
    protocol
        What it came by, and so where its parts stand in the buyer's document, and how the buyer is answered.
    profile
        ProfileID of a UBL Order: whether answers are foreseen, and which.
    total, tax
        The sum of the lines without tax as the buyer expects it, and the tax on it; compared, never trusted.
    buyer, seller, originator
        Who orders, from whom, and for which unit (UBL); None where the document names no such party.
    recipient
        The own code of who gets the goods, where it is named beside the place (UBL DeliveryParty).
    charges
        What the buyer lays on the whole order beside its prices.
    """

    order_id: str
    order_date: str
    lines: tuple[OrderLine, ...]
    type: OrderType = OrderType.NEW
    order_kind: str = "regular"
    version: str = ""
    requisition_id: str = ""
    total: Money | None = None
    ship_to: Address | None = None
    bill_to: Address | None = None
    supplier_order_id: str = ""
    previous_payload_id: str = ""
    requested_delivery: str = ""
    comments: str = ""
    contacts: tuple[Contact, ...] = ()
    extrinsics: tuple[Extrinsic, ...] = ()
    protocol: str = CXML
    profile: str = ""
    tax: Money | None = None
    buyer: OrderParty | None = None
    seller: OrderParty | None = None
    originator: OrderParty | None = None
    references: OrderReferences = OrderReferences()
    recipient: str = ""
    charges: tuple[Charge, ...] = ()

    def units(self) -> tuple[frozenset[str], ...]:
        """What tells for which library a UBL Order is, the surest first (PO-ID-3); all empty for cXML.

        The unit that orders; the units and account strings of its lines; reference and account string of the
        whole; the buyer's own identifiers.
        """
        named = self.references
        lines = {line.originator for line in self.lines}
        if self.protocol == PEPPOL:
            lines |= {
                segment.value for line in self.lines for one in line.accounting for segment in one.segments
            }
        return (
            self.originator.names if self.originator else frozenset(),
            frozenset(lines - {""}),
            frozenset({named.customer_reference, named.accounting_cost} - {""}),
            self.buyer.names if self.buyer else frozenset(),
        )

    def laid_on(self, *names: str) -> frozenset[str]:
        """What the lines' cost is laid on, of the segments with these names, compared without case."""
        wanted = {name.casefold() for name in names}
        segments = (segment for line in self.lines for entry in line.accounting for segment in entry.segments)
        return frozenset(segment.value for segment in segments if segment.name.casefold() in wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which copies of an order line the librarian keeps when fewer were approved (DIST-9).

    line
        The order line's number.
    copies
        Numbers of the planned copies, the most wanted first.
    """

    line: int
    copies: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderPlaces:
    """Where the parts of an order stand in the documents of one protocol, for findings.

    header
        Path of the order's header; the header's parts are named below it.
    line
        Path of a line, with ``{number}`` or ``{id}`` in it; the line's parts are named below it.
    address_id
        Below ``ship_to`` or ``line_ship_to``: the buyer's own code for the place.
    last_day
        Until when the order may be accepted; empty where no document says that.
    charge, line_charge
        Of the header and of a line; empty where the protocol's charges are not read.
    """

    header: str
    quote: str
    total: str
    ship_to: str
    line: str
    token: str
    item: str
    quantity: str
    unit: str
    unit_price: str
    line_ship_to: str
    order_id: str = "@orderID"
    kind: str = "@orderType"
    replaced: str = "DocumentReference"
    address_id: str = "@addressID"
    last_day: str = ""
    charge: str = ""
    line_charge: str = ""

    def of(self, line: OrderLine, part: str = "") -> str:
        """The place of a line, or of the part of it that stands at this path below it."""
        place = self.line.format(number=line.number, id=line.line_id or line.number)
        return f"{place}/{part}" if part else place

    def above(self, part: str) -> str:
        """The place of the header's part."""
        return f"{self.header}/{part}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopOrderLine:
    """A line as the bookshop takes it: quantity always equals the number of copies (DIST-4).

    buyer_line
        The purchase order's line; where that was divided, each part of it stands in an order of its own.
    services
        What is done to every copy, at the prices that hold for this order (SVC-4).
    """

    number: int
    product_id: str
    quantity: int
    unit_price: Money
    copies: tuple[Copy, ...]
    kind: Kind = Kind.TITLE
    note: str = ""
    buyer_line: int | None = None
    services: tuple[LineService, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopOrder:
    """What ``Bookshop.place_order`` takes, from both ways in; one delivery address (CHK-8).

    order_name
        Stands on slip and invoice (CHK-2, CHK-4); whole here, cut per channel.
    po_number, requisition_id
        Kept apart and printed beside the order name (CHK-4); empty for direct orders.
    po_suffix
        ``-1`` … ``-k`` where one purchase order became k of ours, else empty; follows the PO number on paper.
    way
        ``punchout`` or ``direct``.
    test
        True walks the whole way in the TEST number series and is never shipped (design §6).
    """

    customer_number: str
    delivery_address_id: str
    lines: tuple[ShopOrderLine, ...]
    order_name: str = ""
    po_number: str = ""
    po_suffix: str = ""
    requisition_id: str = ""
    ordered_by: str = ""
    ordered_by_email: str = ""
    way: str = "punchout"
    test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An order that the bookshop has of a purchase order, under its own number.

    lines
        Numbers of the lines in it; among them those that could not be taken out any more.
    copies
        How many copies each of them has, in the same order; empty where that was not kept.
    """

    order_number: str
    customer_number: str
    delivery_address_id: str
    lines: tuple[int, ...] = ()
    copies: tuple[int, ...] = ()

    def copies_of(self, number: int) -> int:
        """How many copies this line has here: none where it is not, and no limit where nobody kept it."""
        if number not in self.lines:
            return 0
        return self.copies[self.lines.index(number)] if self.copies else sys.maxsize


@dataclass(frozen=True, slots=True, kw_only=True)
class BookshopOrder:
    """An order as the bookshop holds it.

    order_number
        The shop's own; test orders carry the prefix ``TEST-``.
    status
        One of ORD-2; ``cancelled`` when no line is left.
    order
        What it says now: only live lines, their copies with copy ids.
    cancelled
        Lines taken out since it was placed, as they last were; a number is never here and in ``order`` both.
    picked
        Numbers of the lines that have been picked: closed for change (ORD-6).
    """

    order_number: str
    status: str
    placed_at: str
    order: ShopOrder
    cancelled: tuple[ShopOrderLine, ...] = ()
    picked: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedChange:
    """A part of a change that comes too late, the rest having been taken (ORD-6).

    line
        The line's number; 0 for the order as a whole: its address, name and references.
    reason
        An English sentence, the id that pages translate.
    """

    line: int
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderChange:
    """The order after a change or cancellation, and what of it was refused."""

    order: BookshopOrder
    refused: tuple[RefusedChange, ...] = ()
