"""What a file is, told by its first bytes: the kinds that are kept, and no others (security §8)."""

from __future__ import annotations

import re

_MAGIC = (
    (b"%PDF-", "application/pdf"),
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\0", "image/tiff"),
    (b"MM\0*", "image/tiff"),
    (b"PK\x03\x04", "application/zip"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
_OFFICE = {
    "application/zip": re.compile(
        r"application/vnd\.(?:openxmlformats-officedocument|oasis\.opendocument)\.[\w.+-]+"
    ),
    "application/x-ole-storage": re.compile(r"application/(?:msword|vnd\.ms-(?:excel|powerpoint|outlook))"),
}
"""Office files are archives, never unpacked here; which kind they are, only their sender says."""
_MARKUP = re.compile(rb"\s*<")
_ACTIVE = re.compile(rb"<\s*(?:!doctype\s+html|html|script|svg|iframe)\b", re.IGNORECASE)
_NOT_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")
_LOOK_AT = 65_536


def kind_of(content: bytes, declared: str = "") -> str:
    r"""The media type that the bytes show; empty for a kind that is not kept, and for nothing at all.

    >>> kind_of(b"%PDF-1.7 ..."), kind_of(b"hei"), kind_of(b"MZ\x90\0"), kind_of(b"<html><script>")
    ('application/pdf', 'text/plain', '', '')
    """
    for magic, kind in _MAGIC:
        if content.startswith(magic):
            office = _OFFICE.get(kind)
            return declared if office and office.fullmatch(declared) else kind
    return _text_kind(content)


def _text_kind(content: bytes) -> str:
    """XML or plain text; nothing that a browser would run."""
    start = content[:_LOOK_AT].removeprefix(b"\xef\xbb\xbf")
    if not start.strip() or _NOT_TEXT.search(start) or _ACTIVE.search(start):
        return ""
    return "application/xml" if _MARKUP.match(start) else "text/plain"
