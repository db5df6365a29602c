"""Documents that come wrapped: in a form field, escaped for HTML, URL-encoded (cxml.md §6 and §10)."""

from __future__ import annotations

import re
from base64 import b64decode
from collections.abc import Mapping
from html import unescape
from urllib.parse import parse_qsl, unquote, unquote_plus

from protocols.errors import NotAcceptable

FIELDS = ("cxml-base64", "cxml-urlencoded", "cxml", "xmlrequest")
"""Form fields that carry a document, in lower case; the first one present is read."""

_FIELD = re.compile(r"\s*[\w.:-]+=")
_ESCAPED = re.compile(r"(?i)\s*&(?:amp;)*(?:lt|#60|#x3c);")
_ENCODED = re.compile(r"(?i)\s*%(?:25)*3c")
_MOST_FIELDS = 1000
_TIMES = 2


def unwrapped(text: str) -> tuple[str | bytes, int]:
    """The document inside the wrapping, and how many layers were undone.

    Each kind of layer is undone at most twice, and only while the text does not start with ``<``.
    Bytes come out of a base64 field, where the document's own declaration counts; text from all others.

    >>> unwrapped("&amp;lt;cXML/&amp;gt;")
    ('<cXML/>', 2)
    """
    undone = 0
    for matches, undo in _LAYERS * _TIMES:
        if matches(text):
            inner = undo(text)
            undone += 1
            if isinstance(inner, bytes):
                return inner, undone
            text = inner
    return text, undone


def document(fields: Mapping[str, str]) -> str | bytes:
    """What the form's document field holds: bytes from base64, else text; names are compared without case.

    Raises NotAcceptable when no field carries a document, or its base64 is damaged.
    """
    named = {name.strip().lower(): value for name, value in fields.items()}
    field = next((field for field in FIELDS if named.get(field)), "")
    if not field:
        raise NotAcceptable("The form carries no document; expected a field cXML-urlencoded or cXML-base64.")
    return _from_base64(named[field]) if field == "cxml-base64" else named[field]


def _from_base64(value: str) -> bytes:
    """The decoded bytes; a plus that a form turned into a space is mended."""
    packed = re.sub(r"[\r\n\t]+", "", value)
    packed = packed.strip() if len(packed) % 4 else packed
    try:
        return b64decode(packed.replace(" ", "+"), validate=True)
    except ValueError as error:
        raise NotAcceptable("The base64 in the form field is damaged.", where="cXML-base64") from error


def _from_form(text: str) -> str | bytes:
    """The document field of a posted form; a value that starts with ``<`` was never URL-encoded."""
    field, _, value = text.partition("=")
    if value.lstrip().startswith("<"):
        return document({field: value})
    try:
        pairs = parse_qsl(text, errors="strict", max_num_fields=_MOST_FIELDS)
    except UnicodeDecodeError:
        pairs = parse_qsl(text, encoding="cp1252", errors="replace", max_num_fields=_MOST_FIELDS)
    except ValueError as error:
        raise NotAcceptable("The form has too many fields to be a document.") from error
    return document(dict(pairs))


def _from_url_encoding(text: str) -> str:
    """The decoded text; a plus is a space only where spaces were not written as %20."""
    return unquote(text) if "%20" in text else unquote_plus(text)


_LAYERS = (
    (_FIELD.match, _from_form),
    (_ENCODED.match, _from_url_encoding),
    (_ESCAPED.match, unescape),
)
