"""Text for systems that hold less: replaced by what looks alike, cut where people can still read it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from protocols.repertoire import in_latin1, shortened


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Blåbær på Sørøya é ü", "Blåbær på Sørøya é ü"),
        ("a\u030angstro\u0308m –", "ångström -"),
        ("Čáhcesuolu ja đoallu", "Cáhcesuolu ja doallu"),
        ("“Ja” – ‘nei’…", "\"Ja\" - 'nei'..."),
        ("😀 漢", "? ?"),
        ("č\u0323", "c"),
    ],
)
def test_letters_become_their_likeness(text, plain):
    """Norwegian stays, Sámi loses its accents, quotes and dashes become plain, the rest a question mark."""
    assert in_latin1(text) == plain


@given(st.text(max_size=40))
def test_the_result_always_fits(text):
    """Whatever came in, ISO-8859-1 can write what comes out; what fitted is untouched."""
    plain = in_latin1(text)
    plain.encode("iso-8859-1")
    assert in_latin1(plain) == plain


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        ("Blåbær på Sørøya", 16, "Blåbær på Sørøya"),
        ("Blåbær på Sørøya", 12, "Blåbær på"),
        ("Blåbær på Sørøya", 9, "Blåbær på"),
        ("Ungdomsskolebibliotek", 6, "Ungdom"),
        ("e\u0301e\u0301", 3, "e\u0301"),
        ("👩\u200d🚀 i rommet", 2, ""),
        ("👍🏽 ja", 1, ""),
        ("x", 0, ""),
    ],
)
def test_characters_are_cut_where_one_can_read_on(text, limit, kept):
    """Between words, never inside a letter with its accent or a joined emoji."""
    assert shortened(text, limit, in_bytes=False) == kept


@given(st.text(st.sampled_from("aå č😀\u0301\u200d"), max_size=30), st.integers(min_value=0, max_value=30))
def test_bytes_are_never_exceeded(text, limit):
    """The limit holds in UTF-8, and what is kept is the beginning of the text."""
    kept = shortened(text, limit, in_bytes=True)
    assert len(kept.encode()) <= limit or kept == text
    assert text.startswith(kept)
