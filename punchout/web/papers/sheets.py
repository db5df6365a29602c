"""What stands on a paper, in the language of the request: words and numbers as people read them.

Page and PDF are both made of these, so that neither holds anything that the other does not.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from punchout.catalogues import marked
from punchout.web.language import money, number, say
from punchout.web.papers.words import iso_day, postal, shelf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocols.model.distribution import Copy
    from protocols.model.invoice import Bill, CreditNote, Invoice, InvoiceLine
    from protocols.model.shipment import Consignment, Parcel, Slip, SlipGroup, SlipLine


@dataclass(frozen=True, slots=True)
class Fact:
    """A name and what is said under it; never empty."""

    name: str
    value: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CopyRow:
    """One copy: what it is called, and where in its department it goes; empty where nobody said."""

    copy_id: str
    barcode: str
    shelf: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipRow:
    """A title for one department; ``sent`` copies are in the parcel, ``to_come`` are not yet."""

    title: str
    about: tuple[str, ...]
    sent: int
    to_come: int
    copies: tuple[CopyRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Department:
    """Everything for one department of one branch; ``place`` names both (SHIP-2)."""

    place: str
    rows: tuple[SlipRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class BillRow:
    """A line of an invoice or credit note; amounts with their currency."""

    title: str
    about: str
    quantity: int
    unit_price: str
    tax: str
    sum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """What all papers have.

    kind, number
        Its heading: ``Faktura`` ``90001``.
    order_name
        As the facts have it, for where a sheet goes on (CHK-2).
    to_name, to
        The heading of the address, and its lines.
    day
        ISO date on which it was written.
    """

    kind: str
    number: str
    order_name: str
    test: bool
    to_name: str
    to: tuple[str, ...]
    facts: tuple[Fact, ...]
    day: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SlipSheet(Sheet):
    """A packing slip (SHIP-4)."""

    departments: tuple[Department, ...]
    closing: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BillSheet(Sheet):
    """An invoice or a credit note; ``sums`` lead to the ``total`` (INV-3, INV-4)."""

    rows: tuple[BillRow, ...]
    sums: tuple[Fact, ...]
    total: Fact


def of_slip(slip: Slip, travels: Consignment | Parcel) -> SlipSheet:
    """The packing slip, and how its parcel travels."""
    facts = (
        *_references(slip),
        (say(marked("Parcel")), slip.parcel_number),
        (say(marked("Packed")), iso_day(slip.packed_on)),
        (say(marked("Tracking number")), travels.tracking),
        (say(marked("SSCC")), travels.sscc),
    )
    packed = say(marked("Copies in the parcel: %(count)d")) % {"count": len(slip.copies)}
    to_come = say(marked("Copies still to come: %(count)d")) % {"count": slip.outstanding}
    return SlipSheet(
        kind=say(marked("Packing slip")),
        number=slip.order_number,
        order_name=slip.order_name,
        test=slip.test,
        to_name=say(marked("Delivery address")),
        to=_to(slip),
        facts=_said(facts),
        day=slip.packed_on,
        departments=tuple(map(_department, slip.groups)),
        closing=f"{packed} · {to_come}",
    )


def of_invoice(invoice: Invoice, bank_account: str) -> BillSheet:
    """The invoice, with what it takes to pay it."""
    facts = (
        *_references(invoice),
        (say(marked("Organisation number")), invoice.organisation_number),
        (say(marked("Invoice date")), iso_day(invoice.issued_on)),
        (say(marked("Delivered")), ", ".join(map(iso_day, invoice.sent_on))),
        (say(marked("To be paid by")), iso_day(invoice.due_on)),
        (say(marked("To account")), bank_account),
    )
    return _bill(invoice, say(marked("Invoice")), facts, say(marked("To be paid")))


def of_credit_note(note: CreditNote) -> BillSheet:
    """The credit note, and which invoice it is about (INV-4)."""
    facts = (
        (say(marked("Credits invoice")), note.invoice_number),
        *_references(note),
        (say(marked("Date")), iso_day(note.issued_on)),
        (say(marked("Reason")), note.reason),
    )
    return _bill(note, say(marked("Credit note")), facts, say(marked("In your favour")))


def _bill(bill: Bill, kind: str, facts: tuple[tuple[str, str], ...], of_total: str) -> BillSheet:
    return BillSheet(
        kind=kind,
        number=bill.number,
        order_name=bill.order_name,
        test=bill.test,
        to_name=say(marked("To")),
        to=_to(bill),
        facts=_said(facts),
        day=bill.issued_on,
        rows=tuple(map(_bill_row, bill.lines)),
        sums=tuple(_sums(bill)),
        total=Fact(of_total, money(bill.total)),
    )


def _said(facts: tuple[tuple[str, str], ...]) -> tuple[Fact, ...]:
    return tuple(Fact(name, value) for name, value in facts if value)


def _references(paper: Slip | Bill) -> Iterator[tuple[str, str]]:
    yield say(marked("Our order number")), paper.order_number
    yield say(marked("Order name")), paper.order_name
    yield say(marked("PO number")), paper.po_number
    yield say(marked("Requisition number")), paper.requisition_id
    yield say(marked("Ordered by")), paper.ordered_by
    yield say(marked("Customer number")), paper.customer_number


def _to(paper: Slip | Bill) -> tuple[str, ...]:
    return (paper.customer_name, *(line for line in postal(paper.address) if line != paper.customer_name))


def _department(group: SlipGroup) -> Department:
    branch = f"{group.branch_code} {group.branch_name}".strip()
    department = f"{group.department_code} {group.department_name}".strip()
    named = " → ".join(filter(None, (branch, department)))
    place = named if group.assigned else say(marked("Without distribution"))
    return Department(place=place, rows=tuple(map(_slip_row, group.lines)))


def _slip_row(line: SlipLine) -> SlipRow:
    facts = " · ".join(filter(None, (line.by, line.product_id)))
    done = ", ".join(entry.name for entry in line.services)
    services = f"{say(marked('Services:'))} {done}" if done else ""
    note = f"{say(marked('Note:'))} {line.note}" if line.note else ""
    return SlipRow(
        title=line.title,
        about=tuple(filter(None, (facts, services, note))),
        sent=line.quantity,
        to_come=line.outstanding,
        copies=tuple(map(_copy_row, line.copies)),
    )


def _copy_row(copy: Copy) -> CopyRow:
    return CopyRow(copy_id=copy.copy_id, barcode=copy.barcode, shelf=shelf(copy))


def _bill_row(line: InvoiceLine) -> BillRow:
    return BillRow(
        title=line.description,
        about=line.product_id,
        quantity=line.quantity,
        unit_price=money(line.unit_price),
        tax=f"{number(line.tax_rate)} %",
        sum=money(line.line_total),
    )


def _sums(bill: Bill) -> Iterator[Fact]:
    yield Fact(say(marked("Sum, tax excluded")), money(bill.net))
    for share in bill.taxes:
        values = {"rate": number(share.rate), "net": money(share.net)}
        yield Fact(say(marked("Tax %(rate)s %% of %(net)s")) % values, money(share.tax))
