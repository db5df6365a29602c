"""From the times of one round to its figure, and from the rounds' figures to median and quartiles."""

from __future__ import annotations

from dataclasses import dataclass
from math import log
from statistics import linear_regression, quantiles
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    Times = Mapping[str, float]
    Figure = Callable[[Times], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The median of the rounds' figures, between its quartiles."""

    low: float
    median: float
    high: float


def spread(figures: Sequence[float]) -> Spread:
    """The median and quartiles; of a single figure all three are the same.

    >>> spread([1.0, 2.0, 3.0, 4.0, 5.0])
    Spread(low=2.0, median=3.0, high=4.0)
    """
    if len(figures) == 1:
        return Spread(low=figures[0], median=figures[0], high=figures[0])
    low, median, high = quantiles(figures, n=4, method="inclusive")
    return Spread(low=low, median=median, high=high)


def ratio(of: str, to: str) -> Figure:
    """How much longer one lane takes than the other.

    >>> ratio("ours", "peer")({"ours": 3.0, "peer": 2.0})
    1.5
    """
    return lambda times: times[of] / times[to]


def slowest_to_fastest(*lanes: str) -> Figure:
    """How far the lanes lie apart; 1 when they all take the same.

    >>> slowest_to_fastest("a", "b")({"a": 2.0, "b": 1.0, "other": 9.0})
    2.0
    """
    return lambda times: max(times[lane] for lane in lanes) / min(times[lane] for lane in lanes)


def growth(sizes: Mapping[str, int]) -> Figure:
    """The exponent with which time grows with the size of each lane: the slope of log time over log size.

    >>> round(growth({"small": 100, "large": 1000})({"small": 1.0, "large": 10.0}), 6)
    1.0
    """
    logs = [log(size) for size in sizes.values()]
    return lambda times: linear_regression(logs, [log(times[lane]) for lane in sizes]).slope
