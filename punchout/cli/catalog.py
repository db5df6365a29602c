"""punchout catalog: the titles that the bookshop sells."""

from __future__ import annotations

import os
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING, BinaryIO

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from catalog_bridge.embedded import building
from catalog_bridge.embedded.feed_place import FeedPlace
from catalog_bridge.embedded.marc_records import RecordReport
from catalog_bridge.feeds import marc, onix
from protocols.errors import ProtocolError
from punchout.cli.frame import Exit, Unusable, as_json, console, opened
from punchout.feed.fetching import Fetching, SinceMissing
from punchout.feed.pages import Pages
from punchout.plain import plain

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from catalog_bridge.bookshop import CatalogueStatus
    from catalog_bridge.embedded.building import ImportReport
    from catalog_bridge.feeds.record import Quarantined
    from punchout.house import House

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
@click.option(
    "--since",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="YYYY-MM-DD",
    help="Read from this day: the first time, or to start anew on purpose.",
)
@click.option("--json", "machine", is_flag=True, help="Print the reports as JSON, a list.")
def fetch(since: datetime | None, *, machine: bool) -> int:
    """Fetch new and changed titles from the feed that the shop's file names under [feed].

    The first time --since says from when; later runs go on where the last one stopped. A run that is killed
    loses nothing: the same pages come again, which changes nothing. Exit code 1 when something was put aside.
    """
    reports = []
    with opened() as house:
        fetching = _fetching(house)
        try:
            address = fetching.start(since.date() if since else None)
        except SinceMissing as error:
            raise click.UsageError(str(error)) from error
        for report in filter(None, fetching.run(address)):
            reports.append(report)
            if not machine:
                _show(report)
    if machine:
        as_json([asdict(report) for report in reports])
    elif not reports:
        click.echo("the feed has nothing new")
    return Exit.FINDINGS if any(report.quarantined for report in reports) else Exit.CLEAN


def _fetching(house: House) -> Fetching:
    """What the run needs; Unusable without a feed, or without the secret that it asks for."""
    feed = house.facts.feed
    if not feed:
        raise Unusable(f"{house.settings.shop_file} names no feed; write its url under [feed]")
    secret = os.environ.get(feed.token_variable, "") if feed.token_variable else ""  # noqa: TID251 - as in opened
    if feed.token_variable and not (
        secret.isascii() and secret.isprintable() and secret.strip() == secret != ""
    ):
        raise Unusable(f"{feed.token_variable} is to hold the feed's token, and holds none that can be sent")
    return Fetching(
        pages=Pages(feed=feed, outbound=house.world.outbound, secret=secret),
        place=FeedPlace(house.store),
        catalogue=house.catalogue,
        now=house.world.now,
    )


@catalog.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "machine", is_flag=True, help="Print the reports as JSON.")
def records(files: tuple[Path, ...], *, machine: bool) -> int:
    """Import bibliographic records from FILES, in order: MARCXML or ISO 2709, NORMARC or MARC 21.

    They are kept as they are, by ISBN, and the newest import wins. What cannot be read is put aside with the
    reason; exit code 1 then, and 2 when a file could not be read at all.
    """
    with opened() as house:
        reports = [(file, *_records_of(house, file)) for file in files]
    if machine:
        as_json([{"file": file.name, **asdict(report)} for file, report, _ in reports])
    else:
        for file, report, _ in reports:
            _show_records(file, report)
    return max(code for _, _, code in reports)


@catalog.command()
@click.option("--json", "machine", is_flag=True, help="Print it as JSON.")
def status(*, machine: bool) -> None:
    """Show what the live catalogue holds, and when the feed was last fetched."""
    with opened() as house:
        held, with_record = house.shop.catalogue(), house.records.count()
        place = FeedPlace(house.store).read()
    fetched_at = place.fetched_at if place else ""
    if machine:
        as_json({**asdict(held), "records": with_record, "feed_fetched_at": fetched_at})
        return
    _show_held(held, with_record)
    if fetched_at:
        click.echo(f"feed last fetched {fetched_at}")


def _show_held(held: CatalogueStatus, with_record: int) -> None:
    if not held.generation:
        click.echo("the catalogue is empty; run: punchout catalog import FILE, or punchout catalog fetch")
    else:
        kind = " (demo)" if held.demo else ""
        click.echo(
            f"generation {held.generation}{kind}: {held.products} titles, {held.quarantined} quarantined, "
            f"imported {held.imported_at}"
        )
    if with_record:
        click.echo(f"bibliographic records for libraries: {with_record} ISBNs")


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
    _show_quarantine(report.reasons, report.quarantined, "a product")
    if report.stopped:
        click.echo(f"the feed broke off and was read to there: {report.stopped}")


def _records_of(house: House, file: Path) -> tuple[RecordReport, Exit]:
    """What became of the file, and what the exit code says of it."""
    try:
        with file.open("rb") as stream:
            report = house.records.take(marc.read(stream))
    except ProtocolError as error:
        return RecordReport(stopped=plain(error)), Exit.UNUSABLE
    return report, Exit.FINDINGS if report.quarantined or report.stopped else Exit.CLEAN


def _show_records(file: Path, report: RecordReport) -> None:
    click.echo(
        f"{file.name}: {report.read} records: {report.new} new, {report.changed} changed, "
        f"{report.unchanged} unchanged, {report.without_isbn} without ISBN, {report.quarantined} quarantined"
    )
    _show_quarantine(report.reasons, report.quarantined, "a record")
    if report.stopped:
        click.echo(f"    read no further: {report.stopped}")


def _show_quarantine(reasons: tuple[Quarantined, ...], quarantined: int, unnamed: str) -> None:
    for entry in reasons:
        place = f" ({entry.place})" if entry.place else ""
        click.echo(f"    put aside: {entry.reference or unnamed}: {entry.reason}{place}")
    if len(reasons) < quarantined:
        click.echo(f"    … and {quarantined - len(reasons)} more")
