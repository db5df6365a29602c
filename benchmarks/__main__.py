"""The command: runs suites, prints the table, writes the file.

Exits with 0 when every bar is met, 1 when one is missed, 3 when a null control failed.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from benchmarks import case, report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.case import Result, Scale

SUITES = (
    "setup",
    "mapping",
    "cart",
    "oci",
    "growth",
    "authentication",
    "signature",
    "receiving",
    "history",
    "grid",
    "memory",
)
_OURS = {"benchmarks", "punchout", "protocols", "catalog_bridge", "session_store", "schemas"}
_MISSED, _INCONCLUSIVE = 1, 3


@click.command()
@click.option(
    "--suite", "suites", multiple=True, type=click.Choice(SUITES), help="Only this one; repeatable."
)
@click.option("--rounds", type=click.IntRange(min=1), help="How often every lane is run.")
@click.option("--json", "file", type=click.Path(path_type=Path), help="Where the raw samples go.")
@click.option("--full", is_flag=True, help="More rounds and sizes.")
@click.option("--smoke", is_flag=True, help="Tiny sizes, nothing judged: does every case work?")
def main(suites: tuple[str, ...], rounds: int | None, file: Path | None, *, full: bool, smoke: bool) -> None:
    """Measure the gateway against peers that do the same by hand."""
    started = datetime.now(UTC)
    folder = file.parent if file else Path("var/bench")
    scale = case.scale(full=full, smoke=smoke, rounds=rounds)
    results, skipped = _measured(suites or SUITES, scale, folder)
    report.show(results, skipped)
    report.write(file or folder / f"{started:%Y%m%d-%H%M%S}.json", results, skipped, started)
    sys.exit(_exit_code(results))


def _measured(suites: tuple[str, ...], scale: Scale, folder: Path) -> tuple[list[Result], dict[str, str]]:
    """What came out, and which suites were skipped because a peer is not installed here."""
    results: list[Result] = []
    skipped: dict[str, str] = {}
    for name in suites:
        try:
            results += _suite(name, scale, folder)
        except ModuleNotFoundError as missing:
            if missing.name is None or missing.name.partition(".")[0] in _OURS:
                raise
            skipped[name] = f"{missing.name} is not installed"
    return results, skipped


def _suite(name: str, scale: Scale, folder: Path) -> Iterator[Result]:
    """The results of one suite, whose databases lie on the disk that the product would use."""
    folder.mkdir(parents=True, exist_ok=True)
    suite = import_module(f"benchmarks.suites.{name}")
    with TemporaryDirectory(dir=folder) as databases, suite.cases(scale, Path(databases)) as cases:
        for one in cases:
            yield case.run(one, scale)


def _exit_code(results: list[Result]) -> int:
    verdicts = {result.verdict for result in results}
    if "missed" in verdicts:
        return _MISSED
    return _INCONCLUSIVE if "inconclusive" in verdicts else 0


if __name__ == "__main__":
    main()
