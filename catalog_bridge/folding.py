"""One folding of text for every search engine, so that all of them find the same titles.

SQLite's FTS5 folds å but neither æ nor ø, and PostgreSQL's Norwegian dictionary drops «å» as a stop word;
both get text that is folded here already, and fold nothing themselves.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

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
_WORD = re.compile(rf"[^\W_]{{1,{LONGEST_WORD}}}")
_SPECIAL = re.compile(r"[^\x00-\x7f]")


@cache
def _plain(letter: str) -> str:
    """What one character outside ASCII becomes."""
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", letter).casefold())
    return "".join(part for part in apart if not unicodedata.combining(part)).translate(_WHOLE)


def fold(text: str) -> str:
    """The text as search compares it: no case, no accents, Norwegian and Sámi letters as plain ones.

    Double a counts as å, so Aasen and Åsen, Haakon and Håkon are one name.

    >>> fold("Håkon Ødegård på Kárášjohka"), fold("Haakon Ødegaard")
    ('hakon odegard pa karasjohka', 'hakon odegard')
    """
    plain = _SPECIAL.sub(lambda found: _plain(found[0]), text.casefold())
    return _DOUBLE_A.sub("a", plain)


def words(text: str) -> tuple[str, ...]:
    """The folded words of the text in order: letters and digits only, longer ones in pieces of 100.

    >>> words("Blå! 20-åringer & NEAR(*)")
    ('bla', '20', 'aringer', 'near')
    """
    return tuple(_WORD.findall(fold(text)))
