"""Copies as people read them: equal ones together, `2 × HBB/VOKSEN, 1 × BJO/BARN` (DIST-4)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from catalog_bridge.rules.distribution import REGISTER_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocols.model.distribution import Copy, CopyCodes

_PLACE = ("branch_code", "collection_code", "shelf_location")
"""What tells a librarian where a copy goes; the rest is shown where two groups would look the same."""


def summary(copies: Iterable[Copy]) -> list[tuple[int, str]]:
    """How many copies carry the same codes, and where those belong; empty text for copies without codes.

    >>> from protocols.model.distribution import CopyCodes, numbered
    >>> adults = CopyCodes(branch_code="HBB", collection_code="VOKSEN", fund_code="2100")
    >>> summary(numbered((adults, CopyCodes(), adults)))
    [(2, 'HBB/VOKSEN'), (1, '')]
    """
    counted = Counter(copy.codes for copy in copies)
    places = Counter(_joined(codes, _PLACE) for codes in counted)
    return [
        (count, place if places[place := _joined(codes, _PLACE)] == 1 and place else full(codes))
        for codes, count in counted.items()
    ]


def full(codes: CopyCodes) -> str:
    """Every code from the register, and the shelf mark; the note where there is nothing else."""
    return _joined(codes, (*REGISTER_FIELDS, "shelf_mark")) or codes.note


def _joined(codes: CopyCodes, fields: Iterable[str]) -> str:
    return "/".join(filter(None, (getattr(codes, field) for field in fields)))
