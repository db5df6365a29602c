"""Lines: ItemOut of orders and earlier carts, ItemIn of returned carts (cxml.md §6 and §7)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

from lxml import etree

from protocols.cxml.elements import (
    Findings,
    add,
    add_money,
    add_text,
    attribute,
    every,
    lenient_money,
    money,
    only_child,
    own_text,
    path,
    positive,
    put,
    text,
)
from protocols.cxml.parties import add_address, add_extrinsics, address, extrinsic
from protocols.errors import TooLarge
from protocols.model.order import Accounting, OrderLine
from protocols.model.party import Extrinsic

MOST_LINES = 10_000


def lines(parent: etree._Element, name: str, found: Findings) -> tuple[OrderLine, ...]:
    """The ItemOut or ItemIn children as lines; TooLarge for more than 10,000, Malformed for a bad one."""
    items = every(parent, name)
    if len(items) > MOST_LINES:
        raise TooLarge(
            f"The document has more than {MOST_LINES:,} lines; send it in parts.", where=path(parent)
        )
    read = [_line(item, found) for item in items]
    if len({line.number for line in read} - {0}) == len(read):
        return tuple(read)
    found.note("line.number", items[0], expected="a lineNumber of its own on every line")
    return _numbered(read)


def _numbered(unsure: list[OrderLine]) -> tuple[OrderLine, ...]:
    """The lines, each with the number that it was first to have; else with its position, or a free one."""
    known = {line.number for line in unsure}
    spare = count(max(known | {len(unsure)}) + 1)
    used: set[int] = set()
    numbers = [_number(line.number, row, known, used, spare) for row, line in enumerate(unsure, start=1)]
    return tuple(replace(line, number=number) for line, number in zip(unsure, numbers, strict=True))


def _number(number: int, position: int, known: set[int], used: set[int], spare: count[int]) -> int:
    if not number or number in used:
        number = position if position not in known else next(spare)
    used.add(number)
    return number


def _line(item: etree._Element, found: Findings) -> OrderLine:
    """One line, read in a single pass, for lines make documents long (P6); number 0 where none is given."""
    attributes = dict(item.items())
    draft: dict[str, Any] = {
        "number": _whole_number(attributes.get("lineNumber", "")),
        "product_id": "",
        "quantity": positive(attributes.get("quantity", ""), item),
    }
    if "requisitionID" in attributes:
        draft["requisition_id"] = attribute(item, "requisitionID")
    if "requestedDeliveryDate" in attributes:
        draft["requested_delivery"] = attribute(item, "requestedDeliveryDate")
    for part in item[:]:
        if read := _PARTS.get(part.tag):  # type: ignore[arg-type]  # see elements.name()
            read(part, draft, found)
    return OrderLine(**draft)


def _whole_number(written: str) -> int:
    """The number of at most nine digits; 0 for anything else."""
    plain = written.strip()
    return int(plain) if plain.isdecimal() and len(plain) < 10 else 0


def _read_id(part: etree._Element, draft: dict[str, Any], _: Findings) -> None:
    for child in part[:]:
        tag = child.tag
        if tag == "SupplierPartID":
            draft["product_id"] = text(child)
        elif tag == "SupplierPartAuxiliaryID":
            draft["line_token"] = text(child)


def _read_detail(part: etree._Element, draft: dict[str, Any], found: Findings) -> None:
    for child in part[:]:
        tag = child.tag
        if tag == "UnitPrice":
            draft["unit_price"] = money(child)
        elif tag == "Description":
            draft["description"] = draft.get("description") or _description(child)
        elif tag == "UnitOfMeasure":
            draft["unit"] = text(child)
        elif tag == "Classification":
            draft["classification"] = draft.get("classification") or text(child)
        elif tag == "Extrinsic":
            _read_extrinsic(child, draft, found)


def _description(element: etree._Element) -> str:
    """The long text; the ShortName inside it only where nothing else stands there."""
    return text(element) if not len(element) else own_text(element) or text(element)


def _read_extrinsic(part: etree._Element, draft: dict[str, Any], found: Findings) -> None:
    """Those of ItemDetail, and from 1.2.063 on those of the line itself."""
    draft["extrinsics"] = (*draft.get("extrinsics", ()), extrinsic(part, found))


def _read_ship_to(part: etree._Element, draft: dict[str, Any], _: Findings) -> None:
    draft["ship_to"] = address(part)


def _read_comments(part: etree._Element, draft: dict[str, Any], _: Findings) -> None:
    draft["comments"] = "\n".join(filter(None, (draft.get("comments"), comment_text(part))))


def _read_distribution(part: etree._Element, draft: dict[str, Any], _: Findings) -> None:
    draft["accounting"] = (*draft.get("accounting", ()), _accounting(part))


_PARTS: dict[str, Callable[[etree._Element, dict[str, Any], Findings], None]] = {
    "ItemID": _read_id,
    "ItemDetail": _read_detail,
    "ShipTo": _read_ship_to,
    "Distribution": _read_distribution,
    "Comments": _read_comments,
    "Extrinsic": _read_extrinsic,
}


def _accounting(distribution: etree._Element) -> Accounting:
    """What is laid on one account; cXML calls it Distribution."""
    name, charge = "", None
    segments: tuple[Extrinsic, ...] = ()
    for child in distribution[:]:
        if child.tag == "Accounting":
            name, segments = attribute(child, "name"), tuple([_segment(entry) for entry in child[:]])
        elif child.tag == "Charge":
            charge = lenient_money(child)
    return Accounting(name=name, segments=segments, charge=charge)


def _segment(element: etree._Element) -> Extrinsic:
    """A Segment by its type, an AccountingSegment by its Name; the id is the value in both."""
    name = attribute(element, "type") or text(only_child(element, "Name"))
    return Extrinsic(name=name, value=attribute(element, "id"))


def comments(element: etree._Element) -> str:
    """All Comments of an order's header, one below the other."""
    return "\n".join(filter(None, map(comment_text, every(element, "Comments"))))


def comment_text(element: etree._Element) -> str:
    """What the comment says, without the names of files that it points at."""
    return own_text(element) if len(element) else text(element)


def add_item_out(parent: etree._Element, line: OrderLine, lang: str) -> None:
    """An ItemOut for the line; without a price there is no ItemDetail, which needs one."""
    item = etree.SubElement(parent, "ItemOut", quantity=f"{line.quantity:f}", lineNumber=str(line.number))
    put(item, "requisitionID", line.requisition_id)
    put(item, "requestedDeliveryDate", line.requested_delivery)
    _add_item_id(item, line.product_id, line.line_token)
    if line.unit_price is not None:
        _add_item_detail(item, line, lang)
    if line.ship_to is not None:
        add_address(item, "ShipTo", line.ship_to, lang)
    for entry in line.accounting:
        _add_accounting(item, entry)
    if line.comments:
        add_text(item, "Comments", line.comments, lang)


def _add_item_id(item: etree._Element, product_id: str, line_token: str) -> None:
    ids = etree.SubElement(item, "ItemID")
    add(ids, "SupplierPartID", product_id)
    if line_token:
        add(ids, "SupplierPartAuxiliaryID", line_token)


def _add_item_detail(item: etree._Element, line: OrderLine, lang: str) -> None:
    detail = etree.SubElement(item, "ItemDetail")
    if line.unit_price is not None:
        add_money(detail, "UnitPrice", line.unit_price)
    add_text(detail, "Description", line.description, lang)
    add(detail, "UnitOfMeasure", line.unit)
    add(detail, "Classification", line.classification).set("domain", "UNSPSC")
    add_extrinsics(detail, line.extrinsics)


def _add_accounting(item: etree._Element, entry: Accounting) -> None:
    distribution = etree.SubElement(item, "Distribution")
    account = etree.SubElement(distribution, "Accounting", name=entry.name)
    for segment in entry.segments:
        etree.SubElement(account, "Segment", type=segment.name, id=segment.value, description="")
    if entry.charge is not None:
        add_money(distribution, "Charge", entry.charge)
