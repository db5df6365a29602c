"""A document made ready for the parser: UTF-8, unwrapped, without what no parser takes (cxml.md §10)."""

from __future__ import annotations

import re
from codecs import BOM_UTF8

from protocols import charset, form
from protocols.errors import NotAcceptable
from protocols.model.finding import Finding, Severity

_SPACE = b" \t\r\n"
_MARKUP = re.compile(rb"(?:\xef\xbb\xbf)?\s*<")
_CONTROL = re.compile(
    rb"\xc2[\x80-\x9f]|\x7f|&#(?:0*(?:12[7-9]|1[34][0-9]|15[0-9])|[xX]0*(?:7[fF]|[89][0-9a-fA-F]));",
)


def tidied(body: bytes, content_type: str, *, trust_declaration: bool) -> tuple[bytes, list[Finding]]:
    """The document as UTF-8 that a parser can take, and everything that was done to it.

    Raises NotAcceptable for a character set or bytes that cannot be read, and for a NUL inside.
    """
    utf8, findings = charset.to_utf8(body, content_type, trust_declaration=trust_declaration)
    for step in (_unwrapped, _trimmed, _without_controls):
        utf8, found = step(utf8)
        findings += found
    return without_declaration(utf8), findings


def without_declaration(utf8: bytes) -> bytes:
    """The document with its XML declaration blanked out, so that lines and columns of errors still fit."""
    declaration = charset.DECLARATION.match(utf8)
    if not declaration:
        return utf8
    return re.sub(rb"[^\r\n]", b" ", declaration[0]) + memoryview(utf8)[declaration.end() :]


def _unwrapped(utf8: bytes) -> tuple[bytes, list[Finding]]:
    """The document without form field, HTML escaping and URL encoding around it (cxml.md §10)."""
    if _MARKUP.match(utf8):
        return utf8, []
    inner, layers = form.unwrapped(utf8.decode())
    if not layers:
        return utf8, []
    plain, findings = charset.to_utf8(inner) if isinstance(inner, bytes) else (inner.encode(), [])
    advice = "Post the document itself as the body, with Content-Type text/xml."
    return plain, [Finding(code="form.layer", got=f"{layers} layers", advice=advice), *findings]


def _trimmed(utf8: bytes) -> tuple[bytes, list[Finding]]:
    """The document without what no parser takes: white space before the declaration, NUL behind the root."""
    start = utf8.removeprefix(BOM_UTF8)
    trimmed = start.rstrip(_SPACE + b"\0")
    if (place := trimmed.find(b"\0")) >= 0:
        raise NotAcceptable("The document holds a NUL character.", where=f"byte {place}")
    early = trimmed[:1] in {b" ", b"\t", b"\r", b"\n"} and charset.DECLARATION.match(trimmed)
    if not early and b"\0" not in start[len(trimmed) :]:
        return trimmed, []
    return trimmed, [Finding(code="whitespace.trimmed", where="/", severity=Severity.NOTE)]


def _without_controls(utf8: bytes) -> tuple[bytes, list[Finding]]:
    """The document with U+FFFD for DEL and C1: the controls that XML lets pass (security §1 step 8).

    Not a refusal: they come of letters that a system before us decoded wrongly, and a person can mend that.
    """
    if b"\xc2" not in utf8 and b"\x7f" not in utf8 and b"&#" not in utf8:
        return utf8, []
    clean, count = _CONTROL.subn("\ufffd".encode(), utf8)
    if not count:
        return utf8, []
    advice = "A system on the way decodes letters wrongly; look at the characters marked \ufffd."
    return clean, [
        Finding(code="value.replaced", where="/", got=f"{count} control characters", advice=advice)
    ]
