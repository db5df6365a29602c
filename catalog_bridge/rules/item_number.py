"""The ISBN as people write it (CART-4)."""

from __future__ import annotations

import re

from stdnum import isbn
from stdnum.exceptions import ValidationError

from catalog_bridge.bookshop import Refused

_LOOKS_LIKE_ISBN = re.compile(r"97[89]\d{10}|\d{9}[\dXx]")


def isbn13(text: str) -> str:
    """The ISBN-13 without hyphens; empty when the text does not look like an ISBN of 10 or 13 digits.

    Refused when it looks like one and its check digit is wrong.

    >>> isbn13("82-03-18756-0"), isbn13("Fuglane")
    ('9788203187568', '')
    """
    digits = re.sub(r"[\s\u2010-\u2015-]", "", text)
    if not _LOOKS_LIKE_ISBN.fullmatch(digits):
        return ""
    try:
        return isbn.validate(digits, convert=True)
    except ValidationError as error:
        raise Refused(
            "ISBN %(isbn)s: the check digit is wrong, so one of the digits is; compare it with the book.",
            isbn=text.strip(),
        ) from error
