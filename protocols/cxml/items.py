"""Lines: ItemOut of orders and earlier carts, ItemIn of returned carts (cxml.md §6 and §7)."""

from __future__ import annotations

from itertools import count

from lxml import etree

from protocols.cxml.elements import (
    Findings,
    add,
    add_money,
    add_text,
    attribute,
    children,
    every,
    lenient_money,
    money,
    path,
    put,
    quantity,
    text,
)
from protocols.cxml.parties import add_address, add_extrinsics, address, extrinsics
from protocols.errors import TooLarge
from protocols.model.order import Accounting, OrderLine
from protocols.model.party import Extrinsic

MOST_LINES = 10_000
_NOTHING: dict[str, etree._Element] = {}


def lines(parent: etree._Element, name: str, found: Findings) -> tuple[OrderLine, ...]:
    """The ItemOut or ItemIn children as lines; TooLarge for more than 10,000, Malformed for a bad one."""
    items = every(parent, name)
    if len(items) > MOST_LINES:
        raise TooLarge(
            f"The document has more than {MOST_LINES:,} lines; send it in parts.", where=path(parent)
        )
    numbers = _numbers(items, found)
    return tuple(_line(item, number, found) for item, number in zip(items, numbers, strict=True))


def _numbers(items: list[etree._Element], found: Findings) -> list[int]:
    """The lineNumber where it is given, and given once; else the position, or a number that is free."""
    given = [_given_number(item) for item in items]
    known = set(given) - {0}
    if len(known) == len(items):
        return given
    found.note("line.number", items[given.index(0) if 0 in given else 0], expected="a lineNumber of its own")
    spare = count(max(known | {len(items)}) + 1)
    used: set[int] = set()
    return [_number(number, position, known, used, spare) for position, number in enumerate(given, start=1)]


def _number(number: int, position: int, known: set[int], used: set[int], spare: count[int]) -> int:
    if not number or number in used:
        number = position if position not in known else next(spare)
    used.add(number)
    return number


def _given_number(item: etree._Element) -> int:
    written = attribute(item, "lineNumber")
    return int(written) if written.isdecimal() and len(written) < 10 else 0


def _line(item: etree._Element, number: int, found: Findings) -> OrderLine:
    parts = children(item)
    ids = _inside(parts.get("ItemID"))
    facts = _inside(parts.get("ItemDetail"))
    return OrderLine(
        number=number,
        product_id=text(ids.get("SupplierPartID")),
        quantity=quantity(item),
        line_token=text(ids.get("SupplierPartAuxiliaryID")),
        description=_description(facts.get("Description")),
        unit=text(facts.get("UnitOfMeasure")),
        unit_price=money(facts.get("UnitPrice")),
        classification=text(facts.get("Classification")),
        requisition_id=attribute(item, "requisitionID"),
        requested_delivery=attribute(item, "requestedDeliveryDate"),
        ship_to=address(parts.get("ShipTo")),
        comments=comments(item, found) if "Comments" in parts else "",
        accounting=_accountings(item) if "Distribution" in parts else (),
        extrinsics=_extrinsics(item, parts, facts, found),
    )


def _inside(element: etree._Element | None) -> dict[str, etree._Element]:
    return _NOTHING if element is None else children(element)


def _description(element: etree._Element | None) -> str:
    """The long text; the ShortName inside it only where nothing else stands there."""
    if element is None or not len(element):
        return text(element)
    own = (element.text or "") + "".join(child.tail or "" for child in element)
    return own.strip() or text(element)


def comments(element: etree._Element, found: Findings) -> str:
    """All Comments of this level, one below the other; a file they point at was not sent along."""
    return "\n".join(filter(None, (_comment(entry, found) for entry in every(element, "Comments"))))


def _comment(element: etree._Element, found: Findings) -> str:
    if not len(element):
        return text(element)
    for attachment in every(element, "Attachment"):
        advice = "Attachments are not taken; write what matters into the comment."
        found.note("attachment.dangling", attachment, got=text(attachment), advice=advice)
    return ((element.text or "") + "".join(child.tail or "" for child in element)).strip()


def _extrinsics(
    item: etree._Element,
    parts: dict[str, etree._Element],
    facts: dict[str, etree._Element],
    found: Findings,
) -> tuple[Extrinsic, ...]:
    """Those of ItemDetail, then those of the line itself (1.2.063 and later)."""
    inside = extrinsics(parts["ItemDetail"], found) if "Extrinsic" in facts else ()
    return inside + extrinsics(item, found) if "Extrinsic" in parts else inside


def _accountings(item: etree._Element) -> tuple[Accounting, ...]:
    """How the buyer splits the cost of the line; cXML calls it Distribution."""
    return tuple(_accounting(children(entry)) for entry in every(item, "Distribution"))


def _accounting(parts: dict[str, etree._Element]) -> Accounting:
    account = parts.get("Accounting")
    if account is None:
        return Accounting(name="", charge=lenient_money(parts.get("Charge")))
    return Accounting(
        name=attribute(account, "name"),
        segments=tuple(_segment(entry) for entry in account),
        charge=lenient_money(parts.get("Charge")),
    )


def _segment(element: etree._Element) -> Extrinsic:
    """A Segment by its type, an AccountingSegment by its Name; the id is the value in both."""
    name = attribute(element, "type") or text(children(element).get("Name"))
    return Extrinsic(name=name, value=attribute(element, "id"))


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
