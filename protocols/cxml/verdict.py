"""What our own schema says about a document: findings, never a refusal (design §4.1)."""

from __future__ import annotations

import schemas
from protocols.cxml.elements import Findings
from protocols.model.finding import Finding
from protocols.xml import Document

_SECRET = ("Credential", "PCard")


def validate(document: Document) -> tuple[Finding, ...]:
    """One finding per deviation from the schema, with path and reason; none for a valid document."""
    schema = schemas.load("cxml")
    if schema.validate(document.root):
        return ()
    found = Findings()
    for entry in schema.error_log:
        where = entry.path or f"line {entry.line}"
        found.note("schema.invalid", where, got="" if _is_secret(where) else entry.message)
    return found.all()


def _is_secret(where: str) -> bool:
    """Whether the schema's words could quote a credential or a card."""
    return any(name in where for name in _SECRET)
