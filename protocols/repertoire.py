"""Text for systems that hold few characters, or few kinds of them: changed and still readable."""

from __future__ import annotations

import unicodedata

_PLAIN = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"),
        **dict.fromkeys("\u2018\u2019\u201a\u2032", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u2033", '"'),
        **dict.fromkeys("\u2002\u2003\u2009\u202f", " "),
        "\u2026": "...",
        "\u20ac": "EUR",
        "đ": "d",
        "Đ": "D",
        "ŋ": "n",
        "Ŋ": "N",
        "ŧ": "t",
        "Ŧ": "T",
        "ł": "l",
        "Ł": "L",
        "œ": "oe",
        "Œ": "OE",
    }
)
_JOINER = "\u200d"


def in_latin1(text: str) -> str:
    """The text in the characters of ISO-8859-1; what has no likeness there becomes a question mark.

    >>> in_latin1("Guovža – «blåbær» €5 😀")
    'Guovza - «blåbær» EUR5 ?'
    """
    if _fits(text):
        return text
    return "".join(map(_likeness, unicodedata.normalize("NFC", text).translate(_PLAIN)))


def _fits(text: str) -> bool:
    return text.isascii() or max(text) <= "\xff"


def _likeness(character: str) -> str:
    if _fits(character):
        return character
    bare = "".join(part for part in unicodedata.normalize("NFKD", character) if _fits(part))
    return bare or ("" if _clings(character) else "?")


def shortened(text: str, limit: int, *, in_bytes: bool) -> str:
    """The beginning of the text within the limit, cut between words where that costs less than half of it.

    A letter is never parted from its accents, nor an emoji from what it is joined with.

    >>> shortened("Blåbær på Sørøya", 12, in_bytes=False)
    'Blåbær på'
    >>> shortened("Blåbær", 4, in_bytes=True)
    'Blå'
    """
    start = text.encode()[: max(limit, 0)].decode(errors="ignore") if in_bytes else text[: max(limit, 0)]
    if len(start) == len(text):
        return text
    end = len(start)
    while end and (_clings(text[end]) or text[end - 1] == _JOINER):
        end -= 1
    word = text.rfind(" ", 0, end + 1)
    return text[: word if word > end // 2 else end].rstrip()


def _clings(character: str) -> bool:
    """Whether the character belongs to the one before it: an accent, a joiner, a shade of skin."""
    return (
        unicodedata.combining(character) > 0
        or unicodedata.category(character) in {"Mn", "Me"}
        or character == _JOINER
        or "\U0001f3fb" <= character <= "\U0001f3ff"
    )
