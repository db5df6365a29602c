"""Bodies of several MIME parts: a document and the files that came with it (cxml.md §7, RFC 2046, RFC 2387).

The parts are cut out by their boundary here, as bytes; only the few header lines of each go through the
standard library's ``email``. Its parser for whole messages would decode 25 MB of foreign bytes into text,
line by line, and follow nested parts as deep as they go.
"""

from __future__ import annotations

import re
from binascii import Error, a2b_base64, a2b_qp
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.parser import HeaderParser
from email.utils import collapse_rfc2231_value
from urllib.parse import unquote

from protocols.errors import NotAcceptable, TooLarge

WHOLE = 25_000_000
"""Bytes of a body with everything in it."""
MOST_PARTS = 20
_HEADERS = 16_384
_KINDS = {"multipart/related", "multipart/mixed"}
_BOUNDARY = re.compile(r"[0-9A-Za-z'()+_,./:=? -]{0,69}[0-9A-Za-z'()+_,./:=?-]")
_BLANK = re.compile(rb"\r?\n\r?\n")
_LAST_BREAK = re.compile(rb"\r?\n\Z")
_FIRST_LINE = re.compile(rb"--([^\r\n]{1,70}?)[ \t]*\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One part, its transfer encoding undone.

    content_id
        Without angle brackets, empty when it has none; what ``cid:`` URLs name.
    content_type
        The header as it stands, ``media_type`` its first word in lower case.
    damaged
        Why the content could not be decoded; empty when it could.
    """

    content_id: str = ""
    content_type: str = ""
    media_type: str = ""
    name: str = ""
    content: bytes = field(default=b"", repr=False)
    damaged: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The document, and everything beside it in the order of the body."""

    root: Part
    others: tuple[Part, ...]


def is_multipart(content_type: str) -> bool:
    """Whether a body of this type is a document with files beside it."""
    return _header(content_type).get_content_type() in _KINDS


def split(body: bytes, content_type: str) -> Parts:
    """The parts; the document is the one that ``start`` names, else the first.

    Raises TooLarge for more than 25 MB or 20 parts, NotAcceptable for a body that is not built so.
    """
    if len(body) > WHOLE:
        raise TooLarge(f"The body with its attachments is larger than {WHOLE:,} bytes.")
    header = _header(content_type)
    parts = [_part(raw) for raw in _cut(body, _boundary(header))]
    start = content_id(_parameter(header, "start"))
    root = parts[0] if not start else next((part for part in parts if part.content_id == start), None)
    if root is None:
        raise NotAcceptable("No part has the Content-ID that start names.", where="Content-Type")
    if root.damaged:
        where = "Content-Transfer-Encoding"
        raise NotAcceptable(f"The document cannot be decoded: {root.damaged}.", where=where)
    return Parts(root=root, others=tuple(part for part in parts if part is not root))


def from_file(raw: bytes) -> tuple[bytes, str]:
    """Body and content type of a file that somebody saved: with its header lines, or from the boundary on.

    Any other file is a body without a type.
    """
    if first := _FIRST_LINE.match(raw):
        return raw, f'multipart/related; boundary="{first[1].decode("latin-1")}"'
    if (blank := _BLANK.search(raw[:_HEADERS])) and raw[:_HEADERS].lower().find(b"content-type:") >= 0:
        saved = _headers(raw[: blank.start()])
        if saved.get_content_type() in _KINDS:
            return raw[blank.end() :], str(saved["content-type"])
    return raw, ""


def content_id(written: str) -> str:
    """A Content-ID or ``cid:`` URL as it is compared: no scheme, no angle brackets, URL encoding undone.

    >>> content_id("<a@b>"), content_id("cid:a%40b"), content_id(" CID:<a@b> ")
    ('a@b', 'a@b', 'a@b')
    """
    bare = written.strip()
    if bare[:4].lower() == "cid:":
        bare = unquote(bare[4:])
    return bare.strip().removeprefix("<").removesuffix(">")


def _header(content_type: str) -> Message:
    header = Message()
    header["Content-Type"] = content_type.replace("\r", " ").replace("\n", " ")
    return header


def _headers(raw: bytes) -> Message:
    return HeaderParser().parsestr(raw.decode("utf-8", "replace"), headersonly=True)


def _parameter(header: Message, name: str) -> str:
    value = header.get_param(name, "")
    return collapse_rfc2231_value(value) if isinstance(value, tuple) else str(value or "")


def _boundary(header: Message) -> bytes:
    boundary = _parameter(header, "boundary")
    if not _BOUNDARY.fullmatch(boundary):
        raise NotAcceptable("The body needs a boundary of at most 70 characters.", where="Content-Type")
    return boundary.encode()


def _cut(body: bytes, boundary: bytes) -> Iterator[bytes]:
    """The raw parts; NotAcceptable without the delimiter that ends the last one: bytes are missing."""
    delimiter = re.compile(rb"(?:\A|\r?\n)--" + re.escape(boundary) + rb"(--)?[ \t]*(?=\r?\n|\Z)")
    begin, count = -1, 0
    for found in delimiter.finditer(body):
        if begin >= 0:
            count += 1
            if count > MOST_PARTS:
                raise TooLarge(f"The body has more than {MOST_PARTS} parts.")
            yield body[begin : found.start()]
        if found[1]:
            if not count:
                break
            return
        begin = found.end()
    raise NotAcceptable("The multipart body ends before its last boundary, or has no part.", where="body")


def _part(raw: bytes) -> Part:
    """One part: header lines, a blank line, content. Without header lines it begins with the blank line.

    An empty one may end with its header lines: then the blank line's own break is the boundary's.
    """
    head = raw[: _HEADERS + 4]
    blank = _BLANK.search(head) or (_LAST_BREAK.search(head) if len(head) == len(raw) else None)
    if blank is None:
        raise NotAcceptable(f"A part has no end of its header lines within {_HEADERS:,} bytes.", where="body")
    header = _headers(raw[: blank.start()].lstrip(b"\r\n"))
    content, damaged = _decoded(raw[blank.end() :], str(header.get("content-transfer-encoding", "binary")))
    return Part(
        content_id=content_id(str(header.get("content-id", ""))),
        content_type=str(header.get("content-type", "")),
        media_type=header.get_content_type() if "content-type" in header else "",
        name=_readable(header.get_filename("") or ""),
        content=content,
        damaged=damaged,
    )


def _readable(name: str) -> str:
    """The name with encoded words (RFC 2047) read out, where they can be."""
    try:
        return str(make_header(decode_header(name)))
    except (HeaderParseError, LookupError, ValueError):
        return name


def _decoded(content: bytes, encoding: str) -> tuple[bytes, str]:
    """The content, and what was wrong with its transfer encoding."""
    said = encoding.strip().lower()
    if said in {"binary", "8bit", "7bit", ""}:
        return content, ""
    if said == "quoted-printable":
        return a2b_qp(content), ""
    if said != "base64":
        return b"", f"Content-Transfer-Encoding {said[:40]} is not known"
    try:
        return a2b_base64(b"".join(content.split()), strict_mode=True), ""
    except Error:
        return b"", "its base64 is damaged"
