"""What is told of an order line that did not come back as it went out (DIST-9, DIST-10, design §4.3)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from catalog_bridge.rules.distribution import Change
from catalog_bridge.rules.joined import JoinedLine, Share, raised, whole
from catalog_bridge.rules.ladder import Match, Step
from catalog_bridge.rules.ordering import MOST_COPIES
from protocols.model.cart import FrozenLine
from protocols.model.finding import Finding, Severity
from protocols.model.item import Kind
from protocols.model.order import OrderLine, OrderPlaces, PurchaseOrder

CHOICE = "copies.choice"
"""The code of the finding that asks which copies stay."""

_MOST_SHOWN = 3
_MOST_BESIDE = 10
_SHOWN = 80
_SAID = {
    Change.FEWER: "the approver lowered the quantity; the last copies are left out",
    Change.TRIMMED: "the approver lowered the quantity; the copies first in the librarian's order stay",
    Change.MORE: "the approver raised the quantity; nobody has planned where the new copies go",
    Change.ASK: "which of the unlike copies are meant is not said; the librarian chooses",
}
_SPLIT = "the cart's line stands on several lines of the order; its copies are dealt out by line number"
_REST = "other copies of this line belong to another order"


def of_match(line: OrderLine, match: Match, places: OrderPlaces, *, lonely: bool) -> tuple[Finding, ...]:
    """Nothing for a line that its token found; else what it was found by, or that it was not.

    lonely
        Whether no line at all of the order was found: then nothing says that this one was added.
    """
    where = places.of(line, places.token)
    if match.rivals:
        return (_ambiguous(match.rivals, line, where),)
    if not match.lines:
        severity = Severity.ERROR if lonely or line.line_token else Severity.WARNING
        return (_unknown(line, where, severity),)
    return () if match.step is Step.TOKEN else (_lower_step(line, match, where),)


def _lower_step(line: OrderLine, match: Match, where: str) -> Finding:
    return Finding(
        code="line.ladder",
        where=where,
        expected=" + ".join(frozen.token for frozen in match.lines),
        got=line.line_token[:_SHOWN],
        advice=f"found by {match.step}: {_listed(match.lines)}; keep the cart's line token on every line",
    )


def _ambiguous(rivals: Sequence[FrozenLine], line: OrderLine, where: str) -> Finding:
    return Finding(
        code="line.ambiguous",
        where=where,
        expected=f"the line token of one of: {_listed(rivals)}",
        got=line.line_token[:_SHOWN],
        advice="the bookshop asks which line is meant; keep the cart's line token on every line",
        severity=Severity.ERROR,
    )


def _unknown(line: OrderLine, where: str, severity: Severity) -> Finding:
    return Finding(
        code="line.unknown",
        where=where,
        expected="the line token of a returned cart of this agreement",
        got=line.line_token[:_SHOWN],
        advice="keep the cart's line token on every line; without it copies lose their distribution",
        severity=severity,
    )


def uncountable(line: OrderLine, places: OrderPlaces) -> Finding:
    """The finding for a quantity of which no copies can be made."""
    code = "quantity.many" if whole(line) else "quantity.fraction"
    return Finding(
        code=code if line.quantity else "line.incomplete",
        where=places.of(line, places.quantity),
        expected="a whole number of copies",
        got=str(line.quantity),
        advice=f"order whole copies, at most {MOST_COPIES} on one line",
        severity=Severity.ERROR,
    )


def of_share(line: OrderLine, match: Match, share: Share, places: OrderPlaces) -> Iterator[Finding]:
    """What the order does to a line that was found: another item, another quantity, a possible duplicate."""
    frozen = match.lines[0]
    if line.product_id != frozen.line.product_id:
        yield _other_item(line, frozen, places)
    if _taken(match, share):
        yield taken(line, places)
    elif said := _quantity_said(match, share):
        yield _quantity(line, match, share, said, places)


def _other_item(line: OrderLine, frozen: FrozenLine, places: OrderPlaces) -> Finding:
    return Finding(
        code="line.changed",
        where=places.of(line, places.item),
        expected=frozen.line.product_id,
        got=line.product_id[:_SHOWN],
        advice="its line token belongs to another item; order that one or shop anew",
        severity=Severity.ERROR,
    )


def _taken(match: Match, share: Share) -> bool:
    """Whether more is wanted than other orders have left: an old requisition copied, perhaps (DIST-10)."""
    free = sum(len(frozen.free_copies) for frozen in match.lines)
    returned = sum(len(frozen.line.copies) for frozen in match.lines)
    return not free or (share.total > free and free < returned)


def taken(line: OrderLine, places: OrderPlaces) -> Finding:
    """The finding for a line whose copies already belong to another order (DIST-10)."""
    return Finding(
        code="copies.taken",
        where=places.of(line, places.token),
        advice="this line has been ordered before; check whether the order is a duplicate",
        severity=Severity.ERROR,
    )


def _quantity_said(match: Match, share: Share) -> str:
    if share.change is not Change.SAME:
        return _SAID[share.change]
    if len(share.beside) > 1:
        return _SPLIT
    return _REST if share.total != _returned(match) else ""


def _returned(match: Match) -> int:
    return sum(frozen.line.quantity for frozen in match.lines)


def _quantity(line: OrderLine, match: Match, share: Share, said: str, places: OrderPlaces) -> Finding:
    ask = share.change is Change.ASK
    return Finding(
        code=CHOICE if ask else "line.changed",
        where=places.of(line, places.quantity),
        expected=str(_returned(match)),
        got=_wanted(line, share),
        advice=said,
        severity=Severity.ERROR if ask else Severity.WARNING,
    )


def _wanted(line: OrderLine, share: Share) -> str:
    """The line's quantity, and of how many together where it is not alone."""
    if len(share.beside) == 1:
        return str(line.quantity)
    return f"{line.quantity} of {share.total} on lines {', '.join(map(str, share.beside[:_MOST_BESIDE]))}"


def of_order(
    order: PurchaseOrder, carts: set[str], left: Iterable[FrozenLine], places: OrderPlaces
) -> Iterator[Finding]:
    """What the order as a whole has lost: lines that were removed, and a quote that is not its own.

    carts
        The quote ids of the carts that its lines came from.
    """
    if carts and order.supplier_order_id and order.supplier_order_id not in carts:
        yield Finding(
            code="quote.unknown",
            where=places.above(places.quote),
            expected=", ".join(sorted(carts)[:_MOST_SHOWN]),
            got=order.supplier_order_id[:_SHOWN],
            advice="the lines decide; send back the quote id of the cart that they came in",
        )
    for frozen in left:
        yield Finding(
            code="line.removed",
            where=places.header,
            expected=_listed([frozen]),
            advice="its copies are cancelled, unless another order brings them",
        )


def perhaps_merged(
    lines: Iterable[JoinedLine], left: Iterable[FrozenLine], places: OrderPlaces
) -> Iterator[Finding]:
    """Lines that grew while equal ones of the order's carts are gone; a person decides.

    The approver did both, or the buyer's system added them up: then these copies were planned after all.
    Added-up books grew by just what was lost; of services somebody may have changed the sum too.
    """
    of_item: dict[str, list[FrozenLine]] = defaultdict(list)
    for frozen in left:
        of_item[frozen.line.product_id].append(frozen)
    for joined in lines:
        lost = of_item[joined.line.product_id] if raised(joined) and joined.match.step is Step.TOKEN else []
        gone = sum(len(one.free_copies) for one in lost)
        more = len(joined.copies) - len(joined.planned)
        if lost and (more == gone or lost[0].line.kind is Kind.SERVICE):
            yield _ambiguous([*joined.match.lines, *lost], joined.line, places.of(joined.line, places.token))


def _listed(lines: Sequence[FrozenLine]) -> str:
    """The lines as a person finds them again, the first three of them."""
    shown = [
        f"{frozen.quote_id} line {frozen.line.number}, {len(frozen.free_copies)} × {frozen.line.product_id}"
        for frozen in lines[:_MOST_SHOWN]
    ]
    return "; ".join([*shown, *(["…"] if len(lines) > _MOST_SHOWN else [])])
