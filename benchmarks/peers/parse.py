"""XML parsed and nothing else: what any reader of the document pays at least."""

from __future__ import annotations

from lxml import etree


def parse(body: bytes) -> etree._Element:
    """The document as a bare tree."""
    return etree.fromstring(body)
