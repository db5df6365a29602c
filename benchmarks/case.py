"""A case: lanes, what is computed from their times, and the proof that they did the same."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from benchmarks import bars, lanes
from benchmarks.figures import Spread, spread

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from benchmarks.figures import Figure
    from benchmarks.lanes import Lane, Round


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """How large a run is.

    rounds
        How often all lanes are run; the figures come from the spread between rounds.
    requests
        Sent in one turn of a lane.
    tries
        To sign in wrongly, each way, in one round.
    weighed_lines
        Of the order whose memory is measured.
    grid_titles
        In the carts whose grids are shown.
    """

    rounds: int
    requests: int
    tries: int
    cart_lines: int
    order_lines: tuple[int, ...]
    growth: tuple[int, ...]
    weighed_lines: int = 5_000
    grid_titles: tuple[int, ...] = (25, 50, 100, 200)
    judged: bool = True


NORMAL = Scale(
    rounds=30,
    requests=20,
    tries=200,
    cart_lines=200,
    order_lines=(200, 5_000),
    growth=(100, 300, 1_000, 3_000, 10_000),
)
FULL = Scale(
    rounds=120,
    requests=20,
    tries=500,
    cart_lines=200,
    order_lines=(200, 1_000, 5_000, 10_000),
    growth=(100, 200, 500, 1_000, 2_000, 5_000, 10_000),
)
SMOKE = Scale(
    rounds=1,
    requests=2,
    tries=2,
    cart_lines=3,
    order_lines=(3,),
    growth=(2, 4),
    weighed_lines=1_000,
    grid_titles=(2, 4),
    judged=False,
)


def scale(*, full: bool, smoke: bool, rounds: int | None) -> Scale:
    """The scale that the command line asks for."""
    chosen = SMOKE if smoke else FULL if full else NORMAL
    return replace(chosen, rounds=rounds or chosen.rounds)


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One goal of ``bars`` and how it is measured.

    control
        The null control: the baseline against itself.
    agree
        Raises AssertionError unless all lanes give equal results; called before anything is timed.
    settled
        Raises AssertionError unless all work asked for was really done; called at the end.
    turns
        How often each lane runs in a round: more than once only where the figure itself is of medians.
    """

    goal: str
    lanes: tuple[Lane, ...]
    figure: Figure
    control: Figure
    agree: Callable[[], None]
    settled: Callable[[], None] = lambda: None
    variant: str = ""
    turns: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What came out; ``verdict`` is empty in a run too small to judge."""

    case: Case
    samples: tuple[Round, ...]
    cpu: Spread
    wall: Spread
    control: Spread
    verdict: str


def run(case: Case, scale: Scale) -> Result:
    """The result of so many rounds; AssertionError when a lane cheats."""
    case.agree()
    samples = tuple(lanes.rounds(case.lanes, count=scale.rounds, turns=case.turns))
    case.settled()
    cpu, control = _spread(case.figure, samples), _spread(case.control, samples)
    return Result(
        case=case,
        samples=samples,
        cpu=cpu,
        wall=spread([case.figure({name: one.wall for name, one in each.items()}) for each in samples]),
        control=control,
        verdict=bars.verdict(case.goal, cpu.median, control.median) if scale.judged else "",
    )


def _spread(figure: Figure, samples: Sequence[Round]) -> Spread:
    return spread([figure({name: one.cpu for name, one in each.items()}) for each in samples])
