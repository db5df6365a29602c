"""What the library system is told of a placed order, and of its changes (HO-1 to HO-6)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace

from protocols.library.order import LibraryLine, LibraryOrder, LineStatus
from protocols.model.item import Product
from protocols.model.order import BookshopOrder, ShopOrderLine

_REACHED = frozenset({LineStatus.DELIVERED, LineStatus.INVOICED})
_BREAKS = frozenset({"Cc", "Cs", "Zl", "Zp"})

Statuses = Mapping[int, LineStatus]
"""Line number → how far the line has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the library system was told of an order so far.

    last
        The newest document, for what it says of the order itself; None before the first.
    lines
        Each line as it was told last.
    """

    last: LibraryOrder | None = None
    lines: tuple[LibraryLine, ...] = ()


def told(documents: Iterable[LibraryOrder]) -> Told:
    """What these documents of one order say together, given in the order of their numbers."""
    found = tuple(documents)
    lines = {line.order_line_id: line for document in found for line in document.lines}
    return Told(last=found[-1] if found else None, lines=tuple(lines.values()))


def news(
    placed: BookshopOrder, before: Told, products: Mapping[str, Product], reached: Statuses
) -> LibraryOrder | None:
    """A document with the lines that differ from what was told; None where there are none (HO-1).

    All lines are in it when the order itself says something else: its name, its PO number, its buyer. A line
    that was cancelled before anybody was told of it is not mentioned. Its number is still 0.

    products
        For titles and ISBNs; a line whose product is not among them keeps what was told of it.
    reached
        Lines delivered or invoiced by now; one that was told so stays so, whatever else changes.
    """
    known = {line.order_line_id: line for line in before.lines}
    lines = tuple(_lines(placed, known, products, reached))
    whole = _header(placed)
    if before.last is None or replace(before.last, document=0, lines=()) != whole:
        return replace(whole, lines=lines) if lines else None
    changed = tuple(line for line in lines if line != known.get(line.order_line_id))
    return replace(whole, lines=changed) if changed else None


def order_line_id(order_number: str, line_number: int) -> str:
    """The id of a line, unique for ever and at most 35 characters: order numbers are never used again.

    >>> order_line_id("100017", 3)
    '100017.3'
    """
    return f"{order_number}.{line_number}"


def _header(placed: BookshopOrder) -> LibraryOrder:
    order = placed.order
    return LibraryOrder(
        document=0,
        customer_number=order.customer_number,
        order_number=placed.order_number,
        lines=(),
        order_name=_one_line(order.order_name),
        po_number=_one_line(f"{order.po_number}{order.po_suffix}"),
        buyer=_buyer(order.ordered_by),
    )


def _buyer(name: str) -> str:
    """The buyer's name; empty where an address stands in its place (HO-6)."""
    return "" if "@" in name else _one_line(name)


def _lines(
    placed: BookshopOrder,
    known: Mapping[str, LibraryLine],
    products: Mapping[str, Product],
    reached: Statuses,
) -> Iterator[LibraryLine]:
    gone = frozenset(line.number for line in placed.cancelled)
    for line in sorted((*placed.order.lines, *placed.cancelled), key=lambda line: line.number):
        before = known.get(order_line_id(placed.order_number, line.number))
        if line.number not in gone:
            status = _status(before, reached.get(line.number, LineStatus.OPEN))
        elif before:
            status = LineStatus.CANCELLED
        else:
            continue
        named = _named(line, before, products.get(line.product_id))
        yield _line(placed.order_number, line, status, *named)


def _status(before: LibraryLine | None, now: LineStatus) -> LineStatus:
    return max(before.status, now) if before and before.status in _REACHED else now


def _named(line: ShopOrderLine, before: LibraryLine | None, product: Product | None) -> tuple[str, str]:
    """ISBN and title: as told before, for a catalogue that changes is no change of the order."""
    if before and before.title and before.product_id == line.product_id:
        return before.isbn, before.title
    return (product.isbn, _one_line(product.title)) if product else ("", "")


def _line(order_number: str, line: ShopOrderLine, status: LineStatus, isbn: str, title: str) -> LibraryLine:
    return LibraryLine(
        order_line_id=order_line_id(order_number, line.number),
        number=line.number,
        product_id=line.product_id,
        quantity=line.quantity,
        unit_price=line.unit_price,
        copies=line.copies,
        status=status,
        kind=line.kind,
        isbn=isbn,
        title=title,
    )


def _one_line(text: str) -> str:
    """A text, never a code, with blanks for what would break its line."""
    return "".join(" " if unicodedata.category(sign) in _BREAKS else sign for sign in text).strip()
