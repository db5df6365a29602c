"""punchout check: what a document is, what is wrong with it, and how the gateway would answer."""

from __future__ import annotations

import os
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from protocols import dialects
from protocols.cxml.cart import CartMessage
from protocols.cxml.keeping import judged
from protocols.cxml.likeness import Likeness, dtd_version, looks_like
from protocols.errors import NotAcceptable, ProtocolError
from protocols.model.finding import CODES
from protocols.registry import recognise
from punchout.cli.check_others import checked, told
from punchout.cli.check_shown import show
from punchout.cli.frame import Exit, as_json, console
from punchout.config import Settings
from punchout.contents import Fact, contents
from punchout.inspection import Inspected, inspect
from punchout.plain import plain
from punchout.recorded.cases import bare
from punchout.recorded.replay import stage
from punchout.remarks import remarks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from protocols.cxml.envelope import Party
    from protocols.dialects import Dialect
    from protocols.model.attachment import Attachment
    from protocols.model.finding import Finding
    from punchout.recorded.cases import Case
    from punchout.recorded.doors import Answered
    from punchout.recorded.replay import Stage


@click.command()
@click.argument(
    "files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path)
)
@click.option("--json", "machine", is_flag=True, help="Print the results as JSON.")
@click.option(
    "--dialect",
    "named",
    type=click.Choice(dialects.names()),
    help="Judge as this buyer system's, whatever the document looks like.",
)
def check(files: tuple[Path, ...], *, machine: bool, named: str | None) -> int:
    """Check FILES: what each is, which system it looks like, what is wrong where and how to mend it.

    They hold cXML, a form of OCI (a call-up or a returned cart, url-encoded as a browser sends it, on a saved
    page, or in JSON with its brackets taken apart), or a Peppol Order. Only cXML shows which system it comes
    from; of a form there is no answer to foretell.

    Then what is in it, and what the gateway would answer: an empty one, whose agreement knows the
    credentials in the document. Where PUNCHOUT_STANDARDS_DIR names a folder with the official DTDs, they are
    asked too.

    Exit codes: 0 clean, 1 findings, 2 a file that is no document, 3 wrong usage.
    """
    settings = Settings.from_env(os.environ)  # noqa: TID251 - a command is where the environment comes in
    with stage() as here, console(stderr=True).status("checking …"):
        results = [_checked(file, here, settings.standards_dir, named) for file in files]
    if machine:
        as_json(results)
    else:
        for result in results:
            show(result)
    return max(_verdict(result) for result in results)


def _verdict(result: dict[str, Any]) -> Exit:
    if "unusable" in result:
        return Exit.UNUSABLE
    return Exit.FINDINGS if result["remarks"] or result["kept"] else Exit.CLEAN


def _checked(file: Path, here: Stage, standards_dir: str, named: str | None) -> dict[str, Any]:
    """Everything about one file, as it is printed."""
    case = bare(file)
    if case.protocol != "cxml":
        return checked(case, here, named)
    try:
        found = inspect(case.raw, case.content_type)
    except ProtocolError as error:
        return {"file": str(file), "unusable": plain(error), "answer": f"{error.cxml_status} {error.detail}"}
    likeness = _likeness(found, named)
    dialect = dialects.load(likeness.dialect)
    case, found = replace(case, dialect=dialect), inspect(case.raw, case.content_type, dialect)
    answered = here.answer(case)
    return {
        "file": str(file),
        "protocol": _protocol(case),
        "kind": found.kind,
        **_facts(found),
        **_system(likeness),
        "contents": [asdict(fact) for fact in _contents(found, dialect)],
        "kept": [_told(finding) for finding in _kept(found, dialect)],
        "remarks": [asdict(remark) for remark in remarks(found, standards_dir)],
        "answer": told(answered),
        "because": _because(answered, found),
    }


def _likeness(found: Inspected, named: str | None) -> Likeness:
    if named or found.envelope is None:
        return Likeness(dialect=named or "generic")
    return looks_like(found.envelope, found.document.system_id)


def _system(likeness: Likeness) -> dict[str, Any]:
    habits = dialects.system(likeness.dialect).habits
    return {
        "looks_like": likeness.dialect,
        "signs": [{"text": sign.text, "unproven": sign.unproven} for sign in likeness.signs],
        "habits": {"seen": list(habits.seen), "reported": list(habits.reported)},
    }


def _protocol(case: Case) -> str:
    """The protocol that the file speaks; empty for none of ours."""
    try:
        return recognise("", case.raw)
    except NotAcceptable:
        return ""


def _facts(found: Inspected) -> dict[str, str]:
    facts = {"doctype": found.document.system_id, "dtd_version": dtd_version(found.document.system_id)}
    envelope = found.envelope
    if envelope is None:
        return facts
    return facts | {
        "payload_id": envelope.payload_id,
        "deployment": envelope.deployment.value,
        "from": _named(envelope.from_),
        "to": _named(envelope.to),
        "sender": _named(envelope.sender),
        "user_agent": envelope.sender.user_agent,
    }


def _described(file: Attachment) -> str:
    name = file.name or "(no name)"
    return f"{name}, cid:{file.content_id}, {file.media_type}, {len(file.content):,} bytes"


def _named(party: Party) -> str:
    return ", ".join(f"{entry.domain} {entry.identity}" for entry in party.credentials)


def _contents(found: Inspected, dialect: Dialect) -> Iterator[Fact]:
    yield from contents(found.model, dialect)
    for name in found.attachments:
        yield Fact(about="attachment", says=name or "without an address")
    for file in found.document.attachments:
        yield Fact(about="attachment", says=_described(file))


def _kept(found: Inspected, dialect: Dialect) -> tuple[Finding, ...]:
    """What this buyer's system would not keep of a cart as it is."""
    return judged(found.model.lines, dialect) if isinstance(found.model, CartMessage) else ()


def _told(finding: Finding) -> dict[str, Any]:
    return {**asdict(finding), "says": CODES[finding.code]}


def _because(answered: Answered, found: Inspected) -> list[dict[str, Any]]:
    """What the gateway noted beyond what stands in the document: each kind once, with its places."""
    known = {(finding.code, finding.where) for finding in found.findings}
    noted = [one for one in answered.findings if (one.code, one.where) not in known]
    return [
        {
            "code": code,
            "says": CODES[code],
            "where": [finding.where for finding in noted if finding.code == code],
            "advice": next(finding.advice for finding in noted if finding.code == code),
        }
        for code in dict.fromkeys(finding.code for finding in noted)
    ]
