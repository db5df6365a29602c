"""Any bytes to UTF-8: which character set a document is in, read strictly (RFC 7303; security §1 step 3)."""

from __future__ import annotations

import re
from codecs import (
    BOM_UTF8,
    BOM_UTF16_BE,
    BOM_UTF16_LE,
    BOM_UTF32_BE,
    BOM_UTF32_LE,
    getincrementaldecoder,
)

from protocols.errors import NotAcceptable
from protocols.model.finding import Finding

CODECS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "utf-16": "utf-16",
    "utf-16le": "utf-16",
    "utf-16be": "utf-16",
    "us-ascii": "ascii",
    "ascii": "ascii",
    "iso-8859-1": "iso-8859-1",
    "latin1": "iso-8859-1",
    "iso-8859-15": "iso-8859-15",
    "latin-9": "iso-8859-15",
    "windows-1252": "cp1252",
    "cp1252": "cp1252",
}
"""Every name that is believed, in lower case, with Python's codec for it; any other is refused."""

DECLARATION = re.compile(rb"\s*<\?xml(?=\s)[^<>]*\?>")
_ENCODING = re.compile(rb"""\sencoding\s*=\s*["']([^"']*)["']""")
_HTTP_CHARSET = re.compile(r"""(?i);\s*charset\s*=\s*["']?([^\s"';]+)""")
_BOMS = ((BOM_UTF8, "utf-8"), (BOM_UTF16_LE, "utf-16-le"), (BOM_UTF16_BE, "utf-16-be"))
_BROKEN_UTF8 = re.compile(
    rb"[\xC0\xC1][\x80-\xBF]|\xE0[\x80-\x9F][\x80-\xBF]|\xF0[\x80-\x8F][\x80-\xBF]{2}|\xED[\xA0-\xBF][\x80-\xBF]",
)
"""Overlong forms and surrogates: somebody meant UTF-8 and hid something in it, so no second try."""
_CONTROLS = re.compile(rb"[\x80-\x9f]")
"""Nothing in ISO-8859-1, letters and quotes in windows-1252, which is then what the sender meant."""
_READ_AHEAD = 400
_PIECE = 16 * 1024


def to_utf8(
    body: bytes,
    content_type: str = "",
    *,
    trust_declaration: bool = False,
) -> tuple[bytes, list[Finding]]:
    """The document as UTF-8 without byte order mark, and what was odd about its character set.

    The byte order mark decides, then the HTTP charset, then the XML declaration, then UTF-8;
    ``trust_declaration`` puts the declaration before the header (a switch per buyer).
    Raises NotAcceptable for a set that is not allowed, and for bytes that are not in it.
    """
    mark, length = byte_order_mark(body)
    rest = body[length:] if length else body
    header, declared = _header_charset(content_type), declared_encoding(rest)
    stated = (mark, declared, header) if trust_declaration else (mark, header, declared)
    codec = mark or codec_named(next(filter(None, stated), "utf-8"))
    utf8, findings = _recoded(rest, codec, marked=bool(mark))
    return utf8, findings + _disagreement(mark, header, declared)


def declared_encoding(start: bytes) -> str:
    """The encoding that the XML declaration names, as spelled there; empty without one."""
    declaration = DECLARATION.match(start[:_READ_AHEAD].replace(b"\0", b""))
    named = _ENCODING.search(declaration[0]) if declaration else None
    return named[1].decode("ascii", "replace") if named else ""


def codec_named(name: str) -> str:
    """Python's codec for the name of a character set; NotAcceptable for one that is not allowed here."""
    codec = CODECS.get(name.lower(), "")
    if not codec:
        raise NotAcceptable(f"The character set {name[:40]!r} is not read here; send the document as UTF-8.")
    if codec == "utf-16":
        raise NotAcceptable("UTF-16 is read only with a byte order mark; send the document as UTF-8.")
    return codec


def byte_order_mark(start: bytes) -> tuple[str, int]:
    """The codec that a byte order mark stands for and the mark's length; NotAcceptable for UTF-32's."""
    if start.startswith((BOM_UTF32_LE, BOM_UTF32_BE)):
        raise NotAcceptable("UTF-32 is not read here; send the document as UTF-8.")
    return next(((codec, len(mark)) for mark, codec in _BOMS if start.startswith(mark)), ("", 0))


def _header_charset(content_type: str) -> str:
    named = _HTTP_CHARSET.search(content_type)
    return named[1] if named else ""


def _recoded(body: bytes, codec: str, *, marked: bool) -> tuple[bytes, list[Finding]]:
    """The body as UTF-8, after a strict reading; a UTF-8 body is checked and handed on as it is."""
    if codec == "iso-8859-1" and (control := _CONTROLS.search(body)):
        return _from_windows_1252(body, "ISO-8859-1", control.start())
    if codec == "utf-8" and _is_utf8(body):
        return body, []
    try:
        text = body.decode(codec)
    except UnicodeDecodeError as error:
        if codec == "utf-8" and not marked and not _BROKEN_UTF8.search(body):
            return _from_windows_1252(body, "UTF-8", error.start)
        reason = f"The bytes are not {codec.upper()} as the document says; send UTF-8."
        raise NotAcceptable(reason, where=f"byte {error.start}") from error
    return text.encode(), []


def _is_utf8(body: bytes) -> bool:
    """Whether these bytes are strict UTF-8; read in pieces, for one large text costs more than reading it."""
    decoder = getincrementaldecoder("utf-8")()
    try:
        for place in range(0, len(body), _PIECE):
            decoder.decode(body[place : place + _PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _from_windows_1252(body: bytes, expected: str, doubtful: int) -> tuple[bytes, list[Finding]]:
    """The second try: bytes that are letters in windows-1252 and nothing in what was declared."""
    try:
        text = body.decode("cp1252")
    except UnicodeDecodeError as error:
        reason = f"The bytes are neither {expected} nor windows-1252; send UTF-8."
        raise NotAcceptable(reason, where=f"byte {error.start}") from error
    advice = "Declare the character set that the document is written in."
    where = f"byte {doubtful}"
    finding = Finding(
        code="charset.fallback", where=where, expected=expected, got="windows-1252", advice=advice
    )
    return text.encode(), [finding]


def _disagreement(mark: str, header: str, declared: str) -> list[Finding]:
    """A finding when byte order mark, HTTP header and declaration do not name one character set."""
    names = {"byte order mark": mark, "HTTP header": header, "XML declaration": declared}
    said = {source: name for source, name in names.items() if name}
    if len({_family(name) for name in said.values()}) < 2:
        return []
    got = ", ".join(f"{source}: {name}" for source, name in said.items())
    return [Finding(code="charset.disagreement", expected="one character set", got=got)]


def _family(name: str) -> str:
    codec = name.lower()
    return CODECS.get(codec, codec.removesuffix("-le").removesuffix("-be"))
