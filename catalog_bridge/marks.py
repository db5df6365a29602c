"""What a customer has of a title already: ordered before, or waiting in another cart (CART-8).

A Protocol beside ``Bookshop``; each call answers for all titles of a page at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Protocol

MOST_ORDERS = 3
"""Of one title: who asks for more looks at the orders."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ordered:
    """An order that took the title.

    on
        The day, as people in Norway count it.
    branches
        Codes of the branches that the copies are for, in order; none for copies without distribution.
    buyer, order_number
        Empty where the order is somebody else's who is not to be named (PO-ID-5).
    """

    on: date
    copies: int
    branches: tuple[str, ...] = ()
    buyer: str = ""
    order_number: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """So many copies of the title in a cart.

    order_name
        As the cart has it; may be empty.
    """

    cart_id: str
    copies: int
    order_name: str = ""


class Marks(Protocol):
    """What the gateway asks of a bookshop about titles that it shows."""

    def ordered(
        self,
        customer_number: str,
        product_ids: tuple[str, ...],
        *,
        own: str | None = None,
        test: bool = False,
    ) -> dict[str, tuple[Ordered, ...]]:
        """Product id → the orders that took it, the newest first, at most three; nothing for other products.

        What was cancelled does not count.

        own
            The e-mail of the person who asks, where other people's orders are nameless; None for everybody's.
        test
            Whether test orders count too.
        """

    def waiting(
        self, customer_number: str, product_ids: tuple[str, ...], cart_ids: tuple[str, ...]
    ) -> dict[str, tuple[Waiting, ...]]:
        """Product id → those of these carts that hold it; carts of other customers are not found."""
