"""punchout peppol: documents of an access point, handed over by a person."""

from __future__ import annotations

from pathlib import Path

import click

from protocols.errors import ProtocolError
from punchout.cli.frame import Exit, opened
from punchout.roundtrip import peppol_door
from punchout.roundtrip.peppol_door import Handed


@click.group()
def peppol() -> None:
    """Peppol and EHF documents."""


@peppol.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--agreement", required=True, metavar="ID", help="The agreement that they belong to.")
@click.pass_context
def take(ctx: click.Context, files: tuple[Path, ...], agreement: str) -> None:
    """Take FILES as if they had come in at the door; exit code 2 when any is refused.

    The same file again gets the same answer, and makes no second order.
    """
    refused = False
    with opened() as house:
        for file in files:
            try:
                handed = Handed(body=file.read_bytes(), trusted=True)
                click.echo(f"{file}: {peppol_door.answer(house.world, agreement, handed).decode()}")
            except ProtocolError as error:
                refused = True
                click.echo(f"{file}: refused: {error.detail} [{error.where}]", err=True)
    ctx.exit(Exit.UNUSABLE if refused else Exit.CLEAN)
