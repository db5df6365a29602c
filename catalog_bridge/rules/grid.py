"""A title's copies as rows of a grid: equal ones grouped, and back to numbered copies (DIST-4, DIST-9)."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from catalog_bridge.bookshop import Refused
from catalog_bridge.grids import Group
from catalog_bridge.rules.distribution import FIELD_NAMES, REGISTER_FIELDS, fitting
from catalog_bridge.rules.ordering import check_quantity
from protocols.model.customer import DistributionUse
from protocols.model.distribution import CopyCodes, Register
from protocols.model.serial import written

Copies = tuple[CopyCodes, ...]

GONE = "This line is no longer in the cart; somebody may have removed it."
CHANGED = "This title has been changed in another window meanwhile."
EMPTIED = "A title needs at least one copy; remove it in the cart if it is not wanted."
NOT_IN_REGISTER = "%(field)s: the code %(code)s is not in the register."

_MARK_LENGTH = 16


def grouped(copies: Iterable[CopyCodes]) -> tuple[Group, ...]:
    """Equal copies together, in the order in which their codes first stand.

    >>> [(group.count, group.codes.branch_code) for group in grouped(
    ...     (CopyCodes(branch_code="HBB"), CopyCodes(branch_code="BJO"), CopyCodes(branch_code="HBB")))]
    [(2, 'HBB'), (1, 'BJO')]
    """
    return tuple(Group(count=count, codes=codes) for codes, count in Counter(copies).items())


def spread(groups: Sequence[Group], before: Sequence[CopyCodes] = ()) -> Copies:
    """One copy after the other, as many as the groups count.

    before
        The copies that ``grouped`` made the first rows of. A copy keeps its place, which is its priority
        (DIST-9), whatever codes its row has now; of too many in a row the last ones go, new ones come last.
    """
    left = [group.count for group in groups]
    row_of = {codes: row for row, codes in enumerate(dict.fromkeys(before))}
    kept: list[CopyCodes] = []
    for codes in before:
        row = row_of[codes]
        if row < len(groups) and left[row] > 0:
            left[row] -= 1
            kept.append(groups[row].codes)
    new = (group.codes for group, count in zip(groups, left, strict=True) for _ in range(count))
    return (*kept, *new)


def mark(copies: Sequence[CopyCodes]) -> str:
    """A short name for exactly these copies: another one when anything about them has changed."""
    return _digest(copies)


def visible_mark(groups: Iterable[Group], free: Sequence[str] = ()) -> str:
    """A short name for what a grid shows of these groups: how many, and the codes from the register.

    free
        Fields of free text that it shows beside them.
    """
    names = (*REGISTER_FIELDS, *free)
    return _digest([(group.count, *(getattr(group.codes, name) for name in names)) for group in groups])


def cart_mark(lines: Iterable[tuple[str, int]]) -> str:
    """A short name for a cart with these lines, each by its id and quantity."""
    return _digest(list(lines))


def as_many(codes: Sequence[CopyCodes], quantity: int) -> Copies:
    """The first of the codes, by their order of priority, and empty ones behind the last (DIST-14)."""
    return (*codes[:quantity], *(CopyCodes(),) * (quantity - len(codes)))


def _digest(value: object) -> str:
    return hashlib.sha256(written(value)).hexdigest()[:_MARK_LENGTH]


def settled(groups: Sequence[Group], before: Sequence[CopyCodes], register: Register) -> Copies:
    """The copies that these groups make of a line; Refused for what the line cannot be.

    A code that the line has already may stay though the register no longer offers it: the line is flagged
    for it (DIST-6), and the rest of it can be put right meanwhile.
    """
    if not sum(group.count for group in groups):
        raise Refused(EMPTIED)
    check_quantity(sum(group.count for group in groups))
    had = {(name, getattr(codes, name)) for codes in set(before) for name in REGISTER_FIELDS}
    fit = {group.codes: _admitted(group.codes, register, had) for group in groups if group.count}
    return spread([replace(group, codes=fit.get(group.codes, group.codes)) for group in groups], before)


def _admitted(codes: CopyCodes, register: Register, had: set[tuple[str, str]]) -> CopyCodes:
    trimmed = fitting(codes)
    offered = had | {(code.field, code.value) for code in register.codes if not code.retired}
    for name in REGISTER_FIELDS:
        value = getattr(trimmed, name)
        if value and (name, value) not in offered:
            raise Refused(NOT_IN_REGISTER, field=FIELD_NAMES[name], code=value)
    return trimmed


def filled_down(values: Sequence[str]) -> list[str]:
    """The values of a column, each empty one taken from the nearest above that is not.

    >>> filled_down(["", "HBB", "", "BJO", ""])
    ['', 'HBB', 'HBB', 'BJO', 'BJO']
    """
    filled, last = [], ""
    for value in values:
        last = value or last
        filled.append(last)
    return filled


def with_profile(codes: CopyCodes, profile: CopyCodes, *, overwrite: bool) -> CopyCodes:
    """The codes with a profile's: in empty fields only, or in the place of what stands there (DIST-3)."""
    return profile.filled_from(codes) if overwrite else codes.filled_from(profile)


def understood(text: str, field: str, register: Register) -> str:
    """The code that is meant: itself, or the only one whose label this is; else the text as it stands.

    >>> from protocols.model.distribution import Code
    >>> branches = Register(codes=(Code(field="branch_code", value="HBB", label="Hovedbiblioteket"),))
    >>> understood(" hovedbiblioteket ", "branch_code", branches), understood("hbb", "branch_code", branches)
    ('HBB', 'hbb')
    """
    wanted = text.strip()
    offered = register.offered(field)
    if any(code.value == wanted for code in offered):
        return wanted
    meant = {code.value for code in offered if code.label.casefold() == wanted.casefold()}
    return meant.pop() if wanted and len(meant) == 1 else wanted


def lost(codes: CopyCodes, register: Register) -> Mapping[str, str]:
    """Field → value, of the codes that the register does not offer (any more) (DIST-6)."""
    offered = {(code.field, code.value) for code in register.codes if not code.retired}
    carried = {name: getattr(codes, name) for name in REGISTER_FIELDS}
    return {name: value for name, value in carried.items() if value and (name, value) not in offered}


def lacking(codes: CopyCodes, register: Register, use: DistributionUse) -> str:
    """The field that ``required`` misses; empty when nothing is missing (DIST-7).

    A copy needs its branch; where the register has no branches, any code will do, and the first field of the
    register is named.
    """
    if use is not DistributionUse.REQUIRED:
        return ""
    if register.offered("branch_code"):
        return "" if codes.branch_code else "branch_code"
    return "" if codes.assigned else next(filter(register.offered, REGISTER_FIELDS), "note")
