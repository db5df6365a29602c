"""Order lines find their frozen cart lines again, and with them their copies (design §4.3, DIST-8)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from catalog_bridge.rules import distribution
from catalog_bridge.rules.distribution import Change
from catalog_bridge.rules.ordering import MOST_COPIES
from protocols.model.distribution import Copy, numbered
from protocols.model.finding import Finding, Severity
from protocols.model.order import OrderLine

if TYPE_CHECKING:
    from collections.abc import Mapping

    from protocols.model.order import PurchaseOrder
    from session_store.carts import FrozenLine

_SAID = {
    Change.FEWER: "the approver lowered the quantity; the last copies are left out",
    Change.TRIMMED: "the approver lowered the quantity; the copies first in the librarian's order stay",
    Change.MORE: "the approver raised the quantity; the new copies have no distribution information yet",
    Change.ASK: "the approver lowered the quantity across copies with different codes",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedLine:
    """An order line with what was found for it; a finding of severity error holds the order.

    frozen
        None where no token led to a returned cart of this agreement.
    copies
        Exactly as many as the ordered quantity; empty where no line can hold so many, or nothing is free.
    """

    line: OrderLine
    frozen: FrozenLine | None
    copies: tuple[Copy, ...]
    findings: tuple[Finding, ...] = ()


def rejoin(
    order: PurchaseOrder, frozen: Mapping[str, FrozenLine], on_reduction: str
) -> tuple[JoinedLine, ...]:
    """Each line with its copies; one token on several lines is dealt out in line order (DIST-10).

    A line that no token finds was added by the approver when other lines were found: its copies are
    unassigned (DIST-9). An order of which no line is found waits for a person.
    """
    dealt = {token: _deal(order, found, on_reduction) for token, found in frozen.items()}
    lost = Severity.WARNING if frozen else Severity.ERROR
    return tuple(
        _uncountable(line, frozen)
        if not _countable(line)
        else dealt[line.line_token].pop(0)
        if line.line_token in dealt
        else _added(line, lost)
        for line in order.lines
    )


def _deal(order: PurchaseOrder, found: FrozenLine, on_reduction: str) -> list[JoinedLine]:
    """The lines that carry this token, in order, each with its share of the free copies."""
    lines = [line for line in order.lines if line.line_token == found.token and _countable(line)]
    if not found.free_copies:
        return [_taken(line, found) for line in lines]
    wanted = sum(int(line.quantity) for line in lines)
    outcome = distribution.approved(found.free_copies, wanted, on_reduction=on_reduction)
    copies = list(outcome.copies)
    shares = [[copies.pop(0) for _ in range(int(line.quantity))] for line in lines]
    return [
        JoinedLine(
            line=line, frozen=found, copies=tuple(share), findings=_changes(line, found, outcome.change)
        )
        for line, share in zip(lines, shares, strict=True)
    ]


def _whole(line: OrderLine) -> bool:
    return line.quantity == line.quantity.to_integral_value()


def _countable(line: OrderLine) -> bool:
    """Whether copies can be made for the line: a slip of the pen must not make a million of them."""
    return _whole(line) and line.quantity <= MOST_COPIES


def _changes(line: OrderLine, found: FrozenLine, change: Change) -> tuple[Finding, ...]:
    """What the approver did to the line, compared with the returned cart."""
    findings = []
    if change is not Change.SAME:
        findings.append(_quantity_changed(line, found, change))
    if line.product_id != found.line.product_id:
        findings.append(
            Finding(
                code="line.changed",
                where=f"{where(line)}/ItemID/SupplierPartID",
                expected=found.line.product_id,
                got=line.product_id,
                advice="its SupplierPartAuxiliaryID belongs to another item; order that one or shop anew",
                severity=Severity.ERROR,
            )
        )
    return tuple(findings)


def _quantity_changed(line: OrderLine, found: FrozenLine, change: Change) -> Finding:
    ask = change is Change.ASK
    return Finding(
        code="copies.choice" if ask else "line.changed",
        where=f"{where(line)}/@quantity",
        expected=str(found.line.quantity),
        got=str(line.quantity),
        advice=_SAID[change],
        severity=Severity.ERROR if ask else Severity.WARNING,
    )


def _taken(line: OrderLine, found: FrozenLine) -> JoinedLine:
    finding = Finding(
        code="copies.taken",
        where=f"{where(line)}/ItemID/SupplierPartAuxiliaryID",
        advice="this line has been ordered before; check whether the order is a duplicate",
        severity=Severity.ERROR,
    )
    return JoinedLine(line=line, frozen=found, copies=(), findings=(finding,))


def _added(line: OrderLine, severity: Severity) -> JoinedLine:
    finding = Finding(
        code="line.unknown",
        where=f"{where(line)}/ItemID/SupplierPartAuxiliaryID",
        expected="the SupplierPartAuxiliaryID of a returned cart of this agreement",
        advice="keep the cart's SupplierPartAuxiliaryID; without it copies lose their distribution",
        severity=severity,
    )
    copies = distribution.resized((), int(line.quantity))
    return JoinedLine(line=line, frozen=None, copies=numbered(copies), findings=(finding,))


def _uncountable(line: OrderLine, frozen: Mapping[str, FrozenLine]) -> JoinedLine:
    finding = Finding(
        code="quantity.many" if _whole(line) else "quantity.fraction",
        where=f"{where(line)}/@quantity",
        expected="a whole number of copies",
        got=str(line.quantity),
        advice=f"order whole copies, at most {MOST_COPIES} on one line",
        severity=Severity.ERROR,
    )
    return JoinedLine(line=line, frozen=frozen.get(line.line_token), copies=(), findings=(finding,))


def where(line: OrderLine) -> str:
    """The line's place in the buyer's document."""
    return f"OrderRequest/ItemOut[@lineNumber={line.number}]"
