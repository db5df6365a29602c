"""A buyer's system that takes a cart by the letter: what it would cut, rewrite, refuse or drop.

It reads with the standard library's parser and counts by itself, so that it shares no mistake with the code
that wrote the document. What it may hold comes from the dialect.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from xml.etree import ElementTree as ET

from protocols.dialects import Dialect

_UNSPSC = re.compile("[0-9]{8}")
_AMOUNT = re.compile(r"[0-9]+\.[0-9]{2,4}")
_KNOWN = ("EA",)


@dataclass(frozen=True, slots=True)
class Objection:
    """What happens to one value: ``cut``, ``rewritten``, ``refused`` or ``dropped``, and on which line."""

    line: int
    field: str
    fate: str
    value: str


@dataclass(frozen=True, slots=True)
class Item:
    """One ItemIn as another reader sees it."""

    number: int
    quantity: Decimal
    part_id: str
    auxiliary_id: str
    price: str
    currency: str
    description: str
    short_name: str
    unit: str
    domain: str
    classification: str
    extrinsics: tuple[str, ...]


def items(document: bytes) -> list[Item]:
    """The lines of a cart in document order."""
    return [_item(element) for element in _tree(document).iter("ItemIn")]


def total(document: bytes) -> Decimal:
    """The cart's Total."""
    return Decimal(_tree(document).findtext(".//PunchOutOrderMessageHeader/Total/Money", ""))


def _tree(document: bytes) -> ET.Element:
    return ET.fromstring(document)  # noqa: S314 - the document is ours, and the reader must not be


def _item(element: ET.Element) -> Item:
    detail = element.find("ItemDetail")
    described = detail.find("Description")
    money = detail.find("UnitPrice/Money")
    short = described.find("ShortName")
    return Item(
        number=int(element.get("lineNumber")),
        quantity=Decimal(element.get("quantity")),
        part_id=element.findtext("ItemID/SupplierPartID"),
        auxiliary_id=element.findtext("ItemID/SupplierPartAuxiliaryID", ""),
        price=money.text,
        currency=money.get("currency"),
        description=(described.text or "") + ((short.tail or "") if short is not None else ""),
        short_name=(short.text or "") if short is not None else "",
        unit=detail.findtext("UnitOfMeasure"),
        domain=detail.find("Classification").get("domain"),
        classification=detail.findtext("Classification"),
        extrinsics=tuple(entry.text or "" for entry in detail.iter("Extrinsic")),
    )


def objections(document: bytes, dialect: Dialect) -> list[Objection]:
    """Everything that a system with this dialect would do to the cart; empty when it takes it as it is."""
    lines = items(document)
    beyond = [
        Objection(item.number, "ItemIn", "dropped", item.part_id)
        for item in lines[dialect.max_lines or len(lines) :]
    ]
    return [objection for item in lines for objection in _about(item, dialect)] + beyond


def _about(item: Item, dialect: Dialect) -> Iterator[Objection]:
    limits = {
        "SupplierPartID": (item.part_id, dialect.part_id_limit, "refused"),
        "SupplierPartAuxiliaryID": (item.auxiliary_id, dialect.auxiliary_id_limit, "refused"),
        "Description": (item.description, dialect.description_limit, "cut"),
        "ShortName": (item.short_name, dialect.short_name_limit, "cut"),
        "Extrinsic": ("".join(item.extrinsics), dialect.extrinsics_limit or 10**9, "cut"),
    }
    for field, (value, limit, fate) in limits.items():
        if _size(value, dialect) > limit:
            yield Objection(item.number, field, fate, value)
        if fate == "refused" and "\ufffd" in value:
            yield Objection(item.number, field, "refused", value)
        if fate == "refused" and any(character in dialect.part_id_forbidden for character in value):
            yield Objection(item.number, field, "refused", value)
        if dialect.characters == "latin1" and value.encode("iso-8859-1", "replace").decode("latin1") != value:
            yield Objection(item.number, field, "rewritten", value)
    yield from _codes(item, dialect)


def _codes(item: Item, dialect: Dialect) -> Iterator[Objection]:
    if item.unit not in {*_KNOWN, *dialect.units.values()} and dialect.unknown_unit:
        fate = "refused" if dialect.unknown_unit == "refused" else "rewritten"
        yield Objection(item.number, "UnitOfMeasure", fate, item.unit)
    if item.domain == "UNSPSC" and not _UNSPSC.fullmatch(item.classification):
        yield Objection(item.number, "Classification", "rewritten", item.classification)
    if not _AMOUNT.fullmatch(item.price) or Decimal(item.price) <= 0:
        yield Objection(item.number, "UnitPrice", "refused", item.price)


def _size(value: str, dialect: Dialect) -> int:
    return len(value.encode("utf-8")) if dialect.limits_in == "bytes" else len(value)
