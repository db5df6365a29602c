"""When an order is charged, what stands on its invoice, and what may be given back (INV-1…4, ORD-8)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal

from catalog_bridge.bookshop import Refused
from catalog_bridge.rules.plain_text import collapsed, one_line
from catalog_bridge.rules.pricing import tax_by_rate
from catalog_bridge.rules.services import Charged
from protocols.model.customer import Customer
from protocols.model.invoice import Bill, CreditNote, Invoice, InvoiceLine
from protocols.model.item import Kind
from protocols.model.money import Money, Taxed, total
from protocols.model.order import BookshopOrder
from protocols.model.shipment import Slip, SlipLine

INVOICE_AFTER_DAYS = 14
"""After the first unbilled shipment, where nothing else is set (INV-2 [A])."""

PAYMENT_DAYS = 30
"""[A] what a customer is given to pay, where nothing else is set."""

REASON_LENGTH = 255

NOT_DUE = "Order %(number)s is not complete; what has been sent of it can be invoiced from %(day)s."
NOTHING_SENT = "Nothing of order %(number)s has been sent that an invoice could charge."
TOO_MUCH = "Line %(line)d: at most %(most)d of it can be credited, not %(count)d."
NOTHING_TO_CREDIT = "There is nothing left of invoice %(number)s to credit, or nothing was chosen."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A slip whose parcel has left, and the Norwegian date on which it did."""

    slip: Slip
    on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Where an order stands between shop and customer.

    sent
        Its slips that have left, the first first.
    billed
        Ids of the copies that stand on its invoices.
    invoices
        Those invoices.
    """

    order: BookshopOrder
    customer: Customer
    sent: tuple[Sent, ...]
    billed: frozenset[str] = frozenset()
    invoices: tuple[Invoice, ...] = ()

    @property
    def unbilled(self) -> tuple[Sent, ...]:
        """The shipments with a copy that costs something and stands on no invoice."""
        return tuple(one for one in self.sent if any(_charged(one.slip, self.billed)))

    @property
    def complete(self) -> bool:
        """Whether nothing is to come: all has been sent, or the rest is cancelled (INV-2)."""
        gone = {copy.copy_id for one in self.sent for copy in one.slip.copies}
        return all(copy.copy_id in gone for line in self.order.order.lines for copy in line.copies)


def is_charged(line: Charged) -> bool:
    """Whether the line ever stands on an invoice: what Arts Council Norway has bought costs 0 (ORD-8).

    Services with such a book are charged all the same.
    """
    return any(price.amount for price in (line.unit_price, *(entry.unit_price for entry in line.services)))


def due_on(account: Account, after_days: int = INVOICE_AFTER_DAYS) -> date | None:
    """From when the order may be invoiced; None while there is nothing to charge (INV-2)."""
    dates = [one.on for one in account.unbilled]
    if not dates:
        return None
    return min(dates) if account.complete else min(dates) + timedelta(days=after_days)


def invoice(
    account: Account,
    number: str,
    today: date,
    *,
    after_days: int = INVOICE_AFTER_DAYS,
    payment_days: int = PAYMENT_DAYS,
) -> Invoice:
    """What the order's unbilled shipments cost, on an invoice of its own (INV-1); Refused before due."""
    due, order = due_on(account, after_days), account.order.order
    if due is None:
        raise Refused(NOTHING_SENT, number=account.order.order_number)
    if today < due:
        raise Refused(NOT_DUE, number=account.order.order_number, day=due.isoformat())
    lines = tuple(_lines(account))
    return Invoice(
        number=number,
        order_number=account.order.order_number,
        customer_number=order.customer_number,
        customer_name=account.customer.name,
        organisation_number=account.customer.organisation_number,
        address=account.sent[-1].slip.address,
        lines=lines,
        taxes=_taxes(lines, account.invoices),
        issued_on=today.isoformat(),
        due_on=(today + timedelta(days=payment_days)).isoformat(),
        sent_on=tuple(sorted({one.on.isoformat() for one in account.unbilled})),
        order_name=order.order_name,
        po_number=f"{order.po_number}{order.po_suffix}",
        requisition_id=order.requisition_id,
        ordered_by=order.ordered_by,
        test=order.test,
    )


def credit(
    invoice: Invoice,
    earlier: Sequence[CreditNote],
    quantities: Mapping[int, int],
    number: str,
    today: date,
    reason: str,
) -> CreditNote:
    """A note that gives back so many pieces of these invoice lines; all that is left where none is named.

    All notes of an invoice together never give back more pieces, money or tax than it charged, and exactly as
    much once nothing is left. Refused for more, for nothing, and for a line that the invoice does not have.
    """
    left = remaining(invoice, earlier)
    wanted = {key: count for key, count in (quantities or left).items() if count}
    for key, count in wanted.items():
        if not 0 < count <= left.get(key, 0):
            raise Refused(TOO_MUCH, line=key, most=left.get(key, 0), count=count)
    lines = tuple(
        _credited(line, wanted[line.number], left[line.number], _given_back(line, earlier))
        for line in invoice.lines
        if line.number in wanted
    )
    if not lines:
        raise Refused(NOTHING_TO_CREDIT, number=invoice.number)
    return CreditNote(
        number=number,
        invoice_number=invoice.number,
        order_number=invoice.order_number,
        customer_number=invoice.customer_number,
        customer_name=invoice.customer_name,
        organisation_number=invoice.organisation_number,
        address=invoice.address,
        lines=lines,
        taxes=_taxes_given_back(invoice, earlier, lines),
        issued_on=today.isoformat(),
        order_name=invoice.order_name,
        po_number=invoice.po_number,
        requisition_id=invoice.requisition_id,
        ordered_by=invoice.ordered_by,
        currency=invoice.currency,
        test=invoice.test,
        reason=one_line(collapsed(reason), field="Reason", limit=REASON_LENGTH),
    )


def remaining(invoice: Invoice, earlier: Sequence[CreditNote]) -> dict[int, int]:
    """How many pieces of each invoice line have not been credited, by the line's number."""
    gone: dict[int, int] = defaultdict(int)
    for note in earlier:
        for line in note.lines:
            gone[line.number] += line.quantity
    return {line.number: line.quantity - gone[line.number] for line in invoice.lines}


def _charged(slip: Slip, billed: Collection[str]) -> Iterator[str]:
    """The slip's copies that cost something and have not been charged."""
    for line in slip.lines():
        if is_charged(line):
            yield from (copy.copy_id for copy in line.copies if copy.copy_id not in billed)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cost:
    """What one invoice line is about: pieces of one order line at one price, or one service at one price."""

    product_id: str
    unit_price: Money
    tax_rate: Decimal
    order_line: int = 0
    kind: Kind = Kind.TITLE
    buyer_line: int | None = None


@dataclass(slots=True)
class _Part:
    """What has been sent of it."""

    order_line: int
    description: str
    copies: list[str] = field(default_factory=list)


def _lines(account: Account) -> Iterator[InvoiceLine]:
    """A line for each order line, in however many departments and parcels its copies went; then services.

    A service is one line for all its books, unless the buyer has ordered it on several (SVC-4).
    """
    parts: dict[_Cost, _Part] = {}
    for one in account.unbilled:
        for line in one.slip.lines():
            copies = [copy.copy_id for copy in line.copies if copy.copy_id not in account.billed]
            for cost, description in _costs(line) if copies else ():
                part = parts.setdefault(cost, _Part(line.number, description))
                part.order_line = min(part.order_line, line.number)
                part.copies += copies
    ordered = sorted(parts.items(), key=lambda part: (part[0].kind is Kind.SERVICE, part[1].order_line))
    for number, (cost, part) in enumerate(ordered, start=1):
        yield InvoiceLine(
            number=number,
            order_line=part.order_line,
            product_id=cost.product_id,
            description=part.description,
            quantity=len(part.copies),
            unit_price=cost.unit_price,
            tax_rate=cost.tax_rate,
            line_total=cost.unit_price.times(len(part.copies)),
            copy_ids=tuple(part.copies),
            kind=cost.kind,
            buyer_line=cost.buyer_line,
        )


def _costs(line: SlipLine) -> Iterator[tuple[_Cost, str]]:
    """What the line's copies cost and what it is called: the books, then each service; nothing free."""
    if line.unit_price.amount:
        yield (
            _Cost(
                product_id=line.product_id,
                unit_price=line.unit_price,
                tax_rate=line.tax_rate,
                order_line=line.number,
                kind=line.kind,
            ),
            line.title,
        )
    for entry in line.services:
        if entry.unit_price.amount:
            yield (
                _Cost(
                    product_id=entry.service_id,
                    unit_price=entry.unit_price,
                    tax_rate=entry.tax_rate,
                    kind=Kind.SERVICE,
                    buyer_line=entry.buyer_line,
                ),
                entry.name,
            )


def _taxes(lines: Sequence[InvoiceLine], earlier: Sequence[Bill]) -> tuple[Taxed, ...]:
    """The tax per rate of these lines together with earlier bills, less what those have said (PRICE-5).

    So however often an order is invoiced, all its invoices together are the order's tax to the øre.
    """
    together = tax_by_rate(_charges((*(line for bill in earlier for line in bill.lines), *lines)))
    of_all = {share.rate: share.tax for share in together}
    return tuple(
        replace(share, tax=_less(of_all[share.rate], _told(earlier, share.rate)))
        for share in tax_by_rate(_charges(lines))
    )


def _charges(lines: Iterable[InvoiceLine]) -> Iterator[tuple[Decimal, Money]]:
    return ((line.tax_rate, line.line_total) for line in lines)


def _told(bills: Sequence[Bill], rate: Decimal) -> Decimal:
    """The tax at this rate that the bills have said."""
    shares = (share for bill in bills for share in bill.taxes if share.rate == rate)
    return sum((share.tax.amount for share in shares), Decimal(0))


def _less(tax: Money, told: Decimal) -> Money:
    return Money(tax.amount - told, tax.currency)


def _given_back(line: InvoiceLine, earlier: Sequence[CreditNote]) -> Money:
    notes = (one for note in earlier for one in note.lines if one.number == line.number)
    return total((one.line_total for one in notes), line.line_total.currency)


def _credited(line: InvoiceLine, quantity: int, left: int, before: Money) -> InvoiceLine:
    """So many pieces of the line; the last of it takes what is left of its total, to the øre."""
    rest = Money(line.line_total.amount - before.amount, before.currency)
    part = line.unit_price.times(quantity)
    amount = rest if quantity == left else min(part, rest, key=lambda money: money.amount)
    return replace(line, quantity=quantity, line_total=amount, copy_ids=())


def _taxes_given_back(
    invoice: Invoice, earlier: Sequence[CreditNote], lines: Sequence[InvoiceLine]
) -> tuple[Taxed, ...]:
    """The tax per rate: never more than the invoice's, and all that is left of it with the last piece."""
    left = remaining(invoice, earlier)
    now = {line.number: line.quantity for line in lines}
    open_rates = {line.tax_rate for line in invoice.lines if left[line.number] > now.get(line.number, 0)}
    most = {share.rate: _less(share.tax, _told(earlier, share.rate)) for share in invoice.taxes}
    return tuple(
        replace(share, tax=min(share.tax, most[share.rate], key=_amount))
        if share.rate in open_rates
        else replace(share, tax=most[share.rate])
        for share in _taxes(lines, earlier)
    )


def _amount(money: Money) -> Decimal:
    return money.amount
