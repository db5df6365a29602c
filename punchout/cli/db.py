"""punchout db: the tables of gateway and bookshop."""

from __future__ import annotations

import click

from punchout.cli.frame import opened
from punchout.plain import safe_url


@click.group()
def db() -> None:
    """The database's tables."""


@db.command()
def upgrade() -> None:
    """Bring the tables to what this release wants; repeating it changes nothing."""
    with opened(ready=False) as house:
        was_ready = house.at_head()
        house.upgrade()
        where = safe_url(house.settings.database_url)
        click.echo(f"{where} was up to date already" if was_ready else f"{where} is now up to date")
