"""punchout doctor: is everything here that the gateway needs."""

from __future__ import annotations

import os
from dataclasses import asdict

import click

from punchout.checkup import Check, Health, checkup
from punchout.cli.frame import Exit, as_json
from punchout.config import Settings


@click.command()
@click.option(
    "--bind", default="127.0.0.1:8000", show_default=True, metavar="HOST:PORT", help="Try this port."
)
@click.option("--json", "machine", is_flag=True, help="Print the checks as JSON.")
def doctor(bind: str, *, machine: bool) -> int:
    """Look whether everything the gateway needs is here, and say what to do where it is not.

    Exit codes: 0 all is good, 1 warnings only, 2 the gateway cannot run as it stands.
    """
    settings = Settings.from_env(os.environ)  # noqa: TID251 - a command is where the environment comes in
    checks = list(checkup(settings, bind))
    if machine:
        as_json([asdict(check) for check in checks])
    else:
        for check in checks:
            advice = f"; {check.advice}" if check.advice else ""
            click.echo(f"{check.health:8} {check.about}: {check.found}{advice}")
    return _verdict(checks)


def _verdict(checks: list[Check]) -> Exit:
    found = {check.health for check in checks}
    if Health.BAD in found:
        return Exit.UNUSABLE
    return Exit.FINDINGS if Health.WARNING in found else Exit.CLEAN
