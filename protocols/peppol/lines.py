"""Order lines, in both directions (peppol.md §4)."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import ROUND_HALF_UP, Decimal
from itertools import count

from lxml import etree

from protocols import reading
from protocols.errors import Malformed, TooLarge
from protocols.model.finding import Severity
from protocols.model.money import Money
from protocols.model.order import Accounting, OrderLine
from protocols.model.party import Extrinsic
from protocols.peppol.amounts import add_charges, added, charges, check_line
from protocols.peppol.parties import RECIPIENT, add_recipient, recipient
from protocols.peppol.periods import add_period, period
from protocols.peppol.ubl import (
    add,
    add_amount,
    add_quantity,
    every,
    first,
    money,
    place,
    shown,
    value,
)
from protocols.reading import Findings

MOST_LINES = 10_000
PIECE, PIECE_OUT = "EA", "C62"
"""Our unit, and Peppol's usual word for it."""

PIECES = frozenset({PIECE_OUT, "H87", PIECE})
"""All words for it that are read."""

MARK = "~"
"""Between our item number and the line token."""

GTIN = "0160"
"""Scheme of GTIN and ISBN-13."""

ACCOUNT = "AccountingCost"
"""The name of an account string among a line's accounting."""

_FINEST = Decimal("0.0001")
_NEGATIVE = re.compile(r"-(?=[0-9.]*[1-9])[0-9]+(?:\.[0-9]+)?").fullmatch
_BOOLEANS = {"true": True, "1": True, "false": False, "0": False}


def lines(order: etree._Element, found: Findings) -> tuple[OrderLine, ...]:
    """The order's lines with numbers of their own.

    Malformed for none, for one without item or with a quantity that is no plain number, negative ones among
    them; TooLarge for more than 10,000.
    """
    elements = every(order, "cac:OrderLine")
    if not elements:
        raise Malformed(
            "The order has no lines; send at least one OrderLine.",
            where="/Order/cac:OrderLine",
            rule="PEPPOL-T01-B00108",
        )
    if len(elements) > MOST_LINES:
        raise TooLarge(f"The document has more than {MOST_LINES:,} lines; send it in parts.", where="/Order")
    read = [_line(element, found) for element in elements]
    times = Counter(line.line_id for line in read)
    if times[""] or len(times) < len(read):
        found.note("line.number", elements[0], expected="a LineItem/ID of its own on every line")
    numbers = numbered([line.line_id for line in read])
    return tuple(replace(line, number=number) for line, number in zip(read, numbers, strict=True))


def numbered(ids: Sequence[str]) -> Iterator[int]:
    """A number for each line: its id where that is a whole one of its own, else its place, else a free one.

    >>> list(numbered(["10", "A", "10", "2"]))
    [10, 11, 3, 2]
    """
    wanted = [_whole_number(written) for written in ids]
    known = set(wanted)
    spare = count(max(known | {len(ids)}) + 1)
    used: set[int] = set()
    for position, number in enumerate(wanted, start=1):
        own = number
        if not own or own in used:
            own = position if position not in known else next(spare)
        used.add(own)
        yield own


def _whole_number(written: str) -> int:
    """The number of at most nine digits; 0 for anything else."""
    return int(written) if written.isascii() and written.isdecimal() and len(written) < 10 else 0


def _line(element: etree._Element, found: Findings) -> OrderLine:
    item = first(element, "cac:LineItem")
    if item is None:
        raise Malformed("The line has no LineItem.", where=place(element))
    goods, delivery = first(item, "cac:Item"), first(item, "cac:Delivery")
    product_id, line_token, standard_id = _ids(item, goods, found)
    line = OrderLine(
        number=0,
        line_id=value(item, "cbc:ID"),
        product_id=product_id,
        line_token=line_token,
        standard_id=standard_id,
        quantity=_quantity(item),
        unit=_unit(first(item, "cbc:Quantity"), found),
        unit_price=_unit_price(item, found),
        quote_line=_whole_number(value(element, "cac:QuotationLineReference/cbc:LineID")),
        description=shown(goods, "cbc:Name") or shown(goods, "cbc:Description"),
        classification=value(goods, "cac:CommodityClassification/cbc:ItemClassificationCode"),
        requested_delivery=period(first(delivery, "cac:RequestedDeliveryPeriod")),
        ship_to=None if delivery is None else recipient(delivery),
        comments=reading.joined(every(element, "cbc:Note")),
        accounting=_accounting(value(item, "cbc:AccountingCost")),
        extrinsics=() if goods is None else _properties(goods),
        originator=value(item, "cac:OriginatorParty/cac:PartyIdentification/cbc:ID")
        or shown(item, "cac:OriginatorParty/cac:PartyName/cbc:Name"),
        partial_delivery=_BOOLEANS.get(value(item, "cbc:PartialDeliveryIndicator")),
        recipient=value(delivery, RECIPIENT),
        charges=charges(item, found),
    )
    check_line(item, line, found)
    return line


def _quantity(item: etree._Element) -> Decimal:
    """The quantity; 0 where none is named, for a person can ask (design §4.7)."""
    written = value(item, "cbc:Quantity")
    quantity = reading.counted(written) if written else Decimal(0)
    if quantity is None:
        raise Malformed(
            "A line needs a quantity that is a plain number, as in <Quantity>2</Quantity>.",
            where=f"{place(item)}/cbc:Quantity",
            rule=_rule_on(written),
        )
    return quantity


def _rule_on(quantity: str) -> str:
    """The official rule that such a quantity breaks; none for what is no number."""
    return "PEPPOL-T01-R004" if _NEGATIVE(quantity) else ""


def _unit(quantity: etree._Element | None, found: Findings) -> str:
    """The unit of the line, in our word for it."""
    unit = _unit_of(quantity)
    if not unit and quantity is not None:
        found.note("value.missing", quantity, expected=f"unitCode, as {PIECE_OUT}")
    return unit


def _unit_of(quantity: etree._Element | None) -> str:
    """The unit code; all words for pieces are one, as they are in a returned cart."""
    unit = "" if quantity is None else quantity.get("unitCode", "").strip()
    return PIECE if unit in PIECES else unit


def _unit_price(item: etree._Element, found: Findings) -> Money | None:
    """The price of one: PriceAmount is for BaseQuantity of them; None where it is for another unit."""
    price = first(item, "cac:Price")
    amount = money(price, "cbc:PriceAmount")
    base = first(price, "cbc:BaseQuantity")
    if amount is None or base is None:
        return amount
    ordered, priced = _unit_of(first(item, "cbc:Quantity")), _unit_of(base)
    if ordered and priced and ordered != priced:
        found.note(
            "price.unit",
            base,
            expected=f"the unit of the line, {ordered}",
            got=f"{amount} for {reading.text(base)} {priced}",
            advice="ask what one of them costs; the price is not read",
            severity=Severity.ERROR,
        )
        return None
    pieces = reading.quantity(reading.text(base))
    if pieces is None:
        raise Malformed(
            "A price needs a BaseQuantity above zero, or none.", where=place(base), rule="PEPPOL-T01-R025"
        )
    if pieces == 1:
        return amount
    exact = amount.amount / pieces
    rounded = exact.quantize(_FINEST, rounding=ROUND_HALF_UP)
    if rounded != exact:
        told = f"{amount.amount} for {pieces}"
        found.note("value.replaced", base, expected=f"{rounded}", got=told, severity=Severity.NOTE)
    return replace(amount, amount=rounded)


def _ids(item: etree._Element, goods: etree._Element | None, found: Findings) -> tuple[str, str, str]:
    """Our item number, the line token that went out behind it, and the GTIN or ISBN.

    Without a number of ours the standard one stands for it.
    """
    sold = value(goods, "cac:SellersItemIdentification/cbc:ID")
    standard_id = value(goods, "cac:StandardItemIdentification/cbc:ID")
    number, _, token = sold.rpartition(MARK) if MARK in sold else (sold, "", "")
    if not (number or standard_id):
        wanted = "SellersItemIdentification or StandardItemIdentification"
        found.note("line.incomplete", item, expected=wanted)
    return (number or standard_id).strip(), token.strip(), standard_id


def _accounting(account: str) -> tuple[Accounting, ...]:
    if not account:
        return ()
    return (Accounting(name=ACCOUNT, segments=(Extrinsic(name=ACCOUNT, value=account),)),)


def _properties(goods: etree._Element) -> tuple[Extrinsic, ...]:
    """Kept and shown; distribution among them is never acted on (DIST-8)."""
    return tuple(
        Extrinsic(name=value(entry, "cbc:Name"), value=value(entry, "cbc:Value"))
        for entry in every(goods, "cac:AdditionalItemProperty")
    )


def add_line(parent: etree._Element, line: OrderLine) -> None:
    """An OrderLine for the line."""
    element = add(parent, "cac:OrderLine")
    add(element, "cbc:Note", line.comments)
    item = add(element, "cac:LineItem")
    unit = _unit_out(line.unit)
    add(item, "cbc:ID", line.line_id or str(line.number))
    add_quantity(item, "cbc:Quantity", line.quantity, unit)
    if line.partial_delivery is not None:
        add(item, "cbc:PartialDeliveryIndicator", "true" if line.partial_delivery else "false")
    add(item, "cbc:AccountingCost", _account(line))
    _add_delivery(item, line)
    originator = add(add(item, "cac:OriginatorParty"), "cac:PartyIdentification")
    add(originator, "cbc:ID", line.originator)
    add_charges(item, line.charges)
    if line.unit_price is not None:
        net = line.unit_price.times(line.quantity) + added(line.charges, line.unit_price.currency)
        add_amount(item, "cbc:LineExtensionAmount", net)
        price = add(item, "cac:Price")
        add_amount(price, "cbc:PriceAmount", line.unit_price)
        add_quantity(price, "cbc:BaseQuantity", Decimal(1), unit)
    _add_item(item, line)
    if line.quote_line:
        add(add(element, "cac:QuotationLineReference"), "cbc:LineID", str(line.quote_line))


def _unit_out(unit: str) -> str:
    return PIECE_OUT if unit in {"", PIECE} else unit


def _account(line: OrderLine) -> str:
    return ":".join(segment.value for entry in line.accounting[:1] for segment in entry.segments)


def _add_delivery(item: etree._Element, line: OrderLine) -> None:
    delivery = add(item, "cac:Delivery")
    add_period(delivery, line.requested_delivery)
    if line.ship_to is not None:
        add_recipient(delivery, line.ship_to, id_at_delivery=True)


def _add_item(item: etree._Element, line: OrderLine) -> None:
    goods = add(item, "cac:Item")
    add(goods, "cbc:Name", line.description or line.product_id or line.standard_id or str(line.number))
    sold = f"{line.product_id}{MARK}{line.line_token}" if line.line_token else line.product_id
    add(add(goods, "cac:SellersItemIdentification"), "cbc:ID", sold)
    standard = add(add(goods, "cac:StandardItemIdentification"), "cbc:ID", line.standard_id)
    standard.set("schemeID", GTIN)
    code = add(add(goods, "cac:CommodityClassification"), "cbc:ItemClassificationCode", line.classification)
    code.set("listID", "MP")
    for entry in line.extrinsics:
        if entry.name and entry.value:
            named = add(goods, "cac:AdditionalItemProperty")
            add(named, "cbc:Name", entry.name)
            add(named, "cbc:Value", entry.value)
