"""The cart as form fields: what goes back to the buyer, and what never does."""

from dataclasses import replace
from decimal import Decimal

import pytest

from protocols.dialects import Repertoire
from protocols.dialects.oci_habits import LEAN, Longtext, PriceKind
from protocols.model.finding import Severity
from protocols.model.item import Kind
from protocols.model.money import Money
from protocols.model.party import Extrinsic
from protocols.model.session import FormReturn
from protocols.oci import cart, sources
from tests.protocols.oci.made import CART, LATIN1, LINE, UTF8, build, codes, dialect, many, of_line

LONG = "Historien om den lange veien hjem over vidda / Kari Testesen"


def test_a_line_has_the_lean_columns_in_their_order():
    """Each column costs a form field a line."""
    assert build().pairs == (
        ("NEW_ITEM-DESCRIPTION[1]", "Blåbær på Sørøya / Kari Testesen"),
        ("NEW_ITEM-QUANTITY[1]", "2.000"),
        ("NEW_ITEM-UNIT[1]", "EA"),
        ("NEW_ITEM-PRICE[1]", "199.000"),
        ("NEW_ITEM-CURRENCY[1]", "NOK"),
        ("NEW_ITEM-VENDORMAT[1]", "9788200000024"),
        ("NEW_ITEM-MATGROUP[1]", "55101500"),
        ("NEW_ITEM-EXT_QUOTE_ID[1]", "PS-0123456789ABCDEFGHJK"),
        ("NEW_ITEM-EXT_QUOTE_ITEM[1]", "1"),
        ("NEW_ITEM-EXT_PRODUCT_ID[1]", "9788200000024~0123456789ABCDEFGHJK"),
    )
    assert build().findings == ()


def test_lines_are_counted_from_1_and_the_quote_line_stays():
    """A line that was taken out leaves no gap in the form, and the others keep their number."""
    made = dict(build(replace(CART, lines=(LINE, replace(LINE, number=7)))).pairs)
    assert made["NEW_ITEM-QUANTITY[2]"] == "2.000"
    assert made["NEW_ITEM-EXT_QUOTE_ITEM[2]"] == "7"
    assert "NEW_ITEM-QUANTITY[3]" not in made


@pytest.mark.rule("DIST-8", way="punchout")
def test_distribution_information_is_not_sent():
    """Copies, codes and notes are ours; the line token finds them again."""
    said = repr(build())
    assert "SECRET-BRANCH" not in said
    assert "inside note" not in said


@pytest.mark.rule("FLOW-6")
def test_an_unchanged_cart_has_no_lines():
    """A form without items is how OCI says that nothing was bought."""
    assert build(replace(CART, unchanged=True)).pairs == ()


def test_control_fields_come_first_and_only_where_wanted():
    """As they came, else as usual."""
    back = FormReturn(
        target="_parent",
        echo=(Extrinsic(name="OkCode", value="ADDI"), Extrinsic(name="~ForceTarget", value="Yes")),
    )
    assert build(form_return=back).pairs[0][0] == "NEW_ITEM-DESCRIPTION[1]"
    assert build(form_return=back, echo_control_fields=True).pairs[:4] == (
        ("OkCode", "ADDI"),
        ("~TARGET", "_parent"),
        ("~CALLER", "CTLG"),
        ("~ForceTarget", "Yes"),
    )


def test_what_the_description_cannot_hold_is_the_title_and_a_long_text():
    """The author goes first, and the full text goes along."""
    fields, findings = of_line(description=LONG, short_name="Historien om den lange veien")
    assert fields["NEW_ITEM-DESCRIPTION[1]"] == "Historien om den lange veien"
    assert fields["NEW_ITEM-LONGTEXT_1:132[]"] == LONG
    assert [(found.code, found.where) for found in findings] == [
        ("value.shortened", "NEW_ITEM-DESCRIPTION[1]")
    ]


def test_a_long_text_that_is_demanded_goes_with_every_line_and_is_counted():
    """It is never left out to save fields."""
    made = build(many(2), most=33, required=("LONGTEXT",), columns={"PRICEUNIT": "price_unit"})
    assert dict(made.pairs)["NEW_ITEM-LONGTEXT_2:132[]"] == LINE.description
    assert [found.where for found in made.findings] == []
    tight = build(many(2), most=22, required=("LONGTEXT",), columns={"PRICEUNIT": "price_unit"})
    assert [found.where for found in tight.findings] == ["NEW_ITEM-PRICEUNIT"]
    assert len(tight.pairs) == 22
    assert cart.room(dialect(33, required=("LONGTEXT",)), UTF8) == 3
    fields, findings = of_line(habits={"required": ("LONGTEXT",)}, description="")
    assert not any("LONGTEXT" in name for name in fields)
    assert [found.where for found in findings] == ["NEW_ITEM-DESCRIPTION[1]", "NEW_ITEM-LONGTEXT[1]"]


def test_a_title_in_other_letters_is_replaced_before_it_is_shortened():
    """The author is not needed for it."""
    fields, _ = of_line(LATIN1, description=f"Łódź {LONG}", short_name="Łódź – ny\tby")
    assert fields["NEW_ITEM-DESCRIPTION[1]"] == "Lódz - ny by"


def test_a_system_that_holds_latin_1_only_gets_no_more_in_utf_8():
    """The page could carry it; the system could not keep it."""
    buyer = replace(dialect(), characters=Repertoire.LATIN1)
    made = cart.build(replace(CART, lines=(replace(LINE, description="Łódź"),)), UTF8, buyer)
    assert dict(made.pairs)["NEW_ITEM-DESCRIPTION[1]"] == "Lódz"


def test_a_lead_time_of_no_days_is_sent():
    """It is known; only an unknown one is the habit's."""
    habits = {"columns": {"LEADTIME": "lead_time"}, "lead_time_days": 5}
    assert of_line(habits=habits, lead_time_days=0)[0]["NEW_ITEM-LEADTIME[1]"] == "0"
    assert "NEW_ITEM-LEADTIME[1]" not in of_line(habits={"columns": {"LEADTIME": "lead_time"}})[0]


def test_a_title_that_is_too_long_is_shortened_between_words():
    """Never inside a letter, and nothing is added."""
    fields, _ = of_line(description=LONG, short_name=LONG.partition(" /")[0])
    assert fields["NEW_ITEM-DESCRIPTION[1]"] == "Historien om den lange veien hjem over"


def test_there_is_no_long_text_where_the_description_holds_all():
    """It costs a form field."""
    assert not any("LONGTEXT" in name for name in of_line()[0])


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        (Longtext.SINGLE, [("NEW_ITEM-LONGTEXT_1:132[]", 300)]),
        (
            Longtext.SEGMENTS,
            [
                ("NEW_ITEM-LONGTEXT_1:132[]", 132),
                ("NEW_ITEM-LONGTEXT_1:132[]", 132),
                ("NEW_ITEM-LONGTEXT_1:132[]", 36),
            ],
        ),
        (Longtext.INDEX_FORM, [("NEW_ITEM-LONGTEXT[1]", 300)]),
        (Longtext.OFF, []),
    ],
)
def test_the_long_text_goes_in_the_buyers_way(way, expected):
    """Receivers differ in what they can read."""
    pairs = build(replace(CART, lines=(replace(LINE, description="x" * 300),)), longtext=way).pairs
    assert [(name, len(value)) for name, value in pairs if "LONGTEXT" in name] == expected


def test_what_latin_1_lacks_is_replaced_and_told():
    """The browser would send references in its place."""
    fields, findings = of_line(LATIN1, description="Łódź – «blå»")
    assert fields["NEW_ITEM-DESCRIPTION[1]"] == "Lódz - «blå»"
    assert codes(findings) == ["value.replaced"]
    assert of_line(UTF8, description="Łódź – «blå»")[0]["NEW_ITEM-DESCRIPTION[1]"] == "Łódź – «blå»"


def test_control_characters_and_line_ends_are_replaced_and_told():
    """A form field is one line."""
    fields, findings = of_line(description="a\0b\r\nc\ud800d")
    assert fields["NEW_ITEM-DESCRIPTION[1]"] == "a b c d"
    assert codes(findings) == ["value.replaced"]


@pytest.mark.parametrize(
    ("changes", "where"),
    [
        ({"product_id": "9" * 41}, "NEW_ITEM-VENDORMAT[1]"),
        ({"line_token": "A" * 30}, "NEW_ITEM-EXT_PRODUCT_ID[1]"),
        ({"product_id": "a\nb"}, "NEW_ITEM-VENDORMAT[1]"),
    ],
)
def test_an_id_is_never_changed(changes, where):
    """Changed, it would find nothing."""
    fields, findings = of_line(**changes)
    refused = [found.where for found in findings if found.severity is Severity.ERROR]
    assert where in refused
    assert changes.get("product_id", LINE.product_id) == fields["NEW_ITEM-VENDORMAT[1]"]


def test_a_quote_id_that_is_too_long_is_refused():
    """35 characters."""
    assert codes(build(replace(CART, quote_id="x" * 36)).findings) == ["id.refused"]


def test_prices_are_net_or_gross_as_agreed():
    """Gross is rounded once."""
    changes = {"unit_price": Money(Decimal("99.95")), "tax_rate": Decimal(25)}
    assert of_line(**changes)[0]["NEW_ITEM-PRICE[1]"] == "99.950"
    fields, findings = of_line(habits={"price": PriceKind.GROSS, "price_decimals": 2}, **changes)
    assert fields["NEW_ITEM-PRICE[1]"] == "124.94"
    assert codes(findings) == ["value.replaced"]


@pytest.mark.parametrize(
    ("habits", "told"),
    [
        ({}, "99.950"),
        ({"price": PriceKind.GROSS, "price_decimals": 2}, "124.94"),
        ({"columns": {"PRICE": "gross_price"}}, "124.938"),
        ({"columns": {"PRICE": "net_price"}, "price": PriceKind.GROSS}, "99.950"),
        ({"price_decimals": 0}, "100"),
        ({"price_decimals": 0, "decimal_comma": True}, "100"),
        ({"columns": {"PRICE": "=1.00"}}, None),
        ({"columns": {"PRICE": ""}}, None),
    ],
)
def test_the_price_that_was_told_is_the_one_of_the_form(habits, told):
    """With tax or without, rounded as it is sent; none where the column holds another thing, or is gone."""
    price, rate = Money(Decimal("99.95")), Decimal(25)
    found = sources.told_price(price, rate, dialect(**habits).oci)
    assert found == (None if told is None else Decimal(told))
    if told is not None:
        assert of_line(habits=habits, unit_price=price, tax_rate=rate)[0]["NEW_ITEM-PRICE[1]"] == told


def test_a_price_with_more_decimals_is_rounded_and_told():
    """Half up."""
    fields, findings = of_line(unit_price=Money(Decimal("1.0005")))
    assert fields["NEW_ITEM-PRICE[1]"] == "1.001"
    assert [(found.code, found.got) for found in findings] == [("value.replaced", "1.0005")]


def test_a_price_of_zero_is_told():
    """A procurement system may refuse the line."""
    assert codes(of_line(unit_price=Money(Decimal(0)))[1]) == ["price.zero"]


def test_a_comma_is_written_where_agreed():
    """In all numbers."""
    fields, _ = of_line(habits={"decimal_comma": True, "price_decimals": 2})
    assert (fields["NEW_ITEM-PRICE[1]"], fields["NEW_ITEM-QUANTITY[1]"]) == ("199,00", "2,000")


def test_a_unit_goes_under_the_buyers_name_and_is_told_once():
    """Also one that is longer than the standard's."""
    made = build(many(2), units={"EA": "EACH"})
    assert dict(made.pairs)["NEW_ITEM-UNIT[2]"] == "EACH"
    assert [(found.code, found.severity) for found in made.findings] == [("unit.mapped", Severity.NOTE)]


def test_a_classification_goes_as_the_buyers_own_group():
    """Where it has one."""
    fields, findings = of_line(habits={"classifications": {"55101500": "BOOKS"}})
    assert fields["NEW_ITEM-MATGROUP[1]"] == "BOOKS"
    assert findings == ()


@pytest.mark.parametrize(
    ("columns", "where"),
    [
        ({}, ["NEW_ITEM-MATGROUP[1]"]),
        (
            {"MATGROUP": "", "EXT_CATEGORY": "classification", "EXT_SCHEMA_TYPE": "=UNSPSC"},
            ["NEW_ITEM-EXT_CATEGORY[1]"],
        ),
        ({"MATGROUP": ""}, []),
    ],
)
def test_a_classification_that_the_buyer_cannot_know_is_told(columns, where):
    """It may find no account for the line."""
    findings = of_line(habits={"columns": columns}, classification="books")[1]
    assert [found.where for found in findings if found.code == "classification.unknown"] == where


def test_the_buyers_own_words_may_be_longer_than_the_standards():
    """It holds what it told us."""
    habits = {"columns": {"VENDOR": "vendor"}, "classifications": {"55101500": "BOOKS AND MAGAZINES"}}
    fields, findings = of_line(FormReturn(vendor="123456789012"), habits)
    assert fields["NEW_ITEM-VENDOR[1]"] == "123456789012"
    assert findings == ()


def test_columns_are_the_buyers_to_choose():
    """Added, taken away, filled with a fixed text."""
    columns = {
        "MATGROUP": "",
        "EXT_CATEGORY": "classification",
        "EXT_SCHEMA_TYPE": "schema_type",
        "PRICEUNIT": "price_unit",
        "LEADTIME": "lead_time",
        "VENDOR": "vendor",
        "MANUFACTMAT": "ean",
        "MANUFACTCODE": "publisher",
        "TAX_RATE": "tax_rate",
        "CUST_FIELD3": "tax_amount",
        "CUST_FIELD4": "=bibliotek",
        "CUST_FIELD5": "order_name",
        "SERVICE": "service",
        "GROSS": "gross_price",
        "NET": "net_price",
    }
    habits = {"columns": columns, "lead_time_days": 5, "vendor": "77"}
    made = replace(
        CART,
        order_name="B-1",
        lines=(replace(LINE, product_id="9788205478152", publisher="Testby", tax_rate=Decimal(25)),),
    )
    fields = dict(build(made, FormReturn(vendor="1001"), **habits).pairs)
    assert "NEW_ITEM-MATGROUP[1]" not in fields
    assert "NEW_ITEM-SERVICE[1]" not in fields
    wanted = {
        "EXT_CATEGORY": "55101500",
        "EXT_SCHEMA_TYPE": "UNSPSC",
        "PRICEUNIT": "1",
        "LEADTIME": "5",
        "VENDOR": "1001",
        "MANUFACTCODE": "Testby",
        "TAX_RATE": "25.00",
        "CUST_FIELD3": "49.750",
        "CUST_FIELD4": "bibliotek",
        "CUST_FIELD5": "B-1",
        "GROSS": "248.750",
        "NET": "199.000",
    }
    assert {name: fields[f"NEW_ITEM-{name}[1]"] for name in wanted} == wanted


def test_a_text_that_is_too_long_for_its_column_is_shortened_and_told():
    """People read it; it finds nothing."""
    made = build(replace(CART, order_name="Bok " * 15), columns={"CUST_FIELD5": "order_name"})
    assert dict(made.pairs)["NEW_ITEM-CUST_FIELD5[1]"] == ("Bok " * 12).rstrip()
    assert [(found.code, found.got) for found in made.findings] == [("value.shortened", "60 characters")]


def test_a_number_that_is_no_ean_is_not_sent_as_one():
    """A shop's own article number may be anything."""
    habits = {"columns": {"MANUFACTMAT": "ean"}}
    assert of_line(habits=habits, product_id="9788205478152")[0]["NEW_ITEM-MANUFACTMAT[1]"] == "9788205478152"
    for other in ("9788205478153", "A-1", "12345670"):
        assert "NEW_ITEM-MANUFACTMAT[1]" not in of_line(habits=habits, product_id=other)[0]


def test_a_service_says_so():
    """X."""
    assert (
        of_line(habits={"columns": {"SERVICE": "service"}}, kind=Kind.SERVICE)[0]["NEW_ITEM-SERVICE[1]"]
        == "X"
    )


@pytest.mark.parametrize(
    ("habits", "changes", "where"),
    [
        ({}, {"description": ""}, "NEW_ITEM-DESCRIPTION[1]"),
        ({"columns": {"UNIT": ""}}, {}, "NEW_ITEM-UNIT[1]"),
        ({"columns": {"QUANTITY": ""}}, {}, "NEW_ITEM-QUANTITY[1]"),
        ({"columns": {"CURRENCY": ""}}, {}, "NEW_ITEM-CURRENCY[1]"),
        ({"columns": {"EXT_CATEGORY": "classification"}}, {}, "NEW_ITEM-EXT_SCHEMA_TYPE[1]"),
        ({"columns": {"EXT_QUOTE_ID": ""}}, {}, "NEW_ITEM-EXT_QUOTE_ID[1]"),
        ({"columns": {"CONTRACT_ITEM": "=1"}}, {}, "NEW_ITEM-CONTRACT[1]"),
        ({"columns": {"LEADTIME": "lead_time"}, "required": ("LEADTIME",)}, {}, "NEW_ITEM-LEADTIME[1]"),
    ],
)
def test_a_line_that_lacks_what_belongs_together_is_told(habits, changes, where):
    """Buyers drop such a line without a word."""
    findings = of_line(habits=habits, **changes)[1]
    assert [(found.code, found.where) for found in findings] == [("line.incomplete", where)]


def test_lengths_are_the_buyers_to_say():
    """One library takes more than the standard."""
    fields, _ = of_line(habits={"lengths": {"DESCRIPTION": 255}}, description=LONG)
    assert fields["NEW_ITEM-DESCRIPTION[1]"] == LONG


def test_over_the_most_fields_optional_columns_are_left_out_and_told():
    """Each one once; a line never is."""
    wide = {"columns": {"MANUFACTCODE": "publisher", "VENDOR": "=1001"}, "required": ("VENDOR",)}
    made = build(many(10, description=LONG, publisher="Testby"), most=115, **wide)
    assert len(made.pairs) == 110
    names = {name.partition("[")[0] for name, _ in made.pairs}
    assert names == {f"NEW_ITEM-{name}" for name in (*LEAN, "VENDOR")}
    dropped = [found.where for found in made.findings if found.code == "value.dropped"]
    assert dropped == ["NEW_ITEM-MANUFACTCODE", "NEW_ITEM-LONGTEXT"]


def test_a_form_that_is_over_even_so_is_one_error_and_whole():
    """The shopper sends the cart in parts; nothing is cut."""
    made = build(many(11), most=109)
    (full,) = [found for found in made.findings if found.severity is Severity.ERROR]
    assert (full.code, full.expected, full.got) == ("form.full", "at most 109 fields", "110 fields")
    assert len(made.pairs) == 110


def test_control_fields_and_those_of_the_hook_count():
    """The receiver counts all fields of the form."""
    wide = {"columns": {"PRICEUNIT": "price_unit"}, "echo_control_fields": True}
    assert len(build(many(2), most=29, beside=4, **wide).pairs) == 25
    assert len(build(many(2), most=28, beside=4, **wide).pairs) == 23


def test_how_many_titles_are_left_is_told():
    """By the columns that each of them needs at least."""
    assert cart.room(dialect(950), UTF8) == 95
    assert cart.room(dialect(950, echo_control_fields=True), UTF8, beside=5) == 94
    assert cart.room(dialect(0), UTF8) == 0


@pytest.mark.parametrize(
    ("most", "max_lines", "room"), [(950, 40, 40), (950, 200, 95), (0, 40, 40), (9, 40, 0), (950, 0, 95)]
)
def test_a_system_that_takes_so_many_lines_has_room_for_no_more(most, max_lines, room):
    """Whichever is less: what its form holds, or what it takes; 0 where no line fits, or without a limit."""
    assert cart.room(replace(dialect(most), max_lines=max_lines), UTF8) == room


def test_a_cart_of_more_lines_than_the_system_takes_is_one_error_and_whole():
    """Nothing is cut; one line less goes without a word."""
    strict = replace(dialect(0), max_lines=3, unproven=("max_lines",))
    made = cart.build(many(4), UTF8, strict)
    assert [(found.code, found.got) for found in made.findings] == [("cart.long", "4 lines")]
    assert (made.findings[0].severity, made.findings[0].unproven) == (Severity.ERROR, True)
    assert "NEW_ITEM-QUANTITY[4]" in dict(made.pairs)
    assert cart.build(many(3), UTF8, strict).findings == ()


def test_a_doubtful_habit_makes_a_doubtful_finding():
    """It rests on what others report."""
    made = build(units={"EA": "PCE"}, unproven=("units",))
    assert [found.unproven for found in made.findings] == [True]


@pytest.mark.parametrize("most", [0, 950])
def test_every_change_of_a_long_cart_is_told(most):
    """Not the first hundred only: nobody else will say it (design §4.6)."""
    long = many(90 if most else 3_000, description="Å" * 60, short_name="Å" * 60, publisher="")
    for charset in (UTF8, LATIN1):
        found = build(long, charset, most).findings
        shortened = {entry.where for entry in found if entry.code == "value.shortened"}
        assert shortened >= {f"NEW_ITEM-DESCRIPTION[{line.number}]" for line in long.lines}


def test_every_replaced_character_of_a_long_cart_is_told():
    """A hundred lines say it in DESCRIPTION, and the next ones too."""
    long = many(150, description="Zażółć", short_name="Zażółć")
    found = build(long, LATIN1, 0).findings
    assert {entry.where for entry in found} == {f"NEW_ITEM-DESCRIPTION[{n}]" for n in range(1, 151)}


def test_a_demanded_longtext_goes_whole_where_its_pieces_have_no_room():
    """The budget counts one field a line: else a cart would be parted, and still be refused as too full."""
    made = many(10, description="Å" * 600)
    demanding = {"required": ("LONGTEXT",), "longtext": Longtext.SEGMENTS}
    room = cart.room(dialect(110, **demanding), UTF8)
    assert room == 10
    built = build(made, most=110, **demanding)
    assert len(built.pairs) <= 110
    assert "form.full" not in codes(built.findings)
    assert [value for name, value in built.pairs if "LONGTEXT" in name] == ["Å" * 600] * 10
