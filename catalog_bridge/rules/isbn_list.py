"""A pasted or scanned list of titles, line by line: a number, perhaps how many (CART-4)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from catalog_bridge.bookshop import Refused
from catalog_bridge.rules.item_number import isbn13
from catalog_bridge.rules.ordering import check_quantity

MOST_LINES = 500

NO_NUMBER = "There is no ISBN or item number here."
NO_QUANTITY = "%(text)s is no number of copies; write a whole number from 1 to 999."
TOO_MANY = "A list holds at most %(limit)d lines; paste the rest afterwards."

_AT_THE_END = re.compile(r"[;,\t]\s*(?P<quantity>[^;,\t]*)$")
_AFTER_BLANK = re.compile(r"\s+(?P<quantity>[0-9]{1,3})$")
_ITEM_NUMBER = re.compile(r"[0-9A-Za-z][0-9A-Za-z./_-]{2,49}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One title of the list.

    numbers
        Of the lines that asked for it, from 1.
    stated
        Whether somebody has said how many, by a number or by asking more than once.
    """

    number: str
    quantity: int
    numbers: tuple[int, ...]
    stated: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class BadLine:
    """A line that says nothing the shop can follow, with the refusal that says why."""

    number: int
    text: str
    why: Refused


@dataclass(frozen=True, slots=True, kw_only=True)
class TitleList:
    """What a list asks for: titles in the order in which they first stand, and lines to be mended."""

    entries: tuple[Entry, ...]
    bad: tuple[BadLine, ...]
    lines: tuple[str, ...]


def read(text: str) -> TitleList:
    r"""The list; the same number on several lines adds up, blank lines are passed over.

    >>> found = read("82-03-18756-0;2\n9788203187568\nxx")
    >>> found.entries[0].number, found.entries[0].quantity, [line.number for line in found.bad]
    ('9788203187568', 3, [3])
    """
    lines = tuple(text.splitlines())
    return collected(lines, ((number, *_parts(line)) for number, line in _written(lines)))


def collected(lines: tuple[str, ...], parts: Iterable[tuple[int, str, str]]) -> TitleList:
    """The list of what stands on these lines: line number, item number and quantity as they are written."""
    entries: dict[str, Entry] = {}
    bad: list[BadLine] = []
    for number, written, quantity in parts:
        try:
            _check_room(entries, bad)
            entry = _entry(number, written, quantity)
            entries[entry.number] = _together(entries.get(entry.number), entry)
        except Refused as error:
            bad.append(BadLine(number=number, text=lines[number - 1].strip(), why=error))
    return TitleList(entries=tuple(entries.values()), bad=tuple(bad), lines=lines)


def _written(lines: tuple[str, ...]) -> Iterator[tuple[int, str]]:
    return ((number, line.strip()) for number, line in enumerate(lines, start=1) if line.strip())


def _check_room(entries: dict[str, Entry], bad: list[BadLine]) -> None:
    if sum(len(entry.numbers) for entry in entries.values()) + len(bad) >= MOST_LINES:
        raise Refused(TOO_MANY, limit=MOST_LINES)


def _parts(line: str) -> tuple[str, str]:
    """The number and how many, as they are written."""
    found = _AT_THE_END.search(line)
    return (line[: found.start()], found["quantity"]) if found else _after_blank(line)


def _entry(number: int, written: str, quantity: str) -> Entry:
    return Entry(
        number=_number(written),
        quantity=_quantity(quantity),
        numbers=(number,),
        stated=bool(quantity.strip()),
    )


def _after_blank(line: str) -> tuple[str, str]:
    """A number and how many, with nothing but a blank between; blanks inside an ISBN are its own."""
    found = _AFTER_BLANK.search(line)
    if found is None or re.fullmatch(r"\d{10}|\d{13}", re.sub(r"[\s-]", "", line)):
        return line, ""
    return line[: found.start()], found["quantity"]


def _number(written: str) -> str:
    text = written.strip().strip('"').strip()
    number = isbn13(text) or text
    if not _ITEM_NUMBER.fullmatch(number):
        raise Refused(NO_NUMBER)
    return number


def _quantity(written: str) -> int:
    text = written.strip().strip('"').strip()
    if not text:
        return 1
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise Refused(NO_QUANTITY, text=text)
    return check_quantity(int(text))


def _together(first: Entry | None, more: Entry) -> Entry:
    if first is None:
        return more
    quantity = check_quantity(first.quantity + more.quantity)
    return replace(first, quantity=quantity, numbers=first.numbers + more.numbers, stated=True)
