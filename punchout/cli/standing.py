"""punchout standing: what libraries have ordered once and for all."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from catalog_bridge.embedded.series_import import import_series
from punchout.cli.frame import Exit, as_json, opened, text_of

if TYPE_CHECKING:
    from catalog_bridge.embedded.series_import import SeriesReport
    from protocols.model.standing import Release, Subscription


@click.group()
def standing() -> None:
    """Series subscriptions and book packages."""


@standing.command("list")
@click.argument("customer")
@click.option("--json", "machine", is_flag=True, help="Print as JSON.")
def list_(customer: str, *, machine: bool) -> int:
    """List what CUSTOMER subscribes to."""
    with opened() as house:
        found = house.world.standing.subscriptions(customer)
    if machine:
        as_json([asdict(one) for one in found])
    else:
        for one in found:
            click.echo(_shown(one))
    return Exit.CLEAN


@standing.command()
@click.argument("series")
@click.argument("product")
@click.option("--gift", is_flag=True, help="The books are bought by others and come at price 0.")
@click.option("--json", "machine", is_flag=True, help="Print the report as JSON.")
def release(series: str, product: str, *, gift: bool, machine: bool) -> int:
    """Order the title PRODUCT for everybody who subscribes to SERIES.

    The same again orders nothing twice. Exit code 1 when a subscription has to be seen to by a person.
    """
    with opened() as house:
        report = house.world.standing.release(series, product, gift=gift)
    as_json(asdict(report)) if machine else _show(report)
    return Exit.FINDINGS if report.held_up else Exit.CLEAN


@standing.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "machine", is_flag=True, help="Print the report as JSON.")
def offers(file: Path, *, machine: bool) -> int:
    """Import what can be subscribed to from FILE: TOML, or JSON where its name ends in .json.

    The whole list is taken or nothing of it, and the report says line by line why. It adds and changes and
    never removes: mark with ended what nobody can begin any more. Exit code 1 when nothing was taken.
    """
    with opened() as house:
        report = import_series(house.store, text_of(file), filename=file.name)
    as_json(asdict(report)) if machine else _show_offers(report)
    return Exit.FINDINGS if report.remarks else Exit.CLEAN


def _show_offers(report: SeriesReport) -> None:
    for remark in report.remarks:
        click.echo(f"{remark.severity}: {remark.where}: {remark.message}")
    for one in report.taken:
        click.echo(f"{one.became}: {one.product_id}")
    if report.remarks:
        click.echo("nothing was imported")


def _show(report: Release) -> None:
    for placed in report.orders:
        name = f', "{placed.order.order_name}"' if placed.order.order_name else ""
        click.echo(f"ordered: {placed.order_number} for customer {placed.order.customer_number}{name}")
    for one in report.held_up:
        who = f"customer {one.subscription.customer_number}, {one.subscription.subscription_id}"
        click.echo(f"not ordered: {who}: {one.reason}")
    if not report.orders and not report.held_up:
        click.echo("nobody subscribes to it")


def _shown(one: Subscription) -> str:
    state = ", ended" if one.ended else ""
    return (
        f"{one.subscription_id}  {one.product_id}  {one.title}  {len(one.copies)} ×  {one.order_name}{state}"
    )
