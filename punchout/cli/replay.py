"""punchout replay: recorded documents once more."""

from __future__ import annotations

import os
from pathlib import Path

import click

from punchout.cli.frame import Exit, Unusable, as_json, console
from punchout.cli.sessions import shown
from punchout.config import Settings
from punchout.recorded.cases import NoCase, cases
from punchout.recorded.replay import Replayed, stage


@click.command()
@click.argument("paths", nargs=-1, required=True, type=click.Path(exists=True, path_type=Path))
@click.option("--json", "machine", is_flag=True, help="Print the results as JSON.")
def replay(paths: tuple[Path, ...], *, machine: bool) -> int:
    """Send recorded documents to a gateway of their own and show what differs from what was recorded.

    PATHS are folders of cases (case.toml and request.*, as in fixtures/) or bare documents. Each is answered
    by a fresh in-process gateway with demo data and an agreement that knows its sender: the one that
    case.toml describes, with its secret; for a bare document the credentials and the return host in it.
    A call-up by OCI is sent where case.toml says who may call up; other forms are read again and sent
    nowhere. A Peppol order is handed over as an access point does.

    Exit codes: 0 as recorded, 1 something differs or (bare documents) was found, 2 nothing to replay.
    """
    settings = Settings.from_env(os.environ)  # noqa: TID251 - a command is where the environment comes in
    try:
        found = list(cases(paths))
    except NoCase as error:
        raise Unusable(str(error)) from None
    with stage(settings.standards_dir) as here, console(stderr=True).status("replaying …"):
        results = [here.replay(case) for case in found]
    if machine:
        as_json([_for_machines(result) for result in results])
    else:
        for result in results:
            _show(result)
    return Exit.FINDINGS if any(map(_speaks, results)) else Exit.CLEAN


def _speaks(result: Replayed) -> bool:
    """Whether there is something to tell: a difference, or for a bare document a finding."""
    return bool(result.differences or (result.case.expected is None and result.findings))


def _show(result: Replayed) -> None:
    recorded = " as recorded" if result.case.expected and not result.differences else ""
    what, detail = _answer(result)
    click.echo(f"{result.case.name}: {what}{recorded}{detail}")
    for difference in result.differences:
        click.echo(f"    differs: {difference}")
    if result.case.expected is None:
        for finding in result.findings:
            click.echo(f"    {shown(finding)}")


def _answer(result: Replayed) -> tuple[str, str]:
    """The status and what it says; of a form that was sent nowhere that it was read."""
    if result.answered is None:
        return "read", ""
    said = result.answered
    return f"{said.code} {said.text}", f": {said.detail}" if said.detail else ""


def _for_machines(result: Replayed) -> dict[str, object]:
    answered = result.answered
    return {
        "case": result.case.name,
        "http_status": answered.http_status if answered else None,
        "status": answered.code if answered else None,
        "detail": answered.detail if answered else "",
        "findings": [f"{finding.code} {finding.where}" for finding in result.findings],
        "differences": list(result.differences),
    }
