"""A bibliographic record for the library: a document of its own, joined to the title by ISBN (CAT-4)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class MarcFormat(StrEnum):
    """How a record is written down."""

    MARCXML = "marcxml"
    ISO_2709 = "iso2709"

    @property
    def media_type(self) -> str:
        """As HTTP names it."""
        return "application/marcxml+xml" if self is MarcFormat.MARCXML else "application/marc"

    @property
    def ending(self) -> str:
        """Of a file that holds such a record."""
        return "xml" if self is MarcFormat.MARCXML else "mrc"


@dataclass(frozen=True, slots=True, kw_only=True)
class MarcRecord:
    """A record of NORMARC or MARC 21, kept as it came.

    isbns
        ISBN-13 of each edition that it describes, from 020 $a; none where there is no number there.
    bibbi_id
        From 015 $a where $b is BIBBI; empty without one.
    title
        245 $a, for people who read a report.
    charset
        Of ``body``, as the record itself says: ``utf-8``, ``marc-8``, ``unknown``, or what XML declares.
    body
        The record's bytes, in MARCXML between the tags of the collection that it stood in.
    """

    isbns: tuple[str, ...]
    format: MarcFormat
    charset: str
    body: bytes
    bibbi_id: str = ""
    title: str = ""
