"""Whether a product can be had in Norway, and at what price, from ProductSupply."""

from __future__ import annotations

from datetime import date
from typing import Any

from catalog_bridge.feeds.onix.composite import Composite
from catalog_bridge.feeds.onix.price import Price, covers_norway, default_rate, holding, is_list_price, read


def supply(product: Composite, *, form: str, default_currency: str, today: date) -> dict[str, Any]:
    """Availability, prices and tax rate; no list price where the feed has none in kroner that still holds.

    default_currency
        Of a price that names none; the message says it once.
    """
    details = _details(product)
    priced = {detail: _prices(detail, form, default_currency) for detail in details}
    source = next((detail for detail in details if priced[detail]), (details or [Composite(())])[0])
    return {"availability": source.text("ProductAvailability"), **_price(priced.get(source, []), form, today)}


def _details(product: Composite) -> list[Composite]:
    """The SupplyDetails for Norway; all of them where no market is."""
    supplies = product.parts("ProductSupply")
    ours = [supply for supply in supplies if _for_norway(supply)]
    return [detail for supply in ours or supplies for detail in supply.parts("SupplyDetail")]


def _for_norway(supply: Composite) -> bool:
    markets = supply.parts("Market")
    return not markets or any(map(covers_norway, markets))


def _prices(detail: Composite, form: str, default_currency: str) -> list[Price]:
    return [read(part, form) for part in detail.parts("Price") if is_list_price(part, default_currency)]


def _price(prices: list[Price], form: str, today: date) -> dict[str, Any]:
    """The fixed price while it lasts, then the recommended one (PRICE-2)."""
    fixed = holding((price for price in prices if price.fixed), today)
    free = holding((price for price in prices if not price.fixed), today)
    chosen = fixed or free
    return {
        "list_price": chosen.amount if chosen else None,
        "tax_rate": chosen.tax_rate if chosen else default_rate(form),
        "fixed_price_until": fixed.last if fixed else None,
        "price_after": free.amount if fixed and fixed.last and free else None,
    }
