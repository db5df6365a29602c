"""Papers as PDF: tagged, in their language, complete, the same bytes again, and never fooled by a text."""

from dataclasses import replace

import msgspec
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from punchout.web.papers import sheets
from tests.catalog_bridge.rules.shipped import PLACES, line, packed, shipped
from tests.punchout.web.papers import reader
from tests.punchout.web.papers.drawn import (
    SHOP,
    credit_note,
    invoice,
    long_slip,
    slip_of,
    slip_sheet,
    spoken,
    titled,
    typeset,
)

NASTY = '#panic() *x* ] $ ` \\ @a <b> // "q" = [_y_]'
LETTERS = "æøå ÆØÅ Áá Čč Đđ Ŋŋ Šš Ŧŧ Žž Ïï Öö Ää é – «»"
SLIP = slip_of(
    line(1, PLACES[0], PLACES[0], PLACES[2]),
    line(2, PLACES[1], PLACES[5]),
    order_name="Barnebøker påske",
    po_number="PO-7",
    requisition_id="R-9",
    ordered_by="Åse Ørnes",
)


def bill(make, paper):
    """What makes the sheet of an invoice or a credit note."""
    return (lambda: make(paper, SHOP.bank_account)) if make is sheets.of_invoice else (lambda: make(paper))


def texts(value):
    """Every text and number in the data of a sheet, but the date, which is written in words elsewhere."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from texts(each) if key not in {"day", "test"} else ()
    elif isinstance(value, list | tuple):
        for each in value:
            yield from texts(each)
    elif value != "":
        yield closed_up(str(value))


def closed_up(text):
    """The text without blanks, for a line may have been broken where it had none."""
    return "".join(text.split())


@pytest.mark.parametrize(
    ("locale", "kind"), [("nb", "Pakkseddel"), ("nn", "Pakksetel"), ("en", "Packing slip")]
)
def test_it_is_tagged_and_says_its_language(locale, kind):
    """For a screen reader: marked, with a tree of tags, language, title and the standard it keeps to."""
    raw = typeset(slip_sheet(SLIP), locale=locale, title=f"{kind} 1")
    pdf = reader.opened(raw)
    root = pdf.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]["/Type"] == "/StructTreeRoot"
    assert root["/Lang"] == locale
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert (pdf.metadata.title, pdf.metadata.author) == (f"{kind} 1", "Testbokhandelen")
    assert reader.claims_accessibility(raw)
    assert f"{kind} 1" in reader.words(raw)


def test_tables_have_heads_and_sheets_headings():
    """One heading for the sheet, one for the address and each department; a head that names each column."""
    tags = reader.tags(typeset(slip_sheet(SLIP)))
    kinds = [kind for kind, _, _ in tags]
    departments = len(SLIP.groups)
    assert (kinds.count("/H1"), kinds.count("/H2")) == (1, 1 + departments)
    assert kinds.count("/Table") == kinds.count("/THead") == departments
    heads = [attributes["/Scope"] for kind, attributes, _ in tags if kind == "/TH"]
    assert heads == ["/Column"] * 4 * departments
    lists = [below for kind, _, below in tags if kind == "/L"]
    assert lists
    assert all(set(below) == {"/LI"} for below in lists)


@pytest.mark.rule("SHIP-4")
@pytest.mark.rule("CHK-2", way="direct")
@pytest.mark.rule("CHK-2", way="punchout")
def test_a_slip_says_whose_it_is():
    """Order name, PO number, requisition, buyer and customer, as on the page."""
    said = reader.words(typeset(slip_sheet(SLIP, tracking="7034", sscc="370000000000000017")))
    for fact in ("Barnebøker påske", "PO-7", "R-9", "Åse Ørnes", "100234", "7034", "370000000000000017"):
        assert fact in said
    assert "Eksemplarer i pakken: 5 · Eksemplarer som kommer senere: 0" in said


@pytest.mark.rule("SHIP-2")
@pytest.mark.rule("SHIP-4")
@settings(max_examples=25, deadline=None)
@given(shipped())
def test_every_copy_stands_under_its_department(made):
    """Nothing is lost on the way to paper, and what has no place comes last, under its own heading."""
    placed, lines, parts = made
    slips = [packed(placed, lines, part) for part in parts]
    with spoken():
        drawn = [slip_sheet(slip)() for slip in slips]
    for slip, sheet in zip(slips, drawn, strict=True):
        rows = [row for department in sheet.departments for row in department.rows]
        assert sum(row.sent for row in rows) == sum(each.quantity for each in slip.lines())
        assert sum(row.to_come for row in rows) == slip.outstanding
        assert all(len(row.copies) == row.sent for row in rows)
        rest = reader.words(typeset(lambda sheet=sheet: sheet))
        for department in sheet.departments:
            _, place, rest = rest.partition(department.place)
            assert place
            for row in department.rows:
                for copy in row.copies:
                    _, found, rest = rest.partition(copy.copy_id)
                    assert found, f"{copy.copy_id} is not under {department.place}"
        unassigned = [department.place == "Uten fordeling" for department in sheet.departments]
        assert unassigned == sorted(unassigned)


@pytest.mark.parametrize(
    ("make", "paper"), [(sheets.of_invoice, invoice()), (sheets.of_credit_note, credit_note())]
)
@pytest.mark.parametrize("locale", ["nb", "nn", "en"])
def test_a_bill_holds_all_that_its_sheet_says(make, paper, locale):
    """Lines, tax for each rate, sum and references, which are also what the page shows."""
    drawn = bill(make, paper)
    said = closed_up(reader.words(typeset(drawn, locale=locale)))
    with spoken(locale):
        missing = [text for text in texts(msgspec.to_builtins(drawn())) if text not in said]
    assert missing == []


@pytest.mark.rule("INV-3")
@pytest.mark.rule("PRICE-7")
def test_an_invoice_shows_its_tax_apart():
    """And what is to be paid, by when, and to which account."""
    said = reader.words(typeset(bill(sheets.of_invoice, invoice())))
    for fact in (
        "Faktura 90001",
        "Mva. 25 % av 117,00 kr 29,25 kr",
        "Å betale 1 343,25 kr",
        "1. april 2026",
        "0000 00 00000",
        "Barnebøker påske",
        "PO-7",
    ):
        assert fact in said


@pytest.mark.rule("INV-4")
def test_a_credit_note_names_its_invoice_and_reason():
    """What it is about, why, and how much comes back."""
    said = reader.words(typeset(bill(sheets.of_credit_note, credit_note())))
    for fact in ("Kreditnota 90002", "Krediterer faktura 90001", "Skadet i posten", "Til gode 1 343,25 kr"):
        assert fact in said


@pytest.mark.rule("SHIP-2")
def test_a_long_slip_goes_on_with_its_head_and_department():
    """420 copies: each page says which it is, whose, what the columns mean, and for which department."""
    slip = long_slip(order_name="Barnebøker påske")
    assert len(slip.copies) == 420
    raw = typeset(slip_sheet(slip), slip_sheet(SLIP))
    said = reader.pages(raw)
    long, short = said[:-1], said[-1]
    assert len(long) > 5
    places = {f"{group.branch_code} {group.branch_name}".strip() for group in slip.groups}
    for number, page in enumerate(long, start=1):
        assert f"Side {number} av {len(long)}" in page
        assert "Tittel Sendt Kommer Eksemplarer" in page
        assert any(place in page for place in places)
    assert all("Pakkseddel 1 · Barnebøker påske" in page for page in long[1:])
    assert "Side 1 av 1" in short
    assert "Pakkseddel 1 ·" not in short
    assert {copy.copy_id for copy in slip.copies} <= set(" ".join(long).split())
    assert reader.claims_accessibility(raw)


@pytest.mark.rule("SHIP-5")
def test_no_row_is_too_high_for_a_page():
    """Copies with long notes go on over the page, and nothing runs off it."""
    codes = replace(PLACES[0], note="Til utlån fra høsten " * 12)
    raw = typeset(slip_sheet(slip_of(line(1, *[codes] * 12), line(2, *PLACES))))
    said = reader.pages(raw)
    assert len(said) > 2
    assert all(f"Side {number} av {len(said)}" in page for number, page in enumerate(said, start=1))
    assert reader.lowest_line(raw) > 0


@pytest.mark.parametrize("test", [True, False])
def test_a_test_says_so_on_every_page(test):
    """Nobody takes one in earnest, and nobody takes an order for a test."""
    said = reader.pages(
        typeset(slip_sheet(long_slip(test=test)), bill(sheets.of_invoice, invoice(test=test)))
    )
    assert [("TEST" in page.replace("T E S T", "TEST")) for page in said] == [test] * len(said)


@pytest.mark.parametrize("text", [NASTY, LETTERS])
def test_what_people_typed_is_text(text):
    """No order name, title or note is read as markup, and every Norwegian and Sámi letter is there."""
    slip = replace(titled(SLIP, text), order_name=text, po_number=text)
    raw = typeset(slip_sheet(slip), title=text)
    assert reader.words(raw).count(text) >= 4
    assert reader.opened(raw).metadata.title == text
    assert reader.claims_accessibility(raw)


def test_a_letter_that_no_font_has_leaves_the_rest_readable():
    """A title in Chinese has boxes; all else is tagged as ever, and only the claim to the standard goes."""
    raw = typeset(slip_sheet(titled(SLIP, "漢字 på norsk")))
    assert "på norsk" in reader.words(raw)
    assert reader.opened(raw).trailer["/Root"]["/Lang"] == "nb"
    assert [kind for kind, _, _ in reader.tags(raw)].count("/THead") == len(SLIP.groups)
    assert not reader.claims_accessibility(raw)


@settings(max_examples=50, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
@example("漢字 🙂 \x00 \ufffe \u202e")
@example("x" * 300)
def test_any_text_makes_a_tagged_paper(text):
    """A letter that no font of ours has costs the claim to the standard, never the paper."""
    raw = typeset(slip_sheet(replace(titled(SLIP, text), order_name=text)), title=text or "Pakkseddel")
    assert reader.opened(raw).trailer["/Root"]["/MarkInfo"]["/Marked"]
    rows = sum(len(group.lines) for group in SLIP.groups)
    assert [kind for kind, _, _ in reader.tags(raw)].count("/TR") == rows + len(SLIP.groups)


def test_hyphens_that_people_paste_leave_the_others_alone():
    """A title from a web page has soft and unbroken ones; numbers are still found by their own."""
    raw = typeset(slip_sheet(titled(SLIP, "Bar\xadne\u2011 og ung\u2010dom")))
    assert "Barne- og ung-dom" in reader.words(raw)
    assert "PO-7" in reader.words(raw)


def test_the_same_paper_is_the_same_bytes():
    """Dated by the paper and not by the clock; other content gives other bytes."""
    first, again = (typeset(slip_sheet(SLIP), bill(sheets.of_invoice, invoice())) for _ in range(2))
    assert first == again
    assert first != typeset(slip_sheet(replace(SLIP, po_number="PO-8")), bill(sheets.of_invoice, invoice()))
    assert reader.opened(first).metadata.creation_date.date().isoformat() == "2026-03-02"


def test_its_fonts_come_along():
    """Whatever is installed where it is made or read, it looks the same."""
    fonts = {}
    for page in reader.opened(typeset(slip_sheet(SLIP))).pages:
        fonts |= page["/Resources"]["/Font"]
    names = {font.get_object()["/BaseFont"].partition("+")[2] for font in fonts.values()}
    assert {name.partition("-")[0] for name in names} == {"LibertinusSerif", "DejaVuSansMono"}
    for font in fonts.values():
        (inner,) = font.get_object()["/DescendantFonts"]
        descriptor = inner.get_object()["/FontDescriptor"]
        assert any(key.startswith("/FontFile") for key in descriptor)
