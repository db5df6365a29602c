"""ConfirmationRequest: what the shop says to an order (cxml.md §9; Fulfill.dtd)."""

from __future__ import annotations

from enum import StrEnum
from typing import TypeVar

from lxml import etree

from protocols.cxml.confirmation_rules import contradictions
from protocols.cxml.elements import (
    Findings,
    add,
    add_money,
    add_text,
    attribute,
    children,
    every,
    money,
    only_child,
    path,
    positive,
    put,
    text,
)
from protocols.cxml.envelope import Envelope
from protocols.cxml.frame import Route, Stamp, finished, request
from protocols.cxml.items import MOST_LINES, comments
from protocols.dialects import Dialect
from protocols.errors import Malformed, TooLarge
from protocols.model.finding import Finding
from protocols.model.fulfilment import Confirmation, ConfirmationType, ConfirmedLine, LineAnswer, LineStatus
from protocols.model.money import Money
from protocols.model.session import Deployment
from protocols.moments import parsed

_Word = TypeVar("_Word", bound=StrEnum)


def parse(envelope: Envelope) -> tuple[Confirmation, tuple[Finding, ...]]:
    """The confirmation and what deviated in it; an empty confirmID and empty Comments are absent ones.

    Raises Malformed for what confirms nothing: no ConfirmationHeader, a type that the standard does not know,
    a line without number or quantity; TooLarge for more than 10,000 lines.
    """
    element, found = envelope.payload, Findings()
    parts = children(element)
    header = parts.get("ConfirmationHeader")
    if header is None:
        raise Malformed("The confirmation has no ConfirmationHeader.", where=path(element))
    order = parts.get("OrderReference")
    made = Confirmation(
        confirm_id=attribute(header, "confirmID"),
        type=_word(header, ConfirmationType),
        noticed_at=_moment(header, "noticeDate", found, needed=True),
        order_id="" if order is None else attribute(order, "orderID"),
        order_date="" if order is None else _moment(order, "orderDate", found),
        order_payload_id=_reference(order),
        lines=_lines(element, found),
        previous_payload_id=_reference(header),
        comments=comments(header),
    )
    _judge(made, element, header, found)
    return made, found.all()


def _judge(made: Confirmation, element: etree._Element, header: etree._Element, found: Findings) -> None:
    """Findings about what the confirmation lacks, and about what does not fit together in it."""
    if not made.order_payload_id:
        found.note("value.missing", f"{path(element)}/OrderReference/DocumentReference/@payloadID")
    updates = attribute(header, "operation") == "update"
    if updates is not bool(made.previous_payload_id):
        where, expected = f"{path(header)}/DocumentReference", "one with operation update, none with new"
        found.note("confirmation.contradiction", where, expected=expected)
    for broken in contradictions(made):
        where = f"{path(element)}/{broken.where}"
        found.note("confirmation.contradiction", where, expected=broken.expected, got=broken.got)


def _word(element: etree._Element, words: type[_Word]) -> _Word:
    """The element's type; Malformed for one that the standard does not know."""
    written = attribute(element, "type")
    try:
        return words(written)
    except ValueError:
        reason = f"The type must be one of {', '.join(words)}."
        raise Malformed(reason, where=f"{path(element)}/@type") from None


def _moment(element: etree._Element, name: str, found: Findings, *, needed: bool = False) -> str:
    """The time as sent, with a finding when it is none."""
    written = attribute(element, name)
    if written and parsed(written) is None:
        found.note("timestamp.unreadable", f"{path(element)}/@{name}", got=written)
    elif needed and not written:
        found.note("value.missing", f"{path(element)}/@{name}")
    return written


def _reference(parent: etree._Element | None) -> str:
    """The payloadID that the DocumentReference inside names; empty without one."""
    reference = only_child(parent, "DocumentReference")
    return "" if reference is None else attribute(reference, "payloadID")


def _lines(element: etree._Element, found: Findings) -> tuple[ConfirmedLine, ...]:
    items = every(element, "ConfirmationItem")
    if len(items) > MOST_LINES:
        raise TooLarge(f"The confirmation has more than {MOST_LINES:,} lines.", where=path(element))
    return tuple(_line(item, found) for item in items)


def _line(item: etree._Element, found: Findings) -> ConfirmedLine:
    return ConfirmedLine(
        number=_line_number(item),
        quantity=positive(item.get("quantity", ""), item),
        answers=tuple(_answer(entry, found) for entry in every(item, "ConfirmationStatus")),
        unit=text(only_child(item, "UnitOfMeasure")),
    )


def _line_number(item: etree._Element) -> int:
    written = attribute(item, "lineNumber")
    if not (written.isdecimal() and len(written) < 10):
        raise Malformed("A ConfirmationItem needs the lineNumber of its order line.", where=path(item))
    return int(written)


def _answer(element: etree._Element, found: Findings) -> LineAnswer:
    parts = children(element)
    return LineAnswer(
        status=_word(element, LineStatus),
        quantity=positive(element.get("quantity", ""), element),
        unit=text(parts.get("UnitOfMeasure")),
        unit_price=money(parts.get("UnitPrice")) or _price_instead(parts.get("ItemIn"), found),
        shipment_date=_moment(element, "shipmentDate", found),
        delivery_date=_moment(element, "deliveryDate", found),
        comments=comments(element),
    )


def _price_instead(item: etree._Element | None, found: Findings) -> Money | None:
    """The price of an item that shall come in place of the ordered one, which is a finding."""
    if item is None:
        return None
    advice = "Another item is offered in place of the ordered one; send a changed order, or call."
    found.note("line.changed", item, got=text(only_child(item, "ItemID")), advice=advice)
    return money(only_child(only_child(item, "ItemDetail"), "UnitPrice"))


def build(
    confirmation: Confirmation,
    route: Route,
    stamp: Stamp,
    dialect: Dialect,
    deployment: Deployment,
    lang: str = "nb",
) -> bytes:
    """The ConfirmationRequest document, secret included; the inverse of ``parse``.

    Units go out in the dialect's own codes. ValueError for a confirmation that contradicts itself: nobody
    could act on it.
    """
    if broken := next(contradictions(confirmation), None):
        raise ValueError(f"{broken.where}: expected {broken.expected}, got {broken.got}")
    body = request(route, stamp, deployment, lang)
    element = etree.SubElement(body, "ConfirmationRequest")
    _add_header(element, confirmation, lang)
    _add_order(element, confirmation)
    for line in confirmation.lines:
        _add_line(element, line, dialect, lang)
    return finished(body, dialect.dtd_version, "Fulfill")


def _add_header(parent: etree._Element, confirmation: Confirmation, lang: str) -> None:
    header = etree.SubElement(parent, "ConfirmationHeader")
    put(header, "confirmID", confirmation.confirm_id)
    put(header, "operation", "update" if confirmation.previous_payload_id else "new")
    put(header, "type", confirmation.type.value)
    put(header, "noticeDate", confirmation.noticed_at)
    if confirmation.previous_payload_id:
        put(add(header, "DocumentReference"), "payloadID", confirmation.previous_payload_id)
    _add_comments(header, confirmation.comments, lang)


def _add_order(parent: etree._Element, confirmation: Confirmation) -> None:
    order = etree.SubElement(parent, "OrderReference")
    put(order, "orderID", confirmation.order_id)
    put(order, "orderDate", confirmation.order_date)
    put(add(order, "DocumentReference"), "payloadID", confirmation.order_payload_id)


def _add_line(parent: etree._Element, line: ConfirmedLine, dialect: Dialect, lang: str) -> None:
    item = etree.SubElement(
        parent, "ConfirmationItem", quantity=f"{line.quantity:f}", lineNumber=str(line.number)
    )
    add(item, "UnitOfMeasure", dialect.units.get(line.unit, line.unit))
    for answer in line.answers:
        _add_answer(item, answer, dialect, lang)


def _add_answer(parent: etree._Element, answer: LineAnswer, dialect: Dialect, lang: str) -> None:
    status = etree.SubElement(parent, "ConfirmationStatus", quantity=f"{answer.quantity:f}")
    put(status, "type", answer.status.value)
    put(status, "shipmentDate", answer.shipment_date)
    put(status, "deliveryDate", answer.delivery_date)
    add(status, "UnitOfMeasure", dialect.units.get(answer.unit, answer.unit))
    if answer.unit_price is not None:
        add_money(status, "UnitPrice", answer.unit_price)
    _add_comments(status, answer.comments, lang)


def _add_comments(parent: etree._Element, words: str, lang: str) -> None:
    if words:
        add_text(parent, "Comments", words, lang)
