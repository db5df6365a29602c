"""Forms that were saved as a page, or as the table that a framework made of them."""

import json

import pytest

from protocols.oci.pairs import encoded
from protocols.oci.saved import form

LINE = ("NEW_ITEM-UNIT[1]", "blå")
CONTROL = ("~OkCode", "ADDI")


def page(*forms, head=""):
    """A page with these forms."""
    inputs = (
        "".join(f'<input type="hidden" name="{name}" value="{value}">' for name, value in pairs)
        for pairs in forms
    )
    return f"<html>{head}<body>{''.join(f'<form>{each}</form>' for each in inputs)}</body></html>"


def test_the_form_with_lines_is_taken_from_a_page():
    """Whatever stands around it."""
    html = page([("q", "x")], [CONTROL, LINE], [CONTROL])
    assert form(html.encode()) == encoded([CONTROL, LINE], "utf-8")


@pytest.mark.parametrize("answer", ["", "HTTP/1.1 200 OK\r\nServer: a\r\n\r\n"])
def test_a_form_of_control_fields_is_one_too(answer):
    """So a shop says that a product is gone, and so a cart is given up."""
    html = answer + page([("q", "x")], [CONTROL, ("csrf", "1")], [("later", "")])
    assert form(html.encode()) == encoded([CONTROL, ("csrf", "1")], "utf-8")


def test_a_page_is_sent_in_its_own_character_set():
    """As by a browser, so that nobody is told of another."""
    html = page([LINE], head='<meta charset="iso-8859-1">').encode("latin-1")
    assert form(html) == b"NEW_ITEM-UNIT%5B1%5D=bl%E5"


def test_a_table_is_sent_as_the_fields_that_it_was_made_of():
    """Of JSON with lines in it."""
    raw = json.dumps({"NEW_ITEM-UNIT": {"1": "blå"}, "~OkCode": "ADDI"}).encode()
    assert form(raw) == encoded([LINE, CONTROL], "utf-8")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"<html><body/></html>",
        b"<a><b>NEW_ITEM-UNIT[1]=EA</b></a>",
        page([("user", "a")]).encode(),
        b'{"a": 1}',
        b'{"hook_url": "https://x.example"}',
        b'{"NEW_ITEM-UNIT": ',
        b'{"a":' * 100_000,
        b'{"NEW_ITEM-UNIT":' + b"[" * 900 + b"]" * 900 + b"}",
    ],
)
def test_anything_else_holds_no_form(raw):
    """Other pages, other JSON, and what nobody can read."""
    assert form(raw) is None
