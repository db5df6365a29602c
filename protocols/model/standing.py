"""What a library has ordered once and for all: series, book packages, and what was open when it moved in."""

from __future__ import annotations

from dataclasses import dataclass

from protocols.model.distribution import CopyCodes
from protocols.model.item import Kind
from protocols.model.order import BookshopOrder


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesOffer:
    """A series or book package that can be subscribed to; it has no price, each release has its own.

    product_id
        ≤ 40 characters, the shop's own; a subscription and a release name it.
    kind
        SERIES or PACKAGE.
    description
        What one gets, in the shop's words.
    audience
        One of ``protocols.model.item.AUDIENCES``; empty when it is for all.
    releases_a_year
        About so many books a year; 0 where nobody can say.
    ended
        True when nobody can begin to subscribe any more; who does, goes on.
    """

    product_id: str
    kind: Kind
    title: str
    description: str = ""
    audience: str = ""
    releases_a_year: int = 0
    ended: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A series or book package of which each release comes without being ordered (ORD-7).

    subscription_id
        The bookshop's own, unique inside the customer.
    kind
        SERIES or PACKAGE.
    product_id
        The number of the series or package; a release names it.
    copies
        The codes of each copy of a release; their number is the quantity (DIST-4).
    order_name
        Preset by the shop for what the customer had before, typed at checkout for what is new (CHK-5).
    po_number
        A blanket order's number, empty where the municipality gives none. Whether it asks for a purchase
        order for each release is not proven (ORD-7).
    ended
        True when no further release is wanted.
    services
        Ids of the services that every release gets; None for the library's usual ones (SVC-1, SVC-3).
    begun_by
        The e-mail of the user who subscribed at checkout; empty for what the shop set up.
    """

    subscription_id: str
    customer_number: str
    kind: Kind
    product_id: str
    title: str
    copies: tuple[CopyCodes, ...]
    order_name: str
    delivery_address_id: str
    po_number: str = ""
    ended: bool = False
    services: tuple[str, ...] | None = None
    begun_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenOrder:
    """An order from before this shop that is still to come; shown here, and delivered elsewhere (CUST-9).

    ordered_on
        The day as the file gives it, ISO 8601.
    """

    number: str
    customer_number: str
    product_id: str
    title: str
    quantity: int
    order_name: str = ""
    ordered_on: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NotReleased:
    """A subscription that a release could not be ordered for, and why; the others are not held up by it."""

    subscription: Subscription
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Release:
    """What became of a release: the orders made, and the subscriptions that a person has to see to."""

    orders: tuple[BookshopOrder, ...] = ()
    held_up: tuple[NotReleased, ...] = ()
