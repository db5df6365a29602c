"""punchout check: what a document is, what is wrong with it, and how the gateway would answer."""

from __future__ import annotations

import os
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from protocols.errors import NotAcceptable, ProtocolError
from protocols.registry import recognise
from punchout import standards
from punchout.cli.frame import Exit, as_json, console
from punchout.cli.sessions import shown
from punchout.config import Settings
from punchout.inspection import Inspected, inspect, looks_like
from punchout.plain import plain
from punchout.recorded.cases import bare
from punchout.recorded.replay import stage
from schemas.explain import explain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocols.cxml.envelope import Party
    from protocols.model.attachment import Attachment
    from punchout.recorded.replay import Stage


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "machine", is_flag=True, help="Print the results as JSON.")
def check(files: tuple[Path, ...], *, machine: bool) -> int:
    """Check cXML FILES: what each is, how it deviates, and what the gateway would answer.

    The answer is that of an empty gateway whose agreement knows the credentials in the document. Where
    PUNCHOUT_STANDARDS_DIR names a folder with the official DTDs, they are asked too.

    Exit codes: 0 clean, 1 findings, 2 a file that is no document.
    """
    settings = Settings.from_env(os.environ)  # noqa: TID251 - a command is where the environment comes in
    with stage() as here, console(stderr=True).status("checking …"):
        results = [_checked(file, here, settings.standards_dir) for file in files]
    if machine:
        as_json(results)
    else:
        for result in results:
            _show(result)
    return max(_verdict(result) for result in results)


def _verdict(result: dict[str, Any]) -> Exit:
    if "unusable" in result:
        return Exit.UNUSABLE
    speaks = any(result[name] for name in ("deviations", "findings", "standards", "refusal"))
    return Exit.FINDINGS if speaks else Exit.CLEAN


def _checked(file: Path, here: Stage, standards_dir: str) -> dict[str, Any]:
    """Everything about one file, as it is printed."""
    case = bare(file)
    try:
        found = inspect(case.raw, case.content_type)
    except ProtocolError as error:
        return {"file": str(file), "unusable": plain(error), "answer": f"{error.cxml_status} {error.detail}"}
    said = here.answer(case).said
    return {
        "file": str(file),
        "protocol": _protocol(found.document.utf8),
        "kind": found.kind,
        **_facts(found),
        "attachments": [_described(one) for one in found.document.attachments],
        "deviations": [asdict(entry) for entry in explain("cxml", found.document.utf8)],
        "findings": list(map(shown, _beside_schema(found))),
        "standards": _standards(found, standards_dir),
        "refusal": plain(found.refusal) if found.refusal else "",
        "answer": f"{said.code} {said.text}" + (f": {said.detail}" if said.detail else ""),
    }


def _protocol(raw: bytes) -> str:
    """The protocol that the file speaks; empty for none of ours."""
    try:
        return recognise("", raw)
    except NotAcceptable:
        return ""


def _beside_schema(found: Inspected) -> list[Any]:
    """The findings without the schema's own, which are explained better beside them."""
    return [finding for finding in found.findings if finding.code != "schema.invalid"]


def _facts(found: Inspected) -> dict[str, str]:
    envelope = found.envelope
    facts = {"doctype": found.document.system_id}
    if envelope is None:
        return facts
    return facts | {
        "payload_id": envelope.payload_id,
        "deployment": envelope.deployment.value,
        "from": _named(envelope.from_),
        "to": _named(envelope.to),
        "sender": _named(envelope.sender),
        "user_agent": envelope.sender.user_agent,
        "looks_like": looks_like(envelope),
    }


def _described(file: Attachment) -> str:
    name = file.name or "(no name)"
    return f"{name}, cid:{file.content_id}, {file.media_type}, {len(file.content):,} bytes"


def _named(party: Party) -> str:
    return ", ".join(f"{entry.domain} {entry.identity}" for entry in party.credentials)


def _standards(found: Inspected, folder: str) -> dict[str, list[str]]:
    """What each official version says against the document; versions with nothing to say are left out."""
    said = {
        standard.version: list(standards.errors(standard, found.document))
        for standard in (standards.dtds(Path(folder)) if folder else ())
    }
    return {version: errors for version, errors in said.items() if errors}


def _show(result: dict[str, Any]) -> None:
    if "unusable" in result:
        click.echo(f"{result['file']}: no usable document: {result['unusable']}")
        return
    click.echo(f"{result['file']}: {result['protocol']} {result['kind']}".replace("  ", " "))
    for name in ("doctype", "payload_id", "deployment", "from", "to", "sender", "user_agent", "looks_like"):
        if result.get(name):
            click.echo(f"    {name.replace('_', ' ')}: {result[name]}")
    for remark in _remarks(result):
        click.echo(f"    {remark}")
    click.echo(f"    answer: {result['answer']}")


def _remarks(result: dict[str, Any]) -> Iterator[str]:
    yield from (f"attachment: {described}" for described in result["attachments"])
    yield from (f"schema: {entry['path']}: {entry['reason']}" for entry in result["deviations"])
    yield from result["findings"]
    for version, errors in result["standards"].items():
        yield from (f"DTD {version}: {error}" for error in errors)
    if result["refusal"]:
        yield f"refused: {result['refusal']}"
