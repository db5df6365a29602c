"""What we read of a record's fields, however they were written down (CAT-4)."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from catalog_bridge.bookshop import Refused
from catalog_bridge.rules.item_number import isbn13

WANTED = frozenset({"015", "020", "245"})
"""The tags of the fields that are read; all others are only kept."""

_QUALIFIER = re.compile(r"[(\[:;,]")
_TITLE = 200
MOST_ISBNS = 60
"""Of one record: more than the volumes of any work that is bought, and few enough for one look-up."""


class Unreadable(Exception):
    """A record that cannot be joined to a title; the rest of the file goes on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """A data field: its tag, and code and text of each subfield in order."""

    tag: str
    subfields: tuple[tuple[str, str], ...]

    def texts(self, code: str) -> Iterator[str]:
        """The texts of subfields with this code."""
        return (text.strip() for name, text in self.subfields if name == code)

    def text(self, code: str) -> str:
        """The first of them; empty without one."""
        return next(self.texts(code), "")


def tagged(fields: Collection[Field], tag: str) -> Iterator[Field]:
    """The fields with this tag."""
    return (field for field in fields if field.tag == tag)


def isbns(fields: Collection[Field]) -> tuple[str, ...]:
    """ISBN-13 of each 020 $a, each once; Unreadable for too many, and when no check digit is right."""
    found: dict[str, None] = {}
    wrong: list[str] = []
    for text in (text for field in tagged(fields, "020") for text in field.texts("a")):
        try:
            found |= dict.fromkeys(filter(None, [_isbn(text)]))
        except Refused as error:
            wrong.append(error.detail)
    if wrong and not found:
        raise Unreadable(f"020 $a: {wrong[0]}")
    if len(found) > MOST_ISBNS:
        raise Unreadable(
            f"020 $a: {len(found)} ISBNs are more than the {MOST_ISBNS} that we expect of a record."
        )
    return tuple(found)


def bibbi_id(fields: Collection[Field]) -> str:
    """The record's number in BIBBI; empty without one."""
    numbers = (field.text("a") for field in tagged(fields, "015") if field.text("b").upper() == "BIBBI")
    return _shown(next(filter(None, numbers), ""))


def title(fields: Collection[Field]) -> str:
    """The title proper, as long as a report has room for."""
    return next((_shown(field.text("a")) for field in tagged(fields, "245")), "")


def _shown(text: str) -> str:
    """The text as it can be stored and shown: not endless, and nothing that steers a terminal."""
    return "".join(sign if sign.isprintable() else "\ufffd" for sign in text[:_TITLE])


def _isbn(text: str) -> str:
    """The ISBN-13 that the text begins with; what comes after it says which edition is meant.

    >>> _isbn("8203187560 (ib.)"), _isbn("978-82-03-18756-8 h. : Nkr 349"), _isbn("Nkr 249")
    ('9788203187568', '9788203187568', '')
    """
    written = _QUALIFIER.split(text, maxsplit=1)[0].strip()
    return isbn13(written) or isbn13(written.split(" ", 1)[0])
