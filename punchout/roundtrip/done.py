"""What the bookshop made of a version of an order."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from protocols.model.order import RefusedChange, Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class TooLate:
    """A change that the bookshop could not make any more, in this order of its own (ORD-6)."""

    order_number: str
    change: RefusedChange


@dataclass(frozen=True, slots=True, kw_only=True)
class Done:
    """What the bookshop made of a version.

    numbers
        Its orders, in the order of the version's ``shop_orders``; empty text where one could not be placed.
    standing
        All that it has of the order now, also what could not be taken back any more.
    waiting
        Products that are ordered and cannot be sent yet.
    reason
        Why the bookshop could not take the whole; empty when it did.
    """

    numbers: tuple[str, ...]
    standing: tuple[Standing, ...] = ()
    refused: tuple[TooLate, ...] = ()
    waiting: tuple[str, ...] = ()
    reason: str = ""
