"""Single ONIX values as ours: days in their many spellings, moments, whole numbers."""

from __future__ import annotations

import re
from datetime import date, datetime

_DAY = re.compile(r"(\d{4})-?(\d{2})?-?(\d{2})?", re.ASCII)
_MOMENT = re.compile(
    r"((?:19|20)\d{2})-?(\d{2})-?(\d{2})(?:T?(\d{2}):?(\d{2})(?::?(\d{2}))?(?:\.\d+)?(Z|[+-]\d{2}:?\d{2})?)?",
    re.ASCII,
)
_LARGEST = 9  # digits; a longer number is none of ours


def day(value: str) -> date | None:
    """The first day that a date speaks of (formats 00, 01, 05, 13, 14 of list 55); None when it is none.

    >>> day("20240901"), day("202409"), day("2024"), day("soon")
    (datetime.date(2024, 9, 1), datetime.date(2024, 9, 1), datetime.date(2024, 1, 1), None)
    """
    found = _DAY.match(value)
    if not found:
        return None
    try:
        return date(*(int(part or 1) for part in found.groups()))
    except ValueError:
        return None


def moment(value: str) -> datetime | None:
    """The time of a SentDateTime, midnight without one, UTC without a zone; None when it is none.

    >>> moment("20240901T1230+0200").isoformat(), moment("20240901").isoformat()
    ('2024-09-01T12:30:00+02:00', '2024-09-01T00:00:00+00:00')
    """
    found = _MOMENT.fullmatch(value)
    if not found:
        return None
    *numbers, zone = found.groups(default="00")
    written = "".join(numbers) + ("+0000" if zone == "00" else zone)
    try:
        return datetime.strptime(written, "%Y%m%d%H%M%S%z")
    except ValueError:
        return None


def whole(value: str) -> int | None:
    """The number, None when it is not a whole positive one.

    >>> whole("312"), whole("312 p."), whole("0")
    (312, None, None)
    """
    return int(value) or None if value.isdecimal() and len(value) <= _LARGEST else None
