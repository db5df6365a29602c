"""Peppol and EHF post-award documents in UBL: one file per document, each with ``parse`` and ``build``."""

from __future__ import annotations

_NAMESPACE = "urn:oasis:names:specification:ubl:schema:xsd:"


def speaks(_content_type: str, start: str) -> bool:
    """Whether a body that starts like this is a document in UBL, in its envelope or without."""
    return "<" in start and _NAMESPACE in start
