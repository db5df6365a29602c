"""Allowances, charges and amounts of an Order: read, and told where they do not follow from each other."""

from decimal import Decimal

import pytest

from protocols.model.finding import Severity
from protocols.model.money import Money
from protocols.model.order import Charge
from protocols.peppol import order
from tests.protocols.peppol.made import line, opened, parsed, written

LINE_AMOUNT = "/Order/cac:OrderLine/cac:LineItem/cbc:LineExtensionAmount"
TOTALS = "/Order/cac:AnticipatedMonetaryTotal"


def money(tag, amount):
    """An amount in kroner."""
    return f'<cbc:{tag} currencyID="NOK">{amount}</cbc:{tag}>'


def charge(indicator, amount="500.00", reason="Frakt"):
    """An AllowanceCharge."""
    return (
        f"<cac:AllowanceCharge><cbc:ChargeIndicator>{indicator}</cbc:ChargeIndicator>"
        f"<cbc:AllowanceChargeReason>{reason}</cbc:AllowanceChargeReason>"
        f"{money('Amount', amount) if amount else ''}</cac:AllowanceCharge>"
    )


def price(amount="100.00", base="1"):
    """A Price for so many."""
    return (
        f"<cac:Price>{money('PriceAmount', amount)}"
        f'<cbc:BaseQuantity unitCode="C62">{base}</cbc:BaseQuantity></cac:Price>'
    )


def totals(**amounts):
    """The expected totals."""
    parts = "".join(money(tag, amount) for tag, amount in amounts.items())
    return f"<cac:AnticipatedMonetaryTotal>{parts}</cac:AnticipatedMonetaryTotal>"


def differing(document):
    """Place and due amount of each amount that does not follow."""
    findings = order.parse(opened(document))[1]
    return [(entry.where, entry.expected) for entry in findings if entry.code == "amount.differs"]


@pytest.mark.parametrize(
    ("indicator", "amount", "read", "added"),
    [
        ("false", "500.00", Charge(amount=Money(Decimal(500)), allowance=True, reason="Frakt"), "-500"),
        ("0", "500.00", Charge(amount=Money(Decimal(500)), allowance=True, reason="Frakt"), "-500"),
        ("true", "49.50", Charge(amount=Money(Decimal("49.50")), reason="Frakt"), "49.50"),
        ("", "1", Charge(amount=Money(Decimal(1)), reason="Frakt"), "1"),
        ("false", "", Charge(amount=None, allowance=True, reason="Frakt"), "0"),
    ],
)
def test_what_is_laid_on_order_and_line_is_read(indicator, amount, read, added):
    """With its direction and reason, also where it has no amount."""
    made, codes = parsed(written(line(inside=charge(indicator, amount)), rest=charge(indicator, amount)))
    assert made.charges == made.lines[0].charges == (read,)
    assert read.added == Decimal(added)
    assert codes.count("value.missing") == parsed(written())[1].count("value.missing") + (not indicator) * 2


@pytest.mark.parametrize(
    ("inside", "due"),
    [
        (price() + money("LineExtensionAmount", "200.00"), []),
        (price() + money("LineExtensionAmount", "200.02"), []),
        (price() + money("LineExtensionAmount", "150.00"), [(LINE_AMOUNT, "200.00 NOK")]),
        (price() + charge("false", "50.00") + money("LineExtensionAmount", "150.00"), []),
        (
            price() + charge("true", "50.00") + money("LineExtensionAmount", "200"),
            [(LINE_AMOUNT, "250.00 NOK")],
        ),
        (price("10", "3") + money("LineExtensionAmount", "6.67"), []),
        (money("LineExtensionAmount", "200.00"), [(LINE_AMOUNT, "a Price that it follows from")]),
        (price(), []),
    ],
)
def test_a_line_s_amount_follows_from_price_quantity_and_charges(inside, due):
    """As rule R024 has it, two øre give or take; never trusted, but told."""
    assert differing(written(line(inside=inside))) == due


@pytest.mark.parametrize(
    ("tax", "told", "due"),
    [
        ("", {"PayableAmount": "200.00"}, []),
        ("50.00", {"PayableAmount": "250.00"}, []),
        ("50.00", {"PayableAmount": "200.00"}, []),
        ("50.00", {"PayableAmount": "90.00"}, [("PayableAmount", "250.00 NOK")]),
        ("", {"TaxInclusiveAmount": "250.00", "PayableAmount": "250.00"}, []),
        (
            "50.00",
            {"TaxInclusiveAmount": "260.00", "PayableAmount": "260"},
            [("TaxInclusiveAmount", "250.00 NOK")],
        ),
        ("", {"TaxExclusiveAmount": "150.00"}, [("TaxExclusiveAmount", "200.00 NOK")]),
        ("", {"AllowanceTotalAmount": "50.00"}, [("AllowanceTotalAmount", "0.00 NOK")]),
        ("", {"ChargeTotalAmount": "50.00"}, [("ChargeTotalAmount", "0.00 NOK")]),
        ("", {"PrepaidAmount": "10", "PayableRoundingAmount": "0.40", "PayableAmount": "190.40"}, []),
    ],
)
def test_totals_follow_from_the_sum_of_the_lines(tax, told, due):
    """As the official rules have it; a total without tax may be what is to be paid."""
    taxed = f"<cac:TaxTotal>{money('TaxAmount', tax)}</cac:TaxTotal>" if tax else ""
    document = written(rest=taxed + totals(LineExtensionAmount="200.00", **told))
    assert differing(document) == [(f"{TOTALS}/cbc:{tag}", amount) for tag, amount in due]


def test_totals_count_what_is_laid_on_the_order():
    """A charge of 500 and an allowance of 100."""
    laid_on = charge("true") + charge("false", "100.00")
    sums = {"LineExtensionAmount": "200.00", "AllowanceTotalAmount": "100.00", "ChargeTotalAmount": "500.00"}
    assert differing(written(rest=laid_on + totals(**sums, PayableAmount="600.00"))) == []
    assert len(differing(written(rest=laid_on + totals(**sums, PayableAmount="200.00")))) == 1


@pytest.mark.parametrize("amount", ["1 234,50", "1e3", "-", "12.345678"])
def test_an_amount_that_is_only_compared_is_told_and_not_refused_when_it_is_not_plain(amount):
    """What is invoiced does not depend on it."""
    inside = price() + money("LineExtensionAmount", amount)
    document = written(line(inside=inside), rest=totals(LineExtensionAmount="200.00", PayableAmount=amount))
    plain = "a plain number and its currencyID"
    assert differing(document) == [(f"{TOTALS}/cbc:PayableAmount", plain), (LINE_AMOUNT, plain)]


def test_nothing_follows_without_a_sum_of_the_lines():
    """What is to be paid is then the buyer's own affair."""
    assert differing(written(rest=totals(PayableAmount="200.00"))) == []


ID = "<cbc:ID>1</cbc:ID>"
TERMS = "<cac:PaymentTerms><cbc:Note>90 dager</cbc:Note></cac:PaymentTerms>"


def unread(document):
    """Place and severity of what nothing reads."""
    findings = order.parse(opened(document))[1]
    return [(entry.where, entry.severity) for entry in findings if entry.code == "value.unread"]


@pytest.mark.parametrize(
    ("document", "where", "severity"),
    [
        (written(rest=TERMS), "/Order/cac:PaymentTerms", Severity.WARNING),
        (
            written(rest=f"<cac:DeliveryTerms>{ID}</cac:DeliveryTerms>"),
            "/Order/cac:DeliveryTerms",
            Severity.WARNING,
        ),
        (written(rest=totals(PrepaidAmount="10")), f"{TOTALS}/cbc:PrepaidAmount", Severity.WARNING),
        (
            written(rest=f"<cac:AdditionalDocumentReference>{ID}</cac:AdditionalDocumentReference>"),
            "/Order/cac:AdditionalDocumentReference",
            "note",
        ),
        (written(rest=f"<cac:Item>{ID}</cac:Item>"), "/Order/cac:Item", "note"),
        (written(rest='<x xmlns="urn:odd">1</x>'), "/Order/x", "note"),
        (
            written(line(inside="<cbc:WarrantyInformation>Ja</cbc:WarrantyInformation>")),
            "/Order/cac:OrderLine/cac:LineItem/cbc:WarrantyInformation",
            "note",
        ),
        (
            written(line(inside=f"<cac:Price>{charge('false')}</cac:Price>")),
            "/Order/cac:OrderLine/cac:LineItem/cac:Price/cac:AllowanceCharge",
            "note",
        ),
        (
            written(line() + line("<cbc:Description>Innbundet</cbc:Description>", id_="2")),
            "/Order/cac:OrderLine[2]/cac:LineItem/cac:Item/cbc:Description",
            "note",
        ),
    ],
)
def test_what_nothing_reads_is_told_at_its_place(document, where, severity):
    """Terms of the trade as a warning, all else as a note."""
    assert unread(document) == [(where, severity)]


def test_each_kind_of_what_nothing_reads_is_told_once():
    """A long order says the same on every line; whatever else is told of its lines, this is not lost."""
    warranty = "<cbc:WarrantyInformation>Ja</cbc:WarrantyInformation>"
    lines = "".join(line(inside=warranty, id_=str(number)) for number in range(1, 200))
    ((where, _),) = unread(written(lines))
    assert where == "/Order/cac:OrderLine[1]/cac:LineItem/cbc:WarrantyInformation"


def test_what_says_nothing_is_not_told():
    """An empty element, and the tax, which is the article's."""
    tax = "<cac:ClassifiedTaxCategory><cbc:ID>Z</cbc:ID></cac:ClassifiedTaxCategory>"
    assert (
        unread(written(line(tax), rest="<cac:PaymentTerms><cbc:Note> </cbc:Note></cac:PaymentTerms>")) == []
    )


@pytest.mark.parametrize("text", ["Tittel", ""])
def test_a_description_that_says_no_more_than_the_name_is_none(text):
    """Nothing is lost with it."""
    assert unread(written(line(f"<cbc:Description>{text}</cbc:Description>"))) == []


def test_an_item_without_a_name_has_its_description():
    """It is read where there is no name, and so not told."""
    document = written(line("<cbc:Description>Innbundet</cbc:Description>")).replace(
        "<cbc:Name>Tittel</cbc:Name>", ""
    )
    assert parsed(document)[0].lines[0].description == "Innbundet"
    assert unread(document) == []


def test_what_nothing_reads_is_not_quoted():
    """It may be a card in the wrong place."""
    card = "<cac:CardAccount><cbc:PrimaryAccountNumberID>4111</cbc:PrimaryAccountNumberID></cac:CardAccount>"
    findings = order.parse(opened(written(rest=card + f"<cac:PaymentTerms>{card}</cac:PaymentTerms>")))[1]
    assert [entry.code for entry in findings].count("value.unread") == 2
    assert "4111" not in str(findings)
