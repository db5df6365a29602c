"""punchout customers: the bookshop's accounts, from files."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import click

from catalog_bridge.embedded.customers_import import Outcome, Report, import_csv, import_json
from punchout.cli.frame import Exit, as_json, opened, text_of


@click.group()
def customers() -> None:
    """The bookshop's customers."""


@customers.command("import")
@click.argument("file", type=click.Path(exists=True, path_type=Path))
@click.option("--json", "machine", is_flag=True, help="Print the report as JSON.")
def import_(file: Path, *, machine: bool) -> int:
    """Import customers with users, addresses and codes from FILE: JSON, or a folder of CSV files.

    A customer is taken whole or not at all, and the report says line by line why. The same file again changes
    nothing. Exit code 1 when something was refused.
    """
    with opened() as house:
        services = [entry.service_id for entry in house.facts.services]
        if file.is_dir():
            texts = {path.name: text_of(path) for path in sorted(file.glob("*.csv"))}
            report = import_csv(house.store, texts, services=services)
        else:
            report = import_json(house.store, text_of(file), filename=file.name, services=services)
    as_json(asdict(report)) if machine else _show(report)
    refused = report.stopped or any(taken.outcome is Outcome.REFUSED for taken in report.customers)
    return Exit.FINDINGS if refused else Exit.CLEAN


def _show(report: Report) -> None:
    for remark in report.remarks:
        click.echo(f"{remark.severity}: {remark.where}: {remark.message}")
    for taken in report.customers:
        click.echo(f"{taken.outcome}: customer {taken.number}")
    if report.stopped:
        click.echo("nothing was imported")
