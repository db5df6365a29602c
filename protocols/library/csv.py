"""The order as a table: UTF-8 with byte order mark, ``;``, every cell in quotes, one row for each copy.

Cells that begin like a formula (CWE-1236) are told apart by who wrote them. A *text* may come from anywhere
(a title from the trade's feed, an order name from the procurement system): it goes out with an apostrophe in
front, which ``parse`` takes away again. A *code* or an id goes out as it is: the library has registered it
itself, its system looks it up character by character (HO-4), and an apostrophe would make it another code.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from decimal import Decimal, InvalidOperation
from typing import TypeVar

from protocols import charset
from protocols.errors import Malformed
from protocols.library.order import LibraryLine, LibraryOrder, LineStatus
from protocols.model.distribution import Copy, CopyCodes
from protocols.model.finding import Finding
from protocols.model.item import Kind
from protocols.model.money import Money

MEDIA_TYPE = "text/csv; charset=utf-8"

ORDER_COLUMNS = ("document", "customer_number", "order_number", "order_name", "po_number", "buyer")
LINE_COLUMNS = (
    *("order_line_id", "line_number", "status", "kind"),
    *("product_id", "isbn", "title", "quantity", "unit_price", "currency"),
)
CODE_COLUMNS = tuple(field.name for field in fields(CopyCodes))
COLUMNS = (*ORDER_COLUMNS, *LINE_COLUMNS, "copy_number", "copy_id", "barcode", *CODE_COLUMNS)
"""Names of the columns, in their order; the same three parts in every row."""

TEXTS = ("order_name", "po_number", "buyer", "title", "servicing_text", "note")
"""Columns that hold no code or id of the library's or ours."""

_FORMULA = re.compile("['=+@\uff1d\uff0b\uff0d\uff20-]")
"""A spreadsheet's first sign of a formula, the wide forms too; and the guard itself."""

_UNSENDABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")
_BOM = "\ufeff"

_Row = Mapping[str, str]
_V = TypeVar("_V")


def build(order: LibraryOrder) -> bytes:
    """The table, the same bytes for the same order; ValueError where ``unusable`` has something to say."""
    if wrong := next(filter(None, map(unusable, order.lines)), "") or _fault(_of_order(order)):
        raise ValueError(wrong)
    lines = _Lines()
    writer = csv.writer(lines, delimiter=";", quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    writer.writerows(_rows(order))
    return "".join((_BOM, *lines)).encode()


def unusable(line: LibraryLine) -> str:
    """Why this line cannot be sent, naming the column; empty when it can."""
    if line.quantity != len(line.copies) or not line.copies:
        return f"quantity: {line.quantity}, but there are {len(line.copies)} copies"
    cells = (_fault({**_of_line(line), **_of_copy(copy)}) for copy in line.copies)
    return next(filter(None, cells), "")


def parse(raw: bytes) -> tuple[LibraryOrder, tuple[Finding, ...]]:
    """The inverse of build(), and what deviates; Malformed, with row and column, for what is no such table.

    Columns may stand in any sequence. A row counts from 1, the one with the names among them.
    """
    utf8, findings = charset.to_utf8(raw, MEDIA_TYPE)
    rows = _read(utf8.decode(), findings)
    if not rows:
        raise Malformed("The table has no rows; send one for each copy.", where="row 2")
    first = rows[0]
    order = LibraryOrder(
        document=_value(first, "document", int),
        customer_number=first["customer_number"],
        order_number=first["order_number"],
        order_name=first["order_name"],
        po_number=first["po_number"],
        buyer=first["buyer"],
        lines=tuple(_lines(rows, findings)),
    )
    return order, (*findings, *_strays(rows, ORDER_COLUMNS))


class _Lines(list[str]):
    """The lines that a csv writer writes."""

    def write(self, line: str) -> int:
        """How many characters the line has, as a file says it."""
        self.append(line)
        return len(line)


def _rows(order: LibraryOrder) -> Iterator[list[str]]:
    head = _of_order(order)
    for line in order.lines:
        row = {**head, **_of_line(line)}
        for copy in line.copies:
            yield [_cell(name, value) for name, value in {**row, **_of_copy(copy)}.items()]


def _of_order(order: LibraryOrder) -> dict[str, str]:
    return {
        "document": str(order.document),
        "customer_number": order.customer_number,
        "order_number": order.order_number,
        "order_name": order.order_name,
        "po_number": order.po_number,
        "buyer": order.buyer,
    }


def _of_line(line: LibraryLine) -> dict[str, str]:
    return {
        "order_line_id": line.order_line_id,
        "line_number": str(line.number),
        "status": str(line.status.value),
        "kind": line.kind.value,
        "product_id": line.product_id,
        "isbn": line.isbn,
        "title": line.title,
        "quantity": str(line.quantity),
        "unit_price": f"{line.unit_price.amount:f}",
        "currency": line.unit_price.currency,
    }


def _of_copy(copy: Copy) -> dict[str, str]:
    own = {"copy_number": str(copy.number), "copy_id": copy.copy_id, "barcode": copy.barcode}
    return {**own, **{name: getattr(copy.codes, name) for name in CODE_COLUMNS}}


def _cell(name: str, value: str) -> str:
    return f"'{value}" if name in TEXTS and _FORMULA.match(value) else value


def _fault(cells: _Row) -> str:
    wrong = next((name for name, value in cells.items() if _UNSENDABLE.search(value)), "")
    return f"{wrong}: a line break or control character cannot be sent" if wrong else ""


def _read(text: str, findings: list[Finding]) -> list[dict[str, str]]:
    """The rows below the names, each cell under its name and without its guard; what deviates is added."""
    try:
        names, *rows = csv.reader(text.splitlines(keepends=True), delimiter=";", strict=True)
    except ValueError:
        raise Malformed("The document is empty; send the table with its names.", where="row 1") from None
    except csv.Error as error:
        raise Malformed(f"This is no table with ; between its cells: {error}.", where="row 1") from None
    if missing := [name for name in COLUMNS if name not in names]:
        raise Malformed(f"The table has no column {missing[0]}.", where="row 1")
    findings += [
        Finding(code="envelope.unknown", where=f"column {name}") for name in names if name not in COLUMNS
    ]
    return [_named(number, names, cells) for number, cells in enumerate(rows, start=2) if cells]


def _named(number: int, names: list[str], cells: list[str]) -> dict[str, str]:
    if len(cells) != len(names):
        raise Malformed(f"{len(cells)} cells stand under {len(names)} names.", where=f"row {number}")
    row = {name: _text(name, cell) for name, cell in zip(names, cells, strict=True) if name in COLUMNS}
    return {**row, "": str(number)}


def _text(name: str, cell: str) -> str:
    return cell.removeprefix("'") if name in TEXTS else cell


def _lines(rows: Iterable[_Row], findings: list[Finding]) -> Iterator[LibraryLine]:
    grouped: dict[str, list[_Row]] = {}
    for row in rows:
        grouped.setdefault(row["order_line_id"], []).append(row)
    for group in grouped.values():
        line = _line(group)
        findings += _strays(group, LINE_COLUMNS)
        if line.quantity != len(line.copies):
            expected, got = f"{line.quantity} rows", f"{len(line.copies)}"
            where = f"row {group[0]['']}, column quantity"
            findings.append(Finding(code="copies.count", where=where, expected=expected, got=got))
        yield line


def _line(rows: Sequence[_Row]) -> LibraryLine:
    first = rows[0]
    return LibraryLine(
        order_line_id=first["order_line_id"],
        number=_value(first, "line_number", int),
        product_id=first["product_id"],
        quantity=_value(first, "quantity", int),
        unit_price=Money(_value(first, "unit_price", Decimal), first["currency"]),
        status=_value(first, "status", lambda text: LineStatus(int(text))),
        kind=_value(first, "kind", Kind),
        isbn=first["isbn"],
        title=first["title"],
        copies=tuple(map(_copy, rows)),
    )


def _copy(row: _Row) -> Copy:
    return Copy(
        number=_value(row, "copy_number", int),
        codes=CopyCodes(**{name: row[name] for name in CODE_COLUMNS}),
        barcode=row["barcode"],
        copy_id=row["copy_id"],
    )


def _value(row: _Row, name: str, kind: Callable[[str], _V]) -> _V:
    try:
        return kind(row[name])
    except (ValueError, InvalidOperation):
        raise Malformed(f"{row[name]!r} cannot stand here.", where=f"row {row['']}, column {name}") from None


def _strays(rows: Sequence[_Row], names: tuple[str, ...]) -> Iterator[Finding]:
    """A finding for each column in which a row says something else than the first of its kind."""
    for name in names:
        other = next((row for row in rows if row[name] != rows[0][name]), None)
        if other:
            where = f"row {other['']}, column {name}"
            yield Finding(code="row.contradiction", where=where, expected=rows[0][name], got=other[name])
