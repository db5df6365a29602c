"""An order line held against what was returned: price, currency and unit (PRICE-6, T-I6)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from catalog_bridge.rules import pricing
from catalog_bridge.rules.pricing import Compared
from protocols.errors import Malformed
from protocols.model.agreement import Difference
from protocols.model.finding import Finding, Severity
from protocols.model.money import Money
from protocols.model.order import OrderLine, OrderPlaces

PIECE = "EA"
"""UN/ECE Rec. 20: what a book is sold by."""

SEVERITY = {
    Difference.ACCEPT: Severity.NOTE,
    Difference.FLAG: Severity.WARNING,
    Difference.HOLD: Severity.ERROR,
}
"""How grave a difference is by what is agreed; one that is rejected is no finding."""

_LONGEST_UNIT = 40


def _as_it_is(_price: Money, _tax_rate: Decimal) -> None:
    """Nothing but the price itself was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What an agreement says of differences.

    units, form_units
        Our unit → the buyer's own word for it, in documents and in forms.
    told
        Our price without tax, and the tax rate in per cent → the amount that the buyer was told in its place,
        with tax or rounded otherwise; None for no other.
    """

    policy: Difference
    tolerance: Decimal = Decimal(0)
    units: Mapping[str, str]
    form_units: Mapping[str, str] = field(default_factory=dict)
    told: Callable[[Money, Decimal], Decimal | None] = _as_it_is
    places: OrderPlaces


@dataclass(frozen=True, slots=True, kw_only=True)
class Reconciled:
    """The price to order at, and what differs."""

    price: Money
    findings: tuple[Finding, ...]


def reconcile(
    line: OrderLine, expected: Money, unit: str, terms: Terms, tax_rate: Decimal = Decimal(0)
) -> Reconciled:
    """The price that stands for the line and its deviations, each as severe as the policy says.

    expected, unit
        What we stand by: the returned cart's, or today's price after its offer has run out.
    tax_rate
        Percent, for a buyer that was told another amount than ours and orders at it: ours stands.
    Raises Malformed, naming the place, where the policy rejects a difference.
    """
    ordered = expected if _is_as_told(line.unit_price, expected, tax_rate, terms) else line.unit_price
    compared = pricing.compare(ordered, expected, policy=terms.policy, tolerance=terms.tolerance)
    findings = (*_price(line, compared, terms), *_unit(line, unit, terms))
    return Reconciled(price=compared.price, findings=findings)


def _is_as_told(ordered: Money | None, expected: Money, tax_rate: Decimal, terms: Terms) -> bool:
    """Whether the ordered price is what the buyer was told for ours; nothing is never taken for that."""
    if ordered is None or ordered.currency != expected.currency or ordered.amount <= 0:
        return False
    return ordered.amount == terms.told(expected, tax_rate)


def _price(line: OrderLine, compared: Compared, terms: Terms) -> Iterator[Finding]:
    if compared.ordered is None or not compared.differs:
        return
    where = terms.places.of(line, terms.places.unit_price)
    if compared.action is Difference.REJECT:
        raise Malformed(
            f"the price differs from the returned cart ({compared.expected}); shop anew for today's price",
            where=where,
        )
    other_currency = compared.ordered.currency != compared.expected.currency
    yield Finding(
        code="currency.changed" if other_currency else "price.changed",
        where=where,
        expected=str(compared.expected),
        got=str(compared.ordered),
        advice=f"ordered at {compared.price}; the agreement's policy for price differences decides",
        severity=SEVERITY[compared.action],
    )


def _unit(line: OrderLine, unit: str, terms: Terms) -> Iterator[Finding]:
    """A line of boxes is not one of books; a line without a unit is (the buyer stripped it)."""
    words = (unit, terms.units.get(unit, unit), terms.form_units.get(unit, unit))
    ours = {word.casefold() for word in words}
    if not line.unit or line.unit.casefold() in ours:
        return
    where = terms.places.of(line, terms.places.unit)
    if terms.policy is Difference.REJECT:
        raise Malformed(f"the unit differs from the returned cart ({unit}); order pieces", where=where)
    yield Finding(
        code="line.changed",
        where=where,
        expected=terms.units.get(unit, unit),
        got=line.unit[:_LONGEST_UNIT],
        advice="the quantity is read as pieces; agree on the buyer's own word for them in the units",
        severity=SEVERITY[terms.policy],
    )
