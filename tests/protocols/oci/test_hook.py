"""HOOK_URL: whole or divided, and never encoded anew."""

import pytest

from protocols.dialects.oci_habits import HookMode, Method, OciHabits
from protocols.model.session import FormReturn
from protocols.oci import hook
from protocols.oci.pairs import encoded

PAIRS = (("NEW_ITEM-QUANTITY[1]", "2.000"),)
SPLIT = OciHabits(hook_mode=HookMode.SPLIT)


def form(url, habits):
    """The form that goes there."""
    return hook.form(url, PAIRS, FormReturn(target="_parent", charset="iso-8859-1"), habits)


def test_a_whole_hook_is_the_action_byte_for_byte():
    """With POST, a browser sends its query along."""
    url = "https://a.example/%7Ex//y;z?b=%e5+1&a=&b=2#top"
    made = form(url, OciHabits())
    assert (made.action, made.fields) == (url, PAIRS)
    assert (made.method, made.target, made.charset) == ("post", "_parent", "iso-8859-1")
    assert hook.beside(url, OciHabits()) == 0


@pytest.mark.parametrize(
    ("url", "action", "carried"),
    [
        (
            "https://a.example/%7Ex//y?b=1&a=&b=2",
            "https://a.example/%7Ex//y",
            (("b", "1"), ("a", ""), ("b", "2")),
        ),
        ("https://a.example/x", "https://a.example/x", ()),
        ("https://a.example/x?", "https://a.example/x", ()),
        ("https://a.example/x?a=bl%E5#f", "https://a.example/x#f", (("a", "blå"),)),
        ("https://a.example/x?a=1?b", "https://a.example/x", (("a", "1?b"),)),
        ("SAPEVENT:POST", "SAPEVENT:POST", ()),
    ],
)
def test_a_divided_hook_gives_its_query_to_the_form_in_order(url, action, carried):
    """Pairs of the same name keep their order."""
    made = form(url, SPLIT)
    assert (made.action, made.fields) == (action, carried + PAIRS)
    assert hook.beside(url, SPLIT) == len(carried)


def test_a_form_that_is_got_is_always_divided():
    """A browser puts the fields in the query's place."""
    made = form("https://a.example/x?session=1", OciHabits(method=Method.GET))
    assert (made.action, made.method) == ("https://a.example/x", "get")
    assert made.fields == (("session", "1"), *PAIRS)


@pytest.mark.parametrize("query", ["t=%C3%A5%F8", "t=%C3%A5", "t=%E5", "t=bl%C3%A5b%C3%A6r&t=%96"])
def test_a_divided_query_leaves_a_latin1_page_as_the_same_bytes(query):
    """HOOK_URL holds the buyer's session: what looks like UTF-8 in it is not put into other bytes."""
    made = hook.form(f"https://a.example/x?{query}", (), FormReturn(charset="iso-8859-1"), SPLIT)
    assert encoded(made.fields, made.charset).decode() == query
