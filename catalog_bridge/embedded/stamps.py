"""A moment as the bookshop's tables keep it: text that sorts in its order."""

from datetime import UTC, datetime


def stamp(moment: datetime) -> str:
    """ISO 8601 in UTC, with milliseconds.

    >>> stamp(datetime(2026, 3, 2, 9, 15, tzinfo=UTC))
    '2026-03-02T09:15:00.000+00:00'
    """
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")
