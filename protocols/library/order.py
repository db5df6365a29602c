"""What a library system is told of one order, so that its copies stand there as ordered (HO-1 to HO-6)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from protocols.model.distribution import Copy
from protocols.model.item import Kind
from protocols.model.money import Money


class LineStatus(IntEnum):
    """How far a line has come, as library systems number it (HO-1)."""

    OPEN = 1
    DELIVERED = 2
    INVOICED = 3
    CANCELLED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryLine:
    """One line; what it says takes the place of all that was said of it before.

    order_line_id
        The bookshop's own, ≤ 35 characters, unique for ever and the same in every document about the line.
    quantity
        Always the number of copies (HO-3).
    copies
        Each with its ``copy_id`` and its codes exactly as registered (HO-4).
    isbn, title
        Empty where the catalogue does not know the product.
    """

    order_line_id: str
    number: int
    product_id: str
    quantity: int
    unit_price: Money
    copies: tuple[Copy, ...]
    status: LineStatus = LineStatus.OPEN
    kind: Kind = Kind.TITLE
    isbn: str = ""
    title: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LibraryOrder:
    """One document: an order with all its lines, or with those that have changed (HO-1, HO-2).

    document
        Its number in the customer's series, from 1; never used again.
    po_number
        With the mark ``-1`` … ``-k`` where one purchase order became several of ours.
    buyer
        The name of who ordered: all that is said of a person (HO-6).
    """

    document: int
    customer_number: str
    order_number: str
    lines: tuple[LibraryLine, ...]
    order_name: str = ""
    po_number: str = ""
    buyer: str = ""
