"""Library services sold along with books: shelf-ready, plastic, records, labels (SVC-1 to SVC-5)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from protocols.model.money import Money

DEFAULT_TAX_RATE = Decimal(25)
"""[A] Percent on services, where the shop says nothing else (PRICE-4)."""

BOOKS = "55101500"
"""UNSPSC of printed books."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Service:
    """One entry of the shop's price list.

    service_id
        ≤ 19 of ``A-Z0-9-``; the item number that procurement systems see.
    unit_price
        For one copy, tax excluded.
    tax_rate
        Percent, 25 unless the shop says otherwise (PRICE-4 [A]).
    shelf_ready
        Whether every copy needs a branch and a shelf mark first (SVC-5).
    barcode
        Whether each copy takes a number of the library's own series (SVC-5).
    record
        Whether the library's system may fetch the title's bibliographic record (SVC-3, CAT-4).
    includes
        Ids of services that are part of this one, so that nobody pays for them twice.
    needs_library_system
        Whether it makes sense only where a library system with acquisitions knows the copy (SVC-1).
    extra_days
        How much later the books leave because of it (SVC-2).
    classification
        UNSPSC, eight digits; that of books unless the shop says otherwise.
    """

    service_id: str
    name: str
    unit_price: Money
    tax_rate: Decimal = DEFAULT_TAX_RATE
    shelf_ready: bool = False
    barcode: bool = False
    record: bool = False
    includes: tuple[str, ...] = ()
    needs_library_system: bool = False
    extra_days: int = 0
    classification: str = BOOKS


@dataclass(frozen=True, slots=True, kw_only=True)
class LineService:
    """A service as one line has it, at the price that holds there; its quantity is the line's (SVC-4).

    buyer_line
        The buyer's number of the order line that asks for it; None where no buyer's document does.
    """

    service_id: str
    name: str
    unit_price: Money
    tax_rate: Decimal = DEFAULT_TAX_RATE
    shelf_ready: bool = False
    barcode: bool = False
    record: bool = False
    classification: str = BOOKS
    buyer_line: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BarcodeSeries:
    """Numbers that a library has set aside for books that arrive shelf-ready (SVC-5).

    first, last
        Digits, equally many of them, at most 20; both belong to the series.
    given
        How many have been taken, from the first on; they are never given again.
    """

    first: str
    last: str
    given: int = 0

    @property
    def left(self) -> int:
        """How many can still be given."""
        return int(self.last) - int(self.first) + 1 - self.given

    def overlaps(self, other: BarcodeSeries) -> bool:
        """Whether a number, as long as it is written, belongs to both."""
        alike = len(self.first) == len(other.first)
        return alike and max(self.first, other.first) <= min(self.last, other.last)

    def taken(self, count: int) -> tuple[str, ...]:
        """The next so many numbers, at most as many as are left, as long as the first one is."""
        start = int(self.first) + self.given
        return tuple(f"{start + step:0{len(self.first)}d}" for step in range(min(count, self.left)))
