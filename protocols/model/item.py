"""What is sold: titles with their bibliographic facts, and the offer one customer gets for them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from enum import StrEnum

from protocols.model.money import Money
from protocols.model.service import Service


class Kind(StrEnum):
    """What a product or a cart line is (CART-2)."""

    TITLE = "title"
    SERIES = "series"
    PACKAGE = "package"
    SERVICE = "service"

    @property
    def subscribed(self) -> bool:
        """Whether it is subscribed to: no copy comes of it at once, one of each release does (ORD-7)."""
        return self in {Kind.SERIES, Kind.PACKAGE}


AUDIENCES = ("0-3", "3-6", "6-9", "9-12", "12-16", "adult")
"""Age groups, the youngest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Contributor:
    """Somebody who made the book, in catalogue order; ONIX Contributor.

    role
        ONIX list 17: A01 author, A12 illustrator, B06 translator, E07 read by …
    """

    name: str
    role: str = "A01"


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One title as the catalogue knows it; bibliographic facts and list price, nothing per customer.

    product_id
        The shop's own item number: the ISBN-13 for books.
    form
        ONIX list 150: BB hardback, BC paperback, AJ downloadable audio …
    language
        ISO 639-2/B of the text: nob, nno, sme, eng.
    audience
        Plain age group: "0-3", "3-6", "6-9", "9-12", "12-16", "adult"; empty when unknown.
    list_price
        Tax excluded; None where the feed gave no price in NOK.
    fixed_price_until, price_after
        The last day on which the list price is fixed, and the recommended one that takes over (PRICE-2).
    tax_rate
        Percent as decimal, 0 for books, 25 for other goods (PRICE-4).
    publishing_status, availability
        ONIX lists 64 and 65; both decide whether the title can be ordered.
    dewey, thema
        Classification codes, empty when unknown.
    """

    product_id: str
    isbn: str
    title: str
    subtitle: str = ""
    contributors: tuple[Contributor, ...] = ()
    series: str = ""
    series_number: str = ""
    publisher: str = ""
    published: date | None = None
    form: str = "BB"
    language: str = "nob"
    original_language: str = ""
    audience: str = ""
    dewey: str = ""
    thema: tuple[str, ...] = ()
    pages: int | None = None
    description: str = ""
    list_price: Money | None = None
    fixed_price_until: date | None = None
    price_after: Money | None = None
    tax_rate: Decimal = Decimal(0)
    publishing_status: str = "04"
    availability: str = "20"
    kind: Kind = Kind.TITLE
    demo: bool = False

    @property
    def by(self) -> str:
        """The names behind the title, as one line."""
        return ", ".join(dict.fromkeys(contributor.name for contributor in self.contributors))

    def on(self, day: date) -> Product:
        """The product with the list price of that day: the recommended one once the fixed price is over."""
        if self.price_after is None or self.fixed_price_until is None or day <= self.fixed_price_until:
            return self
        return replace(self, list_price=self.price_after, fixed_price_until=None, price_after=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A product as one customer may buy it today.

    unit_price
        The customer's price for one piece, tax excluded, two decimals.
    discount_percent
        What was taken off the list price (PRICE-3: 0 unless the customer has one).
    orderable
        False with a reason where status or availability forbid it (CART-5).
    services
        What can be done to each copy of it (SVC-1).
    """

    product: Product
    unit_price: Money
    discount_percent: Decimal = Decimal(0)
    orderable: bool = True
    reason: str = ""
    services: tuple[Service, ...] = ()

    @property
    def price_with_tax(self) -> Money:
        """What one piece costs with tax, as the pages show it (PRICE-7)."""
        return self.unit_price.times(1 + self.product.tax_rate / 100)
