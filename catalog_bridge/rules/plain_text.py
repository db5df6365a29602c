"""What people type, made fit for one printed line; nothing is cut silently (CHK-3, DIST-5)."""

from __future__ import annotations

import re
import unicodedata

from catalog_bridge.bookshop import Refused

TOO_LONG = "%(field)s: %(count)d characters, at most %(limit)d are possible."
NOT_PRINTABLE = "%(field)s: only printable characters on one line are possible."

_BLANKS = re.compile(r"[^\S\n\r\v\f\x1c-\x1e\x85\u2028\u2029]+")


def collapsed(text: str) -> str:
    r"""The text in composed form (NFC), trimmed, each run of blanks as one; line breaks inside stay.

    >>> collapsed("  Barne\t bøker ")
    'Barne bøker'
    """
    return _BLANKS.sub(" ", unicodedata.normalize("NFC", text).strip())


def one_line(text: str, *, field: str, limit: int) -> str:
    """The text trimmed; Refused when a character does not print or there are more than ``limit``.

    field
        What it is, as the shopper knows it: "Order name", "Note" … Translated by the page.
    """
    line = unicodedata.normalize("NFC", text).strip()
    if not line.isprintable():
        raise Refused(NOT_PRINTABLE, field=field)
    if len(line) > limit:
        raise Refused(TOO_LONG, field=field, count=len(line), limit=limit)
    return line
