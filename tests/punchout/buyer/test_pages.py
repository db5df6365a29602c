"""Pages as a browser without script reads them."""

import pytest

from punchout.buyer.browser import filled
from punchout.buyer.pages import read

ADDRESS = "http://shop.example/s/1/cart?x=1"


def form(html):
    """The first form of a page with this inside it."""
    return read(ADDRESS, 200, f"<form method=POST action=lines/7>{html}</form>").forms[0]


def test_addresses_are_absolute():
    """Links and forms lead where a browser would go from this page."""
    page = read(ADDRESS, 200, '<a href="lines/7">x</a><form action="?q=1"></form><form></form>')
    assert page.links == ["http://shop.example/s/1/lines/7"]
    assert [entry.action for entry in page.forms] == ["http://shop.example/s/1/cart?q=1", ADDRESS]


def test_title_and_heading_are_read():
    """What a person would report of a page is kept."""
    page = read(ADDRESS, 200, "<title>Kurv – bøker</title><h1>Din <b>kurv</b></h1><p>3 &times; bok</p>")
    assert (page.title, page.h1) == ("Kurv – bøker", "Din kurv")
    assert "3 × bok" in page.text


def test_an_untouched_form_sends_what_it_says():
    """Text, hidden, chosen option, text area and ticked boxes go out; unticked ones and buttons do not."""
    sent = form(
        """<input name=t value="æ&amp;ø"><input type=hidden name=h value=1><input type=checkbox name=c1>
        <input type=checkbox name=c2 checked>
        <select name=s><option value=a>A<option value=b selected>B</select>
        <textarea name=a>\nlinje</textarea><button name=b value=1>Go</button><input name=off disabled>"""
    )
    assert sent.untouched() == [("t", "æ&ø"), ("h", "1"), ("c2", "on"), ("s", "b"), ("a", "linje")]
    assert sent.buttons == [("b", "1")]


def test_a_list_without_a_choice_sends_its_first_entry():
    """As browsers do with a drop-down list."""
    assert form("<select name=s><option value=a>A<option value=b>B</select>").untouched() == [("s", "a")]


def test_a_control_outside_belongs_to_the_form_it_names():
    """A button row or a table cell may lie outside its form."""
    page = read(ADDRESS, 200, "<form id=f></form><input form=f name=q value=1>")
    assert page.forms[0].untouched() == [("q", "1")]


def test_a_button_may_send_its_form_elsewhere():
    """The addresses of such buttons are known, absolute, beside the form's own."""
    read_form = form("<button>Send</button><button formaction=/other>Try</button>")
    assert [address.removeprefix("http://").partition("/")[2] for address in read_form.elsewhere] == ["other"]


def test_a_filled_form_sends_the_new_values_in_document_order():
    """Values replace what stands there; several of one name go one after the other."""
    sent = form("<input name=q value=1><input name=n value=x><input name=q value=2>")
    assert filled(sent, {"q": ["7", "8"]}) == [("q", "7"), ("n", "x"), ("q", "8")]


def test_of_radio_buttons_the_wanted_one_is_sent():
    """Choosing one button of a group leaves the others out."""
    sent = form("<input type=radio name=r value=a checked><input type=radio name=r value=b>")
    assert filled(sent, {"r": "b"}) == [("r", "b")]


def test_a_value_that_no_control_takes_is_a_mistake():
    """A page that lost a field is noticed, not worked around."""
    with pytest.raises(KeyError, match="quantity"):
        filled(form("<input name=q>"), {"quantity": "1"})
