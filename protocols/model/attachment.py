"""A file that came with a document; MIME part, cXML Attachment, UBL AttachedDocument."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """One file.

    content_id
        What the document refers to as ``cid:…``, without angle brackets; may be empty.
    name
        What the sender calls the file: shown, never used as a path.
    media_type
        What its first bytes say it is, whatever was declared.
    """

    content_id: str
    media_type: str
    content: bytes = field(repr=False)
    name: str = ""

    @property
    def digest(self) -> bytes:
        """SHA-256 of the content."""
        return sha256(self.content).digest()
