"""Slips and bills for papers, and the request whose language they are written in."""

from contextlib import contextmanager
from dataclasses import replace
from decimal import Decimal

from flask import Flask

from protocols.model.invoice import CreditNote, Invoice, InvoiceLine
from protocols.model.money import Money, Taxed
from protocols.model.shipment import Consignment
from punchout.config import ShopFacts
from punchout.web import language
from punchout.web.papers import pdf, sheets
from tests.catalog_bridge.rules.shipped import ADDRESS, PLACES, ids, line, order, packed

SHOP = ShopFacts(
    name="Testbokhandelen",
    organisation_number="999999999",
    address="Bokveien 1, 9990 Eksempelby",
    bank_account="0000 00 00000",
)
_BARE = Flask(__name__)


@contextmanager
def spoken(locale="nb"):
    """A request in this language."""
    with _BARE.test_request_context():
        language.use(locale)
        yield


def typeset(*made, locale="nb", title="Papirer"):
    """The PDF of what these functions make of nothing: sheets in this language."""
    with spoken(locale):
        return pdf.typeset([make() for make in made], SHOP, title=title)


def slip_of(*lines, **facts):
    """The slip of a whole order of these lines."""
    placed = order(*lines, **facts)
    return packed(placed, lines, ids(placed))


def long_slip(**facts):
    """420 copies: seven of each of ten titles for each of six places."""
    return slip_of(*(line(number, *PLACES * 7) for number in range(1, 11)), **facts)


def slip_sheet(slip, **travels):
    """What makes the slip's sheet."""
    return lambda: sheets.of_slip(slip, Consignment(slip=slip, **travels))


def titled(slip, title):
    """The slip with this title on every line."""
    groups = (
        replace(group, lines=tuple(replace(each, title=title) for each in group.lines))
        for group in slip.groups
    )
    return replace(slip, groups=tuple(groups))


def nok(text):
    """So many kroner."""
    return Money(Decimal(text))


_LINES = (
    InvoiceLine(
        number=1,
        order_line=1,
        product_id="9788205000001",
        description="Ti små støvler",
        quantity=3,
        unit_price=nok("399.00"),
        tax_rate=Decimal(0),
        line_total=nok("1197.00"),
    ),
    InvoiceLine(
        number=2,
        order_line=2,
        product_id="FIKS",
        description="Klargjøring",
        quantity=3,
        unit_price=nok("39.00"),
        tax_rate=Decimal(25),
        line_total=nok("117.00"),
    ),
)
_BILL = {
    "order_number": "1001",
    "customer_number": "100234",
    "customer_name": "Testby bibliotek",
    "address": ADDRESS,
    "lines": _LINES,
    "taxes": (
        Taxed(rate=Decimal(0), net=nok("1197.00"), tax=nok("0.00")),
        Taxed(rate=Decimal(25), net=nok("117.00"), tax=nok("29.25")),
    ),
    "issued_on": "2026-03-02",
    "order_name": "Barnebøker påske",
    "po_number": "PO-7",
    "requisition_id": "R-9",
    "ordered_by": "Åse Ørnes",
}


def invoice(**facts):
    """An invoice over 1197.00 free of tax and 117.00 at 25 %."""
    made = {"number": "90001", "due_on": "2026-04-01", "sent_on": ("2026-02-27",)}
    return Invoice(**_BILL, **made, **facts)


def credit_note(**facts):
    """All of that invoice given back."""
    return CreditNote(**_BILL, number="90002", invoice_number="90001", reason="Skadet i posten", **facts)
