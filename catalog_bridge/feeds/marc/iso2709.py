"""ISO 2709, the format in which library systems have always exchanged records (``.mrc``)."""

from __future__ import annotations

import logging
import warnings
from collections.abc import Iterator
from typing import cast

import pymarc
from pymarc.exceptions import BadSubfieldCodeWarning, PymarcException
from pymarc.marc8 import marc8_to_unicode

from catalog_bridge.feeds.marc import fields
from catalog_bridge.feeds.marc.fields import Field, Unreadable
from catalog_bridge.feeds.record import Quarantined
from catalog_bridge.marc import MarcFormat, MarcRecord
from protocols.feed import Readable

_END = b"\x1d"
_BETWEEN = b" \t\r\n\0\x1a"
_CHUNK = 64 * 1024
_LARGEST = 99_999  # what five digits can say
_CHARSETS = {"a": "utf-8", " ": "marc-8"}  # leader/09

logging.getLogger("pymarc").setLevel(logging.ERROR)  # it tells every odd indicator; we keep them as they are


def read(stream: Readable) -> Iterator[MarcRecord | Quarantined]:
    """The records in order. A wrong length costs one record: the next begins behind the next terminator."""
    for number, (body, at) in enumerate(_cut(stream), start=1):
        yield _event(body, f"record {number}, byte {at}")


def _cut(stream: Readable) -> Iterator[tuple[bytes, int]]:
    """What stands between terminators, each with its place in the file; of a monster only its beginning."""
    held, at, skipped = b"", 0, 0
    while chunk := stream.read(_CHUNK):
        *whole, held = (held + chunk).split(_END)
        for part in whole:
            yield from _trimmed(part + _END, at)
            at += len(part) + 1 + skipped
            skipped = 0
        if len(held) > _LARGEST:
            skipped += len(held) - _LARGEST
            held = held[:_LARGEST]
    yield from _trimmed(held, at)


def _trimmed(part: bytes, at: int) -> Iterator[tuple[bytes, int]]:
    """The part without line ends before it, which some programs write between records."""
    body = part.lstrip(_BETWEEN)
    if body:
        yield body, at + len(part) - len(body)


def _event(body: bytes, place: str) -> MarcRecord | Quarantined:
    found: list[Field] = []
    try:
        _check_length(body)
        charset = _CHARSETS.get(body[9:10].decode("ascii", "replace"), "unknown")
        found += _fields(body, charset)
        return MarcRecord(
            isbns=fields.isbns(found),
            bibbi_id=fields.bibbi_id(found),
            title=fields.title(found),
            format=MarcFormat.ISO_2709,
            charset=charset,
            body=body,
        )
    except Unreadable as reason:
        return Quarantined(reference=fields.title(found), place=place, reason=str(reason))


def _check_length(body: bytes) -> None:
    if not body.endswith(_END):
        raise Unreadable(f"The record has no end within {len(body):,} bytes; the file may be cut off.")
    said = body[:5].decode("ascii", "replace")
    if said != f"{len(body):05}":
        raise Unreadable(f"The record says that it is {said!r} bytes long, and is {len(body):05}.")


def _fields(body: bytes, charset: str) -> list[Field]:
    """The fields that we read; Unreadable for a leader or directory that cannot be followed."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", BadSubfieldCodeWarning)
            record = pymarc.Record(body, to_unicode=False)
    except (PymarcException, ValueError) as error:
        raise Unreadable(
            f"Leader or directory cannot be followed: {str(error) or type(error).__name__}"
        ) from error
    return [
        Field(
            tag=field.tag,
            subfields=tuple((code, _text(value, charset)) for code, value in _raw(field)),
        )
        for field in record.get_fields(*sorted(fields.WANTED))
    ]


def _raw(field: pymarc.Field) -> Iterator[tuple[str, bytes]]:
    """Code and bytes of each subfield: bytes they are, though the library's types say text."""
    return ((part.code, cast("bytes", part.value)) for part in field.subfields)


def _text(value: bytes, charset: str) -> str:
    """The text for people; what its character set does not explain is marked, and kept in the record."""
    if charset != "marc-8":
        return value.decode("utf-8", "replace")
    try:
        return str(marc8_to_unicode(value, hide_utf8_warnings=True))
    except UnicodeDecodeError:
        return value.decode("ascii", "replace")
