"""An Order is read by names, whatever else is in it; what makes no order is refused with its place."""

from dataclasses import replace
from decimal import Decimal

import pytest

from protocols.errors import Malformed, NotAcceptable, NotSupported, TooLarge
from protocols.model.finding import Severity
from protocols.model.money import Money
from protocols.model.order import OrderLine
from protocols.peppol import order
from protocols.peppol.identifiers import EHF_ORDERING, ORDERING, PROFILES, recognised
from protocols.peppol.lines import MOST_LINES
from protocols.peppol.order import PLACES
from protocols.xml import parse_untrusted
from tests.protocols.peppol.made import BUYER, LINE, SHOP, line, opened, parsed, written

GIVEN = {
    "seller": "<cac:SellersItemIdentification><cbc:ID>{}</cbc:ID></cac:SellersItemIdentification>",
    "standard": (
        '<cac:StandardItemIdentification><cbc:ID schemeID="0160">{}</cbc:ID></cac:StandardItemIdentification>'
    ),
}
PER_UNIT = (
    '<cac:Price><cbc:PriceAmount currencyID="NOK">120.00</cbc:PriceAmount>'
    '<cbc:BaseQuantity unitCode="{}">1</cbc:BaseQuantity></cac:Price>'
)


def only(item="", **parts):
    """The one line of an order with this in its Item."""
    read, codes = parsed(written(line(item, **parts)))
    return read.lines[0], codes


def refused(document, error=Malformed):
    """The refusal of this document."""
    with pytest.raises(error) as caught:
        order.parse(opened(document))
    return caught.value


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_every_pair_that_an_order_may_carry_is_known(profile):
    """Three of the BIS and two of EHF, by both identifiers exactly."""
    assert recognised(profile.customization_id, profile.profile_id) is profile


@pytest.mark.parametrize(
    ("customization", "profile", "where"),
    [
        ("", ORDERING.profile_id, "CustomizationID"),
        (f"{ORDERING.customization_id} ", ORDERING.profile_id, "CustomizationID"),
        (f"{ORDERING.customization_id}.1", ORDERING.profile_id, "CustomizationID"),
        (ORDERING.customization_id.upper(), ORDERING.profile_id, "CustomizationID"),
        ("urn:fdc:peppol.eu:poacc:trns:order_change:3", ORDERING.profile_id, "CustomizationID"),
        (ORDERING.customization_id, "", "ProfileID"),
        (ORDERING.customization_id, "urn:fdc:peppol.eu:poacc:bis:order_agreement:3", "ProfileID"),
        (ORDERING.customization_id, EHF_ORDERING.profile_id, "ProfileID"),
        (EHF_ORDERING.customization_id, ORDERING.profile_id, "ProfileID"),
    ],
)
def test_unknown_identifiers_are_refused_and_never_guessed(customization, profile, where):
    """The refusal names the place, and what is served."""
    with pytest.raises(NotSupported) as caught:
        recognised(customization, profile)
    assert caught.value.where == f"/Order/cbc:{where}"
    served = ORDERING.customization_id if where == "CustomizationID" else "urn:fdc:"
    assert served in caught.value.detail


def test_another_document_is_refused_by_name():
    """A cart is no order."""
    error = refused("<Catalogue/>", NotSupported)
    assert "Catalogue is not offered here" in error.detail
    assert error.where == "/Catalogue"


def test_an_order_of_no_ubl_is_refused():
    """The name alone does not make it ours."""
    refused("<Order/>", NotSupported)


def test_prefixes_and_places_do_not_matter():
    """Names are read with their namespaces, wherever they stand and however they are prefixed."""
    plain = written(rest="<cbc:CustomerReference>4410</cbc:CustomerReference>")
    other = plain.replace("cbc:", "a:").replace(":cbc", ":a").replace("cac:", "b:").replace(":cac", ":b")
    assert parsed(other)[0] == parsed(plain)[0]
    assert parsed(plain)[0].references.customer_reference == "4410"


def test_a_doctype_with_a_subset_is_refused():
    """Entities are never read."""
    with pytest.raises(NotAcceptable):
        parse_untrusted(f'<!DOCTYPE Order [<!ENTITY a "b">]>{written()}'.encode(), "application/xml")


@pytest.mark.parametrize(
    ("document", "where"),
    [
        (written(number=""), "/Order/cbc:ID"),
        (written(number=f"<cbc:ID>{'9' * 256}</cbc:ID>"), "/Order/cbc:ID"),
        (written(lines=""), "/Order/cac:OrderLine"),
        (written(lines="<cac:OrderLine/>"), "/Order/cac:OrderLine"),
        (written(line(quantity="two")), "/Order/cac:OrderLine/cac:LineItem/cbc:Quantity"),
        (written(line() + line(quantity="-1")), "/Order/cac:OrderLine[2]/cac:LineItem/cbc:Quantity"),
        (written(line(quantity="1,5")), "/Order/cac:OrderLine/cac:LineItem/cbc:Quantity"),
    ],
)
def test_what_makes_no_order_is_refused_with_its_place(document, where):
    """No number, no lines, no item, a quantity below zero or that could be misread."""
    assert refused(document).where == where


@pytest.mark.parametrize(
    ("sent", "read"),
    [("3.0000000000", "3"), ("+3", "3"), ("3.", "3"), (".5", "0.5"), ("1.500000000", "1.5"), ("0", "0")],
)
def test_a_quantity_is_read_in_every_spelling_of_a_decimal(sent, read):
    """Zeros behind the point count as nothing; a person looks at none at all (design §4.7)."""
    assert only(quantity=sent)[0].quantity == Decimal(read)


@pytest.mark.parametrize("instead", ["", '<cbc:Quantity unitCode="C62"/>'])
def test_a_line_without_a_quantity_asks_for_none(instead):
    """The element may be missing, or empty."""
    document = written().replace('<cbc:Quantity unitCode="C62">2</cbc:Quantity>', instead)
    assert parsed(document)[0].lines[0].quantity == 0


@pytest.mark.parametrize("sent", ["1000000000", "0.0000001", "9" * 40, "1." + "0" * 40, ".", "+", "1e3"])
def test_a_quantity_that_nobody_means_is_refused(sent):
    """Nine digits and six decimals are enough for anybody."""
    assert refused(written(line(quantity=sent))).where.endswith("cbc:Quantity")


@pytest.mark.parametrize(
    ("quantity", "rule"),
    [("-1", "PEPPOL-T01-R004"), ("-0.5", "PEPPOL-T01-R004"), ("1,5", ""), ("-x", "")],
)
def test_a_refused_quantity_names_the_rule_that_it_breaks(quantity, rule):
    """The official sheets mind a negative one; what is no number is our own refusal."""
    assert refused(written(line(quantity=quantity))).rule == rule


@pytest.mark.parametrize("amount", ["1.234,50", "NOK 5", "1e3"])
def test_an_amount_that_could_be_misread_is_refused(amount):
    """Nobody may guess about money."""
    price = f'<cac:Price><cbc:PriceAmount currencyID="NOK">{amount}</cbc:PriceAmount></cac:Price>'
    error = refused(written(line(inside=price)))
    assert error.where == "/Order/cac:OrderLine/cac:LineItem/cac:Price/cbc:PriceAmount"


def test_a_price_per_nothing_is_refused():
    """A base quantity of zero makes no price."""
    price = (
        '<cac:Price><cbc:PriceAmount currencyID="NOK">5</cbc:PriceAmount>'
        "<cbc:BaseQuantity>0</cbc:BaseQuantity></cac:Price>"
    )
    assert refused(written(line(inside=price))).where.endswith("cbc:BaseQuantity")


def test_more_lines_than_any_honest_order_has_are_refused():
    """Ten thousand are read, not one more."""
    refused(written(LINE * (MOST_LINES + 1)), TooLarge)


def test_item_number_and_line_token_come_apart():
    """They went out as one seller's number, the token behind the mark (design §4.3)."""
    made, _ = only(GIVEN["seller"].format("9788203187568~0123456789ABCDEFGHJK"))
    assert (made.product_id, made.line_token) == ("9788203187568", "0123456789ABCDEFGHJK")


def test_a_standard_number_stands_beside_ours():
    """Which of the two is meant is not decided here."""
    made, _ = only(GIVEN["seller"].format("BS-1") + GIVEN["standard"].format("9788203187568"))
    assert (made.product_id, made.standard_id) == ("BS-1", "9788203187568")


def test_a_standard_number_alone_is_the_item():
    """Buyers who know the ISBN need no number of ours."""
    made, codes = only(GIVEN["standard"].format("9788203187568"))
    assert made.product_id == "9788203187568"
    assert "line.incomplete" not in codes


def test_a_line_without_any_number_is_told():
    """It may still be found by the cart's line."""
    made, codes = only()
    assert made.product_id == ""
    assert "line.incomplete" in codes


@pytest.mark.parametrize(("unit", "read"), [("C62", "EA"), ("EA", "EA"), ("H87", "EA"), ("BX", "BX")])
def test_all_words_for_pieces_are_one(unit, read):
    """A returned cart says EA; what is no piece keeps its own word."""
    document = written(LINE.replace('"C62"', f'"{unit}"'))
    assert parsed(document)[0].lines[0].unit == read


def test_a_price_for_several_is_the_price_of_one():
    """Two hundred for four is fifty each."""
    price = (
        '<cac:Price><cbc:PriceAmount currencyID="NOK">200</cbc:PriceAmount>'
        '<cbc:BaseQuantity unitCode="C62">4</cbc:BaseQuantity></cac:Price>'
    )
    assert only(inside=price)[0].unit_price == Money(Decimal("50.0000"))


def test_a_price_that_does_not_divide_is_told():
    """Ten for three is rounded to four places."""
    price = (
        '<cac:Price><cbc:PriceAmount currencyID="NOK">10</cbc:PriceAmount>'
        '<cbc:BaseQuantity unitCode="C62">3</cbc:BaseQuantity></cac:Price>'
    )
    made, codes = only(inside=price)
    assert made.unit_price == Money(Decimal("3.3333"))
    assert "value.replaced" in codes


@pytest.mark.parametrize("unit", ["EA", "H87", "", "C62"])
def test_a_price_for_a_piece_is_one_whatever_the_word_for_it(unit):
    """Line and price may use two words for the same; a price without a unit is for that of its line."""
    assert only(inside=PER_UNIT.format(unit))[0].unit_price == Money(Decimal("120.00"))


@pytest.mark.rule("PRICE-6", way="punchout")
def test_a_price_for_another_unit_is_no_price_of_the_line():
    """What a box costs says nothing about a book until somebody says how many are in it."""
    read, findings = order.parse(opened(written(line(inside=PER_UNIT.format("BX")))))
    assert read.lines[0].unit_price is None
    (told,) = [entry for entry in findings if entry.code == "price.unit"]
    assert (told.severity, told.where, told.got) == (
        Severity.ERROR,
        "/Order/cac:OrderLine/cac:LineItem/cac:Price/cbc:BaseQuantity",
        "120.00 NOK for 1 BX",
    )


def test_lines_keep_their_own_ids_and_get_numbers():
    """An id that is no number, or that stands there twice, gets a free one; the id itself is kept."""
    lines = "".join(line(id_=id_) for id_ in ("10", "A", "10"))
    read, codes = parsed(written(lines))
    assert [(made.number, made.line_id) for made in read.lines] == [(10, "10"), (2, "A"), (3, "10")]
    assert "line.number" in codes


def test_ids_that_are_no_numbers_need_no_finding():
    """UBL wants an id, not a number."""
    assert "line.number" not in parsed(written(line(id_="A") + line(id_="B")))[1]


def test_the_line_of_a_quotation_is_read():
    """The ladder's second step."""
    document = written(line(around="")).replace(
        "</cac:LineItem></cac:OrderLine>",
        "</cac:LineItem><cac:QuotationLineReference><cbc:LineID>12</cbc:LineID></cac:QuotationLineReference>"
        "</cac:OrderLine>",
    )
    assert parsed(document)[0].lines[0].quote_line == 12


@pytest.mark.rule("DIST-8", way="punchout")
def test_distribution_that_comes_back_is_kept_and_nothing_more():
    """The properties are the buyer's words, like any other; no copy comes of them."""
    named = (
        "<cac:AdditionalItemProperty><cbc:Name>DistributionBranch</cbc:Name><cbc:Value>BJØ</cbc:Value>"
        "</cac:AdditionalItemProperty>"
    )
    made, _ = only(named)
    assert [(entry.name, entry.value) for entry in made.extrinsics] == [("DistributionBranch", "BJØ")]
    assert made.accounting == ()


@pytest.mark.parametrize(
    ("code", "kind"), [("", "regular"), ("220", "regular"), ("105", "regular"), ("221", "221"), ("x", "x")]
)
def test_order_types_that_need_a_person_keep_their_code(code, kind):
    """220 and 105 are orders; whatever else comes is looked at."""
    head = f"<cbc:OrderTypeCode>{code}</cbc:OrderTypeCode>" if code else ""
    assert parsed(written(head=head))[0].order_kind == kind


def test_an_order_without_validity_is_noted():
    """Peppol only warns of it, so that it is no more than a note."""
    findings = order.parse(opened(written()))[1]
    (noted,) = [entry for entry in findings if entry.where == "/Order/cac:ValidityPeriod/cbc:EndDate"]
    assert (noted.code, noted.severity) == ("value.missing", Severity.NOTE)


def test_another_currency_is_told():
    """The shop sells in kroner."""
    document = written().replace("Code>NOK<", "Code>EUR<")
    assert "currency.changed" in parsed(document)[1]


def test_the_cart_is_named_by_the_quotation_before_the_catalogue():
    """Some buyers name the cart as a catalogue."""
    catalogue = "<cac:CatalogueReference><cbc:ID>C1</cbc:ID></cac:CatalogueReference>"
    quotation = "<cac:QuotationDocumentReference><cbc:ID>Q1</cbc:ID></cac:QuotationDocumentReference>"
    assert parsed(written(rest=catalogue))[0].supplier_order_id == "C1"
    assert parsed(written(rest=catalogue + quotation))[0].supplier_order_id == "Q1"


def test_a_cart_named_as_a_catalogue_is_so_when_it_is_built_again():
    """Nothing becomes a quotation; with a quotation beside it the catalogue is only a catalogue."""
    quotation = "<cac:QuotationDocumentReference><cbc:ID>Q1</cbc:ID></cac:QuotationDocumentReference>"
    catalogue = "<cac:CatalogueReference><cbc:ID>C1</cbc:ID></cac:CatalogueReference>"
    assert parsed(written(rest=quotation + catalogue))[0].references.catalogue == ""
    read, _ = parsed(written(rest=catalogue))
    built = order.build(replace(read, buyer=BUYER, seller=SHOP), ORDERING)
    assert b"Quotation" not in built
    assert parsed(built)[0].references == read.references


def at_street(street):
    """A place that only its text names."""
    address = f"<cac:Address><cbc:StreetName>{street}</cbc:StreetName></cac:Address>"
    return f"<cac:DeliveryLocation>{address}</cac:DeliveryLocation>"


def delivery(*parts):
    """A Delivery with these parts."""
    return f"<cac:Delivery>{''.join(parts)}</cac:Delivery>"


LOCATION = "<cac:DeliveryLocation><cbc:ID>{}</cbc:ID></cac:DeliveryLocation>"
RECEIVER = (
    "<cac:DeliveryParty><cac:PartyIdentification><cbc:ID>{}</cbc:ID></cac:PartyIdentification>"
    "</cac:DeliveryParty>"
)


@pytest.mark.parametrize(
    ("parts", "place", "recipient"),
    [
        ([RECEIVER.format("1002")], "1002", "1002"),
        ([LOCATION.format("1001"), RECEIVER.format("1002")], "1001", "1002"),
        ([LOCATION.format("1001")], "1001", ""),
    ],
)
def test_the_recipient_s_code_is_that_of_the_place_where_nothing_else_names_it(parts, place, recipient):
    """In the header and on a line; beside a place of its own it is kept, to be compared."""
    of_header, _ = parsed(written(rest=delivery(*parts)))
    (of_line,) = parsed(written(line(inside=delivery(*parts))))[0].lines
    for read in (of_header, of_line):
        assert (read.ship_to.address_id, read.recipient) == (place, recipient)


@pytest.mark.parametrize(
    ("first", "second", "severity"),
    [
        (LOCATION.format("1001"), LOCATION.format("1002"), Severity.ERROR),
        (LOCATION.format("1001"), RECEIVER.format("1002"), Severity.ERROR),
        (at_street("Storgata 1"), at_street("Storgata 2"), Severity.ERROR),
        ("<cbc:ID/>", LOCATION.format("1002"), Severity.ERROR),
        (LOCATION.format("1001"), LOCATION.format("1001"), Severity.WARNING),
        (LOCATION.format("1001"), "<cbc:ID/>", Severity.WARNING),
    ],
)
def test_a_second_delivery_waits_for_a_person_where_it_names_another_place(first, second, severity):
    """Goods would go to the first one, and nobody knows which was meant."""
    findings = order.parse(opened(written(rest=delivery(first) + delivery(second))))[1]
    (told,) = [entry for entry in findings if entry.where.endswith("cac:Delivery[2]")]
    code = "address.several" if severity is Severity.ERROR else "field.repeated"
    assert (told.code, told.severity) == (code, severity)


@pytest.mark.parametrize("amount", ["1.123456", "1.234,50", "NOK 5"])
@pytest.mark.parametrize(
    ("around", "name"),
    [("TaxTotal", "TaxAmount"), ("AnticipatedMonetaryTotal", "LineExtensionAmount")],
)
def test_an_amount_that_is_only_compared_is_told_where_it_cannot_be(around, name, amount):
    """Nobody is turned away for it; the prices of lines stay strict."""
    total = f'<cac:{around}><cbc:{name} currencyID="NOK">{amount}</cbc:{name}></cac:{around}>'
    read, findings = order.parse(opened(written(rest=total)))
    (told,) = [entry for entry in findings if entry.where == f"/Order/cac:{around}/cbc:{name}"]
    assert (told.code, told.got, read.tax, read.total) == ("value.missing", amount, None, None)


def test_card_data_is_told_and_not_read():
    """As in cXML."""
    card = (
        "<cac:PaymentMeans><cbc:PaymentMeansCode>48</cbc:PaymentMeansCode><cac:CardAccount>"
        "<cbc:PrimaryAccountNumberID>4111</cbc:PrimaryAccountNumberID></cac:CardAccount></cac:PaymentMeans>"
    )
    assert "payment.dropped" in parsed(written(rest=card))[1]


def test_places_of_a_finding_are_those_of_their_document():
    """A line is named by the buyer's own id."""
    made = OrderLine(number=2, line_id="A-7", product_id="", quantity=Decimal(1))
    assert PLACES.of(made, PLACES.quantity) == (
        "Order/cac:OrderLine[cac:LineItem/cbc:ID='A-7']/cac:LineItem/cbc:Quantity"
    )
