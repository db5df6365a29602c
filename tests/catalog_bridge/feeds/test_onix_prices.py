"""The list price: Norwegian kroner, tax excluded, fixed while the Books Act says so."""

from datetime import date
from decimal import Decimal

import pytest

from protocols.model.money import Money
from tests.catalog_bridge.feeds.messages import TITLE, message, price, product, read, read_one, supply


def priced(*prices: str, form: str = "BB", **market: str):
    """The product of one supply; it is 2 March 2026."""
    blocks = {"DescriptiveDetail": f"<ProductForm>{form}</ProductForm>{TITLE}"}
    return read_one(blocks, rest=supply(*prices, **market))


def kroner(amount: str) -> Money:
    """So many kroner."""
    return Money(Decimal(amount))


@pytest.mark.rule("PRICE-2")
def test_the_fixed_price_holds_to_its_last_day_and_the_recommended_one_follows() -> None:
    """Type 04 with role 15 is the fixed price, type 02 what comes after."""
    found = priced(price("349", "02"), price("399", "04", last="20260302"))
    assert (found.list_price, found.fixed_price_until) == (kroner("399.00"), date(2026, 3, 2))
    assert found.on(date(2026, 3, 2)).list_price == kroner("399.00")
    assert found.on(date(2026, 3, 3)).list_price == kroner("349.00")


@pytest.mark.rule("PRICE-2")
def test_a_fixed_price_that_is_over_gives_way() -> None:
    """A last day before the import leaves the recommended price alone."""
    found = priced(price("399", "04", last="20260301"), price("349", "02"))
    assert (found.list_price, found.fixed_price_until) == (kroner("349.00"), None)


@pytest.mark.rule("PRICE-2")
def test_a_fixed_price_may_have_no_date_before_publication() -> None:
    """Without a last day it stays the list price."""
    found = priced(price("399", "04"), price("349", "02")).on(date(2040, 1, 1))
    assert found.list_price == kroner("399.00")


@pytest.mark.rule("PRICE-2")
def test_of_dated_prices_the_latest_begun_holds() -> None:
    """A price that has begun replaces the one before, and one to come waits."""
    found = priced(
        price("300", first="20250101"), price("320", first="20260201"), price("340", first="20260401")
    )
    assert found.list_price == kroner("320.00")


@pytest.mark.rule("PRICE-4")
@pytest.mark.parametrize(
    ("kind", "form", "tax", "net", "rate"),
    [
        ("02", "BB", "", "250.00", 0),
        ("02", "ZE", "", "200.00", 25),
        ("01", "ZE", "", "250.00", 25),
        ("03", "BB", "", "250.00", 0),
        ("02", "BB", "<TaxRateCode>S</TaxRateCode>", "200.00", 25),
        ("02", "ZE", "<TaxRateCode>Z</TaxRateCode>", "250.00", 0),
        ("04", "PZ", "<TaxRatePercent>15</TaxRatePercent>", "217.39", 15),
    ],
)
def test_tax_is_taken_out_of_the_price(kind: str, form: str, tax: str, net: str, rate: int) -> None:
    """The message's tax decides, and where it is silent books are zero-rated and other goods are not."""
    composite = f"<Tax><TaxType>01</TaxType>{tax}</Tax>" if tax else ""
    found = priced(price("250.00", kind, more=composite), form=form)
    assert (found.list_price, found.tax_rate) == (kroner(net), rate)


@pytest.mark.parametrize(
    "other",
    [
        price("25.00", currency="EUR"),
        price("99.00", "05"),
        price("99.00", more="<PriceQualifier>06</PriceQualifier>"),
        price("99.00", more="<Territory><CountriesIncluded>SE DK</CountriesIncluded></Territory>"),
        price("99.00", last="20260101"),
    ],
)
def test_a_title_without_a_price_for_norwegian_consumers_has_none(other: str) -> None:
    """Other currencies, net prices, library prices, other countries and past prices are no list price."""
    assert priced(other).list_price is None


def test_the_currency_may_be_said_once_for_all() -> None:
    """A price without a currency is in the message's default."""
    header = "<DefaultCurrencyCode>NOK</DefaultCurrencyCode>"
    bare = price("199").replace("<CurrencyCode>NOK</CurrencyCode>", "")
    (record,) = read(message(product(rest=supply(bare)), header=header))
    assert record.product.list_price == kroner("199.00")


def test_the_norwegian_market_speaks_for_us() -> None:
    """Where markets differ, ours decides availability and price."""
    abroad = supply(price("20", currency="EUR"), availability="51", market="SE")
    home = supply(price("299"), availability="21", market="NO")
    found = read_one(rest=abroad + home)
    assert (found.availability, found.list_price) == ("21", kroner("299.00"))
