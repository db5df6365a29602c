"""The register as CSV: what comes out goes in again; a file that is wrong is told line by line."""

import unicodedata
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from catalog_bridge.rules.distribution import REGISTER_FIELDS
from catalog_bridge.rules.register_csv import BadFile, codes_as_csv, profiles_as_csv, taken
from protocols.model.distribution import CODE_LENGTHS, Code, CopyCodes, Profile, Register
from tests.catalog_bridge.rules.ways import both_ways

HBB = Code(field="branch_code", value="HBB", label="Hovedbiblioteket")
REGISTER = Register(codes=(HBB,), profiles=(Profile(name="Barn", codes=CopyCodes(branch_code="HBB")),))


def faults(text, register=REGISTER):
    """Line and message of each fault of the file."""
    with pytest.raises(BadFile) as bad:
        taken(text if isinstance(text, bytes) else text.encode(), register)
    return [(fault.line, fault.error.detail) for fault in bad.value.faults]


def lines(limit):
    """Text on one printable line, trimmed, in composed form."""
    letters = st.characters(codec="utf-8", categories=["L", "N", "P", "S"]).filter(str.isprintable)
    shown = st.text(st.one_of(letters, st.sampled_from(" ;\"',=+-@æøåÆØÅ")), max_size=limit)
    return shown.map(_composed).filter(lambda text: len(text) <= limit)


def _composed(text):
    return unicodedata.normalize("NFC", text).strip()


def _codes():
    def of(field):
        value = lines(CODE_LENGTHS[field]).filter(bool)
        return st.builds(Code, field=st.just(field), value=value, label=lines(70), retired=st.booleans())

    one = st.sampled_from(REGISTER_FIELDS).flatmap(of)
    return st.lists(one, max_size=8, unique_by=lambda code: (code.field, code.value))


@both_ways("DIST-12")
@given(codes=_codes(), names=st.lists(lines(70).filter(bool), max_size=3, unique=True), data=st.data())
def test_what_comes_out_goes_in_again(codes, names, data):
    """Codes and profiles survive the way through a file, retired ones too, whatever their letters."""
    live = [code for code in codes if not code.retired]
    register = Register(codes=tuple(codes))
    if live:
        chosen = data.draw(st.sampled_from(live))
        filled = CopyCodes(**{chosen.field: chosen.value}, note=data.draw(lines(255)))
        register = replace(register, profiles=tuple(Profile(name=name, codes=filled) for name in names))
    again = taken(codes_as_csv(register), Register()) if codes else Register()
    assert again.codes == register.codes
    assert not register.profiles or taken(profiles_as_csv(register), again) == register


@both_ways("DIST-12")
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [";", ","])
def test_a_file_is_read_with_or_without_a_mark_and_as_spreadsheets_write_it(mark, end, delimiter):
    """Byte order mark, line ends and delimiter are the spreadsheet's choice."""
    rows = [("field", "value", "label", "retired"), ("branch_code", "BJØ", "Bjørnsletta", "nei"), ("",) * 4]
    text = end.join(delimiter.join(row) for row in rows)
    after = taken(mark + text.encode(), REGISTER)
    assert after.codes == (HBB, Code(field="branch_code", value="BJØ", label="Bjørnsletta"))


@both_ways("DIST-12")
def test_a_file_changes_and_adds_and_never_removes():
    """A known code gets what the file says, in its place; what the file leaves out stays."""
    after = taken(b"field;value;label;retired\nitem_type;BOK;Bok;\nbranch_code;HBB;Hoved;ja\n", REGISTER)
    assert [(code.value, code.label, code.retired) for code in after.codes] == [
        ("HBB", "Hoved", True),
        ("BOK", "Bok", False),
    ]
    assert after.profiles == REGISTER.profiles


@both_ways("DIST-12")
def test_latin1_is_told_with_line_and_byte():
    """A file in the wrong character set is refused as a whole, and says how to save it."""
    raw = "field;value;label\nbranch_code;HBB;Hoved\nbranch_code;BJO;Bjørnsletta\n".encode("latin-1")
    assert faults(raw) == [
        (3, "Byte 19 (0xF8) is not UTF-8. Save the file as CSV UTF-8 and try again."),
    ]
    assert faults("field;value\n".encode("utf-16"))[0][0] == 1


@both_ways("DIST-12")
def test_every_line_that_is_wrong_is_named_and_nothing_is_taken():
    """All faults at once, so that one correction is enough."""
    text = (
        "field;value;label;retired\n"
        "branch_code;GOD;God\n"
        "colour;BLUE;\n"
        f"branch_code;{'x' * 36};\n"
        "branch_code;;Uten kode\n"
        "branch_code;GOD;En gang til\n"
        "branch_code;A;B;kanskje\n"
        "branch_code;A;B;nei;mer\n"
        '"branch_code";"to\nlinjer";x\n'
    )
    assert [line for line, _ in faults(text)] == [3, 4, 5, 6, 7, 8, 9]
    assert dict(faults(text))[4] == "Branch: 36 characters, at most 35 are possible."


@both_ways("DIST-12")
@pytest.mark.parametrize("text", ["", "HBB;Hovedbiblioteket", "value;label\nHBB;x", "field;value;colour\n"])
def test_a_file_without_the_names_of_the_columns_is_refused(text):
    """The first line says what kind of file it is."""
    ((line, says),) = faults(text)
    assert line == 1
    assert "field;value;label;retired" in says


@both_ways("DIST-12")
def test_a_broken_quotation_is_told():
    """What is no CSV is refused, with the line where it begins."""
    ((line, says),) = faults('field;value\nbranch_code;"HBB\n')
    assert line == 2
    assert says.startswith("This is no CSV")


@both_ways("DIST-12")
def test_profiles_come_with_registered_codes_only():
    """A profile of a file obeys the register, line by line."""
    assert taken(b"name;branch_code\nVoksen;HBB\n", REGISTER).profiles[-1].name == "Voksen"
    assert faults("name;branch_code\nVoksen;HBB\nUng;LIL\nTom;\n") == [
        (3, "Branch: the code LIL is not in the register."),
        (4, "The profile Tom needs at least one code."),
    ]


@both_ways("DIST-12")
def test_cells_are_no_formulas():
    """A spreadsheet that opens the file runs nothing that somebody typed."""
    register = Register(codes=(Code(field="branch_code", value="=1+1", label="@cmd"),))
    written = codes_as_csv(register)
    assert b"'=1+1;'@cmd" in written
    assert taken(written, Register()) == register


@both_ways("DIST-6")
def test_what_a_file_has_no_column_for_stays_as_it_is():
    """Labels, retired codes, and the other codes of a profile; a column that stands twice is refused."""
    old = replace(HBB, retired=True)
    codes = CopyCodes(branch_code="HBB", shelf_mark="BARN")
    register = replace(
        REGISTER, codes=(HBB, replace(old, value="GML")), profiles=(Profile(name="Barn", codes=codes),)
    )
    after = taken(b"field;value\nbranch_code;HBB\nbranch_code;GML\n", register)
    assert after == register
    after = taken(b"name;branch_code\nBarn;HBB\n", register)
    assert after == register
    emptied = taken(b"field;value;label\nbranch_code;HBB\n", register)
    assert emptied.codes[0].label == ""
    assert faults("field;value;field\nbranch_code;HBB;item_type\n") == [
        (1, "A column stands twice in the first line.")
    ]
