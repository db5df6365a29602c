"""MARCXML: a collection of records, or one record alone, with its namespace or without."""

from __future__ import annotations

from collections.abc import Iterator

from lxml import etree

from catalog_bridge.feeds.marc import fields
from catalog_bridge.feeds.marc.fields import Field, Unreadable
from catalog_bridge.feeds.record import Quarantined
from catalog_bridge.marc import MarcFormat, MarcRecord
from protocols import charset
from protocols.errors import Malformed, ProtocolError
from protocols.feed import Readable
from protocols.xml import Cutting, Limits, cut_untrusted, parse_untrusted

LARGEST = 1_000_000
"""Bytes of one record; ISO 2709 has room for a tenth of that."""

_LIMITS = Limits(body=2 * LARGEST, tags=50_000)


def read(stream: Readable) -> Iterator[MarcRecord | Quarantined]:
    """The records in order; raises Malformed where there is none, NotAcceptable and TooLarge as the door."""
    number = 0
    for number, cutting in enumerate(cut_untrusted(stream, "record", LARGEST), start=1):
        yield _event(cutting, f"record {number}, line {cutting.line}")
    if number == 0:
        raise Malformed("There is no MARC record in the file: no element record in its root.")


def _event(cutting: Cutting, place: str) -> MarcRecord | Quarantined:
    found: list[Field] = []
    try:
        found += _fields(parse_untrusted(cutting.body, limits=_LIMITS).root)
        return MarcRecord(
            isbns=fields.isbns(found),
            bibbi_id=fields.bibbi_id(found),
            title=fields.title(found),
            format=MarcFormat.MARCXML,
            charset=charset.declared_encoding(cutting.body).lower() or "utf-8",
            body=cutting.body,
        )
    except (Unreadable, ProtocolError) as reason:
        return Quarantined(reference=fields.title(found), place=place, reason=str(reason))


def _fields(root: etree._Element) -> Iterator[Field]:
    """The fields that we read; Unreadable for a record that has none at all."""
    record = root if _local(root) == "record" else root[0]
    data = [child for child in record if _local(child) == "datafield"]
    if not data:
        raise Unreadable("The record has no datafield.")
    for field in data:
        if (tag := field.get("tag", "")) in fields.WANTED:
            parts = (part for part in field if _local(part) == "subfield")
            subfields = tuple((part.get("code", ""), part.text or "") for part in parts)
            yield Field(tag=tag, subfields=subfields)


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname
