"""The list price in Norwegian kroner, tax excluded, from Price (PRICE-2, PRICE-4).

The trade sends the fixed price as type 04 with its last day (PriceDate role 15), and as type 02 the
recommended price that takes over; 03 and 01 are the same without tax.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from catalog_bridge.feeds.onix.composite import Composite
from catalog_bridge.feeds.onix.unreadable import Unreadable
from catalog_bridge.feeds.onix.values import day
from protocols.model.money import NOK, Money, round_money

_LIST_PRICES = {
    "01": False,
    "02": True,
    "03": False,
    "04": True,
}  # PriceType, list 58: whether tax is included
_FIXED = ("03", "04")
_CONSUMER = ("05", "00", "")  # PriceQualifier, list 59
_FROM, _UNTIL = "14", "15"  # PriceDateRole, list 173
_VAT = ("01", "")  # TaxType, list 171
_RATES = {"Z": Decimal(0), "R": Decimal(15), "S": Decimal(25)}  # TaxRateCode, list 62, as Norway's rates
_ZERO_RATED = (
    "A",
    "B",
    "E",
    "0",
)  # list 150: audio, books, e-books, and what is not said; other goods are taxed
_STANDARD = Decimal(25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """A list price and the days on which it holds; open where no day is named.

    amount
        Tax excluded.
    """

    amount: Money
    tax_rate: Decimal
    fixed: bool
    first: date | None = None
    last: date | None = None


def is_list_price(part: Composite, default_currency: str) -> bool:
    """Whether this is what a consumer in Norway pays, in kroner."""
    return (
        part.text("PriceType") in _LIST_PRICES
        and part.text("PriceQualifier") in _CONSUMER
        and "PriceAmount" in part
        and (part.text("CurrencyCode") or default_currency) == NOK
        and covers_norway(part)
    )


def covers_norway(part: Composite) -> bool:
    """Whether a territory includes Norway; no territory is everywhere."""
    if "Territory" not in part:
        return True
    territory = part.part("Territory")
    included = f"{territory.text('CountriesIncluded')} {territory.text('RegionsIncluded')}".split()
    return not included or "NO" in included or "WORLD" in included


def read(part: Composite, form: str) -> Price:
    """The price; Unreadable when the amount is none."""
    rate, amount = _rate(part, form), _amount(part.text("PriceAmount"))
    kind = part.text("PriceType")
    dates = {each.text("PriceDateRole"): day(each.text("Date")) for each in part.parts("PriceDate")}
    net = amount / (1 + rate / 100) if _LIST_PRICES[kind] else amount
    return Price(
        amount=Money(round_money(net)),
        tax_rate=rate,
        fixed=kind in _FIXED,
        first=dates.get(_FROM),
        last=dates.get(_UNTIL),
    )


def default_rate(form: str) -> Decimal:
    """The tax on goods of this form where the feed does not name it (PRICE-4)."""
    return Decimal(0) if form.startswith(_ZERO_RATED) else _STANDARD


def holding(prices: Iterable[Price], today: date) -> Price | None:
    """The one that holds today, the latest begun; else the next to begin; None when all have ended."""
    alive = [price for price in prices if price.last is None or price.last >= today]
    begun = [price for price in alive if price.first is None or price.first <= today]
    if begun:
        return max(begun, key=lambda price: price.first or date.min)
    return min(alive, key=lambda price: price.first or date.min, default=None)


def _rate(part: Composite, form: str) -> Decimal:
    for tax in part.parts("Tax"):
        if tax.text("TaxType") in _VAT:
            if percent := tax.text("TaxRatePercent"):
                return _amount(percent)
            if (code := tax.text("TaxRateCode")) in _RATES:
                return _RATES[code]
    return default_rate(form)


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or not 0 <= amount < 1_000_000:
        raise Unreadable(f"{text!r:.40} is no amount; write it as 299.00.")
    return amount
