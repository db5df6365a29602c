"""Lists of titles as files: the column is found, and every bad line is told (CART-7)."""

from codecs import BOM_UTF8

import pytest

from catalog_bridge.rules import list_csv
from catalog_bridge.rules.register_csv import BadFile
from tests.catalog_bridge.rules.ways import both_ways

NOVEL = "9788203187568"


def entries(raw):
    """Number and quantity of what the file asks for."""
    return [(entry.number, entry.quantity) for entry in list_csv.read(raw).entries]


@both_ways("CART-7")
@pytest.mark.parametrize(
    "raw",
    [
        b"isbn;antall\n9788203187568;3\n",
        b'Title,EAN,Quantity\r\n"A, b",82-03-18756-0,3\r\n',
        BOM_UTF8 + "Tittel;Antall;ISBN\nÆrlig;2;9788203187568\n;1;82-03-18756-0\n".encode(),
    ],
)
def test_columns_are_found_wherever_they_stand(raw):
    """Other columns are passed over, a mark at the start too; the same title adds up."""
    assert entries(raw) == [(NOVEL, 3)]


@both_ways("CART-7")
def test_without_quantities_each_line_is_one_copy():
    """Empty lines say nothing."""
    assert entries(b"ISBN\n9788203187568\n\n") == [(NOVEL, 1)]


@both_ways("CART-7")
def test_bad_lines_have_their_number():
    """A wrong check digit, no number of copies, no ISBN."""
    found = list_csv.read(b"isbn;antall\n9788203187569;1\n9788203187568;mange\n;4\n")
    assert [line.number for line in found.bad] == [2, 3, 4]
    assert found.bad[1].text == "9788203187568;mange"
    assert found.entries == ()


@both_ways("CART-7")
@pytest.mark.parametrize("sign", ["\x0b", "\x1c", "\x85", "\u2028"])
def test_a_bad_line_is_shown_as_it_stands_whatever_an_earlier_one_holds(sign):
    """A sign that some programs take for the end of a line is none in CSV."""
    found = list_csv.read(f"isbn;antall;tittel\n{NOVEL};1;A{sign}B\n{NOVEL};mange;C\n".encode())
    assert [(line.number, line.text) for line in found.bad] == [(3, f"{NOVEL};mange;C")]


@both_ways("CART-7")
@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"isbn\n\xe6\n", "not UTF-8"),
        (b"tittel;antall\nA;1\n", "has to name a column ISBN"),
        (b"", "has to name a column ISBN"),
        (b'isbn\n"82', "no CSV"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_whole(raw, said):
    """With the line where it begins to be wrong."""
    with pytest.raises(BadFile, match=said):
        list_csv.read(raw)
