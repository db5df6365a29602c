"""Pages with a form of lines, as a buyer's system scrapes them."""

import pytest

from protocols.oci import page

ITEM = '<input type="hidden" name="NEW_ITEM-DESCRIPTION[1]" value="Bl&aring;b&#230;r &amp; b&oslash;k">'
FIELD = ("NEW_ITEM-DESCRIPTION[1]", "Blåbær & bøk")


def test_hidden_fields_of_the_form_with_lines_are_read():
    """Search boxes, buttons and other forms are not."""
    html = (
        '<form><input name="q" value="x"><input type=hidden name=token value=1></form>'
        f"<FORM method=post>{ITEM}"
        '<INPUT TYPE="HIDDEN" NAME="~OkCode" VALUE="ADDI"><input type="submit" name="go" value="1">'
        '<input type="hidden" name="off" value="1" disabled><input type="hidden" value="1"></FORM>'
        '<input type="hidden" name="outside" value="1"><form><input type="hidden" name="later"></form>'
    )
    assert page.fields(html.encode()) == (FIELD, ("~OkCode", "ADDI"))


def test_of_several_forms_with_lines_the_last_counts():
    """A page may hold one for each hit."""
    assert page.fields(f"<form>{ITEM}{ITEM}</form><form>{ITEM}</form>".encode()) == (FIELD,)


def test_a_page_without_lines_has_no_fields():
    """So VALIDATE says that a product is gone."""
    assert page.fields(b'<form><input type="hidden" name="~OkCode" value="ADDI"></form>') == ()
    assert page.fields(b"") == ()


@pytest.mark.parametrize(
    ("head", "content_type", "codec"),
    [
        ("", "text/html; charset=ISO-8859-1", "latin-1"),
        ('<meta charset="iso-8859-1">', "", "latin-1"),
        ('<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">', "text/html", "latin-1"),
        ("", "", "utf-8"),
        ('<meta charset="iso-8859-1">', "text/html; charset=utf-8", "utf-8"),
        ("", "text/html; charset=utf-8", "cp1252"),
    ],
)
def test_the_header_goes_before_the_page_and_windows_1252_behind_both(head, content_type, codec):
    """What is not in the stated set is read all the same."""
    html = f'{head}<form><input type="hidden" name="NEW_ITEM-UNIT[1]" value="blåbær"></form>'
    assert page.fields(html.encode(codec), content_type) == (("NEW_ITEM-UNIT[1]", "blåbær"),)


def test_a_recorded_answer_is_read_without_its_headers():
    """And in the character set that they name."""
    answer = b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=iso-8859-1\r\n\r\n<form>"
    item = '<input type="hidden" name="NEW_ITEM-UNIT[1]" value="ø"></form>'.encode("latin-1")
    assert page.fields(answer + item) == (("NEW_ITEM-UNIT[1]", "ø"),)
