"""What one buyer's system will make of a cart once it has it, as far as its dialect tells (design §4.6).

What is changed before the cart leaves is told by ``cart.build``; here stands what happens over there, often
without a word to anybody.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from lxml import etree

from protocols.cxml.elements import Findings
from protocols.cxml.item_in import add_item_in
from protocols.dialects import Dialect
from protocols.model.cart import ReturnedCart, ReturnedLine
from protocols.model.finding import Finding, Severity
from protocols.model.money import Money
from protocols.model.order import OrderLine

STANDARD_UNIT = "EA"
_REFUSED = "refused"


def keeps(cart: ReturnedCart, dialect: Dialect) -> tuple[Finding, ...]:
    """One finding for each thing that the system does not keep as it is sent; none for an unchanged cart.

    What concerns a line names it as ``ItemIn[number]``; a finding from a key that is unproven says so.
    """
    found = Findings()
    if not cart.unchanged:
        _foretell(cart.lines, dialect, found)
    return found.all()


def judged(lines: Iterable[OrderLine], dialect: Dialect) -> tuple[Finding, ...]:
    """The same for the lines of a cart that somebody sent, and what the system could not take of them."""
    found = Findings()
    returned = tuple(map(_returned, lines))
    for line in returned:
        add_item_in(etree.Element("PunchOutOrderMessage"), line, dialect, "nb", found)
    _foretell(returned, dialect, found)
    return found.all()


def _returned(line: OrderLine) -> ReturnedLine:
    """The line on the side that sent it; what only that side knows is left out."""
    return ReturnedLine(
        number=line.number,
        line_token=line.line_token,
        line_id="",
        product_id=line.product_id,
        description=line.description,
        quantity=int(line.quantity),
        unit_price=line.unit_price or Money(Decimal(0)),
        unit=line.unit or STANDARD_UNIT,
        classification=line.classification,
        extrinsics=line.extrinsics,
    )


def _foretell(lines: Sequence[ReturnedLine], dialect: Dialect, found: Findings) -> None:
    _length(lines, dialect, found)
    _units(lines, dialect, found)
    for line in lines:
        _price(line, found)
        _description(line, dialect, found)


def _length(lines: Sequence[ReturnedLine], dialect: Dialect, found: Findings) -> None:
    if dialect.max_lines and len(lines) > dialect.max_lines:
        found.note(
            "cart.long",
            "PunchOutOrderMessage/ItemIn",
            expected=f"at most {dialect.max_lines} lines",
            got=f"{len(lines)} lines",
            advice="Send the cart in parts: take lines out, and shop for them again.",
            unproven=dialect.doubts("max_lines"),
        )


def _units(lines: Sequence[ReturnedLine], dialect: Dialect, found: Findings) -> None:
    """Each unit once: a cart of books has one for all its lines."""
    for unit in dict.fromkeys(line.unit for line in lines):
        if unit in dialect.units:
            _mapped(unit, dialect, found)
        elif unit != STANDARD_UNIT and dialect.unknown_unit:
            _unknown(unit, lines, dialect, found)


def _mapped(unit: str, dialect: Dialect, found: Findings) -> None:
    if dialect.units[unit] != unit:
        found.note(
            "unit.mapped",
            "PunchOutOrderMessage/ItemIn/ItemDetail/UnitOfMeasure",
            expected=dialect.units[unit],
            got=unit,
            severity=Severity.NOTE,
            unproven=dialect.doubts("units"),
        )


def _unknown(unit: str, lines: Sequence[ReturnedLine], dialect: Dialect, found: Findings) -> None:
    first = next(line for line in lines if line.unit == unit)
    code = "unit.refused" if dialect.unknown_unit == _REFUSED else "unit.replaced"
    known = ", ".join(dict.fromkeys([STANDARD_UNIT, *dialect.units]))
    found.note(
        code,
        f"ItemIn[{first.number}]/ItemDetail/UnitOfMeasure",
        expected=known if dialect.unknown_unit == _REFUSED else dialect.unknown_unit,
        got=unit,
        advice="Agree with the buyer on a code for this unit, and add it to the agreement.",
        unproven=dialect.doubts("unknown_unit"),
    )


def _price(line: ReturnedLine, found: Findings) -> None:
    if line.unit_price.amount <= 0:
        where = f"ItemIn[{line.number}]/ItemDetail/UnitPrice"
        found.note("price.zero", where, expected="a price above zero", got=str(line.unit_price))


def _description(line: ReturnedLine, dialect: Dialect, found: Findings) -> None:
    shown, length = dialect.description_shown, dialect.length(line.description)
    if shown and length > shown:
        found.note(
            "value.hidden",
            f"ItemIn[{line.number}]/ItemDetail/Description",
            expected=f"at most {shown} {dialect.limits_in}",
            got=f"{length} {dialect.limits_in}",
            severity=Severity.NOTE,
            unproven=dialect.doubts("description_shown", "limits_in"),
        )
