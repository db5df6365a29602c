"""Forms as bytes: what browsers and procurement systems send, in the character sets they send it in."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from protocols.errors import TooLarge
from protocols.model.finding import Severity
from protocols.oci.pairs import decoded, encoded, held, parsed, unreferenced
from tests.protocols.oci.made import codes

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n"), max_size=30)
NAME = TEXT.filter(lambda name: name and not name.startswith(("\ufeff", "ï»¿")))
PAIRS = st.lists(st.tuples(NAME, TEXT), max_size=8).map(tuple)


@given(PAIRS)
def test_a_form_in_utf_8_comes_back_as_it_was(pairs):
    """No name, value, order or repetition is lost."""
    assert parsed(encoded(pairs, "utf-8")) == (pairs, ())


@given(PAIRS)
def test_a_form_in_latin_1_comes_back_but_for_what_it_cannot_hold(pairs):
    """What windows-1252 lacks comes as references, as from a browser."""
    sent = encoded(pairs, "iso-8859-1")
    read, _ = parsed(sent, "iso-8859-1")
    assume(not _is_utf8_by_chance(sent))
    assert read == tuple((_with_references(name), _with_references(value)) for name, value in pairs)


def _is_utf8_by_chance(sent: bytes) -> bool:
    return b"%" in sent and not parsed(sent, "utf-8")[1]


def _with_references(text: str) -> str:
    slots = {byte for byte in range(0x80, 0xA0) if bytes([byte]).decode("cp1252", "ignore")}
    held = (_held(character, slots) for character in text)
    return "".join(held)


def _held(character: str, slots: set[int]) -> str:
    if ord(character) < 0x80 or (ord(character) <= 0xFF and ord(character) not in slots):
        return character
    return character.encode("cp1252", "xmlcharrefreplace").decode("cp1252")


def test_bytes_that_are_no_utf_8_are_read_as_windows_1252():
    """The usual readers make literal escapes of them."""
    assert parsed(b"a=bl%E5b%E6r+%96")[0] == (("a", "blåbær –"),)
    assert codes(parsed(b"a=bl%E5b%E6r")[1]) == ["charset.fallback"]
    assert parsed(b"a=bl\xe5b\xe6r", "iso-8859-1") == ((("a", "blåbær"),), ())


def test_utf_8_wins_where_latin_1_was_agreed():
    """Text that is strict UTF-8 by chance does not happen."""
    pairs, findings = parsed("a=blåbær".encode(), "iso-8859-1")
    assert pairs == (("a", "blåbær"),)
    assert codes(findings) == ["charset.disagreement"]


def test_blank_values_repetitions_and_broken_escapes_are_kept():
    """Nothing that came is thrown away."""
    raw = b"a=&a=1&&b&c=%zz%4&d=x%3Dy=z&=e"
    assert parsed(raw)[0] == (("a", ""), ("a", "1"), ("b", ""), ("c", "%zz%4"), ("d", "x=y=z"), ("", "e"))


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b"%EF%BB%BF", b"%ef%bb%bf"])
def test_a_byte_order_mark_before_a_form_is_of_no_name(mark):
    """Else the first field is lost, which may be the login; it is told, and nothing else is odd."""
    for charset in ("", "utf-8", "iso-8859-1"):
        pairs, (finding,) = parsed(mark + b"USERNAME=a&PASSWORD=b", charset)
        assert pairs == (("USERNAME", "a"), ("PASSWORD", "b"))
        assert (finding.code, finding.severity) == ("whitespace.trimmed", Severity.NOTE)
    assert parsed(mark)[0] == ()
    assert parsed(mark + b"a=%E5")[0] == (("a", "å"),)


def test_a_byte_order_mark_in_a_form_that_is_only_handed_on_stays():
    """What is held on a page is sent as it came."""
    assert held(b"%EF%BB%BFa=1", "utf-8") == (("\ufeffa", "1"),)


def test_more_fields_than_allowed_are_refused():
    """Ten thousand fields are no form."""
    assert len(decoded(b"a=1&" * 10, most=10).pairs) == 10
    with pytest.raises(TooLarge):
        decoded(b"a=1&" * 10_000, most=1_000)


@pytest.mark.parametrize(
    "raw", [b"%ED%A0%80=%ED%B0%80", b"a=%00\0", b"a=%C0%AF", b"\xff\xfe=\x81", b"&&&", b"="]
)
def test_hostile_bytes_are_read_as_something_that_can_be_written(raw):
    """Surrogates, NULs and overlong forms end as plain characters."""
    pairs, _ = parsed(raw)
    assert all("".join(pair).encode() is not None for pair in pairs)


def test_a_value_of_a_megabyte_is_read():
    """Its size is the door's business."""
    (pair,), _ = parsed(b"a=" + b"%F8" * 1_000_000)
    assert pair == ("a", "ø" * 1_000_000)


def test_half_a_surrogate_pair_is_sent_as_a_replacement():
    """As a browser does."""
    assert parsed(encoded([("a", "\ud83d")], "utf-8"))[0] == (("a", "\ufffd"),)


def test_line_ends_are_sent_as_a_browser_sends_them():
    """CR LF, whatever they were."""
    assert encoded([("a", "1\n2\r3\r\n4")], "utf-8") == b"a=1%0D%0A2%0D%0A3%0D%0A4"


def test_references_that_a_browser_put_in_are_read_back():
    """A page in Latin-1 makes them of what it cannot send."""
    assert unreferenced([("a", "&#321;ód&#378; &#128512;")]) == (("a", "Łódź 😀"),)


@pytest.mark.parametrize("text", ["&#229;", "&#65;", "&#55296;", "&#9999999;", "&#x141;", "AT&#38;T"])
def test_references_that_no_browser_put_in_stay(text):
    """They are the text itself."""
    assert unreferenced([("a", text)]) == (("a", text),)


def test_a_form_with_characters_outside_windows_1252_has_no_references():
    """It came in UTF-8."""
    pairs = (("a", "&#321;"), ("b", "Ł"))
    assert unreferenced(pairs) == pairs
