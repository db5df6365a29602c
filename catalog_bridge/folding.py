"""One folding of text for every search engine, so that all of them find the same titles.

SQLite's FTS5 folds å but neither æ nor ø, and PostgreSQL's Norwegian dictionary drops «å» as a stop word;
both get text that is folded here already, and fold nothing themselves.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST_WORD = 100  # a PostgreSQL lexeme holds 2,046 bytes; nobody searches for a longer word

# Letters that Unicode does not take apart: Norwegian, Sámi, and what foreign names bring.
_WHOLE = str.maketrans(
    {
        "æ": "ae",
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ŋ": "n",
        "ŧ": "t",
        "þ": "th",
        "œ": "oe",
        "ł": "l",
        "\u0131": "i",
    }
)
_DOUBLE_A = re.compile("a{2,}")
_WORD = re.compile(r"[^\W_]+")


class _Letters(dict[int, str]):
    """What each character becomes, worked out the first time it is met."""

    def __missing__(self, code: int) -> str:
        apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", chr(code)).casefold())
        plain = "".join(letter for letter in apart if not unicodedata.combining(letter))
        self[code] = plain.translate(_WHOLE)
        return self[code]


_LETTERS = _Letters()


def fold(text: str) -> str:
    """The text as search compares it: no case, no accents, Norwegian and Sámi letters as plain ones.

    Double a counts as å, so Aasen and Åsen, Haakon and Håkon are one name.

    >>> fold("Håkon Ødegård på Kárášjohka"), fold("Haakon Ødegaard")
    ('hakon odegard pa karasjohka', 'hakon odegard')
    """
    return _DOUBLE_A.sub("a", text.translate(_LETTERS))


def words(text: str) -> tuple[str, ...]:
    """The folded words of the text in order: letters and digits only, at most 100 characters each.

    >>> words("Blå! 20-åringer & NEAR(*)")
    ('bla', '20', 'aringer', 'near')
    """
    return tuple(word[:LONGEST_WORD] for word in _WORD.findall(fold(text)))
