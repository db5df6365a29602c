"""Documents as a person can read them."""

from __future__ import annotations

from lxml import etree

from protocols.xml import parse_untrusted


def pretty(document: bytes) -> str:
    """The document indented, start tokens masked: the page may be looked over a shoulder."""
    root = parse_untrusted(document).root
    for url in root.iter("URL"):
        address = url.text or ""
        if "/start/" in address:
            url.text = f"{address.partition('/start/')[0]}/start/…"
    etree.indent(root)
    return etree.tostring(root, encoding="unicode")
