"""Values taken out of one entry of a customers file; what is wrong is noted, and what is left over too."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from difflib import get_close_matches
from enum import StrEnum
from typing import TypeVar

from catalog_bridge.bookshop import Refused
from catalog_bridge.embedded.customer_entries import Entry
from catalog_bridge.rules.plain_text import one_line
from protocols.model.finding import Severity

Choice = TypeVar("Choice", bound=StrEnum)

NAME_LENGTH = 70
"""Of anything with a name; two lines of a slip (bookshop-rules §3)."""

_YES = frozenset({"true", "yes", "ja", "1", "x"})
_NO = frozenset({"", "false", "no", "nei", "0"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """One line of the import's report; an ERROR keeps its customer out."""

    where: str
    message: str
    severity: Severity = Severity.ERROR


class Fields:
    """One entry, emptied field by field; each name is asked for once."""

    def __init__(self, entry: Entry, remarks: list[Remark]) -> None:
        self.where = entry.where
        self._left = dict(entry.values)
        self._asked: list[str] = []
        self._remarks = remarks

    def wrong(self, message: str, severity: Severity = Severity.ERROR) -> None:
        """Nothing; the report gets a line about this entry."""
        self._remarks.append(Remark(where=self.where, message=message, severity=severity))

    def take(self, name: str, default: object = "") -> object:
        """The raw value, and the default where the file has none or null."""
        self._asked.append(name)
        value = self._left.pop(name, default)
        return default if value is None else value

    def has(self, name: str) -> bool:
        """Whether the file says anything under this name; the name counts as known."""
        self._asked.append(name)
        return self._left.get(name) is not None

    def inside(self, name: str) -> Fields:
        """The fields of an object inside this entry; none where the file has none."""
        value = self.take(name, {})
        if not isinstance(value, dict):
            self.wrong(f"{name}: expected an object")
            value = {}
        return Fields(Entry(where=f"{self.where}.{name}", values=value), self._remarks)

    def text(self, name: str, *, limit: int = NAME_LENGTH, required: bool = False) -> str:
        """The value on one line; numbers count as text, since spreadsheets make them of codes."""
        value = self.take(name)
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            self.wrong(f"{name}: expected text")
            return ""
        return self._line(name, str(value), limit, required=required)

    def texts(self, name: str, *, limit: int = NAME_LENGTH) -> tuple[str, ...]:
        """The values of a list, or the one value where the file has no list."""
        value = self.take(name)
        values = value if isinstance(value, list) else [value] if value else []
        return tuple(self._line(name, str(entry), limit, required=True) for entry in values)

    def each_of(self, name: str, known: Collection[str]) -> tuple[str, ...]:
        """The values of a list, or of a text with blanks between them, each of which is known."""
        values = [word for text in self.texts(name) for word in text.split()]
        for value in values:
            if value not in known:
                self.wrong(
                    f"{name}: {value!r} is none of {', '.join(known) or 'those offered, for none are'}"
                )
        return tuple(value for value in values if value in known)

    def choice(self, name: str, default: Choice) -> Choice:
        """One of the words of the default's kind."""
        kind, word = type(default), self.text(name) or default.value
        if word in set(kind):
            return kind(word)
        self.wrong(f"{name}: {word!r} is none of {', '.join(kind)}")
        return default

    def truth(self, name: str) -> bool:
        """Yes or no: JSON's own, or a word of a spreadsheet."""
        word = str(self.take(name, default=False)).strip().casefold()
        if word not in _YES | _NO:
            self.wrong(f"{name}: {word!r} is neither true nor false")
        return word in _YES

    def percent(self, name: str) -> Decimal:
        """0 to 100, point or comma."""
        text = self.text(name) or "0"
        try:
            value = Decimal(text.replace(",", "."))
        except InvalidOperation:
            value = Decimal(-1)
        if not 0 <= value <= 100:
            self.wrong(f"{name}: {text!r} is no percentage from 0 to 100")
            return Decimal(0)
        return value

    def whole(self, name: str, least: int, most: int) -> int:
        """A whole number between these; the least where the file has none, or none that will do."""
        text = self.text(name) or str(least)
        if text.isascii() and text.isdigit() and least <= int(text) <= most:
            return int(text)
        self.wrong(f"{name}: {text!r} is no whole number from {least} to {most}")
        return least

    def done(self) -> None:
        """Nothing; a name that nobody asked for is an error, with the nearest one that is known."""
        for name in self._left:
            near = get_close_matches(name, self._asked, n=1)
            hint = f"; did you mean {near[0]!r}?" if near else ""
            self.wrong(f"unknown key {name!r}{hint}")

    def _line(self, name: str, text: str, limit: int, *, required: bool) -> str:
        try:
            line = one_line(text, field=name, limit=limit)
        except Refused as error:
            self.wrong(error.detail)
            return ""
        if required and not line:
            self.wrong(f"{name}: a value is missing")
        return line
