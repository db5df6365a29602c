"""Which of a line's two numbers is meant: the shop's own, or the GTIN or ISBN beside it (peppol.md §4)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from protocols.model.finding import Finding, Severity
from protocols.model.order import OrderLine, OrderPlaces, PurchaseOrder

_SHOWN = 40


def as_meant(
    order: PurchaseOrder, names: Callable[[str], frozenset[str]], places: OrderPlaces
) -> tuple[PurchaseOrder, tuple[Finding, ...]]:
    """The order with the standard number on each line whose own number nobody knows, and a finding for each.

    A line whose two numbers are both known and mean two titles waits: nobody guesses (design §4.3).

    names
        All numbers of what this number means, itself among them; empty where neither the bookshop nor a
        returned cart knows it. Asked only where there are two of them.
    """
    lines, findings = [], []
    for line in order.lines:
        meant = _meant(line, names)
        if meant is None:
            findings.append(_contradiction(line, places))
        elif meant != line.product_id:
            findings.append(_told(line, places))
        lines.append(line if meant in {None, line.product_id} else replace(line, product_id=meant))
    return replace(order, lines=tuple(lines)) if findings else order, tuple(findings)


def doubtful(line: OrderLine) -> bool:
    """Whether the line names two numbers."""
    return bool(line.standard_id) and line.standard_id != line.product_id


def _meant(line: OrderLine, names: Callable[[str], frozenset[str]]) -> str | None:
    """The number that counts; None where the line's two numbers mean two titles."""
    standard = names(line.standard_id) if doubtful(line) else frozenset[str]()
    if not standard or line.product_id in standard:
        return line.product_id
    own = names(line.product_id)
    if not own:
        return line.standard_id
    return None if own.isdisjoint(standard) else line.product_id


def _told(line: OrderLine, places: OrderPlaces) -> Finding:
    return Finding(
        code="item.standard",
        where=places.of(line, places.item),
        expected=line.standard_id[:_SHOWN],
        got=line.product_id[:_SHOWN],
        advice="send back the item number of the cart",
    )


def _contradiction(line: OrderLine, places: OrderPlaces) -> Finding:
    return Finding(
        code="item.contradiction",
        where=places.of(line, places.item),
        expected=line.standard_id[:_SHOWN],
        got=line.product_id[:_SHOWN],
        advice="let it go on with the shop's own item number, or refuse it and ask which title is meant",
        severity=Severity.ERROR,
    )
