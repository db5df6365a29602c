"""Every order of a customer number in one place, both ways in, found by filters that are data (ORD-3, ORD-4).

A new filter is one line in ``FILTERS`` and one condition in the bookshop; what callers say stays the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from catalog_bridge.bookshop import Refused
from protocols.model.customer import BroughtOver
from protocols.model.order import BookshopOrder

PAGE_SIZE = 50

STATUSES = (
    "received",
    "held",
    "confirmed",
    "backordered",
    "part_delivered",
    "delivered",
    "invoiced",
    "cancelled",
)
"""ORD-2."""

WAYS = ("direct", "punchout", "standing")


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Something that orders can be picked by.

    key
        What callers and addresses say.
    name
        What people read; a message id.
    values
        All that is possible, where that is a closed list.
    """

    key: str
    name: str
    values: tuple[str, ...] = ()


FILTERS = (
    Filter(key="buyer", name="Buyer"),
    Filter(key="status", name="Status", values=STATUSES),
    Filter(key="order_name", name="Order name"),
    Filter(key="way", name="Way in", values=WAYS),
)


class WrongFilter(Refused):
    """A filter that does not exist, or a value that it cannot have: 400, never ignored (ORD-4)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """One order in the list.

    po_number
        With its suffix, where one purchase order became several of ours; empty for direct orders.
    titles
        Lines that are not cancelled.
    """

    order_number: str
    status: str
    placed_at: str
    order_name: str
    po_number: str
    ordered_by: str
    way: str
    delivery_address_id: str
    titles: int
    test: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """At most ``PAGE_SIZE`` orders, newest first.

    older
        What ``after`` has to be for the next page; empty on the last one.
    """

    entries: tuple[HistoryEntry, ...]
    older: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Unassigned:
    """An order of which copies wait for their codes (DIST-9, DIST-13).

    copies
        Those without any code, in lines that are neither picked nor cancelled.
    """

    order_number: str
    order_name: str
    placed_at: str
    copies: int


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundOrder:
    """One order, and the titles of its lines by item number, as far as the catalogue has them."""

    order: BookshopOrder
    titles: dict[str, str]


class OrderHistory(Protocol):
    """Orders as their customer looks for them."""

    def page(
        self,
        customer_number: str,
        filters: Mapping[str, str] | None = None,
        *,
        after: str = "",
        own: str | None = None,
    ) -> HistoryPage:
        """The orders that all filters pick. WrongFilter.

        own
            Only orders of the person with this e-mail, compared without case; None for everybody's (PO-ID-5).
            Of nobody in particular (empty text) there are none.
        """

    def order(self, customer_number: str, order_number: str, *, own: str | None = None) -> FoundOrder:
        """One order; NotFound, also for another customer's and for another person's where only own ones."""

    def unassigned(self, customer_number: str) -> tuple[Unassigned, ...]:
        """The newest orders with copies that wait for their codes, at most ``PAGE_SIZE``."""

    def brought_over(self, customer_number: str) -> BroughtOver:
        """How much has come over from the old shop: until it is complete no list is (CUST-9)."""

    def buyers(self, customer_number: str) -> tuple[str, ...]:
        """Everybody who has ordered, by name, those too who have left (CUST-8)."""


def asked(filters: Mapping[str, str]) -> dict[str, str]:
    """The filters that say something, trimmed; WrongFilter for an unknown one, and for an unknown value."""
    known = {entry.key: entry for entry in FILTERS}
    for key, value in filters.items():
        if key not in known:
            raise WrongFilter(
                "There is no filter %(name)s. There are: %(known)s.", name=key, known=", ".join(known)
            )
        values = known[key].values
        if value.strip() and values and value.strip() not in values:
            raise WrongFilter(
                "The filter %(name)s cannot be %(value)s. It can be: %(known)s.",
                name=key,
                value=value,
                known=", ".join(values),
            )
    return {key: value.strip() for key, value in filters.items() if value.strip()}
