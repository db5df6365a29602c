"""ItemIn: one line of a returned cart, fitted to what the buyer's system takes (cxml.md §6)."""

from __future__ import annotations

from lxml import etree

from protocols.cxml.elements import Findings, add, add_money, put_lang
from protocols.cxml.fitting import Fitting
from protocols.cxml.parties import add_extrinsics
from protocols.dialects import Dialect
from protocols.model.cart import ReturnedLine


def add_item_in(
    parent: etree._Element, line: ReturnedLine, dialect: Dialect, lang: str, found: Findings
) -> None:
    """An ItemIn for the line; its copies are never sent (DIST-8).

    What the dialect cannot take becomes a finding: texts are shortened, an id never is, so a finding of
    severity error says that the buyer would refuse the line.
    """
    item = etree.SubElement(parent, "ItemIn", quantity=str(line.quantity), lineNumber=str(line.number))
    fitting = Fitting(line, dialect, found)
    ids = etree.SubElement(item, "ItemID")
    add(ids, "SupplierPartID", fitting.product_id())
    if line.line_token:
        add(ids, "SupplierPartAuxiliaryID", fitting.line_token())
    _add_detail(item, fitting, lang)


def _add_detail(item: etree._Element, fitting: Fitting, lang: str) -> None:
    line = fitting.line
    detail = etree.SubElement(item, "ItemDetail")
    fitting.check_price()
    add_money(detail, "UnitPrice", line.unit_price)
    _add_description(detail, fitting, lang)
    add(detail, "UnitOfMeasure", fitting.unit())
    fitting.check_classification()
    classification = add(detail, "Classification", line.classification)
    classification.set("domain", fitting.dialect.classification_domain)
    if line.publisher:
        add(detail, "ManufacturerName", fitting.publisher())
    if line.lead_time_days is not None:
        add(detail, "LeadTime", str(line.lead_time_days))
    add_extrinsics(detail, fitting.extrinsics())


def _add_description(detail: etree._Element, fitting: Fitting, lang: str) -> None:
    """The long text, behind the ShortName where there is one."""
    element = etree.SubElement(detail, "Description")
    put_lang(element, lang)
    words, short = fitting.description(), fitting.short_name()
    if not short:
        element.text = words
        return
    add(element, "ShortName", short).tail = words
