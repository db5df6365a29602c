"""punchout demo: data to try the gateway with."""

from __future__ import annotations

import click

from punchout.cli.frame import opened
from punchout.demo.load import fill
from punchout.plain import safe_url


@click.command()
def demo() -> None:
    """Fill the configured databases with demo data; may be repeated.

    A demo catalogue (unless there is one of the shop's own), series, the customers 100234 and 100235, and an
    agreement for each system of the built-in buyer and two that call up by OCI. The agreements' secrets are
    made here and kept sealed.
    """
    with opened(ready=False) as house:
        filled = fill(house)
        where = safe_url(house.settings.database_url)
    shelves = f"{filled.titles} demo titles" if filled.titles else "the shop's own catalogue, left alone"
    series = f"{filled.series} series and packages" if filled.series else "the shop's own series, left alone"
    click.echo(
        f"{where}: {shelves}, {series}, customers {', '.join(filled.customers)}, "
        f"agreements {', '.join(filled.agreements)}"
    )
    click.echo(
        f"to buy directly, open /login once it serves, and ask for a code as {', '.join(filled.users)}; "
        "without a mail server the code stands on that page (PUNCHOUT_LOOPBACK=1) and at the desk"
    )
