"""The approved purchase order as it comes in, and the bookshop order that is made of it."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from protocols.model.distribution import Copy
from protocols.model.item import Kind
from protocols.model.money import Money
from protocols.model.party import Address, Contact, Extrinsic


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
class OrderLine:
    """One line of an order or of an earlier cart; cXML ItemOut.

    number
        lineNumber, or the position (from 1) where the buyer gave none.
    line_token
        SupplierPartAuxiliaryID as received: a look-up key, not authority (DIST-8).
    quantity
        Positive; whole pieces for books.
    unit_price
        None where the buyer stripped ItemDetail.
    """

    number: int
    product_id: str
    quantity: Decimal
    line_token: str = ""
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
        cXML orderType: regular, release, blanket …
    supplier_order_id
        Our number from the cart header, echoed (SupplierOrderInfo).
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
class ShopOrderLine:
    """A line as the bookshop takes it: quantity always equals the number of copies (DIST-4)."""

    number: int
    product_id: str
    quantity: int
    unit_price: Money
    copies: tuple[Copy, ...]
    kind: Kind = Kind.TITLE
    note: str = ""
    buyer_line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShopOrder:
    """What ``Bookshop.place_order`` takes, from both ways in; one delivery address (CHK-8).

    order_name
        Stands on slip and invoice (CHK-2, CHK-4); whole here, cut per channel.
    po_number, requisition_id
        Kept apart and printed beside the order name (CHK-4); empty for direct orders.
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
    requisition_id: str = ""
    ordered_by: str = ""
    ordered_by_email: str = ""
    way: str = "punchout"
    test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BookshopOrder:
    """An order as the bookshop holds it.

    order_number
        The shop's own; test orders carry the prefix ``TEST-``.
    """

    order_number: str
    status: str
    placed_at: str
    order: ShopOrder
