"""What our own schema says about a document: findings, never a refusal (design §4.1)."""

from __future__ import annotations

import schemas
from protocols.model.finding import Finding
from protocols.peppol.envelope import Envelope
from protocols.reading import Findings

SCHEMA = "ubl_order"


def validate(envelope: Envelope) -> tuple[Finding, ...]:
    """One finding per deviation from the schema, with path and reason; none for a valid document."""
    schema = schemas.load(SCHEMA)
    if schema.validate(envelope.payload):
        return ()
    found = Findings()
    for entry in schema.error_log:
        secret = "CardAccount" in (entry.path or "")
        found.note("schema.invalid", entry.path or f"line {entry.line}", got="" if secret else entry.message)
    return found.all()
