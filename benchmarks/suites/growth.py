"""P9: how time grows with the number of lines, for carts and forms written, orders read and carts edited."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from benchmarks import documents, world
from benchmarks.case import Case, Scale
from benchmarks.editing import Edits
from benchmarks.figures import growth, ratio
from benchmarks.lanes import through
from benchmarks.suites import oci
from benchmarks.suites.cart import built
from benchmarks.suites.mapping import mapped

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from benchmarks.lanes import Work

    MakeWork = Callable[[int], Work]

_LINES_A_TURN = 2_000


@contextmanager
def cases(scale: Scale, folder: Path) -> Iterator[tuple[Case, ...]]:
    """P9 for carts, for orders and for edits, the last with all that is stored on the way."""
    with world.gateway(folder / "edits.db") as house:
        yield (
            _case(scale, "cart", lambda lines: partial(built, documents.returned(lines))),
            _case(scale, "OCI", lambda lines: partial(oci.built, documents.returned(lines))),
            _case(scale, "order", lambda lines: partial(mapped, documents.approved(lines))),
            _case(scale, "edit", Edits(house, max(scale.growth)).of),
        )


def _case(scale: Scale, variant: str, make_work: MakeWork) -> Case:
    """A lane for each size, the middle one twice as null control."""
    turn = min(_LINES_A_TURN, max(scale.growth))
    middle = scale.growth[len(scale.growth) // 2]
    sizes = {f"{lines:,}": lines for lines in scale.growth}
    lanes = [through(lines, name, make_work(lines), turn=turn) for name, lines in sizes.items()]
    again = through(middle, "again", make_work(middle), turn=turn)
    return Case(
        goal="P9",
        variant=variant,
        lanes=(*lanes, again),
        figure=growth(sizes),
        control=ratio("again", f"{middle:,}"),
        agree=lambda: _compare(make_work, scale.growth[0]),
    )


def _compare(make_work: MakeWork, lines: int) -> None:
    """The work has no memory: made and done twice, it gives the same."""
    assert make_work(lines)() == make_work(lines)()
