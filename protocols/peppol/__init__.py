"""Peppol and EHF post-award documents in UBL: one file per document, each with ``parse`` and ``build``."""

from __future__ import annotations

import re

_ROOT = re.compile(r"<(?:[\w.-]+:)?(?:Order|StandardBusinessDocument)[\s/>]")


def speaks(_content_type: str, start: str) -> bool:
    """Whether a body that starts like this is a document of ours, bare or in its envelope."""
    return bool(_ROOT.search(start))
