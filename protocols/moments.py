"""Time stamps as the standards write them, and as real senders do (cxml.md §2 and §10)."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

_HOME = ZoneInfo("Europe/Oslo")
_RUBY = "%a %b %d %H:%M:%S %z %Y"
_RFC_822 = ("%a, %d %b %Y %H:%M:%S %z", "%d %b %Y %H:%M:%S %z")


def parsed(written: str) -> datetime | None:
    """The moment, with Europe/Oslo where no zone is given; None when it cannot be read.

    >>> parsed("2019-06-20UTC12:52:15+00:00")
    datetime.datetime(2019, 6, 20, 12, 52, 15, tzinfo=datetime.timezone.utc)
    >>> parsed("2000-2-30") is None
    True
    """
    with suppress(ValueError):
        return _zoned(datetime.fromisoformat(re.sub(r"(?<=\d)(?:UTC| )(?=\d)", "T", written.strip())))
    for form in (_RUBY, *_RFC_822):
        with suppress(ValueError):
            return datetime.strptime(written.strip(), form)  # noqa: DTZ007 -- every form has its zone
    return None


def written(moment: datetime) -> str:
    """The moment with a numeric offset, never ``Z``; ValueError for one without a zone.

    >>> from datetime import UTC
    >>> written(datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC))
    '2026-01-02T03:04:05+00:00'
    """
    if moment.tzinfo is None:
        raise ValueError("a time stamp needs a zone")
    return moment.isoformat(timespec="seconds")


def _zoned(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=_HOME)
