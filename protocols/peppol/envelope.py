"""What an access point hands over: a document, bare or in its envelope, the SBDH (peppol.md §9)."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from protocols import reading
from protocols.errors import Malformed, NotAcceptable
from protocols.model.finding import Finding
from protocols.peppol.ubl import SBDH, place
from protocols.reading import Findings
from protocols.xml import Document

_HEADER = f"{{{SBDH}}}StandardBusinessDocumentHeader"
_NAMESPACES = {"sbdh": SBDH}
_HEADER_PLACE = "/StandardBusinessDocument/StandardBusinessDocumentHeader"


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """A document and what stands around it.

    payload
        The UBL document's root.
    instance_id
        What makes the envelope one and not another; empty for a bare document, as all below.
    sender, receiver
        Participants as ``0192:987654325``.
    """

    payload: etree._Element
    instance_id: str = ""
    sender: str = ""
    receiver: str = ""
    findings: tuple[Finding, ...] = ()

    @property
    def kind(self) -> str:
        """The root's name, as ``Order`` or ``OrderChange``."""
        return etree.QName(self.payload).localname


def open_envelope(document: Document) -> Envelope:
    """The document out of its envelope; Malformed for an envelope that holds none, or several.

    Raises NotAcceptable for any DOCTYPE, for UBL has none and none is fetched (peppol.md §10).
    """
    if document.root.getroottree().docinfo.doctype:
        raise NotAcceptable(
            "The document has a DOCTYPE; send it without, for no Peppol document has one.", where="DOCTYPE"
        )
    found = Findings(document.findings, place)
    root = document.root
    if etree.QName(root) != etree.QName(SBDH, "StandardBusinessDocument"):
        return Envelope(payload=root, findings=found.all())
    payloads = [child for child in root if child.tag != _HEADER]
    if len(payloads) != 1:
        raise Malformed(
            f"The envelope holds {len(payloads)} documents; send each in one of its own.",
            where="/StandardBusinessDocument",
        )
    header = root.find(_HEADER)
    facts = {
        "instance_id": _fact(header, "DocumentIdentification/InstanceIdentifier", found),
        "sender": _fact(header, "Sender/Identifier", found),
        "receiver": _fact(header, "Receiver/Identifier", found),
    }
    return Envelope(payload=payloads[0], findings=found.all(), **facts)


def _fact(header: etree._Element | None, path: str, found: Findings) -> str:
    steps = "/".join(f"sbdh:{step}" for step in path.split("/"))
    value = "" if header is None else reading.text(header.find(steps, _NAMESPACES))
    if not value:
        found.note("envelope.missing", f"{_HEADER_PLACE}/{path}")
    return value
