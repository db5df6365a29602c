"""Allowances and charges, in both directions, and whether amounts follow from them (peppol.md §4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from lxml import etree

from protocols import reading
from protocols.model.money import Money, round_money
from protocols.model.order import Charge, OrderLine
from protocols.peppol.ubl import add, add_amount, every, first, money, shown, value
from protocols.reading import Findings

_SLACK = Decimal("0.02")
"""What the official rules let an amount of a line be off by (R024)."""

_UNSEEN = Decimal("0.00005")
"""What a price of four decimals may hide."""

_ALLOWANCE = {"false", "0"}


def charges(element: etree._Element, found: Findings) -> tuple[Charge, ...]:
    """What is laid on the order or the line beside its prices; Malformed for an amount that is not plain."""
    return tuple(_charge(entry, found) for entry in every(element, "cac:AllowanceCharge"))


def _charge(entry: etree._Element, found: Findings) -> Charge:
    indicator = value(entry, "cbc:ChargeIndicator")
    if not indicator:
        found.note("value.missing", entry, expected="ChargeIndicator; read as a charge")
    return Charge(
        amount=money(entry, "cbc:Amount"),
        allowance=indicator in _ALLOWANCE,
        reason=shown(entry, "cbc:AllowanceChargeReason") or value(entry, "cbc:AllowanceChargeReasonCode"),
    )


def add_charges(parent: etree._Element, entries: Iterable[Charge]) -> None:
    """An AllowanceCharge for each."""
    for entry in entries:
        element = add(parent, "cac:AllowanceCharge")
        add(element, "cbc:ChargeIndicator", "false" if entry.allowance else "true")
        add(element, "cbc:AllowanceChargeReason", entry.reason)
        if entry.amount is not None:
            add_amount(element, "cbc:Amount", entry.amount)


def added(entries: Iterable[Charge], currency: str) -> Money:
    """What these add to a sum."""
    return Money(sum((entry.added for entry in entries), Decimal(0)), currency)


def check_line(item: etree._Element, line: OrderLine, found: Findings) -> None:
    """Nothing; a finding where the line's amount is not what quantity, price and charges make."""
    told = _told(item, "cbc:LineExtensionAmount", found)
    if told is None:
        return
    if line.unit_price is None:
        if first(item, "cac:Price") is None:
            _differs(item, "cbc:LineExtensionAmount", told, "a Price that it follows from", found)
        return
    due = line.unit_price.amount * line.quantity + added(line.charges, told.currency).amount
    if abs(due - told.amount) > _SLACK + _UNSEEN * line.quantity:
        _differs(item, "cbc:LineExtensionAmount", told, f"{round_money(due)} {told.currency}", found)


def check_totals(document: etree._Element, laid_on: tuple[Charge, ...], found: Findings) -> None:
    """Nothing; a finding for each total that does not follow from the sum of the lines and these charges.

    That sum itself is held against the lines when the order is judged.
    """
    totals = first(document, "cac:AnticipatedMonetaryTotal")
    net = None if totals is None else _amount(totals, "cbc:LineExtensionAmount")
    if totals is None or net is None:
        return
    for path, due in _due(totals, net, _amount(document, "cac:TaxTotal/cbc:TaxAmount"), laid_on):
        told = _told(totals, path, found)
        if told is not None and all(abs(told.amount - amount) > _SLACK for amount in due):
            _differs(totals, path, told, f"{round_money(due[0])} {told.currency}", found)


def _due(
    totals: etree._Element, net: Decimal, tax: Decimal | None, laid_on: tuple[Charge, ...]
) -> Iterator[tuple[str, tuple[Decimal, ...]]]:
    """Which amounts each total may be (R009 to R011, R016 and R017); what is to be paid may leave out tax."""
    allowances, others = (_sum(laid_on, allowance=which) for which in (True, False))
    exclusive = net + allowances + others
    taxed = exclusive + (tax or 0)
    inclusive = _amount(totals, "cbc:TaxInclusiveAmount")
    settled = _amount(totals, "cbc:PayableRoundingAmount") or Decimal(0)
    settled -= _amount(totals, "cbc:PrepaidAmount") or Decimal(0)
    yield "cbc:AllowanceTotalAmount", (-allowances,)
    yield "cbc:ChargeTotalAmount", (others,)
    yield "cbc:TaxExclusiveAmount", (exclusive,)
    if tax is not None:
        yield "cbc:TaxInclusiveAmount", (taxed,)
    wholes = (taxed, exclusive) if inclusive is None else (inclusive,)
    yield "cbc:PayableAmount", tuple(whole + settled for whole in wholes)


def _sum(entries: Iterable[Charge], *, allowance: bool) -> Decimal:
    return sum((entry.added for entry in entries if entry.allowance is allowance), Decimal(0))


def _told(parent: etree._Element, path: str, found: Findings) -> Money | None:
    """An amount that is only compared: one that is not plain is no refusal."""
    element = first(parent, path)
    written = reading.text(element)
    if element is None or not written:
        return None
    told = reading.amount(written, element.get("currencyID", ""))
    if told is None:
        found.note("amount.differs", element, expected="a plain number and its currencyID", got=written)
    return told


def _amount(parent: etree._Element, path: str) -> Decimal | None:
    """The amount as it stands; what is wrong about it is told elsewhere."""
    told = _told(parent, path, Findings())
    return told.amount if told else None


def _differs(parent: etree._Element, path: str, told: Money, due: str, found: Findings) -> None:
    element = first(parent, path)
    if element is not None:
        found.note("amount.differs", element, expected=due, got=str(told), advice=_ADVICE)


_ADVICE = "prices and quantities are what will be invoiced"
