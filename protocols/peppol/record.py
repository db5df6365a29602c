"""A document as it may be kept: a card that somebody put into it taken out (security §8)."""

from __future__ import annotations

from copy import deepcopy

from protocols.peppol.ubl import NAMESPACES
from protocols.xml import Document, to_bytes

_CARD = f"{{{NAMESPACES['cac']}}}CardAccount"
_GONE = "[removed]"


def record(document: Document) -> bytes:
    """The document in UTF-8; in place of each CardAccount's content stands ``[removed]``."""
    if next(document.root.iter(_CARD), None) is None:
        return to_bytes(document.root)
    copy = deepcopy(document.root)
    for card in copy.iter(_CARD):
        card[:] = []
        card.text = _GONE
    return to_bytes(copy)
