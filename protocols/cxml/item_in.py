"""ItemIn: one line of a returned cart, fitted to what the buyer's system takes (cxml.md §6)."""

from __future__ import annotations

import re

from lxml import etree

from protocols.cxml.elements import Findings, add, add_money, put_lang, writable
from protocols.cxml.parties import add_extrinsics
from protocols.dialects import Dialect
from protocols.model.cart import ReturnedLine
from protocols.model.finding import Severity
from protocols.model.money import round_money

_UNSPSC = re.compile(r"\d{8}")


def add_item_in(
    parent: etree._Element, line: ReturnedLine, dialect: Dialect, lang: str, found: Findings
) -> None:
    """An ItemIn for the line; its copies are never sent (DIST-8).

    What the dialect cannot take becomes a finding: texts are shortened, an id never is, so a finding of
    severity error says that the buyer would refuse the line.
    """
    where = f"ItemIn[{line.number}]"
    item = etree.SubElement(parent, "ItemIn", quantity=str(line.quantity), lineNumber=str(line.number))
    ids = etree.SubElement(item, "ItemID")
    add(
        ids,
        "SupplierPartID",
        _whole(line.product_id, dialect.part_id_limit, f"{where}/SupplierPartID", found),
    )
    if line.line_token:
        where_token = f"{where}/SupplierPartAuxiliaryID"
        token = _whole(line.line_token, dialect.auxiliary_id_limit, where_token, found)
        add(ids, "SupplierPartAuxiliaryID", token)
    _add_detail(item, line, dialect, lang, found)


def _add_detail(
    item: etree._Element, line: ReturnedLine, dialect: Dialect, lang: str, found: Findings
) -> None:
    where = f"ItemIn[{line.number}]/ItemDetail"
    detail = etree.SubElement(item, "ItemDetail")
    _check_price(line, where, found)
    add_money(detail, "UnitPrice", line.unit_price)
    _add_description(detail, line, dialect, lang, found)
    add(detail, "UnitOfMeasure", dialect.units.get(line.unit, line.unit))
    classification = add(detail, "Classification", line.classification)
    classification.set("domain", dialect.classification_domain)
    _check_classification(line, dialect, where, found)
    if line.publisher:
        add(detail, "ManufacturerName", _plain(line.publisher, f"{where}/ManufacturerName", found))
    if line.lead_time_days is not None:
        add(detail, "LeadTime", str(line.lead_time_days))
    add_extrinsics(detail, line.extrinsics)


def _add_description(
    detail: etree._Element,
    line: ReturnedLine,
    dialect: Dialect,
    lang: str,
    found: Findings,
) -> None:
    """The long text, behind the ShortName where there is one."""
    where = f"ItemIn[{line.number}]/ItemDetail/Description"
    element = etree.SubElement(detail, "Description")
    put_lang(element, lang)
    words = _fitted(line.description, dialect.description_limit, where, found)
    if not line.short_name:
        element.text = words
        return
    short = _fitted(line.short_name, dialect.short_name_limit, f"{where}/ShortName", found)
    add(element, "ShortName", short).tail = words


def _fitted(value: str, limit: int, where: str, found: Findings) -> str:
    """The text with what the receiver can hold, shortened with a finding where it is too long."""
    words = _plain(value, where, found)
    if len(words) <= limit:
        return words
    found.note(
        "value.shortened", where, expected=f"at most {limit} characters", got=f"{len(words)} characters"
    )
    return words[:limit].rstrip()


def _plain(value: str, where: str, found: Findings) -> str:
    words = writable(value)
    if words != value:
        found.note("value.replaced", where, expected="text without control characters")
    return words


def _whole(value: str, limit: int, where: str, found: Findings) -> str:
    """The id as it is: cut, it would find nothing."""
    if len(value) > limit:
        expected, got = f"at most {limit} characters", f"{len(value)} characters"
        advice = "An id is never cut: the buyer would refuse this line. Take it out of the cart."
        found.note(
            "value.shortened", where, expected=expected, got=got, advice=advice, severity=Severity.ERROR
        )
    return value


def _check_price(line: ReturnedLine, where: str, found: Findings) -> None:
    amount = line.unit_price.amount
    if amount <= 0:
        found.note(
            "value.missing", f"{where}/UnitPrice", expected="a price above zero", got=str(line.unit_price)
        )
    if amount != round_money(amount):
        found.note("value.replaced", f"{where}/UnitPrice", expected="two decimals", got=str(line.unit_price))


def _check_classification(line: ReturnedLine, dialect: Dialect, where: str, found: Findings) -> None:
    if dialect.classification_domain == "UNSPSC" and not _UNSPSC.fullmatch(line.classification):
        expected = "an UNSPSC code of eight digits"
        found.note("value.missing", f"{where}/Classification", expected=expected, got=line.classification)
