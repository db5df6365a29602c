"""What a cart line has for each ``Source`` of a column, before it is fitted (oci.md §5)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from stdnum import ean

from protocols.dialects import Dialect
from protocols.dialects.oci_habits import OciHabits, PriceKind, Source
from protocols.model.cart import ReturnedLine
from protocols.model.item import Kind
from protocols.model.money import Money
from protocols.model.session import FormReturn
from protocols.oci import numbers

MONEY = frozenset({Source.PRICE, Source.NET_PRICE, Source.GROSS_PRICE, Source.TAX_AMOUNT})
"""Sources that are an amount of money, each of one piece."""

_RATE_DECIMALS = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What all lines of one form share; no quote id for lines that are no part of a cart."""

    dialect: Dialect
    form_return: FormReturn
    currency: str
    quote_id: str = ""
    order_name: str = ""

    @property
    def habits(self) -> OciHabits:
        """How the buyer speaks OCI."""
        return self.dialect.oci


def value(source: Source, line: ReturnedLine, sheet: Sheet) -> str:
    """The text for the column; empty where the line has nothing for it."""
    if source in MONEY:
        return _number(amount(source, line, sheet.habits), sheet.habits.price_decimals, sheet)
    return _TAKEN[source](line, sheet)


def amount(source: Source, line: ReturnedLine, habits: OciHabits) -> Decimal:
    """The exact amount of money, before it is rounded once."""
    return _amount(source, line.unit_price.amount, line.tax_rate, habits)


def told_price(unit_price: Money, tax_rate: Decimal, habits: OciHabits) -> Decimal | None:
    """What PRICE says of one piece at this price without tax; None where it is filled with anything else."""
    source = habits.all_columns.get("PRICE", "")
    if source not in MONEY:
        return None
    exact = _amount(Source(source), unit_price.amount, tax_rate, habits)
    return numbers.rounded(exact, habits.price_decimals)


def _amount(source: Source, net: Decimal, tax_rate: Decimal, habits: OciHabits) -> Decimal:
    gross = source is Source.GROSS_PRICE or (source is Source.PRICE and habits.price is PriceKind.GROSS)
    tax = net * (tax_rate / 100)
    if source is Source.TAX_AMOUNT:
        return tax
    return net + tax if gross else net


def _number(number: Decimal | int, decimals: int, sheet: Sheet) -> str:
    return numbers.out(number, decimals, comma=sheet.habits.decimal_comma)


def _unit(line: ReturnedLine, sheet: Sheet) -> str:
    return sheet.habits.units.get(line.unit, line.unit)


def _quantity(line: ReturnedLine, sheet: Sheet) -> str:
    return _number(line.quantity, sheet.habits.quantity_decimals, sheet)


def _classification(line: ReturnedLine, sheet: Sheet) -> str:
    return sheet.habits.classifications.get(line.classification, line.classification)


def _schema_type(line: ReturnedLine, sheet: Sheet) -> str:
    return sheet.dialect.classification_domain if line.classification else ""


def _lead_time(line: ReturnedLine, sheet: Sheet) -> str:
    days = line.lead_time_days
    return str(days) if days is not None else str(sheet.habits.lead_time_days or "")


def _token(line: ReturnedLine, _: Sheet) -> str:
    return "~".join(filter(None, (line.product_id, line.line_token)))


def _quote_line(line: ReturnedLine, sheet: Sheet) -> str:
    """The line's number, which stays when others are taken out of the cart."""
    return str(line.number) if sheet.quote_id else ""


def _ean(line: ReturnedLine, _: Sheet) -> str:
    return line.product_id if len(line.product_id) == 13 and ean.is_valid(line.product_id) else ""


_TAKEN: dict[Source, Callable[[ReturnedLine, Sheet], str]] = {
    Source.DESCRIPTION: lambda line, _: line.description,
    Source.PRODUCT_ID: lambda line, _: line.product_id,
    Source.EAN: _ean,
    Source.QUANTITY: _quantity,
    Source.UNIT: _unit,
    Source.CURRENCY: lambda _, sheet: sheet.currency,
    Source.PRICE_UNIT: lambda *_: "1",
    Source.LEAD_TIME: _lead_time,
    Source.VENDOR: lambda _, sheet: sheet.form_return.vendor or sheet.habits.vendor,
    Source.PUBLISHER: lambda line, _: line.publisher,
    Source.CLASSIFICATION: _classification,
    Source.SCHEMA_TYPE: _schema_type,
    Source.QUOTE_ID: lambda _, sheet: sheet.quote_id,
    Source.QUOTE_LINE: _quote_line,
    Source.TOKEN: _token,
    Source.TAX_RATE: lambda line, sheet: _number(line.tax_rate, _RATE_DECIMALS, sheet),
    Source.ORDER_NAME: lambda _, sheet: sheet.order_name,
    Source.SERVICE: lambda line, _: "X" if line.kind is Kind.SERVICE else "",
}
