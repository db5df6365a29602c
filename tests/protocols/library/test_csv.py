"""The order as a table: what is written is what is read, whatever stands in it."""

import csv
from contextlib import suppress
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.errors import Malformed, NotAcceptable
from protocols.library.csv import CODE_COLUMNS, COLUMNS, TEXTS, build, parse, unusable
from protocols.library.order import LibraryLine, LibraryOrder, LineStatus
from protocols.model.distribution import Copy, CopyCodes
from protocols.model.item import Kind
from protocols.model.money import Money
from tests.protocols.library.made import BJO, CASES, HBB, LONG_CODE, line, order

TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp")) | st.sampled_from("æøåÆØÅ;\"'=+-@\ufeff"),
    max_size=40,
)
CODES = st.builds(CopyCodes, **dict.fromkeys(CODE_COLUMNS, TEXT))
PRICES = st.builds(Money, st.decimals(0, 99999, places=2), st.sampled_from(("NOK", "EUR")))
COPIES = st.lists(
    st.builds(Copy, number=st.integers(1, 999), codes=CODES, barcode=TEXT, copy_id=TEXT),
    min_size=1,
    max_size=4,
).map(tuple)
LINES = st.builds(
    LibraryLine,
    order_line_id=TEXT,
    number=st.integers(1, 9999),
    product_id=TEXT,
    quantity=st.just(0),
    unit_price=PRICES,
    copies=COPIES,
    status=st.sampled_from(LineStatus),
    kind=st.sampled_from(Kind),
    isbn=TEXT,
    title=TEXT,
).map(lambda one: replace(one, quantity=len(one.copies)))
ORDERS = st.builds(
    LibraryOrder,
    document=st.integers(1, 10**9),
    customer_number=TEXT,
    order_number=TEXT,
    lines=st.lists(LINES, min_size=1, max_size=4, unique_by=lambda one: one.order_line_id).map(tuple),
    order_name=TEXT,
    po_number=TEXT,
    buyer=TEXT,
)


def rows(raw):
    """The cells of each row, as a plain reader finds them."""
    return list(csv.DictReader(raw.decode("utf-8-sig").splitlines(), delimiter=";"))


@pytest.mark.rule("LS-1")
@pytest.mark.parametrize("case", CASES)
def test_every_case_is_read_back_as_it_was(case):
    """A document is made of each, and reading it back gives the same copies and the same of all else."""
    assert parse(build(CASES[case])) == (CASES[case], ())


@pytest.mark.rule("LS-1")
@pytest.mark.rule("HO-4")
@given(ORDERS)
def test_any_text_comes_back(made):
    """Whatever characters stand in texts and codes, no matter where."""
    assert parse(build(made)) == (made, ())


@pytest.mark.rule("LS-5")
@given(ORDERS)
def test_the_same_order_gives_the_same_bytes(made):
    """No clock, no chance, no sequence of a set in it; reading and writing again changes no byte."""
    raw = build(made)
    assert build(made) == raw
    assert build(parse(raw)[0]) == raw


@pytest.mark.rule("HO-3")
@given(ORDERS)
def test_a_row_is_a_copy(made):
    """Each line has as many rows as its quantity says, and every row says the quantity."""
    found = rows(build(made))
    for one in made.lines:
        mine = [row for row in found if row["order_line_id"] == one.order_line_id]
        assert len(mine) == one.quantity
        assert {row["quantity"] for row in mine} == {str(one.quantity)}


@pytest.mark.rule("HO-2")
def test_every_row_names_order_and_customer():
    """Document, customer, order, order name and PO number stand in each row: none depends on another."""
    (first, second) = rows(build(order(line(1, HBB, BJO))))
    for row in (first, second):
        assert [row[name] for name in COLUMNS[:6]] == [
            *("3", "100234", "7"),
            *("Voksenavdeling æøå", "4500012345", "Kari Åsen"),
        ]


@pytest.mark.rule("HO-6")
def test_the_only_person_is_the_buyer():
    """No column could hold anything else of a person."""
    assert not {name for name in COLUMNS if "mail" in name or "phone" in name or "user" in name}
    assert [name for name in COLUMNS if "name" in name or name == "buyer"] == ["order_name", "buyer"]


def test_the_form_of_the_table():
    """A byte order mark for spreadsheets, semicolons, every cell in quotes, CRLF."""
    raw = build(order())
    assert raw.startswith(b'\xef\xbb\xbf"document";"customer_number";')
    assert raw.endswith(b'"\r\n')
    assert raw.count(b"\r\n") == 2


@pytest.mark.rule("T-L2")
@pytest.mark.parametrize("start", [*"=+-@'", *"\uff1d\uff0b\uff0d\uff20"])
def test_a_text_is_no_formula(start):
    """A text that begins like one has an apostrophe in front, which is no part of it."""
    said = f"{start}HYPERLINK(1)"
    made = order(line(1, replace(HBB, note=said, servicing_text=said), title=said))
    made = replace(made, order_name=said, po_number=said, buyer=said)
    (row,) = rows(build(made))
    assert {row[name] for name in TEXTS} == {f"'{said}"}
    assert parse(build(made)) == (made, ())


@pytest.mark.rule("HO-4")
@pytest.mark.parametrize("code", ["+1", "-", "=A1", "@barn", "'BARN", " 28", "007", "æøå", "hbb", LONG_CODE])
def test_a_code_goes_out_as_it_is_registered(code):
    """No character is changed, put in front or taken away, in no column of codes."""
    codes = CopyCodes(**dict.fromkeys((name for name in CODE_COLUMNS if name not in TEXTS), code))
    (row,) = rows(build(order(line(1, codes))))
    assert {row[name] for name in CODE_COLUMNS if name not in TEXTS} == {code}


@pytest.mark.rule("HO-4")
@pytest.mark.parametrize("sign", ["\n", "\r", "\t", "\0", "\x7f", "\x85", "\u2028", "\u2029", "\ud800"])
@pytest.mark.parametrize("name", ["branch_code", "fund_code", "note"])
def test_a_code_that_cannot_be_sent_is_named(name, sign):
    """A line break or control character is refused for its line, with the column; nothing is written."""
    bad = line(2, HBB, replace(BJO, **{name: f"A{sign}B"}))
    assert unusable(bad) == f"{name}: a line break or control character cannot be sent"
    assert unusable(line(1, HBB)) == ""
    with pytest.raises(ValueError, match=name):
        build(order(line(1, HBB), bad))


@pytest.mark.rule("HO-3")
@pytest.mark.parametrize("quantity", [0, 1, 3])
def test_a_quantity_that_is_not_that_of_the_copies_is_not_sent(quantity):
    """The line is named with both numbers."""
    bad = replace(line(1, HBB, BJO), quantity=quantity)
    assert unusable(bad) == f"quantity: {quantity}, but there are 2 copies"
    assert "0 copies" in unusable(replace(bad, copies=(), quantity=0))


def test_columns_may_stand_in_any_sequence():
    """Who writes the table anew need not keep ours; a column of theirs is told and left out."""
    names = [*reversed(COLUMNS), "extra"]
    cells = [{**row, "extra": "x"} for row in rows(build(order(line(1, HBB, BJO))))]
    text = "\n".join(";".join(names) for names in [names, *([row[name] for name in names] for row in cells)])
    made, findings = parse(text.encode())
    assert made == order(line(1, HBB, BJO))
    assert [(finding.code, finding.where) for finding in findings] == [("envelope.unknown", "column extra")]


def test_a_table_in_windows_letters_is_read():
    """A spreadsheet that saved it in its own character set is told so, and loses no letter."""
    made, findings = parse(build(order()).decode("utf-8-sig").encode("cp1252"))
    assert made == order()
    assert [finding.code for finding in findings] == ["charset.fallback"]


def test_rows_that_do_not_agree_are_told():
    """Too few rows for the quantity, another title in the second row, another order."""
    raw = build(order(line(1, HBB, HBB, BJO))).splitlines(keepends=True)
    made, findings = parse(b"".join(raw[:3]))
    assert [(finding.code, finding.where) for finding in findings] == [
        ("copies.count", "row 2, column quantity")
    ]
    assert (made.lines[0].quantity, len(made.lines[0].copies)) == (3, 2)
    other = raw[2].replace("Ærlige".encode(), b"Andre").replace(b'"3";"100234"', b'"3";"100235"')
    _, findings = parse(b"".join([*raw[:2], other, raw[3]]))
    assert [(finding.code, finding.where) for finding in findings] == [
        ("row.contradiction", "row 3, column title"),
        ("row.contradiction", "row 3, column customer_number"),
    ]


@pytest.mark.parametrize(
    ("change", "where"),
    [
        (lambda raw: b"", "row 1"),
        (lambda raw: raw.splitlines()[0], "row 2"),
        (lambda raw: raw.replace(b'"branch_code"', b'"filial"'), "row 1"),
        (lambda raw: raw.replace(b'"1";"title"', b'"9";"title"'), "row 2, column status"),
        (lambda raw: raw.replace(b'"1";"title"', b'"1";"roman"'), "row 2, column kind"),
        (lambda raw: raw.replace(b'"199.00"', b'"199,00"'), "row 2, column unit_price"),
        (lambda raw: raw + b'"1";"2"', "row 3"),
        (lambda raw: raw + b'"1"2', "row 1"),
    ],
)
def test_what_is_no_such_table_is_refused_with_its_place(change, where):
    """Empty, without rows, a column missing, a value of no kind, a row cut off."""
    with pytest.raises(Malformed) as refused:
        parse(change(build(order())))
    assert where in refused.value.where


@given(st.binary(max_size=200))
def test_no_bytes_trip_the_reader(raw):
    """Any bytes are a table or one of our refusals."""
    with suppress(Malformed, NotAcceptable):
        parse(raw)


def test_a_price_keeps_its_decimals():
    """Four decimals come back, and so does none."""
    for amount in ("0", "1.5", "199.0000"):
        made = order(line(1, HBB, unit_price=Money(Decimal(amount))))
        assert str(parse(build(made))[0].lines[0].unit_price.amount) == amount
