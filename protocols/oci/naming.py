"""Names of the fields of a line, in every spelling that is met (oci.md §5, §6)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from protocols.oci.columns import LONGTEXT

_COLUMN = re.compile(r"NEW_ITEM-([\w.-]{1,60})\s*\[\s*([0-9]{1,6})\s*\]", re.IGNORECASE | re.ASCII).fullmatch
_LONGTEXT = re.compile(
    r"NEW_ITEM-LONGTEXT(?:_([0-9]{1,6}))?(?::[0-9]{0,6})?((?:\[[0-9]{0,6}\]){0,3})", re.IGNORECASE
).fullmatch
_DIGITS = re.compile("[0-9]+")


@dataclass(frozen=True, slots=True)
class Place:
    """A column of a line; the index is None for a LONGTEXT whose name says no line."""

    column: str
    index: int | None


def placed(name: str) -> Place | None:
    """Where the field belongs; None for one of no line.

    >>> [placed(f"NEW_ITEM-LONGTEXT{end}").index for end in ("_2:132[]", "[2]", "_2:132[2]", ":132[2]")]
    [2, 2, 2, 2]
    >>> placed("new_item-unit[1]")
    Place(column='UNIT', index=1)
    """
    text = _LONGTEXT(name.strip())
    if text is not None:
        return Place(LONGTEXT, _line_of(text[1] or "", text[2]))
    column = _COLUMN(name.strip())
    return Place(column[1].upper(), int(column[2])) if column else None


def _line_of(named: str, brackets: str) -> int | None:
    """The line in the name itself, or else, also where that is always 0, the one in brackets."""
    inside = _DIGITS.search(brackets)
    if inside and not int(named or 0):
        return int(inside[0])
    return int(named) if named else None
