"""Many lines at once: a cart's grid of copies, the pasted list, an order's copies (DIST-4, DIST-13).

A Protocol beside ``Bookshop``, for calls that take each line whole or refuse it by itself. Arguments and
results survive JSON.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from protocols.model.cart import Cart
from protocols.model.distribution import CopyCodes
from protocols.model.item import Offer
from protocols.model.order import BookshopOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """So many copies of a title that carry the same codes: ``2 × HBB/VOKSEN`` (DIST-4)."""

    count: int
    codes: CopyCodes


@dataclass(frozen=True, slots=True, kw_only=True)
class LineGroups:
    """What the copies of one line shall be.

    seen
        ``rules.grid.mark`` of the line's copies when somebody decided so.
    groups
        In the order of ``rules.grid.grouped``; a group with count 0 goes, groups behind the last are new.
    """

    line_id: str
    seen: str
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A title of a list.

    number
        Item number or ISBN, 10 or 13 digits, hyphens allowed.
    codes
        Of each copy; their number is the quantity.
    """

    number: str
    codes: tuple[CopyCodes, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class NotTaken:
    """An entry that was left as it was, and why.

    index
        Its place among those that were sent, from 0.
    message, values
        As in ``BookshopError``.
    """

    index: int
    message: str
    values: dict[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The cart afterwards, and the entries that were refused; all others are in it."""

    cart: Cart
    refused: tuple[NotTaken, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LineCopies:
    """What the copies of one line of a placed order shall be.

    seen
        ``rules.grid.mark`` of the line's copies when somebody decided so; empty where nobody looked.
    """

    number: int
    codes: tuple[CopyCodes, ...]
    seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """The order afterwards, and the lines that were refused; all others have their codes."""

    order: BookshopOrder
    refused: tuple[NotTaken, ...] = ()


class Grids(Protocol):
    """What the gateway asks of a bookshop for many lines at once."""

    def offers(self, customer_number: str, numbers: tuple[str, ...]) -> dict[str, Offer]:
        """Number as it is written, item number or ISBN, → the offer, of those that are known."""

    def distribute(self, customer_number: str, cart_id: str, lines: tuple[LineGroups, ...]) -> Written:
        """The cart with these lines' copies replaced, in one transaction.

        A line is refused by itself: gone, changed since it was seen, quantity outside 1…999, a code that
        neither the register offers nor the line has already (DIST-5, DIST-6). NotFound for the cart.
        """

    def add_titles(self, customer_number: str, cart_id: str, wanted: tuple[Wanted, ...]) -> Written:
        """The cart with these titles, in one transaction; the same product raises its line (CART-4).

        A title is refused by itself: unknown, wrong check digit, not orderable, too many copies, a code that
        is not in the register. NotFound for the cart.
        """

    def move(self, customer_number: str, order_number: str, lines: tuple[LineCopies, ...]) -> Moved:
        """The placed order with these lines' copies assigned or moved, in one transaction (DIST-13).

        The library system gets one correction for all of them (HO-1). A line is refused by itself, as
        ``Bookshop.set_order_copies`` refuses one. NotFound for the order.
        """
