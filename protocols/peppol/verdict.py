"""What our own schema says about a document: findings, never a refusal (design §4.1)."""

from __future__ import annotations

import re
from itertools import islice

from lxml import etree

import schemas
from protocols.model.finding import Finding
from protocols.peppol.envelope import Envelope
from protocols.peppol.ubl import place, prefixed
from protocols.reading import MOST_FINDINGS, Findings

SCHEMA = "ubl_order"
_ABOUT = re.compile(r"Element '[^']*'(?:, |: )").match
_STEP = re.compile(r"/([^/\[]+)(?:\[([0-9]+)\])?").findall


def validate(envelope: Envelope) -> tuple[Finding, ...]:
    """One finding per deviation from the schema, with path and reason; none for a valid document.

    What may hold a card is opaque to the schema, so that no reason ever quotes one.
    """
    schema = schemas.load(SCHEMA)
    if schema.validate(envelope.payload):
        return ()
    found = Findings()
    for entry in islice(schema.error_log, MOST_FINDINGS):
        where = _place(envelope.payload, entry.path or "")
        found.note("schema.invalid", where or f"line {entry.line}", got=_reason(entry.message))
    return found.all()


def _reason(message: str) -> str:
    """The schema's words with the usual prefixes, without the element, which the place names."""
    about = _ABOUT(message)
    return prefixed(message[about.end() :] if about else message)


def _place(document: etree._Element, path: str) -> str:
    """The place of what libxml2's path means in this document; empty where it leads nowhere.

    A step of it has the sender's own prefix, ``*`` for a name without one, and counts those that are alike.
    """
    element, attribute = document, ""
    for step, number in _STEP(path)[1:]:
        if step.startswith("@"):
            attribute = f"/{step}"
            break
        alike = [child for child in element if step in {"*", _as_sent(child)}]
        position = int(number or 1) - 1
        if position >= len(alike):
            return ""
        element = alike[position]
    return place(element) + attribute if path else ""


def _as_sent(element: etree._Element) -> str:
    return f"{element.prefix}:{etree.QName(element).localname}"
