"""P16: what an order takes of memory while it is received, each time in a fresh process."""

from __future__ import annotations

from contextlib import contextmanager
from functools import partial
from typing import TYPE_CHECKING

from benchmarks import world
from benchmarks.case import Case, Scale
from benchmarks.door import rows
from benchmarks.figures import ratio
from benchmarks.home import Home
from benchmarks.lanes import Lane
from benchmarks.weighing import in_a_fresh_process

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from benchmarks.lanes import Work

_WARM_LINES = 2


@contextmanager
def cases(scale: Scale, folder: Path) -> Iterator[tuple[Case, ...]]:
    """P16, the gateway beside the bare tree."""
    database = folder / "gateway.db"
    with world.gateway(database) as house:
        yield (_case(scale, Home(house), database),)


def _case(scale: Scale, home: Home, database: Path) -> Case:
    lines = scale.weighed_lines

    def ready(side: str) -> Work:
        warm, weighed = (database.with_name(name) for name in ("warm.xml", "weighed.xml"))
        warm.write_bytes(home.ordered(_WARM_LINES))
        weighed.write_bytes(home.ordered(lines))
        return lambda: in_a_fresh_process(side, database, warm, weighed)

    def lane(name: str, side: str) -> Lane:
        return Lane(name=name, ready=partial(ready, side), weighs=True)

    return Case(
        goal="P16",
        variant=f"{lines:,} lines",
        lanes=(lane("ours", "ours"), lane("tree", "tree"), lane("tree again", "tree")),
        figure=ratio("ours", "tree"),
        control=ratio("tree again", "tree"),
        agree=lambda: None,
        settled=lambda: _check_kept(database, lines),
    )


def _check_kept(database: Path, lines: int) -> None:
    """Every order that was weighed is in the database with all its copies."""
    orders, copies = (len(rows(database, table)) for table in ("purchase_order", "line_copy"))
    assert orders
    assert copies >= orders // 2 * lines
