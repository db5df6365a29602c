"""How the parts of a confirmation must fit each other: what no schema can say (cxml.md §9)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from protocols.model.fulfilment import Confirmation, ConfirmationType, ConfirmedLine, LineStatus

_ALL = frozenset(LineStatus)
_DIFFERING = _ALL - {LineStatus.ALL_DETAIL}
_LINES: dict[ConfirmationType, frozenset[LineStatus]] = {
    ConfirmationType.ACCEPT: frozenset({LineStatus.ACCEPT}),
    ConfirmationType.BACKORDERED: frozenset({LineStatus.BACKORDERED}),
    ConfirmationType.REJECT: frozenset(),
    ConfirmationType.EXCEPT: _DIFFERING,
    ConfirmationType.DETAIL: _DIFFERING,
    ConfirmationType.ALL_DETAIL: _ALL - {LineStatus.REQUEST_TO_PAY},
    ConfirmationType.REQUEST_TO_PAY: frozenset({LineStatus.REQUEST_TO_PAY}),
    ConfirmationType.REPLACE: frozenset({LineStatus.DETAIL}),
}
"""What a confirmation of each type may say of a line; nothing where it may name none."""

_NAME_LINES = {ConfirmationType.EXCEPT, ConfirmationType.DETAIL, ConfirmationType.ALL_DETAIL}


@dataclass(frozen=True, slots=True, kw_only=True)
class Contradiction:
    """One rule that is broken: where in the ConfirmationRequest, what was expected, what stands there."""

    where: str
    expected: str
    got: str


def contradictions(made: Confirmation) -> Iterator[Contradiction]:
    """Every rule of the standard that this confirmation breaks; none for a sound one."""
    if made.type in _NAME_LINES and not made.lines:
        expected = f"at least one ConfirmationItem in a confirmation of type {made.type}"
        yield Contradiction(where="ConfirmationItem", expected=expected, got="none")
    mentioned = Counter(line.number for line in made.lines)
    for number, times in mentioned.items():
        if times > 1:
            yield Contradiction(where=_item(number), expected="a line named once", got=f"{times} times")
    for line in made.lines:
        yield from _of_line(line, made.type)


def _of_line(line: ConfirmedLine, type_: ConfirmationType) -> Iterator[Contradiction]:
    where = _item(line.number)
    said = sum(answer.quantity for answer in line.answers)
    if said != line.quantity and type_ is not ConfirmationType.REQUEST_TO_PAY:
        expected = f"quantities that sum to {line.quantity:f}"
        yield Contradiction(where=where, expected=expected, got=f"{said:f}")
    for status in dict.fromkeys(answer.status for answer in line.answers):
        if status not in _LINES[type_]:
            yield Contradiction(where=where, expected=_allowed(type_), got=status)
    if type_ in _NAME_LINES and type_ is not ConfirmationType.ALL_DETAIL and _says_nothing(line):
        yield Contradiction(where=where, expected="only lines that differ from the order", got="accept")


def _says_nothing(line: ConfirmedLine) -> bool:
    """Whether the whole line is accepted as it was ordered."""
    return all(
        answer.status is LineStatus.ACCEPT
        and answer.unit_price is None
        and not (answer.shipment_date or answer.delivery_date or answer.comments)
        for answer in line.answers
    )


def _allowed(type_: ConfirmationType) -> str:
    words = " or ".join(sorted(_LINES[type_]))
    return f"{words} in a confirmation of type {type_}" if words else f"no lines in one of type {type_}"


def _item(number: int) -> str:
    return f"ConfirmationItem[@lineNumber={number}]"
