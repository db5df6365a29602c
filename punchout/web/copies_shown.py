"""Copies as people read them: equal ones together, `2 × HBB/VOKSEN, 1 × BJO/BARN` (DIST-4)."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from catalog_bridge.rules.distribution import REGISTER_FIELDS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from protocols.model.distribution import Copy, CopyCodes


def summary(copies: Iterable[Copy]) -> list[tuple[int, str]]:
    """How many copies carry the same codes, and those codes in short; empty text for copies without any.

    >>> from protocols.model.distribution import CopyCodes, numbered
    >>> hbb = CopyCodes(branch_code="HBB", collection_code="VOKSEN")
    >>> summary(numbered((hbb, CopyCodes(), hbb)))
    [(2, 'HBB/VOKSEN'), (1, '')]
    """
    return [(count, short(codes)) for codes, count in Counter(copy.codes for copy in copies).items()]


def short(codes: CopyCodes) -> str:
    """The codes from the register, with the shelf mark, in their order and joined by a slash."""
    values = [getattr(codes, field) for field in (*REGISTER_FIELDS, "shelf_mark")]
    return "/".join(filter(None, values)) or codes.note
