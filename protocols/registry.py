"""The protocols we speak, one line each, and which of them a raw request speaks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from html import unescape

from protocols import cxml, oci, peppol
from protocols.errors import NotAcceptable

_LOOK_AHEAD = 4096


@dataclass(frozen=True, slots=True)
class Protocol:
    """One protocol.

    speaks
        Told the content type and the first characters of a body, whether it is this protocol's.
    """

    name: str
    title: str
    speaks: Callable[[str, str], bool]


PROTOCOLS = (
    Protocol("cxml", "cXML 1.1 and 1.2", cxml.speaks),
    Protocol("oci", "OCI 2 to 4 as a form", oci.speaks),
    Protocol("peppol", "Peppol BIS 3 and EHF in UBL 2.1", peppol.speaks),
)
"""A new protocol is one folder beside ``cxml`` and one line here."""


def recognise(content_type: str, body_start: bytes) -> str:
    """The name of the protocol that the request speaks; NotAcceptable when we know none.

    >>> recognise("text/xml", b"<cXML payloadID='1'>")
    'cxml'
    >>> recognise("application/x-www-form-urlencoded", b"USERNAME=a&HOOK_URL=https%3A%2F%2Fx.example")
    'oci'
    """
    start = unescape(body_start[:_LOOK_AHEAD].replace(b"\0", b"").decode("iso-8859-1"))
    for protocol in PROTOCOLS:
        if protocol.speaks(content_type.lower(), start):
            return protocol.name
    titles = ", ".join(protocol.title for protocol in PROTOCOLS)
    raise NotAcceptable(f"The body speaks no protocol that we know; expected {titles}.")
