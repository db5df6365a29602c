"""punchout catalog: the titles that the bookshop sells."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, BinaryIO

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from catalog_bridge.embedded import building
from catalog_bridge.feeds import onix
from punchout.cli.frame import Exit, as_json, console, opened

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from catalog_bridge.embedded.building import ImportReport

from pathlib import Path


@click.group()
def catalog() -> None:
    """The bookshop's catalogue."""


@catalog.command("import")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "machine", is_flag=True, help="Print the report as JSON.")
def import_(file: Path, *, machine: bool) -> int:
    """Import titles from an ONIX 3 FILE; the new catalogue goes live when the whole import is done.

    The same file again changes nothing, and an older message never overwrites a newer one. What cannot be
    read is put aside with the reason; exit code 1 then.
    """
    with opened() as house, _progress(file) as (stream, count):
        now = house.world.now()
        report = building.build(house.catalogue, onix.read(stream, now=now), now=now, progress=count)
    as_json(asdict(report)) if machine else _show(report)
    return Exit.FINDINGS if report.quarantined or report.stopped else Exit.CLEAN


@catalog.command()
@click.option("--json", "machine", is_flag=True, help="Print it as JSON.")
def status(*, machine: bool) -> None:
    """Show what the live catalogue holds."""
    with opened() as house:
        held = house.shop.catalogue()
    if machine:
        as_json(asdict(held))
    elif not held.generation:
        click.echo("the catalogue is empty; run: punchout catalog import FILE")
    else:
        kind = " (demo)" if held.demo else ""
        click.echo(
            f"generation {held.generation}{kind}: {held.products} titles, {held.quarantined} quarantined, "
            f"imported {held.imported_at}"
        )


class _Counted:
    """A file that tells how far it has been read."""

    def __init__(self, file: BinaryIO, tell: Callable[[int], None]) -> None:
        self._file = file
        self._tell = tell

    def read(self, size: int, /) -> bytes:
        """At most so many bytes."""
        chunk = self._file.read(size)
        self._tell(len(chunk))
        return chunk


@contextmanager
def _progress(path: Path) -> Iterator[tuple[_Counted, Callable[[int], None]]]:
    """The file's stream and who counts its records; both move one bar on standard error."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        DownloadColumn(),
        TimeRemainingColumn(),
    )
    out = console(stderr=True)
    with path.open("rb") as file, Progress(*columns, console=out, disable=not out.is_terminal) as progress:
        task = progress.add_task("0 titles", total=path.stat().st_size)
        yield (
            _Counted(file, lambda size: progress.advance(task, size)),
            lambda read: progress.update(task, description=f"{read} titles"),
        )


def _show(report: ImportReport) -> None:
    click.echo(
        f"generation {report.generation} is live: {report.read} read, {report.added} added, "
        f"{report.changed} changed, {report.unchanged} unchanged, {report.older} older, "
        f"{report.deleted} deleted, {report.quarantined} quarantined"
    )
    for entry in report.reasons:
        place = f" ({entry.place})" if entry.place else ""
        click.echo(f"    put aside: {entry.reference or 'a product'}: {entry.reason}{place}")
    if len(report.reasons) < report.quarantined:
        click.echo(f"    … and {report.quarantined - len(report.reasons)} more")
    if report.stopped:
        click.echo(f"the feed broke off and was read to there: {report.stopped}")
