"""Fewer copies were approved than planned, and they differ: which of them stay (DIST-9)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog_bridge.rules.rejoin_findings import CHOICE
from protocols.errors import Malformed
from protocols.model.distribution import Copy
from protocols.model.order import Choice, OrderLine

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from catalog_bridge.rules.joined import JoinedLine
    from punchout.roundtrip.order_book import Judged


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What the librarian is asked about one order line.

    planned
        The copies to choose from, in the librarian's own order.
    keep
        How many of them stay; exactly so many have to be chosen.
    token
        Lines of one token share their planned copies.
    """

    line: OrderLine
    title: str
    planned: tuple[Copy, ...]
    keep: int
    token: str


def questions(judged: Judged) -> tuple[Question, ...]:
    """One for each line of which fewer copies were approved, in the order of the lines."""
    return tuple(
        _question(joined)
        for joined in judged.lines
        if any(finding.code == CHOICE for finding in joined.findings)
    )


def _question(joined: JoinedLine) -> Question:
    frozen = joined.frozen
    if frozen is None:
        raise LookupError(f"line {joined.line.number} has no planned copies to choose from")
    return Question(
        line=joined.line,
        title=frozen.line.short_name or joined.line.description,
        planned=frozen.free_copies,
        keep=int(joined.line.quantity),
        token=frozen.token,
    )


def checked(asked: Sequence[Question], chosen: Mapping[int, Sequence[int]]) -> tuple[Choice, ...]:
    """The choices by line; Malformed unless every line has as many of its own copies as were approved."""
    if wrong := mistaken(asked, chosen) or sorted(chosen.keys() - {one.line.number for one in asked}):
        raise Malformed(
            "Choose exactly as many of the planned copies as were approved, each of them once.",
            where=f"line {wrong[0]}",
        )
    return tuple(Choice(line=number, copies=tuple(copies)) for number, copies in sorted(chosen.items()))


def mistaken(asked: Sequence[Question], chosen: Mapping[int, Sequence[int]]) -> list[int]:
    """Numbers of the lines with too few copies or too many, with unknown ones, or with another line's."""
    taken: set[tuple[str, int]] = set()
    wrong = []
    for one in asked:
        copies = {(one.token, number) for number in chosen.get(one.line.number, ())}
        known = {(one.token, copy.number) for copy in one.planned}
        if len(copies) != one.keep or not copies <= known or copies & taken:
            wrong.append(one.line.number)
        taken |= copies
    return wrong
