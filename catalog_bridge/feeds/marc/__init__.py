"""Bibliographic records for libraries, NORMARC or MARC 21, in MARCXML or ISO 2709 (CAT-4)."""

from __future__ import annotations

from collections.abc import Iterator

from catalog_bridge.feeds.marc import iso2709, marcxml
from catalog_bridge.feeds.record import Quarantined
from catalog_bridge.marc import MarcRecord
from protocols.errors import Malformed
from protocols.feed import Readable

_MARKS = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_BLANK = b" \t\r\n\0"
_LENGTH = 5  # digits that an ISO 2709 record begins with

Event = MarcRecord | Quarantined
"""What a file can say of one record."""


def read(stream: Readable) -> Iterator[Event]:
    """The file's records in order, each with its bytes as they are; a bad one is quarantined.

    Raises Malformed for what is neither MARCXML nor ISO 2709 or has no record, NotAcceptable where XML stops
    being well-formed and TooLarge for a record that is far too large: everything before has been given out.
    """
    opened = _Opened(stream)
    if opened.start.lstrip(_BLANK)[:_LENGTH].isdigit():
        found = iso2709.read(opened)
    elif opened.start.startswith(_MARKS) or opened.start.lstrip(_BLANK).startswith(b"<"):
        found = marcxml.read(opened)
    else:
        raise Malformed("This is neither MARCXML nor ISO 2709, or it is empty.")
    return found


class _Opened:
    """A stream whose beginning has been looked at, and which is read from there all the same."""

    def __init__(self, stream: Readable) -> None:
        self._stream = stream
        self._ahead = self.start = stream.read(1024)

    def read(self, size: int, /) -> bytes:
        """At most so many bytes."""
        if not self._ahead:
            return self._stream.read(size)
        chunk, self._ahead = self._ahead[:size], self._ahead[size:]
        return chunk
