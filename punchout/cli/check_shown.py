"""What ``punchout check`` found in a document, as a person reads it."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING, Any

import click

from protocols import dialects

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_NAMES = ("payload_id", "deployment", "from", "to", "sender", "user_agent", "doctype")
_MOST = 40
"""Facts of one kind that are shown; the JSON has them all."""


def show(result: dict[str, Any]) -> None:
    """Nothing: the result stands on standard output, every line of it free of control characters."""
    for line in _lines(result):
        click.echo("".join(character if character.isprintable() else " " for character in line))


def _lines(result: dict[str, Any]) -> Iterator[str]:
    if "unusable" in result:
        yield f"{result['file']}: no usable document: {result['unusable']}"
        return
    yield f"{result['file']}: {result['protocol']} {result['kind']}".replace("  ", " ")
    yield from (f"    {name.replace('_', ' ')}: {result[name]}" for name in _NAMES if result.get(name))
    if result["looks_like"]:
        yield from _system(result)
    yield from _part("in it", (f"{fact['about']}: {fact['says']}" for fact in result["contents"]))
    yield from _part(f"what {_title(result)} would not keep of it", map(_kept, result["kept"]))
    for remark in result["remarks"]:
        yield from _remark(remark)
    if result["answer"]:
        yield f"    answer: {result['answer']}"
    yield from (f"      because: {_reason(reason)}" for reason in result["because"])


def _title(result: dict[str, Any]) -> str:
    return dialects.load(result["looks_like"] or "generic").title


def _system(result: dict[str, Any]) -> Iterator[str]:
    signs = [f"{sign['text']}{' (unproven)' * sign['unproven']}" for sign in result["signs"]]
    because = f": {'; '.join(signs)}" if signs else ""
    yield f"    looks like: {_title(result)} ({result['looks_like']}){because}"
    yield from (f"      known: {habit}" for habit in result["habits"]["seen"])
    yield from (f"      reported, not certain: {habit}" for habit in result["habits"]["reported"])


def _part(heading: str, told: Iterable[str]) -> Iterator[str]:
    facts = iter(told)
    shown = list(islice(facts, _MOST))
    if not shown:
        return
    yield f"    {heading}:"
    yield from (f"      {fact}" for fact in shown)
    if more := sum(1 for _ in facts):
        yield f"      … and {more:,} more, all of them with --json"


def _kept(finding: dict[str, Any]) -> str:
    maybe = "; reported, not certain" if finding["unproven"] else ""
    return f"{finding['severity']}: {finding['where']}: {finding['says']}{_compared(finding)}{maybe}"


def _remark(remark: dict[str, Any]) -> Iterator[str]:
    place = " ".join(filter(None, (f"line {remark['line']}" * bool(remark["line"]), remark["where"])))
    about = f"{remark['severity']}, {remark['source']}: "
    yield f"    {about}{place}{': ' * bool(place)}{remark['says']}{_compared(remark)}"
    if remark["advice"]:
        yield f"      to mend it: {remark['advice']}"


def _compared(told: dict[str, Any]) -> str:
    """What was expected and what stands there, where that is known."""
    parts = [f"{name} {told[name]}" for name in ("expected", "got") if told[name]]
    return f" ({', '.join(parts)})" if parts else ""


def _reason(reason: dict[str, Any]) -> str:
    times = f" ({len(reason['where'])} times)" if len(reason["where"]) > 1 else ""
    advice = f" – {reason['advice']}" if reason["advice"] else ""
    return f"{reason['where'][0]}{times}: {reason['says']}{advice}"
