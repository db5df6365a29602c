"""What a customer pays, the tax on it, and what a changed price means (PRICE-3 to PRICE-6)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from protocols.model.agreement import Difference
from protocols.model.money import NOK, Money, Taxed, round_money, total


def customer_price(list_price: Money, discount_percent: Decimal) -> Money:
    """The price of one piece, tax excluded: the list price less the customer's own discount (PRICE-3).

    A fixed price is treated no differently: whether the library discount reaches it is not verified
    (PRICE-1, PRICE-3), so the percentage agreed with the customer is the only source.

    >>> customer_price(Money(Decimal("199.00")), Decimal("12.5"))
    Money(amount=Decimal('174.13'), currency='NOK')
    """
    return Money(round_money(list_price.amount * (100 - discount_percent) / 100), list_price.currency)


def tax_by_rate(lines: Iterable[tuple[Decimal, Money]], currency: str = NOK) -> tuple[Taxed, ...]:
    """The tax per rate, lowest rate first, rounded once on the sum of the rate's line totals (PRICE-5).

    lines
        Rate in percent and line total of each line, all in ``currency``.
    """
    amounts: dict[Decimal, list[Money]] = defaultdict(list)
    for rate, line_total in lines:
        amounts[rate].append(line_total)
    sums = {rate: total(parts, currency) for rate, parts in sorted(amounts.items())}
    return tuple(Taxed(rate=rate, net=net, tax=net.times(rate / 100)) for rate, net in sums.items())


def tax(lines: Iterable[tuple[Decimal, Money]], currency: str = NOK) -> Money:
    """All tax of the lines together: the sum of ``tax_by_rate`` (PRICE-5)."""
    return total((share.tax for share in tax_by_rate(lines, currency)), currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """An order's price held against the one we stand by.

    price
        The price to order at: the buyer's where it may stand, else ours.
    action
        ACCEPT when both agree; otherwise what the policy says.
    """

    ordered: Money | None
    expected: Money
    price: Money
    action: Difference

    @property
    def differs(self) -> bool:
        """Whether the order names another price than ours, tolerance or not."""
        return self.ordered is not None and self.ordered != self.expected


def compare(
    ordered: Money | None,
    expected: Money,
    *,
    policy: Difference,
    tolerance: Decimal = Decimal(0),
) -> Compared:
    """What an order's unit price means (PRICE-6); an order without a price takes ours.

    Another currency, nothing and less than nothing are never accepted unseen, whatever the policy.

    tolerance
        Largest difference per piece that is accepted under any policy.
    """
    action = _action(ordered, expected, policy, tolerance)
    stands = ordered is not None and action in {Difference.ACCEPT, Difference.FLAG}
    price = ordered if ordered is not None and stands else expected
    return Compared(ordered=ordered, expected=expected, price=price, action=action)


def at_least(action: Difference, floor: Difference) -> Difference:
    """The stricter of both: what the policy says, where it says no less than this.

    >>> at_least(Difference.FLAG, Difference.HOLD)
    <Difference.HOLD: 'hold'>
    """
    strictness = list(Difference)
    return max(action, floor, key=strictness.index)


def _action(ordered: Money | None, expected: Money, policy: Difference, tolerance: Decimal) -> Difference:
    if ordered is None:
        return Difference.ACCEPT
    if ordered.currency != expected.currency or ordered.amount < 0:
        return at_least(policy, Difference.HOLD)
    if abs(ordered.amount - expected.amount) <= tolerance:
        return Difference.ACCEPT
    return policy if ordered.amount else at_least(policy, Difference.HOLD)
