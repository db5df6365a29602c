"""Official cXML DTDs, where an operator has put them: what they say about a document (design §4.2)."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from pathlib import Path

from lxml import etree

from protocols.xml import Document

_MODULES = {
    "ConfirmationRequest": "Fulfill",
    "ShipNoticeRequest": "Fulfill",
    "InvoiceDetailRequest": "InvoiceDetail",
    "QuoteMessage": "Quote",
    "QuoteRequest": "Quote",
}
_threads = threading.local()


@dataclass(frozen=True, slots=True, kw_only=True)
class Standard:
    """One version of the standard: a folder named after it, with its DTD files."""

    version: str
    folder: Path


def dtds(folder: Path) -> tuple[Standard, ...]:
    """The versions from 1.2 on found below the folder, oldest first; those before are not promised."""
    found = {path.parent.name: path.parent for path in sorted(folder.rglob("cXML.dtd"))}
    versions = sorted(found, key=lambda name: [int(part) for part in name.split(".") if part.isdecimal()])
    return tuple(Standard(version=name, folder=found[name]) for name in versions if name.startswith("1.2"))


def knows(standard: Standard, document: Document) -> bool:
    """Whether the standard's folder has the DTD in which the document's payload is declared."""
    return _file(standard, document).is_file()


def errors(standard: Standard, document: Document) -> tuple[str, ...]:
    """What the standard's DTD says against the document, with lines; empty when it is valid.

    A DTD accepts any declared element as root, so the root is looked at too.
    """
    if document.root.tag != "cXML":
        return (f"the root element is {document.root.tag!r}, not cXML",)
    file = _file(standard, document)
    if not file.is_file():
        return (f"{standard.version} has no {file.name} here",)
    dtd = _compiled(file)
    if dtd.validate(document.root):
        return ()
    return tuple(f"line {entry.line}: {entry.message}" for entry in dtd.error_log)


def _file(standard: Standard, document: Document) -> Path:
    return standard.folder / f"{_module(document.root)}.dtd"


def _module(root: etree._Element) -> str:
    payloads = [payload.tag for body in root for payload in body]
    return next((_MODULES[tag] for tag in payloads if tag in _MODULES), "cXML")


def _compiled(file: Path) -> etree.DTD:
    """The DTD, this thread's own: its error log holds what this thread validated last."""
    compiled: dict[Path, etree.DTD] = _threads.__dict__.setdefault("compiled", {})
    if file not in compiled:
        compiled[file] = etree.DTD(file=str(file))
    return compiled[file]
