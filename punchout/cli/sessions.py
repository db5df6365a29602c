"""punchout sessions: what happened under a reference code."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from punchout.cli.frame import Unusable, as_json, opened
from session_store import agreements, attachments, journal, orders

if TYPE_CHECKING:
    from protocols.model.finding import Finding
    from punchout.house import House
    from session_store.attachments import StoredAttachment
    from session_store.journal import Entry


@click.group()
def sessions() -> None:
    """Shoppers' sessions and their orders."""


@sessions.command()
@click.argument("reference")
@click.option("--agreement", "agreement_id", help="Look in this agreement only.")
@click.option("--json", "machine", is_flag=True, help="Print the entries as JSON, documents included.")
def show(reference: str, agreement_id: str | None, *, machine: bool) -> None:
    """Show the timeline of the session or order with this REFERENCE code, from the journal."""
    with opened() as house:
        entries = _timeline(house, reference.strip().upper(), agreement_id)
        files = _files(house, entries, reference.strip().upper())
    if not entries:
        raise Unusable(f"nothing is known under reference {reference!r}; check the code, or its agreement")
    if machine:
        as_json([_for_machines(entry) for entry in entries])
        return
    for entry in entries:
        _show(entry)
    for file in files:
        name = file.name or f"cid:{file.content_id}"
        click.echo(f"attachment {file.number}: {name}, {file.media_type}, {file.size:,} bytes")


def _timeline(house: House, reference: str, agreement_id: str | None) -> list[Entry]:
    with house.store.read() as tx:
        ids = [agreement_id] if agreement_id else [one.id for one in agreements.everyone(tx)]
        return [entry for one in ids for entry in journal.timeline(tx, one, reference)]


def _files(house: House, entries: list[Entry], reference: str) -> list[StoredAttachment]:
    """What came with the order of this reference, if it is one."""
    with house.store.read() as tx:
        found = [
            (one, order)
            for one in {entry.agreement_id for entry in entries}
            if (order := orders.by_reference(tx, one, reference))
        ]
        return [file for one, order in found for file in attachments.listing(tx, one, order.id)]


def _for_machines(entry: Entry) -> dict[str, object]:
    return {**asdict(entry), "document": entry.document.decode("utf-8", "replace")}


def _show(entry: Entry) -> None:
    at = entry.at.isoformat(sep=" ", timespec="seconds")
    click.echo(f"{at}  {entry.agreement_id}  {entry.kind}  {entry.actor}: {entry.summary}")
    for finding in entry.findings:
        click.echo(f"    {shown(finding)}")


def shown(finding: Finding) -> str:
    """A finding on one line: how bad, what, where, and what to do.

    >>> from protocols.model.finding import Finding
    >>> shown(Finding(code="envelope.missing", where="/cXML/@timestamp"))
    'warning envelope.missing at /cXML/@timestamp'
    """
    parts = [f"{finding.severity} {finding.code}", f"at {finding.where}" if finding.where else ""]
    parts.append(f"expected {finding.expected}" if finding.expected else "")
    parts.append(f"got {finding.got}" if finding.got else "")
    line = ", ".join(filter(None, [" ".join(filter(None, parts[:2])), *parts[2:]]))
    return f"{line}; {finding.advice}" if finding.advice else line
