"""The order name: Rekvisisjons-/bestillingsnummer, on slip and invoice (CHK-1 to CHK-4)."""

from __future__ import annotations

import re

from catalog_bridge.rules.plain_text import collapsed, one_line
from protocols.model.customer import Customer

LIMIT = 35
"""What the shopper may type; EDI reference an..35 (CHK-3)."""

RECEIVED_LIMIT = 255
"""What a procurement system may send; kept whole (CHK-4)."""


def typed(text: str) -> str:
    """The name as the shopper's line: trimmed, blanks collapsed; empty stays empty (CHK-3).

    Refused, with the count, above 35 characters, and for line breaks and other unprintable characters.
    """
    return one_line(collapsed(text), field="Order name", limit=LIMIT)


def fits(name: str, pattern: str) -> bool:
    """Whether the whole name has the form that the municipality asks for by a regular expression."""
    return re.fullmatch(pattern, name) is not None


def is_missing(name: str, customer: Customer) -> bool:
    """Whether a direct order of this name lacks the one that the customer requires (CHK-3)."""
    return customer.order_name_required and not name


def chosen(
    *,
    typed: str = "",
    sent: str = "",
    requisition_id: str = "",
    order_id: str = "",
    first: str = "shopper",
) -> str:
    """The name an order gets: the first of typed, sent, requisition and order number that is there (CHK-4).

    sent
        An extrinsic such as RequisitionName; what makes no printable line of ≤ 255 is passed over.
    first
        The policy ``order_name``: "requisition" puts the requisition id before all others.
    """
    candidates = [typed, sent, requisition_id, order_id]
    if first == "requisition":
        candidates.insert(0, requisition_id)
    return next(filter(None, map(_received, candidates)), "")


def _received(text: str) -> str:
    """The value on one line; empty when it cannot be printed or is longer than any reference."""
    line = " ".join(collapsed(text).split())
    return line if line.isprintable() and len(line) <= RECEIVED_LIMIT else ""
