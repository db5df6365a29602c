"""Approved orders as they come out of each format in which a buyer can send them."""

from dataclasses import replace

from protocols.cxml import order as cxml_order
from protocols.model.order import PurchaseOrder
from protocols.model.session import Deployment
from protocols.peppol import order as ubl_order
from protocols.peppol.identifiers import ORDERING
from tests.protocols.cxml import made as cxml_made
from tests.protocols.peppol import made as ubl_made


def by_cxml(case):
    """The order written and read as an OrderRequest; one without lines is none."""
    if not case.parts:
        return case
    case = _without_quote_lines(case)
    document = cxml_order.build(
        replace(case.order, order_date="2026-01-02"),
        cxml_made.TO_SHOP,
        cxml_made.STAMP,
        cxml_made.GENERIC,
        Deployment.TEST,
    )
    return _carried(case, cxml_order.parse(cxml_made.opened(document))[0])


def by_ubl(case):
    """The order written and read as a Peppol Order; it has no requisition on its lines."""
    if not case.parts:
        return case
    case = _without_quote_lines(case)
    document = ubl_order.build(ubl_made.as_peppol(case.order), ORDERING)
    return _carried(case, ubl_order.parse(ubl_made.opened(document))[0])


def by_oci(case):
    """The order as OCI leads to it: quote and quote line stand in place of the token, where it was kept."""
    parts = tuple(replace(part, line=_with_quote_line(part.line, case.kept)) for part in case.parts)
    return _with_parts(case, parts)


FORMATS = [by_cxml, by_ubl, by_oci]


def _with_quote_line(line, kept):
    found = kept.get(line.line_token)
    if found is None:
        return line
    return replace(line, line_token="", quote_id=found.quote_id, quote_line=found.line.number)


def _without_quote_lines(case):
    """The case as a system has it that sends no quote line: it keeps the token of such a line instead."""
    parts = tuple(
        replace(part, line=replace(part.line, line_token=part.sources[0], quote_id="", quote_line=0))
        if part.line.quote_line
        else part
        for part in case.parts
    )
    return _with_parts(case, parts)


def _with_parts(case, parts):
    order = replace(case.order, lines=tuple(part.line for part in parts))
    return replace(case, parts=parts, order=order)


def _carried(case, order: PurchaseOrder):
    """The case with the order as it was read, line by line."""
    parts = tuple(replace(part, line=line) for part, line in zip(case.parts, order.lines, strict=True))
    return replace(case, parts=parts, order=order)
