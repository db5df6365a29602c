"""Returned forms: ours and everybody's, with all their spellings."""

from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.dialects.oci_habits import OciHabits
from protocols.errors import Malformed
from protocols.model.finding import Severity
from protocols.model.money import Money
from protocols.oci import cart, saved
from protocols.oci.pairs import parsed
from tests.protocols.oci.made import TOKEN, codes

WHOLE = {"DESCRIPTION": "Blåbær", "QUANTITY": "2.000", "UNIT": "EA", "VENDORMAT": "A-1"}


def line(index=1, **columns):
    """The fields of one line with these columns besides the usual ones."""
    return tuple((f"NEW_ITEM-{name}[{index}]", value) for name, value in {**WHOLE, **columns}.items())


def parse(*pairs, **habits):
    """The form and its findings."""
    return cart.parse(pairs, OciHabits(**habits))


def one(*more, **columns):
    """The only line of a form with these columns and further pairs."""
    (read,) = parse(*line(**columns), *more)[0].lines
    return read


def test_a_line_is_read_with_all_that_ties_it_to_its_cart():
    """Token, quote, quote line, price."""
    columns = {"EXT_PRODUCT_ID": f"A-1~{TOKEN}", "EXT_QUOTE_ID": "PS-1", "EXT_QUOTE_ITEM": "0000000007"}
    read = one(**columns, PRICE="199.000", CURRENCY="nok", MATGROUP="55101500").line
    assert (read.product_id, read.line_token, read.quote_id, read.quote_line) == ("A-1", TOKEN, "PS-1", 7)
    assert (read.quantity, read.unit, read.unit_price) == (Decimal(2), "EA", Money(Decimal("199.00")))
    assert (read.description, read.classification, read.number) == ("Blåbær", "55101500", 1)


@pytest.mark.parametrize(
    ("own", "external", "read"),
    [
        ("A~1", f"A~1~{TOKEN}", ("A~1", TOKEN)),
        ("A~1", "A~1", ("A~1", "")),
        ("", f"A-1~{TOKEN}", ("A-1", TOKEN)),
        ("", "A-1", ("A-1", "")),
        ("A-1", "other-key", ("A-1", "")),
        ("A-1", "", ("A-1", "")),
    ],
)
def test_the_line_token_is_what_stands_behind_the_product_id(own, external, read):
    """A foreign shop's key is no token."""
    found = one(VENDORMAT=own, EXT_PRODUCT_ID=external).line
    assert (found.product_id, found.line_token) == read


def test_no_fields_are_no_lines():
    """So a cart is given up."""
    assert parse() == (cart.ReturnedForm(lines=(), control=()), ())


def test_fields_of_no_line_are_kept_apart():
    """Control fields, paging, and names without an index."""
    others = (("~OkCode", "ADDI"), ("HEADER-PAGE", "1"), ("NEW_ITEM-UNIT", "EA"))
    form, _ = parse(*others, *line())
    assert form.control == others
    assert len(form.lines) == 1


@pytest.mark.parametrize(
    "name",
    [
        "NEW_ITEM-DESCRIPTION",
        "NEW_ITEM-DESCRIPTION[]",
        "NEW_ITEM-DESCRIPTION(1)",
        "NEW_ITEM_DESCRIPTION[1]",
        " new_item-description[x]",
        "NEW_ITEM-LONGTEXT_0:132[]",
        "NEW_ITEM-LONGTEXT[]",
    ],
)
def test_a_column_whose_name_says_no_line_is_told(name):
    """Without lines the form would look like a cart that was given up."""
    sent = (("~OkCode", "ADDI"), (name, "Blåbær"))
    form, (finding,) = parse(*sent)
    assert (form.lines, form.control) == ((), sent)
    assert (finding.code, finding.where) == ("envelope.unknown", name)


def test_names_are_compared_without_case():
    """And unknown columns are kept."""
    (read,) = parse(("new_item-quantity[1]", "1"), ("NEW_ITEM-egr_customdata_ean[ 1 ]", "123"))[0].lines
    assert read.columns == {"QUANTITY": "1", "EGR_CUSTOMDATA_EAN": "123"}


@pytest.mark.parametrize("indices", [(0, 1), (1, 3), (2,), (0,)])
def test_odd_numbering_is_told_once(indices):
    """Zero-based and with gaps; the lines are numbered by position."""
    form, findings = parse(*(pair for index in indices for pair in line(index)))
    assert codes(findings) == ["line.index"]
    assert [read.index for read in form.lines] == list(indices)
    assert [read.line.number for read in form.lines] == list(range(1, len(indices) + 1))


def test_of_repeated_columns_the_first_counts():
    """It is told."""
    form, findings = parse(*line(), ("NEW_ITEM-QUANTITY[1]", "9"))
    assert form.lines[0].line.quantity == 2
    assert codes(findings) == ["field.repeated"]


@pytest.mark.parametrize(
    "name",
    [
        "LONGTEXT_1:132[]",
        "LONGTEXT[1]",
        "LONGTEXT_1:132",
        "LONGTEXT_1:132[1]",
        "LONGTEXT_1:132[][1]",
        "LONGTEXT:132[1]",
        "LONGTEXT_0:132[]",
        "LONGTEXT_0:132[1]",
        "longtext_1:132[]",
        "LONGTEXT_1[]",
        "LONGTEXT[]",
    ],
)
def test_every_spelling_of_the_long_text_is_read(name):
    """Only the first is the standard's."""
    read = one((f"NEW_ITEM-{name}", "mer"), (f"NEW_ITEM-{name}", " tekst"))
    assert read.longtext == "mer tekst"


def test_a_long_text_that_is_always_0_belongs_to_the_line_before_it():
    """Its name says no line."""
    text = "NEW_ITEM-LONGTEXT_0:132[]"
    form, findings = parse(*line(1), (text, "en"), *line(2), (text, "to"))
    assert [read.longtext for read in form.lines] == ["en", "to"]
    assert findings == ()


def test_a_long_text_without_a_line_belongs_to_the_line_behind_it_where_the_form_begins_so():
    """Field order is free: whoever writes it first writes it first in every line."""
    text = "NEW_ITEM-LONGTEXT_0:132[]"
    form, findings = parse((text, "en"), (text, "!"), *line(1), (text, "to"), *line(2), (text, "?"))
    assert [(read.index, read.longtext) for read in form.lines] == [(1, "en!"), (2, "to?")]
    assert findings == ()


@given(st.lists(st.sampled_from(["text", 1, 2, 3]), max_size=12))
def test_a_long_text_without_a_line_makes_no_line_and_is_not_lost(order):
    """Wherever it stands; it is told where there is no line for it."""
    names = [f"COLUMN{place}" for place in range(len(order))]
    sent = [
        ("NEW_ITEM-LONGTEXT_0:132[]", "x") if index == "text" else (f"NEW_ITEM-{name}[{index}]", "v")
        for index, name in zip(order, names, strict=True)
    ]
    form, findings = parse(*sent)
    texts = order.count("text")
    assert [read.index for read in form.lines] == sorted({*order} - {"text"})
    assert sum(len(read.longtext) for read in form.lines) == (texts if form.lines else 0)
    assert codes(findings).count("envelope.unknown") == (0 if form.lines else texts)


def test_the_long_text_of_line_0_is_its_own_where_there_is_one():
    """A form may count from 0."""
    form, _ = parse(*line(0), *line(1), ("NEW_ITEM-LONGTEXT_0:132[]", "null"))
    assert [read.longtext for read in form.lines] == ["null", ""]


def test_price_unit_divides_the_price_and_tells_what_is_left():
    """Four decimals at most."""
    assert one(PRICE="50.000", PRICEUNIT="10", CURRENCY="NOK").line.unit_price == Money(Decimal(5))
    findings = parse(*line(PRICE="1", PRICEUNIT="3", CURRENCY="NOK"))[1]
    assert codes(findings) == ["value.replaced"]


def test_dirty_numbers_are_read_and_told():
    """Each is a note."""
    findings = parse(*line(QUANTITY=" 2 ", PRICE="1 229,50", CURRENCY="NOK"))[1]
    assert [(found.code, found.severity) for found in findings] == [("number.spelling", Severity.NOTE)] * 2


@pytest.mark.parametrize(
    ("column", "value"),
    [("QUANTITY", "two"), ("PRICE", "1.229,50"), ("PRICEUNIT", "0"), ("CURRENCY", "kr"), ("QUANTITY", "-1")],
)
def test_what_nobody_can_read_is_refused_with_its_place(column, value):
    """Money and quantities are never guessed."""
    with pytest.raises(Malformed) as refused:
        parse(*line(**{"PRICE": "1", "CURRENCY": "NOK", column: value}))
    assert refused.value.where == f"NEW_ITEM-{column}[1]"


def test_a_line_that_lacks_something_is_told_and_read():
    """Without currency there is no price."""
    form, findings = parse(("NEW_ITEM-PRICE[1]", "5"))
    assert form.lines[0].line.unit_price is None
    assert form.lines[0].line.quantity == 0
    assert [found.where for found in findings] == [
        "NEW_ITEM-DESCRIPTION[1]",
        "NEW_ITEM-QUANTITY[1]",
        "NEW_ITEM-CURRENCY[1]",
    ]


def test_a_quote_line_that_is_no_number_is_told():
    """It is not ours."""
    form, findings = parse(*line(EXT_QUOTE_ID="Q", EXT_QUOTE_ITEM="A7"))
    assert form.lines[0].line.quote_line == 0
    assert codes(findings) == ["number.spelling"]


def test_ten_thousand_fields_give_a_hundred_findings():
    """Nobody reads more."""
    form, findings = parse(*(pair for index in range(2_500) for pair in line(index, QUANTITY=" 1 ")))
    assert len(form.lines) == 2_500
    assert len(findings) == 100


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(noise):
    """Never anything else."""
    pairs, _ = parsed(
        b"NEW_ITEM-QUANTITY[1]=" + noise + b"&NEW_ITEM-LONGTEXT_1:132[]=" + noise + b"&" + noise
    )
    with suppress(Malformed):
        cart.parse(pairs, OciHabits())


def test_bracketed_names_that_a_framework_took_apart_are_read():
    """Tables, lists, and lists in tables."""
    shape = {
        "NEW_ITEM-UNIT": ["EA", "PCE"],
        "NEW_ITEM-QUANTITY": {"0": 1, "1": None},
        "NEW_ITEM-LONGTEXT_1:132": {"1": ["a", "b"]},
        "USERNAME": "x",
    }
    assert saved.from_nested(shape) == (
        ("NEW_ITEM-UNIT[0]", "EA"),
        ("NEW_ITEM-UNIT[1]", "PCE"),
        ("NEW_ITEM-QUANTITY[0]", "1"),
        ("NEW_ITEM-QUANTITY[1]", ""),
        ("NEW_ITEM-LONGTEXT_1:132[1][]", "a"),
        ("NEW_ITEM-LONGTEXT_1:132[1][]", "b"),
        ("USERNAME", "x"),
    )
