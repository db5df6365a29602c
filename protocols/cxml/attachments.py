"""Files that came with a cXML document, and places in it that refer to some (cxml.md §7)."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from protocols import media, multipart
from protocols.cxml.elements import Findings, children, text
from protocols.model.attachment import Attachment
from protocols.model.finding import Finding
from protocols.xml import Document, parse_untrusted

if TYPE_CHECKING:
    from protocols.cxml.envelope import Envelope
    from protocols.multipart import Part

_LONGEST_NAME = 255


def received(body: bytes, content_type: str = "", *, trust_declaration: bool = False) -> Document:
    """The document in a request body, with the files beside it where the body has several parts.

    A file of a kind that is not kept is a finding, never a refusal. Raises what ``parse_untrusted`` and
    ``multipart.split`` raise.
    """
    if not multipart.is_multipart(content_type):
        return parse_untrusted(body, content_type, trust_declaration=trust_declaration)
    parts = multipart.split(body, content_type)
    document = parse_untrusted(
        parts.root.content, parts.root.content_type, trust_declaration=trust_declaration
    )
    kept = [(part, media.kind_of(part.content, part.media_type)) for part in parts.others]
    return replace(
        document,
        attachments=tuple(_attachment(part, kind) for part, kind in kept if kind),
        findings=(*document.findings, *(_refused(part) for part, kind in kept if not kind)),
    )


def _attachment(part: Part, kind: str) -> Attachment:
    name = part.name.replace("\\", "/").rpartition("/")[2][:_LONGEST_NAME]
    name = "".join(filter(str.isprintable, name))
    return Attachment(content_id=part.content_id, name=name, media_type=kind, content=part.content)


def _refused(part: Part) -> Finding:
    return Finding(
        code="attachment.refused",
        where=f"MIME part <{part.content_id[:80]}>",
        expected="PDF, PNG, JPEG, GIF, TIFF, an office file, XML or text",
        got=part.damaged or part.media_type[:80] or "no Content-Type",
        advice="Send it in another form, or write what matters into the comment.",
    )


def note_missing(envelope: Envelope, found: Findings) -> None:
    """Nothing; a finding for each Attachment whose file did not come along. Links are never followed."""
    sent = {name for one in envelope.attachments for name in (one.content_id, one.name) if name}
    for element in envelope.payload.iter("Attachment"):
        url = text(children(element).get("URL", element))
        if url.lower().startswith(("http:", "https:")):
            advice = "Send the file itself: no link is followed."
            found.note("attachment.link", element, got=url, advice=advice)
        elif multipart.content_id(url) not in sent:
            advice = "The file was not sent with the document; ask for it if it matters."
            found.note("attachment.dangling", element, got=url, advice=advice)
