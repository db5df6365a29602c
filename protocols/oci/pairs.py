"""Names and values as a form sends them: url-encoded, in UTF-8 or windows-1252 (oci.md §7).

The usual readers of forms take UTF-8 for granted and lose a Latin-1 form without an error; this one does not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from urllib.parse import quote_from_bytes, unquote_to_bytes

from protocols.errors import TooLarge
from protocols.model.finding import Finding, Severity

Pair = tuple[str, str]
"""Name and value."""

UTF8, LATIN1 = "utf-8", "iso-8859-1"
"""The two character sets of a form; browsers take the label of the second for windows-1252."""

_FROM_1252 = {
    byte: letter for byte in range(0x80, 0xA0) if (letter := bytes([byte]).decode("cp1252", "ignore"))
}
_TO_1252 = {byte: f"&#{byte};" for byte in _FROM_1252} | {
    ord(letter): chr(byte) for byte, letter in _FROM_1252.items()
}
_SURROGATE = re.compile("[\ud800-\udfff]")
_LINE_END = re.compile(r"\r\n|\r|\n")
_REFERENCE = re.compile(r"&#([0-9]{3,7});")
_PLAIN_TOO = "*"
_MARK = re.compile(rb"\xef\xbb\xbf|(?i:%ef%bb%bf)").match
"""The byte order mark of UTF-8, which some write before a form."""
_MARKED = Finding(code="whitespace.trimmed", got="a byte order mark before the form", severity=Severity.NOTE)
_INDEXED = re.compile(r"([A-Za-z0-9_.*-]*)\[([0-9]*)\]").fullmatch
_AS_IT_IS = re.compile(r"[A-Za-z0-9_.*-]*").fullmatch


@dataclass(frozen=True, slots=True)
class Decoded:
    """The pairs of a query or a body in their order, and the character set that they turned out to be in.

    marked
        Whether a byte order mark stood before them, which is of no field's name.
    """

    pairs: tuple[Pair, ...]
    charset: str
    marked: bool = False

    def odd(self, agreed: str) -> tuple[Finding, ...]:
        """What is odd about the characters where this set was agreed, or none."""
        odd = _fallback(agreed) if self.charset == LATIN1 else _agreed_otherwise(self.pairs, agreed)
        return (_MARKED, *odd) if self.marked else odd


def parsed(raw: bytes, charset: str = "") -> tuple[tuple[Pair, ...], tuple[Finding, ...]]:
    """The pairs of a form, and what is odd about its characters where ``charset`` was agreed."""
    form = decoded(raw)
    return form.pairs, form.odd(charset)


def decoded(raw: bytes, *, most: int = 0) -> Decoded:
    """The pairs of a query or a body, blank ones too.

    The form is strict UTF-8 as a whole, or else windows-1252. Broken escapes stay as they came. TooLarge
    for more than ``most`` pairs (0: no limit).
    """
    mark = _MARK(raw)
    return replace(_read(raw[mark.end() :], most), marked=True) if mark else _read(raw, most)


def _read(raw: bytes, most: int) -> Decoded:
    pieces = [piece for piece in raw.split(b"&") if piece]
    if most and len(pieces) > most:
        raise TooLarge(f"The form has more than {most:,} fields.")
    split = [_unescaped(piece) for piece in pieces]
    try:
        return Decoded(tuple((name.decode(), value.decode()) for name, value in split), UTF8)
    except UnicodeDecodeError:
        return Decoded(
            tuple((in_windows_1252(name), in_windows_1252(value)) for name, value in split), LATIN1
        )


def held(raw: bytes, charset: str) -> tuple[Pair, ...]:
    """The pairs as they have to stand on a page in this set for a browser to send the very same bytes.

    Nothing is guessed, so that bytes that would do for UTF-8 too come out of a Latin-1 page as they went in.

    >>> held(b"a=%C3%A5", "iso-8859-1"), held(b"a=%C3%A5", "utf-8")
    ((('a', 'Ã¥'),), (('a', 'å'),))
    """
    if charset != LATIN1:
        return _read(raw, 0).pairs
    split = (_unescaped(piece) for piece in raw.split(b"&") if piece)
    return tuple((in_windows_1252(name), in_windows_1252(value)) for name, value in split)


def _unescaped(piece: bytes) -> tuple[bytes, bytes]:
    name, _, value = piece.replace(b"+", b" ").partition(b"=")
    return unquote_to_bytes(name), unquote_to_bytes(value)


def in_windows_1252(raw: bytes) -> str:
    """Any bytes as a browser reads them under this label: the five without a letter stay controls."""
    return raw.decode("latin-1").translate(_FROM_1252)


def _fallback(charset: str) -> tuple[Finding, ...]:
    if charset == LATIN1:
        return ()
    advice = "Send the form in UTF-8, or agree on ISO-8859-1."
    return (Finding(code="charset.fallback", expected="UTF-8", got="windows-1252", advice=advice),)


def _agreed_otherwise(pairs: Iterable[Pair], charset: str) -> tuple[Finding, ...]:
    if charset != LATIN1 or all(name.isascii() and value.isascii() for name, value in pairs):
        return ()
    severity = Severity.NOTE
    return (Finding(code="charset.disagreement", expected="ISO-8859-1", got="UTF-8", severity=severity),)


def encoded(pairs: Iterable[Pair], charset: str) -> bytes:
    """What a browser sends for these fields on a page in ``utf-8`` or ``iso-8859-1``.

    A character that the page's set has not goes as ``&#NNN;``, every line end as CR LF, and half of a
    surrogate pair as U+FFFD.

    >>> encoded([("a b", "Øl – Łódź")], "iso-8859-1")
    b'a+b=%D8l+%96+%26%23321%3B%F3d%26%23378%3B'
    """
    write = _in_windows if charset == LATIN1 else str.encode
    return "&".join(f"{_name(name, write)}={_field(value, write)}" for name, value in pairs).encode()


def _name(text: str, write: Callable[[str], bytes]) -> str:
    """The name as it stands in a body; nearly every one is plain but for an index in brackets."""
    indexed = _INDEXED(text)
    return f"{indexed[1]}%5B{indexed[2]}%5D" if indexed else _field(text, write)


def _field(text: str, write: Callable[[str], bytes]) -> str:
    """The text as it stands in a body; nearly every value is one that needs no second look."""
    if _AS_IT_IS(text):
        return text
    return _escaped(write(text if text.isprintable() else _sent(text)))


def _sent(text: str) -> str:
    return _SURROGATE.sub("\ufffd", _LINE_END.sub("\r\n", text))


def _in_windows(text: str) -> bytes:
    return text.translate(_TO_1252).encode("latin-1", "xmlcharrefreplace")


def _escaped(raw: bytes) -> str:
    return quote_from_bytes(raw, safe=f" {_PLAIN_TOO}").replace("~", "%7E").replace(" ", "+")


def unreferenced(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """The pairs with each ``&#NNN;`` read back that a browser put in for want of the character.

    Only characters outside windows-1252 were ever so replaced, and none where the form holds others of
    them: it came in UTF-8 then, and what looks like a reference is the text itself.

    >>> unreferenced([("a", "&#321;&#243;d&#378;")])
    (('a', 'Ł&#243;dź'),)
    """
    taken = tuple(pairs)
    if any(
        _is_foreign(character) for pair in taken for text in pair if not text.isascii() for character in text
    ):
        return taken
    return tuple((name, _REFERENCE.sub(_character, value)) for name, value in taken)


def _is_foreign(character: str) -> bool:
    """Whether windows-1252 lacks the character."""
    code = ord(character)
    return code in _FROM_1252 or (code > 0xFF and code not in _TO_1252)


def _character(reference: re.Match[str]) -> str:
    code = int(reference[1])
    if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF or not _is_foreign(chr(code)):
        return reference[0]
    return chr(code)
