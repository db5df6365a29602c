"""Every way a document can be refused; blame and answer are in the type (cxml.md §3)."""

from __future__ import annotations

from typing import ClassVar


class ProtocolError(Exception):
    """Base of all refusals, never raised itself.

    detail
        What is wrong and what to do next, safe to send to the peer: no secrets, no personal data.
    where
        XPath or field in the peer's document.
    retry_after
        Seconds after which the same may be sent again; 0 where time changes nothing, or nobody knows.
    reference
        Code under which the timeline tells of it, put on where it is written down; empty where it is not.
    rule
        Id of the official rule that is broken, where there is one.
    """

    cxml_status: ClassVar[int] = 500
    http_status: ClassVar[int] = 200

    def __init__(self, detail: str, *, where: str = "", retry_after: int = 0, rule: str = "") -> None:
        """Keep detail and place apart, so that each door can say them its own way."""
        super().__init__(detail)
        self.detail = detail
        self.where = where
        self.reference = ""
        self.retry_after = retry_after
        self.rule = rule


class Malformed(ProtocolError):
    """Parsed, but it makes no session and no order at all."""

    cxml_status = 400


class Unauthorized(ProtocolError):
    """The sender is not who it says, or said nothing that we can check."""

    cxml_status = 401


class Forbidden(ProtocolError):
    """Known, but not allowed: no single agreement, disabled, outside its list."""

    cxml_status = 403


class Unknown(ProtocolError):
    """Nothing of this name is here, or nothing that the sender may know of."""

    cxml_status = 404
    http_status = 404


class NotAcceptable(ProtocolError):
    """Not readable as a request: not well-formed, wrong character set, internal subset, a Response."""

    cxml_status = 406


class Conflict(ProtocolError):
    """The same key with other content, or a state that forbids the change."""

    cxml_status = 409


class PreconditionFailed(ProtocolError):
    """An operation that nothing was promised for."""

    cxml_status = 412


class NotSupported(ProtocolError):
    """Understood, and not offered here."""

    cxml_status = 450


class SignatureRequired(ProtocolError):
    """This Sender proves itself by signing, and the document is not signed."""

    cxml_status = 475


class SignatureInvalid(ProtocolError):
    """Signed, but not by whom we agreed with, or changed since."""

    cxml_status = 476


class SignatureUnacceptable(ProtocolError):
    """Signed in a form that proves too little: weak algorithms, other parts, foreign references."""

    cxml_status = 477


class TooLarge(ProtocolError):
    """More bytes, elements or lines than any honest document has (cXML 499)."""

    cxml_status = 499
    http_status = 413


class UnsupportedEncoding(ProtocolError):
    """A Content-Encoding that this peer may not use."""

    cxml_status = 406
    http_status = 415


class Unavailable(ProtocolError):
    """Our side is busy or away; the same document may be sent again later."""

    cxml_status = 560
    http_status = 503
