"""punchout agreements: the buyers that trade with the shop, as TOML files."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.table import Table

from protocols.model.serial import to_json
from punchout.cli.frame import Unusable, console, opened, text_of
from punchout.sheet import sheet
from session_store import agreements as store
from session_store import live_secrets
from session_store.agreement_file import read_toml, write_toml

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from protocols.model.agreement import AgreedCredential, Agreement
    from session_store.database import Transaction
    from session_store.live_secrets import SecretUse


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
        agreement = _known(tx, agreement_id)
    _put(write_toml(agreement), output)


def _put(text: str, output: Path | None) -> None:
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, "utf-8")


def _known(tx: Transaction, agreement_id: str) -> Agreement:
    agreement = store.load(tx, agreement_id)
    if agreement is None:
        known = ", ".join(one.id for one in store.everyone(tx)) or "none yet"
        raise Unusable(f"there is no agreement {agreement_id!r}; there are: {known}")
    return agreement


@agreements.command("sheet")
@click.argument("agreement_id")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="Write to this file, not to the screen."
)
def sheet_(agreement_id: str, output: Path | None) -> None:
    """Print one agreement's set-up sheet for the buyer's side, as Markdown without any secret."""
    with opened() as house, house.store.read() as tx:
        world = house.world
        text = sheet(_known(tx, agreement_id), world.public_base_url, world.shop_number)
    _put(text, output)


@agreements.command()
@click.argument("agreement_id")
def show(agreement_id: str) -> None:
    """Show one agreement's credentials, and when each of their live secrets was last used.

    After a change of secret the older one can go once only the newer one is in use.
    """
    with opened() as house, house.store.read() as tx:
        agreement = _known(tx, agreement_id)
        uses = live_secrets.uses(tx, agreement_id)
    click.echo(f"{agreement.id}: {agreement.name}")
    console().print(_credentials(agreement))
    console().print(_secrets(uses))


def _credentials(agreement: Agreement) -> Table:
    table = Table("role", "domain", "identity", "proves itself by", box=None)
    for entry in agreement.credentials:
        table.add_row(entry.role.value, entry.domain, entry.identity, ", ".join(_proofs(entry)))
    return table


def _proofs(entry: AgreedCredential) -> Iterator[str]:
    if entry.secret_set:
        yield "secret"
    if entry.mac:
        yield "MAC"
    if entry.sign_key_set:
        yield "signature of ours"
    elif entry.certificate:
        yield "signature"


def _secrets(uses: tuple[SecretUse, ...]) -> Table:
    table = Table("secret of", "domain", "identity", "version", "since (UTC)", "last used (UTC)", box=None)
    for use in uses:
        used = _minute(use.last_used_at) if use.last_used_at else "never"
        since = _minute(use.created_at)
        table.add_row(use.purpose, use.domain, use.identity, str(use.version), since, used)
    return table


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M}"


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
