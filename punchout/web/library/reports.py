"""What a library system says of the lines of a document, from the JSON that it posts."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import msgspec

from catalog_bridge.library_systems import Report
from protocols.model.serial import from_json

LIMIT = 500
"""Longest reason; it is shown to people."""


class Unreadable(Exception):
    """The report cannot be understood; says where, and what is expected. Nothing of it has been noted."""


class _State(StrEnum):
    ACKNOWLEDGED = "acknowledged"
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    order_line_id: str
    state: _State
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Posted:
    lines: tuple[_Line, ...]


def reports(body: bytes) -> dict[str, Report]:
    """What is said, by order line id; nothing for an empty body, which speaks of all lines. Unreadable."""
    if not body.strip():
        return {}
    lines = _posted(body).lines
    if not lines:
        raise Unreadable("$.lines: name at least one line, or send no body to acknowledge all of them.")
    said: dict[str, Report] = {}
    for number, line in enumerate(lines):
        if line.order_line_id in said:
            raise Unreadable(f"$.lines[{number}].order_line_id: this line has been named before.")
        said[line.order_line_id] = _report(line, f"$.lines[{number}].reason")
    return said


def _posted(body: bytes) -> _Posted:
    try:
        return from_json(body.decode(), _Posted)
    except UnicodeDecodeError:
        raise Unreadable("The body is not UTF-8.") from None
    except (msgspec.DecodeError, RecursionError) as error:
        raise Unreadable(f"The body is not the JSON that is expected: {error}") from None


def _report(line: _Line, where: str) -> Report:
    reason = line.reason.strip()
    if line.state is _State.ACKNOWLEDGED:
        return Report()
    if not reason:
        raise Unreadable(f"{where}: say why the line failed; people read it.")
    if len(reason) > LIMIT or not reason.isprintable():
        raise Unreadable(f"{where}: one line of at most {LIMIT} characters that print is expected.")
    return Report(failed=True, reason=reason)
