"""A list of titles as CSV: a column of ISBNs, perhaps one of quantities, and whatever else (CART-7)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from catalog_bridge.bookshop import Refused
from catalog_bridge.rules.isbn_list import TitleList, collected
from catalog_bridge.rules.register_csv import BadFile, Fault, decoded, rows

NUMBER_COLUMNS = ("isbn", "isbn13", "isbn-13", "ean", "varenummer")
QUANTITY_COLUMNS = ("antall", "antal", "quantity", "eksemplarer", "eksemplar", "copies")

_LINE_END = re.compile(r"\r\n|\r|\n")
"""As CSV counts lines, which is fewer than ``str.splitlines`` knows."""


def read(raw: bytes) -> TitleList:
    r"""The list of a file; BadFile for one that is not UTF-8, no CSV, or without a column of ISBNs.

    >>> found = read(b"Tittel;ISBN;Antall\r\nKrim;82-03-18756-0;2\r\nMer;x;\r\n")
    >>> found.entries[0].number, found.entries[0].quantity, [line.number for line in found.bad]
    ('9788203187568', 2, [3])
    """
    text = decoded(raw)
    lines = list(rows(text))
    columns = [name.casefold() for name in lines[0][1]] if lines else []
    number = _place(columns, NUMBER_COLUMNS)
    if number is None:
        refused = Refused("The first line has to name a column ISBN; a column Antall may say how many.")
        raise BadFile([Fault(line=1, error=refused)])
    written = tuple(_LINE_END.split(text))
    return collected(written, _parts(lines[1:], number, _place(columns, QUANTITY_COLUMNS)))


def _parts(
    lines: Sequence[tuple[int, list[str]]], number: int, quantity: int | None
) -> Iterator[tuple[int, str, str]]:
    for line, cells in lines:
        yield line, _cell(cells, number), _cell(cells, quantity)


def _place(columns: Sequence[str], names: Sequence[str]) -> int | None:
    return next((columns.index(name) for name in names if name in columns), None)


def _cell(cells: Sequence[str], place: int | None) -> str:
    return cells[place] if place is not None and place < len(cells) else ""
