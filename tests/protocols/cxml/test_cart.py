"""PunchOutOrderMessage: what goes back to the buyer, and what never does."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from lxml import etree

from protocols.cxml import cart
from protocols.dialects import Measure, Repertoire
from protocols.errors import Malformed, NotAcceptable
from protocols.model.cart import ReturnedCart, ReturnedLine
from protocols.model.distribution import Copy, CopyCodes
from protocols.model.finding import Severity
from protocols.model.money import Money
from protocols.model.party import Extrinsic
from protocols.model.session import Deployment, Operation
from tests.protocols.cxml.made import GENERIC, LATEST, NOON, STAMP, TO_BUYER, opened

LINE = ReturnedLine(
    number=1,
    line_token="0123456789ABCDEFGHJK",
    line_id="line-1",
    product_id="9788299000011",
    description="Blåbær på Sørøya",
    quantity=2,
    unit_price=Money(Decimal("199.00")),
    copies=(Copy(number=1, codes=CopyCodes(branch_code="SECRET-BRANCH")),),
    note="inside note",
)
CART = ReturnedCart(
    quote_id="PS-0123456789ABCDEFGHJK",
    customer_number="100234",
    cart_id="cart",
    frozen_at=NOON,
    valid_until=NOON + timedelta(days=30),
    lines=(LINE,),
)


def build(made=CART, cookie="c", dialect=GENERIC):
    """The document and its findings."""
    return cart.build(made, cookie, TO_BUYER, STAMP, dialect, Deployment.TEST)


def findings(dialect=GENERIC, **changes):
    """What had to be changed in a line with these changes."""
    return build(replace(CART, lines=(replace(LINE, **changes),)), dialect=dialect)[1]


def test_no_secret_passes_through_the_browser():
    """A Message is one-way and seen by the shopper's machine."""
    document, _ = build()
    assert TO_BUYER.sender[0].secret == "never"
    assert b"never" not in document
    assert b"SharedSecret" not in document


@pytest.mark.rule("DIST-8", way="punchout")
def test_distribution_information_is_not_sent():
    """Copies, codes and notes are ours; the line token finds them again."""
    document, _ = build()
    assert b"SECRET-BRANCH" not in document
    assert b"inside note" not in document
    assert b"<SupplierPartAuxiliaryID>0123456789ABCDEFGHJK</SupplierPartAuxiliaryID>" in document


@pytest.mark.rule("FLOW-6")
def test_an_unchanged_cart_says_so_and_has_no_lines():
    """An empty cart alone would delete the buyer's lines in an edit session."""
    document, _ = build(replace(CART, unchanged=True, tax=Money(Decimal(5))))
    message = etree.fromstring(document).find("Message")
    assert [child.tag for child in message] == ["Status", "PunchOutOrderMessage"]
    assert message.find("Status").get("code") == "204"
    assert message.find(".//ItemIn") is None
    assert message.findtext(".//Total/Money") == "0.00"
    assert message.find(".//Tax") is None


def test_an_emptied_cart_is_no_unchanged_one():
    """Who took everything out means it."""
    message, _ = cart.parse(opened(build(replace(CART, lines=()))[0]))
    assert (message.unchanged, message.lines) == (False, ())


def test_total_is_the_sum_of_the_lines_and_tax_stands_beside_it():
    """Buyers add shipping and tax themselves."""
    document, _ = build(replace(CART, tax=Money(Decimal("99.50"))))
    header = etree.fromstring(document).find(".//PunchOutOrderMessageHeader")
    assert header.findtext("Total/Money") == "398.00"
    assert header.findtext("Tax/Money") == "99.50"
    assert header.find("Tax/Description").get("{http://www.w3.org/XML/1998/namespace}lang") == "nb"


def test_books_without_tax_bring_no_tax_element():
    """Norwegian books are zero-rated."""
    assert b"<Tax>" not in build()[0]


def test_every_description_names_its_language():
    """The short name stands inside the long text."""
    document, _ = build(replace(CART, lines=(replace(LINE, short_name="Blåbær"),)))
    description = etree.fromstring(document).find(".//ItemDetail/Description")
    assert description.get("{http://www.w3.org/XML/1998/namespace}lang") == "nb"
    assert (description.findtext("ShortName"), description[0].tail) == ("Blåbær", "Blåbær på Sørøya")


def test_unit_is_the_buyers_own_word():
    """Some want EACH where the standard says EA; an unknown unit goes as it is."""
    dialect = replace(GENERIC, units={"EA": "EACH"})
    assert b"<UnitOfMeasure>EACH</UnitOfMeasure>" in build(dialect=dialect)[0]
    assert b"<UnitOfMeasure>EA</UnitOfMeasure>" in build()[0]


def test_classification_carries_the_buyers_domain():
    """UNSPSC unless the dialect says otherwise."""
    document, found = build(dialect=replace(GENERIC, classification_domain="custom"))
    assert b'<Classification domain="custom">55101500</Classification>' in document
    assert found == ()


def test_what_is_too_long_is_shortened_and_told():
    """The line and both lengths are named to the shopper."""
    found = findings(
        replace(GENERIC, description_limit=10, short_name_limit=5),
        description="Blåbær på Sørøya",
        short_name="Blåbær",
    )
    assert [(finding.code, finding.where) for finding in found] == [
        ("value.shortened", "ItemIn[1]/ItemDetail/Description"),
        ("value.shortened", "ItemIn[1]/ItemDetail/Description/ShortName"),
    ]
    assert (found[0].expected, found[0].got) == ("at most 10 characters", "16 characters")


@pytest.mark.parametrize(
    ("changes", "limits"),
    [
        ({"product_id": "9" * 20}, {"part_id_limit": 13}),
        ({"line_token": "A" * 20}, {"auxiliary_id_limit": 19}),
    ],
)
def test_an_id_is_never_cut(changes, limits):
    """Cut, it would find nothing; so the cart must not go out at all."""
    dialect = replace(GENERIC, **limits)
    found = findings(dialect, **changes)
    assert [finding.severity for finding in found] == [Severity.ERROR]
    document, _ = build(replace(CART, lines=(replace(LINE, **changes),)), dialect=dialect)
    assert next(iter(changes.values())).encode() in document


@pytest.mark.parametrize(
    ("changes", "code", "place"),
    [
        ({"description": "one\x07two"}, "value.replaced", "Description"),
        ({"description": "one\ud800two"}, "value.replaced", "Description"),
        ({"publisher": "\x85"}, "value.replaced", "ManufacturerName"),
        ({"unit_price": Money(Decimal("1.2345"))}, "value.replaced", "UnitPrice"),
        ({"classification": "55.10.15"}, "classification.unknown", "Classification"),
        ({"classification": ""}, "classification.unknown", "Classification"),
    ],
)
def test_what_the_buyer_could_not_take_is_told(changes, code, place):
    """Before the cart leaves, with the line (design §4.6)."""
    assert [(finding.code, finding.where) for finding in findings(**changes)] == [
        (code, f"ItemIn[1]/ItemDetail/{place}")
    ]


def test_line_breaks_in_a_description_stay():
    """They are text, not control."""
    document, found = build(replace(CART, lines=(replace(LINE, description="one\ntwo\tthree"),)))
    assert found == ()
    assert cart.parse(opened(document))[0].lines[0].description == "one\ntwo\tthree"


def test_extrinsics_go_inside_the_detail():
    """The one place where every version allows them."""
    document, _ = build(replace(CART, lines=(replace(LINE, extrinsics=(Extrinsic(name="a", value="b"),)),)))
    assert etree.fromstring(document).findtext(".//ItemDetail/Extrinsic") == "b"


@pytest.mark.parametrize(
    ("dialect", "name"),
    [
        (GENERIC, "cXML-urlencoded"),
        (replace(GENERIC, cart_encoding="base64"), "cXML-base64"),
        (replace(GENERIC, cart_field="cxml-urlencoded"), "cxml-urlencoded"),
    ],
)
def test_form_field_is_spelled_as_the_buyer_wants_it(dialect, name):
    """The standard's own spelling unless the dialect has another."""
    assert cart.form_field(build()[0], dialect)[0] == name


def test_urlencoded_field_is_pure_ascii_and_not_url_encoded():
    """The browser encodes it once; the receiver ignores the declaration."""
    _, value = cart.form_field(build(cookie="blå😀")[0], GENERIC)
    assert value.isascii()
    assert "Bl&#229;b&#230;r p&#229; S&#248;r&#248;ya" in value
    assert "bl&#229;&#128512;" in value
    assert "%" not in value


def test_base64_is_preferred_when_both_fields_are_there():
    """It says what character set it is in."""
    document, _ = build()
    base64 = cart.form_field(document, replace(GENERIC, cart_encoding="base64"))[1]
    assert cart.read_form({"CXML-URLENCODED": "<other/>", "cxml-Base64": base64}) == document


def test_declaration_in_a_text_field_is_not_believed():
    """The form has a character set of its own."""
    wrong = '<?xml version="1.0" encoding="ISO-8859-1"?><cXML>ø</cXML>'
    assert cart.read_form({"cXML-urlencoded": wrong}) == "<cXML>ø</cXML>".encode()


def test_a_form_without_a_cart_is_refused():
    """With the names of the fields that were expected."""
    with pytest.raises(NotAcceptable, match="cXML-urlencoded or cXML-base64"):
        cart.read_form({"something": "else"})


def test_doctype_is_the_dialects():
    """1.2.014 unless the buyer asks for another."""
    assert b"/cXML/1.2.014/cXML.dtd" in build()[0]
    assert b"/cXML/1.2.071/cXML.dtd" in build(dialect=LATEST)[0]


HEADER = "<PunchOutOrderMessageHeader{}>{}</PunchOutOrderMessageHeader>"
TOTAL = '<Total><Money currency="NOK">1</Money></Total>'


@pytest.mark.parametrize(
    "header",
    [
        "",
        HEADER.format(' operationAllowed="edit"', ""),
        HEADER.format("", TOTAL),
        HEADER.format(' operationAllowed="x"', TOTAL),
    ],
    ids=["no-header", "no-total", "no-promise", "other-promise"],
)
def test_a_cart_without_total_or_promise_is_refused(header):
    """The built-in buyer is strict, as buyers are."""
    document = f"<cXML><Message><PunchOutOrderMessage>{header}</PunchOutOrderMessage></Message></cXML>"
    with pytest.raises(Malformed):
        cart.parse(opened(document))


@pytest.mark.parametrize("allowed", [Operation.CREATE, Operation.EDIT, Operation.INSPECT])
def test_what_may_follow_is_promised(allowed):
    """A later call-up for anything else is answered 412."""
    message, _ = cart.parse(opened(build(replace(CART, operation_allowed=allowed))[0]))
    assert message.operation_allowed is allowed


@pytest.mark.parametrize(
    ("changes", "dialect", "found"),
    [
        ({"product_id": "a{b}?"}, {"part_id_forbidden": "?{}"}, ("id.refused", "ItemIn[1]/SupplierPartID")),
        (
            {"product_id": "ø" * 8},
            {"part_id_limit": 15, "limits_in": Measure.BYTES},
            ("id.refused", "ItemIn[1]/SupplierPartID"),
        ),
        (
            {"description": "ø" * 8},
            {"description_limit": 15, "limits_in": Measure.BYTES},
            ("value.shortened", "ItemIn[1]/ItemDetail/Description"),
        ),
        (
            {"description": "Guovža"},
            {"characters": Repertoire.LATIN1},
            ("value.replaced", "ItemIn[1]/ItemDetail/Description"),
        ),
        (
            {"extrinsics": (Extrinsic(name="a", value="b" * 5), Extrinsic(name="c", value="d" * 5))},
            {"extrinsics_limit": 9},
            ("value.shortened", "ItemIn[1]/ItemDetail/Extrinsic"),
        ),
    ],
)
def test_limits_count_and_hold_what_the_system_does(changes, dialect, found):
    """Characters or bytes, forbidden ones, another repertoire, several values together; with the line."""
    (finding,) = findings(replace(GENERIC, **dialect), **changes)
    assert (finding.code, finding.where) == found
    assert not finding.unproven
    key = next(iter(dialect))
    doubted = replace(GENERIC, **dialect, unproven=(key,))
    assert findings(doubted, **changes)[0].unproven


def test_extrinsics_that_do_not_fit_are_left_out_whole():
    """Half a value would be a wrong one."""
    line = replace(LINE, extrinsics=(Extrinsic(name="a", value="bbbbb"), Extrinsic(name="c", value="ddddd")))
    document, _ = build(replace(CART, lines=(line,)), dialect=replace(GENERIC, extrinsics_limit=9))
    assert b"bbbbb" in document
    assert b"ddd" not in document


def test_a_line_that_would_be_refused_is_told_behind_any_number_of_others():
    """However much is shortened before it: what keeps the cart from going is never left out."""
    many = tuple(replace(LINE, number=number, description="x" * 20) for number in range(1, 202))
    bad = replace(LINE, number=202, product_id="?")
    dialect = replace(GENERIC, description_limit=10, part_id_forbidden="?")
    found = build(replace(CART, lines=(*many, bad)), dialect=dialect)[1]
    assert [finding.where for finding in found if finding.severity is Severity.ERROR] == [
        "ItemIn[202]/SupplierPartID"
    ]
