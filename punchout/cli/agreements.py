"""punchout agreements: the buyers that trade with the shop, as TOML files."""

from __future__ import annotations

from pathlib import Path

import click
from rich.table import Table

from protocols.model.agreement import Agreement
from protocols.model.serial import to_json
from punchout.cli.frame import Unusable, console, opened, text_of
from session_store import agreements as store
from session_store.agreement_file import read_toml, write_toml


@click.group()
def agreements() -> None:
    """Agreements with buyers' procurement systems."""


@agreements.command("import")
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
def import_(files: tuple[Path, ...]) -> None:
    """Import agreements from TOML FILES: all of them, or none when one has a mistake.

    A new secret stands beside the one before it, so that both are accepted until the next change.
    """
    read = [read_toml(text_of(file), file.name) for file in files]
    with opened() as house, house.store.write() as tx:
        changed = [
            store.save(tx, agreement, secrets, keyring=house.world.keyring, now=house.world.now())
            for agreement, secrets in read
        ]
    for (agreement, _), new in zip(read, changed, strict=True):
        click.echo(f"{agreement.id}: {'imported' if new else 'nothing has changed'}")


@agreements.command()
@click.argument("agreement_id")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="Write to this file, not to the screen."
)
def export(agreement_id: str, output: Path | None) -> None:
    """Export one agreement as TOML, without its secrets; importing it again changes nothing."""
    with opened() as house, house.store.read() as tx:
        agreement = store.load(tx, agreement_id)
        known = ", ".join(one.id for one in store.everyone(tx)) or "none yet"
    if agreement is None:
        raise Unusable(f"there is no agreement {agreement_id!r}; there are: {known}")
    text = write_toml(agreement)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, "utf-8")


@agreements.command("list")
@click.option("--json", "machine", is_flag=True, help="Print whole agreements as JSON, one a line.")
def list_(*, machine: bool) -> None:
    """List all agreements, disabled ones too."""
    with opened() as house, house.store.read() as tx:
        everyone = store.everyone(tx)
    if machine:
        for agreement in everyone:
            click.echo(to_json(agreement))
        return
    console().print(_table(everyone))


def _table(everyone: tuple[Agreement, ...]) -> Table:
    table = Table("id", "name", "protocols", "dialect", "deployment", "customers", "enabled", box=None)
    for agreement in everyone:
        table.add_row(
            agreement.id,
            agreement.name,
            ", ".join(agreement.protocols),
            agreement.dialect,
            agreement.deployment.value,
            ", ".join(agreement.customers),
            "yes" if agreement.enabled else "no",
        )
    return table
