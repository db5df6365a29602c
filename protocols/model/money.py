"""Money as decimals with a currency, and the one rounding function of the house (PRICE-5)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

NOK = "NOK"
_CENT = Decimal("0.01")


def round_money(amount: Decimal) -> Decimal:
    """The amount with two decimals, half rounded away from zero (PRICE-5).

    >>> round_money(Decimal("2.345"))
    Decimal('2.35')
    """
    return amount.quantize(_CENT, rounding=ROUND_HALF_UP)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency; cXML Money, OCI NEW_ITEM-PRICE + CURRENCY, UBL Amount.

    amount
        Decimal, never float; unit prices may carry up to four decimals.
    currency
        ISO 4217, three upper-case letters.
    """

    amount: Decimal
    currency: str = NOK

    def __add__(self, other: Money) -> Money:
        """The sum; ValueError when the currencies differ."""
        if other.currency != self.currency:
            msg = f"cannot add {other.currency} to {self.currency}"
            raise ValueError(msg)
        return Money(self.amount + other.amount, self.currency)

    def times(self, quantity: Decimal | int) -> Money:
        """The rounded line total for so many pieces (PRICE-5)."""
        return Money(round_money(self.amount * quantity), self.currency)

    def __str__(self) -> str:
        """Amount and currency, for findings and logs: ``199.00 NOK``."""
        return f"{self.amount} {self.currency}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taxed:
    """The tax of everything at one rate.

    rate
        Percent: 0, 15 or 25 (PRICE-4).
    """

    rate: Decimal
    net: Money
    tax: Money


def total(amounts: Iterable[Money], currency: str = NOK) -> Money:
    """The sum of amounts in one currency; zero for none.

    >>> total([Money(Decimal("1.10")), Money(Decimal("2.20"))])
    Money(amount=Decimal('3.30'), currency='NOK')
    """
    return sum(amounts, start=Money(Decimal("0.00"), currency))
