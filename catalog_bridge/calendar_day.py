"""The bookshop's calendar: a price that ends today ends at midnight in Norway."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

_HOME = ZoneInfo("Europe/Oslo")


def calendar_day(now: datetime) -> date:
    """The date in Norway at this moment.

    >>> from datetime import UTC
    >>> calendar_day(datetime(2026, 12, 31, 23, 30, tzinfo=UTC))
    datetime.date(2027, 1, 1)
    """
    return now.astimezone(_HOME).date()
