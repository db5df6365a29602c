"""A document as it may be kept: secrets and card data taken out (security §8)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from lxml import etree

from protocols.xml import Document, to_bytes

_SECRETS = ("SharedSecret", "SharedSecret1", "DigitalSignature", "CredentialMac", "PCard")
_WITH_ANY_NAMESPACE = [f"{{*}}{name}" for name in _SECRETS]
_CREDENTIAL, _IDENTITY = "{*}Credential", "Identity"
_GONE = "[removed]"


def record(document: Document) -> bytes:
    """The document in UTF-8 without DOCTYPE; in place of each secret stands ``[removed]``."""
    with _masked(document.root):
        return to_bytes(document.root)


@contextmanager
def _masked(root: etree._Element) -> Iterator[None]:
    """The tree without its secrets until the block is left; a copy would double what an order weighs."""
    taken = [(element, dict(element.attrib), element.text, element[:]) for element in _outermost(root)]
    for element, *_ in taken:
        _fill(element, {}, _GONE, [])
    try:
        yield
    finally:
        for element, attributes, text, children in taken:
            _fill(element, attributes, text, children)


def _outermost(root: etree._Element) -> list[etree._Element]:
    """The secrets that stand in no other secret."""
    found = dict.fromkeys([*root.iter(*_WITH_ANY_NAMESPACE), *_proofs(root)])
    return [element for element in found if not any(above in found for above in element.iterancestors())]


def _proofs(root: etree._Element) -> Iterator[etree._Element]:
    """All that a Credential holds but who it is: a secret under a name of the sender's own is one too."""
    for credential in root.iter(_CREDENTIAL):
        for child in credential:
            if etree.QName(child).localname != _IDENTITY:
                yield child


def _fill(
    element: etree._Element, attributes: dict[str, str], text: str | None, children: list[etree._Element]
) -> None:
    """Nothing: the element has exactly these, and the tail that it had."""
    tail = element.tail
    element.clear()
    element.attrib.update(attributes)
    element.text, element.tail = text, tail
    element.extend(children)
