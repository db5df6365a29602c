"""Services beside books: what may be had, what a line costs with them, what they need (SVC-1 to SVC-5)."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Protocol

from catalog_bridge.bookshop import Refused
from protocols.model.cart import CartLine
from protocols.model.customer import LibrarySystem
from protocols.model.distribution import Copy
from protocols.model.item import Kind, Product
from protocols.model.money import Money, total
from protocols.model.order import ShopOrderLine
from protocols.model.service import BarcodeSeries, LineService, Service

PAPER = ("B",)
"""What ONIX list 150 codes of printed books begin with: BB hardback, BC paperback …"""

PLACE = ("branch_code", "shelf_mark")
"""What each copy of a shelf-ready line needs (SVC-5)."""

FEW_BARCODES = 100
"""With fewer than so many left a library should set a new series aside [A]."""

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


def put_on(lines: Iterable[CartLine], wanted: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Line id → its services and those wanted ones that its title can have; lines that stay are left out."""
    return _differing((line, {*wanted, *(entry.service_id for entry in line.services)}) for line in lines)


def taken_off(lines: Iterable[CartLine], unwanted: Collection[str]) -> dict[str, tuple[str, ...]]:
    """Line id → its services but these; lines that have none of them are left out."""
    return _differing(
        (line, [entry.service_id for entry in line.services if entry.service_id not in unwanted])
        for line in lines
    )


def included(line: CartLine) -> dict[str, str]:
    """Id of each service that a chosen one of the line includes → the name of that one."""
    taken = {entry.service_id for entry in line.services}
    chosen_ones = (entry for entry in line.offered if entry.service_id in taken)
    return {part: entry.name for entry in chosen_ones for part in entry.includes}


def unplaced(copies: Iterable[Copy], services: Iterable[LineService]) -> str:
    """Why shelf-ready copies cannot be made ready, as one sentence; empty when they can (SVC-5)."""
    if not shelf_ready(services):
        return ""
    placed = all(getattr(copy.codes, name) for copy in copies for name in PLACE)
    return "" if placed else NEEDS_PLACE


def shelf_ready(services: Iterable[LineService]) -> bool:
    """Whether one of these makes books ready for the shelf, so that each copy needs its place (SVC-5)."""
    return any(entry.shelf_ready for entry in services)


def includes_record(services: Iterable[LineService]) -> bool:
    """Whether one of these brings the title's bibliographic record along (SVC-3)."""
    return any(entry.record for entry in services)


def check_ready(line: ShopOrderLine, *, test: bool) -> None:
    """Nothing; Refused when the line cannot be made ready for the shelf yet, so it is not picked (SVC-5).

    test
        Whether it belongs to a test, which uses no barcode up.
    """
    if unplaced(line.copies, line.services):
        raise Refused(NO_PLACE, line=line.number)
    if not test and takes_barcodes(line) and not all(copy.barcode for copy in line.copies):
        raise Refused(NO_BARCODE, line=line.number)


def takes_barcodes(line: Charged) -> bool:
    """Whether each copy of the line gets a number of the library's series."""
    return any(entry.barcode for entry in line.services)


def charges(line: Charged, tax_rate: Decimal) -> Iterator[tuple[Decimal, Money]]:
    """Rate and total of the books of a line, then of each of its services (SVC-4, PRICE-5)."""
    yield tax_rate, line.unit_price.times(line.quantity)
    for entry in line.services:
        yield entry.tax_rate, entry.unit_price.times(line.quantity)


def net(line: Charged) -> Money:
    """What the books of a line and their services cost together, tax excluded."""
    rate = Decimal(0)
    return total((cost for _, cost in charges(line, rate)), line.unit_price.currency)


def with_tax(line: Charged, tax_rate: Decimal) -> Money:
    """What the books of a line and their services cost together, tax included (PRICE-7)."""
    costs = (net.times(1 + rate / 100) for rate, net in charges(line, tax_rate))
    return total(costs, line.unit_price.currency)


def barcodes_left(series: Iterable[BarcodeSeries]) -> int:
    """How many numbers can still be given, in all series together (SVC-5)."""
    return sum(one.left for one in series)


def barcodes_low(series: Collection[BarcodeSeries], usual: Iterable[Service]) -> bool:
    """Whether a library that uses barcodes of ours should set new ones aside (SVC-5).

    usual
        The services that its books get; one that takes barcodes shows that it uses them, as a series does.
    """
    uses = bool(series) or any(entry.barcode for entry in usual)
    return uses and barcodes_left(series) < FEW_BARCODES


def _differing(lines: Iterable[tuple[CartLine, Collection[str]]]) -> dict[str, tuple[str, ...]]:
    """Line id → the services as they would stand, of the lines on which that is something else."""
    found = {}
    for line, wanted in lines:
        ids = tuple(entry.service_id for entry in usual(wanted, line.offered))
        if ids != tuple(entry.service_id for entry in line.services):
            found[line.line_id] = ids
    return found


def _of_line(entry: Service) -> LineService:
    return LineService(
        service_id=entry.service_id,
        name=entry.name,
        unit_price=entry.unit_price,
        tax_rate=entry.tax_rate,
        shelf_ready=entry.shelf_ready,
        barcode=entry.barcode,
        record=entry.record,
        classification=entry.classification,
    )
