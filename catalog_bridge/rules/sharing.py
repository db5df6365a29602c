"""How a title's copies are shared out, in a few words: ``2 HBB, 1 BJO`` (DIST-4)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalog_bridge.bookshop import Refused
from catalog_bridge.grids import Group
from catalog_bridge.rules.distribution import FIELD_NAMES
from protocols.model.distribution import CopyCodes, Register

UNKNOWN_NAME = "%(name)s is no branch, profile or template."
OTHER_SUM = "%(text)s makes %(count)d copies, and the title has %(quantity)d."

_BETWEEN = re.compile(r"[,;+]")
_COUNT_FIRST = re.compile(r"(?P<count>[0-9]{1,3})\s*[x×*]?\s*(?P<name>\S.*)")
_COUNT_LAST = re.compile(r"(?P<name>.+?)(?:\s*[:=x×*]\s*|\s+)(?P<count>[0-9]{1,3})")


@dataclass(frozen=True, slots=True)
class _Part:
    codes: CopyCodes
    count: int | None


@dataclass(frozen=True, slots=True)
class Names:
    """What copies may be given, by name: as it is written, else in any case where that is unique."""

    exact: Mapping[str, CopyCodes]

    def get(self, written: str) -> CopyCodes | None:
        """What the name means; None where nobody knows it, or where case would tell two apart (DIST-5)."""
        if written in self.exact:
            return self.exact[written]
        folded = written.casefold()
        alike = {codes for name, codes in self.exact.items() if name.casefold() == folded}
        return alike.pop() if len(alike) == 1 else None


def names(register: Register) -> Names:
    """Branches by code or by a label of their own, and profiles; a code goes before a profile of its name."""
    branches = register.offered("branch_code")
    labels = [code.label.casefold() for code in branches]
    known = {
        code.label: CopyCodes(branch_code=code.value)
        for code in branches
        if code.label and labels.count(code.label.casefold()) == 1
    }
    known |= {profile.name: profile.codes for profile in register.profiles}
    return Names(known | {code.value: CopyCodes(branch_code=code.value) for code in branches})


def shared(text: str, copies: Sequence[CopyCodes], known: Names) -> tuple[Group, ...]:
    """The groups that the words make of these copies, as many as they are.

    What all copies have in common stays where the words say nothing else. A part without a number takes what
    is left, several of them share it. Refused for a name nobody knows, and for another sum.

    >>> [(group.count, group.codes.branch_code) for group in
    ...     shared("HBB, 1 bjo", (CopyCodes(),) * 3, Names({"HBB": CopyCodes(branch_code="HBB"),
    ...     "BJO": CopyCodes(branch_code="BJO")}))]
    [(2, 'HBB'), (1, 'BJO')]
    """
    parts = [_part(written.strip(), known) for written in _BETWEEN.split(text) if written.strip()]
    same = in_common(copies)
    counts = _counts(parts, len(copies), text)
    return tuple(
        Group(count=count, codes=part.codes.filled_from(same))
        for part, count in zip(parts, counts, strict=True)
    )


def in_common(copies: Sequence[CopyCodes]) -> CopyCodes:
    """What every one of these copies carries."""
    values = {name: {getattr(codes, name) for codes in set(copies)} for name in FIELD_NAMES}
    return CopyCodes(**{name: found.pop() for name, found in values.items() if len(found) == 1})


def _part(written: str, known: Names) -> _Part:
    if (codes := known.get(written)) is not None:
        return _Part(codes, None)
    found = _COUNT_FIRST.fullmatch(written) or _COUNT_LAST.fullmatch(written)
    name = found["name"] if found else written
    if (codes := known.get(name)) is None:
        raise Refused(UNKNOWN_NAME, name=name)
    return _Part(codes, int(found["count"]) if found else None)


def _counts(parts: Sequence[_Part], quantity: int, text: str) -> list[int]:
    said = sum(part.count or 0 for part in parts)
    open_parts = sum(part.count is None for part in parts)
    left = quantity - said
    if left < open_parts or (left and not open_parts):
        raise Refused(OTHER_SUM, text=text.strip(), count=said + open_parts, quantity=quantity)
    shares = iter([left // open_parts + (place < left % open_parts) for place in range(open_parts)])
    return [next(shares) if part.count is None else part.count for part in parts]
