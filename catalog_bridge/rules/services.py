"""Services beside books: what may be had, what a line costs with them, what they need (SVC-1 to SVC-5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Protocol

from catalog_bridge.bookshop import Refused
from protocols.model.customer import LibrarySystem
from protocols.model.distribution import Copy
from protocols.model.item import Kind, Product
from protocols.model.money import Money
from protocols.model.order import ShopOrderLine
from protocols.model.service import LineService, Service

PAPER = "B"
"""What ONIX list 150 codes of printed books begin with: BB hardback, BC paperback …"""

NOT_OFFERED = "The service %(service)s is not offered for this title."
NEEDS_PLACE = "Shelf-ready books need a branch and a shelf mark on every copy."
NO_BARCODE = "Line %(line)d: the library's barcodes are used up. Register a new series, then pick."
NO_PLACE = (
    "Line %(line)d is shelf-ready, and a copy has no branch or no shelf mark yet: assign it, then pick."
)


class Charged(Protocol):
    """What has a quantity and a price, and services beside it."""

    @property
    def quantity(self) -> int:
        """How many copies."""

    @property
    def unit_price(self) -> Money:
        """For one copy, tax excluded."""

    @property
    def services(self) -> tuple[LineService, ...]:
        """With every copy."""


def offered(price_list: Sequence[Service], product: Product, system: LibrarySystem) -> tuple[Service, ...]:
    """The services that can be had with this product: for printed books, series and packages (SVC-1).

    system
        What the library runs: without one, nobody would know a shelf-ready copy on arrival (SVC-1).
    """
    if product.kind is Kind.TITLE and not product.form.startswith(PAPER):
        return ()
    without = system is LibrarySystem.NONE
    return tuple(entry for entry in price_list if not (entry.needs_library_system and without))


def chosen(wanted: Collection[str], offered: Sequence[Service]) -> tuple[LineService, ...]:
    """The wanted services at today's prices, in the sequence of the price list; Refused for another one.

    One that is part of another that is wanted too is left out: nobody pays twice.
    """
    known = {entry.service_id for entry in offered}
    for service_id in wanted:
        if service_id not in known:
            raise Refused(NOT_OFFERED, service=service_id)
    return usual(wanted, offered)


def usual(wanted: Collection[str], offered: Sequence[Service]) -> tuple[LineService, ...]:
    """Those of the wanted services that are offered: a library's usual ones, as far as the title allows."""
    taken = [entry for entry in offered if entry.service_id in wanted]
    included = {service_id for entry in taken for service_id in entry.includes}
    return tuple(_of_line(entry) for entry in taken if entry.service_id not in included)


def unplaced(copies: Iterable[Copy], services: Iterable[LineService]) -> str:
    """Why shelf-ready copies cannot be made ready, as one sentence; empty when they can (SVC-5)."""
    if not any(entry.shelf_ready for entry in services):
        return ""
    placed = all(copy.codes.branch_code and copy.codes.shelf_mark for copy in copies)
    return "" if placed else NEEDS_PLACE


def check_ready(line: ShopOrderLine, *, test: bool) -> None:
    """Nothing; Refused when the line cannot be made ready for the shelf yet, so it is not picked (SVC-5).

    test
        Whether it belongs to a test, which uses no barcode up.
    """
    if unplaced(line.copies, line.services):
        raise Refused(NO_PLACE, line=line.number)
    if not test and takes_barcodes(line) and not all(copy.barcode for copy in line.copies):
        raise Refused(NO_BARCODE, line=line.number)


def takes_barcodes(line: ShopOrderLine) -> bool:
    """Whether each copy of the line gets a number of the library's series."""
    return any(entry.barcode for entry in line.services)


def charges(line: Charged, tax_rate: Decimal) -> Iterator[tuple[Decimal, Money]]:
    """Rate and total of the books of a line, then of each of its services (SVC-4, PRICE-5)."""
    yield tax_rate, line.unit_price.times(line.quantity)
    for entry in line.services:
        yield entry.tax_rate, entry.unit_price.times(line.quantity)


def _of_line(entry: Service) -> LineService:
    return LineService(
        service_id=entry.service_id,
        name=entry.name,
        unit_price=entry.unit_price,
        tax_rate=entry.tax_rate,
        shelf_ready=entry.shelf_ready,
        barcode=entry.barcode,
        classification=entry.classification,
    )
