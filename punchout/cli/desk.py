"""punchout desk: who may come to the operator's desk."""

from __future__ import annotations

import getpass

import click

from punchout.cli.frame import opened
from punchout.roundtrip import operators

as_operator = click.option(
    "--name", default=getpass.getuser, help="Who does it, for the journal; by default whoever is logged in."
)


@click.group()
def desk() -> None:
    """The operator's desk at /desk/."""


@desk.command()
@as_operator
def login(name: str) -> None:
    """Print an address that opens the desk: once, within five minutes."""
    with opened() as house:
        click.echo(operators.invite(house.world, name))


@desk.command("logout-all")
@as_operator
def logout_all(name: str) -> None:
    """Sign out everybody at the desk; addresses that were not used yet open nothing any more."""
    with opened() as house:
        gone = operators.clear(house.world, name)
    click.echo(f"signed out: {gone}")
