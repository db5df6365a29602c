"""What a run tells: a table for people, a file with every raw sample for machines."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from benchmarks import machine
from benchmarks.bars import BARS, CONTROL

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

    from benchmarks.case import Result
    from benchmarks.figures import Spread

_COLUMNS = ("figure (quartiles)", "wall", "must", "aim", "null control", "verdict")
_WIDTH = 120


def show(results: Iterable[Result], skipped: Mapping[str, str]) -> None:
    """Nothing: one row a case is printed; the figure is of processor time, wall time stands beside it."""
    table = Table("goal", "what against what", box=SIMPLE)
    for column in _COLUMNS:
        table.add_column(column, no_wrap=True)
    for result in results:
        table.add_row(*_row(result))
    for suite, reason in skipped.items():
        table.add_row(suite, reason, *[""] * 5, "skipped")
    Console(width=max(_WIDTH, Console().width)).print(table)


def _row(result: Result) -> list[str]:
    bar = BARS[result.case.goal]
    return [
        result.case.goal,
        f"{bar.workload}{result.case.variant and f' ({result.case.variant})'} : {bar.against}",
        _spread(result.cpu),
        f"{result.wall.median:.2f}",
        f"{bar.must:.2f}",
        f"{bar.aim:.2f}",
        _spread(result.control),
        result.verdict or "works",
    ]


def _spread(spread: Spread) -> str:
    return f"{spread.median:.3f} ({spread.low:.3f}–{spread.high:.3f})"


def write(path: Path, results: Sequence[Result], skipped: Mapping[str, str], started: datetime) -> None:
    """Nothing: the file holds versions, machine, bars, figures and raw samples in seconds."""
    content = {
        "started": started.isoformat(timespec="seconds"),
        "versions": machine.versions(),
        "machine": machine.described(),
        "control": CONTROL,
        "skipped": dict(skipped),
        "results": [_entry(result) for result in results],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(content, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _entry(result: Result) -> dict[str, object]:
    return {
        "goal": result.case.goal,
        "variant": result.case.variant,
        **asdict(BARS[result.case.goal]),
        "cpu": asdict(result.cpu),
        "wall": asdict(result.wall),
        "null_control": asdict(result.control),
        "verdict": result.verdict,
        "samples": [{lane: asdict(sample) for lane, sample in taken.items()} for taken in result.samples],
    }
