"""A document as it may be kept: secrets and card data taken out (security §8)."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from protocols.xml import Document, to_bytes

_SECRETS = ("SharedSecret", "SharedSecret1", "DigitalSignature", "CredentialMac", "PCard")
_WITH_ANY_NAMESPACE = [f"{{*}}{name}" for name in _SECRETS]
_GONE = "[removed]"


def record(document: Document) -> bytes:
    """The document in UTF-8 without DOCTYPE; in place of each secret stands ``[removed]``."""
    root = deepcopy(document.root)
    for element in [*root.iter(*_WITH_ANY_NAMESPACE)]:
        _empty(element)
    return to_bytes(root)


def _empty(element: etree._Element) -> None:
    tail = element.tail
    element.clear()
    element.text, element.tail = _GONE, tail
