"""Codes per copy from the customer's register, in the cart and after approval (DIST-4 to DIST-9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum

from catalog_bridge.bookshop import Refused
from catalog_bridge.rules.plain_text import one_line
from protocols.model.customer import DistributionUse
from protocols.model.distribution import CODE_LENGTHS, FREE_FIELDS, Copy, CopyCodes, Register

FIELD_NAMES = {
    "branch_code": "Branch",
    "collection_code": "Department",
    "shelf_location": "Shelf placement",
    "shelf_mark": "Shelf mark",
    "classification": "Classification",
    "item_type": "Material type",
    "loan_category": "Loan category",
    "fund_code": "Fund",
    "servicing_code": "Servicing code",
    "servicing_text": "Servicing text",
    "note": "Note",
}
"""What each field is called on pages and in refusals; a message id."""

REGISTER_FIELDS = tuple(entry.name for entry in fields(CopyCodes) if entry.name not in FREE_FIELDS)
"""Fields whose values come from the register only (DIST-5)."""

NOTHING = CopyCodes()
"""The codes of a copy that nobody has assigned."""

RETIRED = "A copy carries a code that is no longer in the register; choose another."
UNDISTRIBUTED = "Every copy of this title needs its distribution codes."


def fitting(codes: CopyCodes) -> CopyCodes:
    """The codes trimmed; Refused for a value that is too long or not one printable line (DIST-5)."""
    return CopyCodes(
        **{
            field: one_line(getattr(codes, field), field=FIELD_NAMES[field], limit=limit)
            for field, limit in CODE_LENGTHS.items()
        }
    )


def checked(codes: CopyCodes, register: Register, has: CopyCodes = NOTHING) -> CopyCodes:
    """The codes as ``fitting`` gives them; Refused also for one that the register does not offer.

    has
        What the copy carries already, and may go on carrying though it is retired (DIST-6).
    """
    trimmed = fitting(codes)
    for field in REGISTER_FIELDS:
        value = getattr(trimmed, field)
        if value not in {"", getattr(has, field)} and not _offers(register, field, value):
            raise Refused(
                "%(field)s: the code %(code)s is not in the register.", field=FIELD_NAMES[field], code=value
            )
    return trimmed


def _offers(register: Register, field: str, value: str) -> bool:
    return any(code.value == value for code in register.offered(field))


def retired(copies: Sequence[Copy], register: Register) -> str:
    """``RETIRED`` when a copy carries a code that the register no longer offers, else empty (DIST-6)."""
    offered = {(code.field, code.value) for code in register.codes if not code.retired}
    used = {
        (field, value)
        for codes in {copy.codes for copy in copies}
        for field in REGISTER_FIELDS
        if (value := getattr(codes, field))
    }
    return RETIRED if used - offered else ""


def undistributed(copies: Sequence[Copy], register: Register, use: DistributionUse) -> str:
    """``UNDISTRIBUTED`` when ``required`` is not kept, else empty (DIST-7).

    A copy needs its branch; where the register has no branches (DIST-2), any code will do.
    """
    if use is not DistributionUse.REQUIRED:
        return ""
    branches = bool(register.offered("branch_code"))
    done = all(copy.codes.branch_code if branches else copy.codes.assigned for copy in copies)
    return "" if done else UNDISTRIBUTED


def resized(copies: tuple[CopyCodes, ...], quantity: int) -> tuple[CopyCodes, ...]:
    """As many codes as the quantity: new ones at the end are empty, the last ones go first (DIST-4)."""
    return copies[:quantity] + (CopyCodes(),) * (quantity - len(copies))


def renumbered(copies: Sequence[Copy]) -> tuple[Copy, ...]:
    """The same copies in the same order, numbered 1…n (DIST-4)."""
    return tuple(
        copy if copy.number == number else replace(copy, number=number)
        for number, copy in enumerate(copies, start=1)
    )


class Change(StrEnum):
    """What an approver's quantity does to the copies of a line (DIST-9)."""

    SAME = "same"
    FEWER = "fewer"
    TRIMMED = "trimmed"
    ASK = "ask"
    MORE = "more"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Approved:
    """The copies that an approved quantity leaves.

    copies
        As many as were approved. With ``ASK`` these are what stays when the librarian does not choose.
    change
        Everything but SAME is flagged and told.
    """

    copies: tuple[Copy, ...]
    change: Change


def approved(
    copies: Sequence[Copy],
    quantity: int,
    *,
    on_reduction: str = "ask",
    default: CopyCodes | None = None,
) -> Approved:
    """The copies of a line after approval, in the librarian's order of priority, numbers kept (DIST-9).

    on_reduction
        The policy "ask" or "trim", asked only where the cut goes across unequal copies.
    default
        Codes for copies beyond those that were planned: the shopper's default profile; none stay unassigned.
    """
    kept = tuple(copies[:quantity])
    if quantity < len(copies):
        return Approved(copies=kept, change=_reduction(copies, quantity, on_reduction))
    last = max((copy.number for copy in kept), default=0)
    new = range(last + 1, last + 1 + quantity - len(kept))
    added = tuple(Copy(number=number, codes=default or CopyCodes()) for number in new)
    return Approved(copies=kept + added, change=Change.MORE if added else Change.SAME)


def _reduction(copies: Sequence[Copy], quantity: int, on_reduction: str) -> Change:
    if quantity == 0:
        return Change.REMOVED
    if len({copy.codes for copy in copies}) <= 1:
        return Change.FEWER
    return Change.TRIMMED if on_reduction == "trim" else Change.ASK
