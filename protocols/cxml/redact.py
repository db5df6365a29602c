"""A document as it may be kept and shown: without secrets, cards and start tokens (security §3)."""

from __future__ import annotations

from copy import deepcopy

from lxml import etree

from protocols.cxml.elements import name
from protocols.xml import Document, to_bytes

MASK = "***"
_SECRET = {"SharedSecret", "SharedSecret1", "DigitalSignature", "CredentialMac"}


def redacted(document: Document) -> bytes:
    """The document with every secret text, card attribute and StartPage address masked."""
    root = deepcopy(document.root)
    for element in root.iter(etree.Element):
        tag = etree.QName(element).localname
        if tag in _SECRET:
            _mask_text(element)
        elif tag == "PCard":
            _mask_attributes(element)
        elif tag == "StartPage":
            for url in element:
                _mask_text(url)
    doctype = f'<!DOCTYPE {name(root)} SYSTEM "{document.system_id}">' if document.system_id else ""
    return to_bytes(root, doctype=doctype)


def _mask_text(element: etree._Element) -> None:
    for child in list(element):
        element.remove(child)
    element.text = MASK


def _mask_attributes(element: etree._Element) -> None:
    for attribute in element.attrib:
        element.set(attribute, MASK)
