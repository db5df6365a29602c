"""punchout try: one whole roundtrip in the terminal."""

from __future__ import annotations

import os
import tempfile
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table

from punchout import local
from punchout.buyer.received_form import ReceivedForm
from punchout.buyer.systems import system, systems
from punchout.buyer.trading import trader
from punchout.buyer.trial import Trial, walk
from punchout.cli.frame import Exit, as_json, console
from punchout.config import Settings
from punchout.demo.load import fill
from session_store import agreements

if TYPE_CHECKING:
    from collections.abc import Iterator

    from punchout.buyer.buyer import Buyer
    from punchout.buyer.oci_buyer import OciBuyer
    from punchout.buyer.received import ReceivedCart
    from punchout.buyer.systems import BuyerSystem
    from punchout.house import House

_NAMES = [entry.name for entry in systems()]


@click.command("try")
@click.option(
    "--system", "names", multiple=True, type=click.Choice(_NAMES), help="Be this procurement system."
)
@click.option("--all", "everyone", is_flag=True, help="Be each of them, one after the other.")
@click.option("--configured", is_flag=True, help="Use the configured databases, not temporary ones.")
@click.option("--json", "machine", is_flag=True, help="Print what happened as JSON.")
def tryout(names: tuple[str, ...], *, everyone: bool, configured: bool, machine: bool) -> int:
    """Walk one whole roundtrip over real HTTP on this machine, and say whether everything came through.

    The built-in buyer opens a session, shops as a browser without script would, takes the cart home, sends
    the order, looks what the bookshop made of it, and takes the confirmation. Some systems do it all by cXML,
    others call up by OCI and order by Peppol; from those no confirmation is asked for. Nothing is left
    behind, unless --configured is given: then the demo data and the order stay in the configured databases,
    and documents go where the agreements there say.

    Exit code 1 when something did not come through whole.
    """
    chosen = systems() if everyone else [system(name) for name in names or ("generic",)]
    with _gateway(configured=configured) as house:
        fill(house)
        trials = [_tried(house, entry, quiet=machine, listens=not configured) for entry in chosen]
    if machine:
        as_json([_for_machines(trial) for trial in trials])
    return Exit.CLEAN if all(trial.holds for trial in trials) else Exit.FINDINGS


@contextmanager
def _gateway(*, configured: bool) -> Iterator[House]:
    environment = Settings.from_env(os.environ)  # noqa: TID251 - a command is where the environment comes in
    if configured:
        with local.running(environment) as house:
            yield house
        return
    with tempfile.TemporaryDirectory(prefix="punchout-try-") as folder:
        settings = local.settings_in(Path(folder), standards_dir=environment.standards_dir)
        with local.running(settings) as house:
            yield house


def _tried(house: House, entry: BuyerSystem, *, quiet: bool, listens: bool) -> Trial:
    """The trial; the shop's documents come back where the agreement may be changed for it."""
    buyer = trader(house.world, entry, standards=house.settings.standards_dir)
    if not quiet:
        click.echo(f"\n{entry.title}, agreement {entry.agreement_id}")
    number = buyer.agreement.default_customer
    say = (lambda _: None) if quiet else _step
    trial = walk(buyer, house.shop, number, say, partial(_send_to, house, buyer) if listens else None)
    if not quiet:
        _show(trial)
    return trial


def _send_to(house: House, buyer: Buyer | OciBuyer, url: str) -> None:
    """Nothing: the agreement sends its documents to this address from now on."""
    agreement = replace(buyer.agreement, endpoints={"cxml": url})
    with house.store.write() as tx:
        agreements.save(tx, agreement, (), keyring=house.world.keyring, now=house.world.now())


def _step(text: str) -> None:
    click.echo(f"  → {text}")


def _show(trial: Trial) -> None:
    out = console()
    out.print(_cart(trial))
    for placed in trial.orders:
        click.echo(
            f"  bookshop order {placed.order_number}, {placed.order.order_name!r}, "
            f"to {placed.order.delivery_address_id}, {placed.status}"
        )
        out.print(_copies(trial))
    for verdict in trial.verdicts:
        mark = "✓" if verdict.holds else "✗"
        click.echo(f"  {mark} {verdict.about}" + ("" if verdict.holds else f": {verdict.detail}"))
    click.echo("  the roundtrip is whole" if trial.holds else "  the roundtrip is NOT whole")


def _cart(trial: Trial) -> Table:
    table = Table("line", "item", "description", "quantity", "price", box=None)
    table.add_column("line token", no_wrap=True, overflow="fold")
    for line in trial.cart.lines:
        table.add_row(
            str(line.number),
            line.product_id,
            line.description,
            str(line.quantity),
            str(line.unit_price),
            line.line_token,
        )
    return table


def _copies(trial: Trial) -> Table:
    table = Table("item", "copy", "codes", box=None)
    for placed in trial.orders:
        for line in placed.order.lines:
            for copy in line.copies:
                codes = " · ".join(filter(None, asdict(copy.codes).values()))
                table.add_row(line.product_id, f"{copy.number} of {line.quantity}", codes)
    return table


def _for_machines(trial: Trial) -> dict[str, object]:
    return {
        "system": trial.system,
        "holds": trial.holds,
        "verdicts": [asdict(verdict) for verdict in trial.verdicts],
        "bag": asdict(trial.bag),
        "cart": _cart_for_machines(trial.cart),
        "answer": {
            "order_id": trial.answer.order_id,
            "payload_id": trial.answer.payload_id,
            "code": trial.answer.code,
            "text": trial.answer.text,
            "detail": trial.answer.detail,
        },
        "orders": [asdict(order) for order in trial.orders],
    }


def _cart_for_machines(cart: ReceivedCart | ReceivedForm) -> dict[str, object]:
    """What came home; of a form, its fields and what they say line by line."""
    document = cart.document.decode("utf-8", "replace")
    if isinstance(cart, ReceivedForm):
        lines = [asdict(line) for line in cart.lines]
        return {"lines": lines, "total": asdict(cart.total), "fields": cart.pairs, "document": document}
    return {**asdict(cart.message), "document": document}
