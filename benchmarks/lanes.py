"""Lanes side by side: each does the same work in another way, round by round, in rotated order.

What else the machine does meanwhile hits all lanes alike, so the ratio within a round stays true. All are
measured as our server serves: with what was loaded before out of the garbage collector's sight.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from statistics import median
from time import perf_counter, process_time
from typing import TYPE_CHECKING, cast

from punchout.long_lived import keep_what_is_loaded

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    Work = Callable[[], object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One way to do the work.

    ready
        Makes one turn's work, inputs and all; only the call of what it returns is timed.
    pieces
        How many documents, requests or tries one turn handles; times are given for one.
    weighs
        True when the work returns what it weighed, in bytes, which then stands in the place of its time.
    """

    name: str
    ready: Callable[[], Work]
    pieces: int = 1
    weighs: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Seconds for one piece: of the processor, and on the wall; or bytes, in both."""

    cpu: float
    wall: float


def through(lines: int, name: str, work: Work, *, turn: int = 1_000) -> Lane:
    """A lane whose work handles so many lines, repeated until a turn is long enough to be timed."""
    times = max(1, turn // lines)

    def repeated() -> None:
        for _ in range(times):
            work()

    return Lane(name=name, ready=lambda: repeated, pieces=times)


Round = dict[str, Sample]
"""A sample of every lane, by its name."""


def rounds(lanes: Sequence[Lane], *, count: int, turns: int) -> Iterator[Round]:
    """So many rounds after one of warm-up; a lane's sample is the median of its turns in the round."""
    _round(lanes, 1, first=0)
    for number in range(count):
        yield _round(lanes, turns, first=number)


def _round(lanes: Sequence[Lane], turns: int, first: int) -> Round:
    keep_what_is_loaded()
    taken: Mapping[str, list[Sample]] = defaultdict(list)
    for turn in range(first, first + turns):
        for lane in _ordered(lanes, turn):
            taken[lane.name].append(_weighed(lane) if lane.weighs else _timed(lane))
    return {name: _median(samples) for name, samples in taken.items()}


def _ordered(lanes: Sequence[Lane], turn: int) -> list[Lane]:
    """Rotated from turn to turn, and every other time backwards: no lane always follows the same one.

    What a lane leaves behind, in caches and in freed memory, is worth a third to the one that comes next.
    """
    start = turn % len(lanes)
    rotated = [*lanes[start:], *lanes[:start]]
    return rotated if turn // len(lanes) % 2 else rotated[::-1]


def _timed(lane: Lane) -> Sample:
    work = lane.ready()
    wall, cpu = perf_counter(), process_time()
    work()
    cpu, wall = process_time() - cpu, perf_counter() - wall
    return Sample(cpu=cpu / lane.pieces, wall=wall / lane.pieces)


def _weighed(lane: Lane) -> Sample:
    weight = float(cast("int", lane.ready()()))
    return Sample(cpu=weight, wall=weight)


def _median(samples: Sequence[Sample]) -> Sample:
    return Sample(
        cpu=median(sample.cpu for sample in samples), wall=median(sample.wall for sample in samples)
    )
