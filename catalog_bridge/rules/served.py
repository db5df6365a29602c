"""Services of a purchase order find their books again, and never cost more than was ordered (SVC-4)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import compress
from operator import not_

from catalog_bridge.rules.joined import JoinedLine
from protocols.model.finding import Finding, Severity
from protocols.model.item import Kind
from protocols.model.money import Money
from protocols.model.order import OrderPlaces
from protocols.model.service import LineService

_SHOWN = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """What the books of an order get.

    services
        By the number of the order line of the books.
    findings
        One of severity error holds the order: more books than the service was ordered for, or unknown ones.
    """

    services: Mapping[int, tuple[LineService, ...]]
    findings: tuple[Finding, ...]


def apart(
    lines: Sequence[JoinedLine], ids: Collection[str]
) -> tuple[tuple[JoinedLine, ...], tuple[JoinedLine, ...]]:
    """The lines of books, and those of services.

    ids
        Of the price list: what carries one of them and was found in no cart is a service all the same.
    """
    kinds = [_is_service(line, ids) for line in lines]
    return tuple(compress(lines, map(not_, kinds))), tuple(compress(lines, kinds))


def _is_service(line: JoinedLine, ids: Collection[str]) -> bool:
    if line.frozen:
        return line.frozen.line.kind is Kind.SERVICE
    return line.line.product_id in ids


def serve(
    books: Sequence[JoinedLine],
    ordered: Sequence[JoinedLine],
    price: Callable[[JoinedLine], Money],
    places: OrderPlaces,
) -> Served:
    """The services of each line of books, whole lines only and no more copies than were ordered.

    A service belongs to its books with the same quantity: without them it is left out (an order of nothing
    else waits for a person), and where there are fewer of them it is charged for as many. Where there are
    more, the first in the order get it and a person looks at the rest. Of several lines of one service each
    goes to the books that it went back with, in whatever sequence they come; what is left of it to others
    that wait.

    price
        What stands for a service's line; asked once for each line that is used.
    """
    severity = Severity.WARNING if books else Severity.ERROR
    taken: defaultdict[int, list[LineService]] = defaultdict(list)
    findings: list[Finding] = []
    for lines in _by_service(ordered).values():
        known = [line for line in lines if line.frozen]
        findings += [_unknown(line, places) for line in lines if not line.frozen and not line.match.rivals]
        got, waiting = _given(known, _belonging(books, known))
        for line, fitting in zip(known, got, strict=True):
            if fitting:
                service = _service(line, price(line))
                for one in fitting:
                    taken[one.line.number].append(service)
            findings += _left_over(line, _copies(fitting), places, severity)
        if known and waiting:
            findings.append(_too_few(known[-1], _copies(waiting), places))
    return Served(
        services={number: tuple(services) for number, services in taken.items()}, findings=tuple(findings)
    )


def _by_service(ordered: Sequence[JoinedLine]) -> dict[str, list[JoinedLine]]:
    groups: dict[str, list[JoinedLine]] = defaultdict(list)
    for line in sorted(ordered, key=lambda line: line.line.number):
        groups[line.frozen.line.product_id if line.frozen else line.line.product_id].append(line)
    return groups


def _belonging(books: Sequence[JoinedLine], ordered: Sequence[JoinedLine]) -> list[JoinedLine]:
    """The lines of books that were to get the service when the cart went back, in the order's sequence."""
    tokens = {token for line in ordered for token in _serves(line)}
    found = (line for line in books if tokens & _tokens(line))
    return sorted(found, key=lambda line: line.line.number)


def _serves(service: JoinedLine) -> set[str]:
    """Tokens of the lines that the service went back with."""
    return {token for frozen in service.match.lines for token in frozen.line.serves}


def _tokens(books: JoinedLine) -> set[str]:
    return {frozen.token for frozen in books.match.lines}


def _given(
    services: Sequence[JoinedLine], books: Sequence[JoinedLine]
) -> tuple[list[list[JoinedLine]], list[JoinedLine]]:
    """What each line of the service is used for, its own books before others'; and who gets none of it."""
    waiting = {one.line.number: one for one in books}
    of_token: defaultdict[str, list[int]] = defaultdict(list)
    for one in books:
        for token in _tokens(one):
            of_token[token].append(one.line.number)
    got: list[list[JoinedLine]] = []
    for line in services:
        numbers = sorted({number for token in _serves(line) for number in of_token[token]} & waiting.keys())
        fitting = _first((waiting[number] for number in numbers), len(line.copies))
        got.append(fitting)
        _without(waiting, fitting)
    for line, served in zip(services, got, strict=True):
        if left := len(line.copies) - _copies(served):
            more = _first(waiting.values(), left)
            served.extend(more)
            _without(waiting, more)
    return got, list(waiting.values())


def _without(waiting: dict[int, JoinedLine], served: Iterable[JoinedLine]) -> None:
    """Nothing; these wait no longer."""
    for one in served:
        waiting.pop(one.line.number, None)


def _copies(books: Iterable[JoinedLine]) -> int:
    return sum(len(one.copies) for one in books)


def _first(waiting: Iterable[JoinedLine], quantity: int) -> list[JoinedLine]:
    """The lines that fit whole into the quantity, the first first."""
    fitting = []
    for line in waiting:
        if len(line.copies) <= quantity:
            fitting.append(line)
            quantity -= len(line.copies)
    return fitting


def _service(joined: JoinedLine, price: Money) -> LineService:
    frozen = joined.match.lines[0].line
    kept = frozen.service or LineService(
        service_id=frozen.product_id, name=frozen.description, unit_price=price, tax_rate=frozen.tax_rate
    )
    return replace(kept, unit_price=price, buyer_line=joined.line.number)


def _left_over(joined: JoinedLine, used: int, places: OrderPlaces, severity: Severity) -> Iterator[Finding]:
    """Where the service was ordered for more copies than get it."""
    if joined.copies and not used:
        yield Finding(
            code="service.alone",
            where=places.of(joined.line, places.item),
            expected="the books that it belongs to",
            got=joined.line.product_id[:_SHOWN],
            advice="the service is left out and not charged",
            severity=severity,
        )
    elif used < len(joined.copies):
        yield Finding(
            code="service.quantity",
            where=places.of(joined.line, places.quantity),
            expected=str(used),
            got=str(joined.line.quantity),
            advice=f"charged for {used} copies, as many as there are books",
        )


def _too_few(joined: JoinedLine, missing: int, places: OrderPlaces) -> Finding:
    return Finding(
        code="service.quantity",
        where=places.of(joined.line, places.quantity),
        expected=f"{missing} more",
        got=str(joined.line.quantity),
        advice="order the service for all copies of its books, or for none; what is not ordered is not done",
        severity=Severity.ERROR,
    )


def _unknown(joined: JoinedLine, places: OrderPlaces) -> Finding:
    return Finding(
        code="service.unknown",
        where=places.of(joined.line, places.token),
        expected="the line token of a returned cart of this agreement",
        got=joined.line.line_token[:_SHOWN],
        advice="the service is left out unless the bookshop settles what it belongs to",
        severity=Severity.ERROR,
    )
