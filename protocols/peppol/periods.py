"""Dates and periods as UBL writes them, and the one text that the model has for each."""

from __future__ import annotations

from contextlib import suppress
from datetime import date

from lxml import etree

from protocols.peppol.ubl import add, value

_TO = "/"


def period(element: etree._Element | None) -> str:
    """The period as ``start/end``; the day alone where only one is named, or both are the same."""
    days = (value(element, "cbc:StartDate"), value(element, "cbc:EndDate"))
    return _TO.join(dict.fromkeys(filter(None, days)))


def add_period(parent: etree._Element, written: str) -> None:
    """A RequestedDeliveryPeriod; none for what is no date."""
    start, _, end = written.partition(_TO)
    first, last = day(start), day(end or start)
    if first and last:
        element = add(parent, "cac:RequestedDeliveryPeriod")
        add(element, "cbc:StartDate", first)
        add(element, "cbc:EndDate", last)


def day(written: str) -> str:
    """The day of a date or time stamp, as ``YYYY-MM-DD``; empty for what is none.

    >>> day("2026-03-02T09:15:00+01:00"), day("soon")
    ('2026-03-02', '')
    """
    with suppress(ValueError):
        return date.fromisoformat(written[:10]).isoformat()
    return ""
