"""Which version of a purchase order stands, in whatever order they arrive (cxml.md §7, T-I5)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from typing import Any

from protocols.model.order import OrderType

_KINDS = (OrderType.NEW, OrderType.UPDATE, OrderType.DELETE)
_RUNS = re.compile(r"\d+|\D+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """What tells a version's place among the others of its order.

    id
        Ours, to find the version again.
    number
        orderVersion as sent; empty where the buyer's system counts none.
    dated
        orderDate; None where it cannot be read, or only repeats that of the order as it first came.
    sent_at
        When the document says it was written; None where it does not.
    message_key, previous
        The document's own key (payloadID), and that of the version it says it replaces; may be empty.
    """

    id: str
    type: OrderType
    number: str = ""
    dated: datetime | None = None
    sent_at: datetime | None = None
    message_key: str = ""
    previous: str = ""


def compare(one: Version, other: Version) -> int:
    """Below zero when the first is the older, above when it is the newer, zero when nothing tells.

    The order itself is older than all that changes it. Between changes counts which of them names the other
    as replaced, then orderVersion where both have one, then the dates, then when the documents were written,
    and last that a cancellation follows a change.
    """
    first = _sign(one.type is not OrderType.NEW, other.type is not OrderType.NEW)
    if first or one.type is OrderType.NEW:
        return first
    if one.previous and one.previous == other.message_key:
        return 1
    if other.previous and other.previous == one.message_key:
        return -1
    return (
        _where_both(_natural(one.number), _natural(other.number))
        or _where_both(one.dated, other.dated)
        or _where_both(one.sent_at, other.sent_at)
        or _sign(_KINDS.index(one.type), _KINDS.index(other.type))
    )


def newest(versions: Iterable[Version]) -> Version | None:
    """The version that stands, None of none; where nothing tells two apart, the one that arrived later.

    versions
        In the order in which they arrived.
    """
    listed = list(versions)
    if not listed:
        return None
    return reduce(lambda best, version: version if compare(version, best) >= 0 else best, listed)


def is_late(version: Version, others: Iterable[Version]) -> bool:
    """Whether one of the others is newer: then this one is kept, and not applied."""
    return any(compare(version, other) < 0 for other in others)


def _natural(number: str) -> list[tuple[int, int, str]]:
    """Numbers inside the text compare as numbers: ``2`` comes before ``10``, ``1.9`` before ``1.10``."""
    return [
        (1, int(run), "") if run.isdecimal() else (0, 0, run.casefold())
        for run in _RUNS.findall(number.strip())
    ]


def _where_both(one: Any, other: Any) -> int:  # noqa: ANN401 - two of a kind that has an order
    return _sign(one, other) if one and other else 0


def _sign(one: Any, other: Any) -> int:  # noqa: ANN401 - two of a kind that has an order
    return int(one > other) - int(one < other)
