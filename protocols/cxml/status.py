"""Status: how every request is answered, good or bad (cxml.md §3)."""

from __future__ import annotations

from protocols.cxml.envelope import Response
from protocols.cxml.frame import DTD, LANG, Stamp, finished, response
from protocols.errors import (
    Conflict,
    Forbidden,
    Malformed,
    NotAcceptable,
    NotSupported,
    PreconditionFailed,
    ProtocolError,
    SignatureInvalid,
    SignatureRequired,
    SignatureUnacceptable,
    TooLarge,
    Unauthorized,
    Unavailable,
)

TEXTS = {
    200: "OK",
    201: "Accepted",
    204: "No Content",
    400: "Bad Request",
    401: "Unauthorized",
    402: "Payment Required",
    403: "Forbidden",
    406: "Not Acceptable",
    409: "Conflict",
    412: "Precondition Failed",
    417: "Expectation Failed",
    450: "Not Implemented",
    475: "Signature Required",
    476: "Signature Verification Failed",
    477: "Signature Unacceptable",
    499: "Document Size Error",
    500: "Internal Server Error",
    550: "Unable to reach cXML server",
    551: "Unable to forward request",
    560: "Temporary server error",
}
"""The canonical text of each code that we send; buyers' systems look for it."""

_ERRORS: dict[int, type[ProtocolError]] = {
    kind.cxml_status: kind
    for kind in (
        Malformed,
        Unauthorized,
        Forbidden,
        NotAcceptable,
        Conflict,
        PreconditionFailed,
        NotSupported,
        SignatureRequired,
        SignatureInvalid,
        SignatureUnacceptable,
        TooLarge,
        Unavailable,
    )
}


def build(code: int, detail: str, stamp: Stamp, *, dtd: str = DTD, lang: str = LANG) -> bytes:
    """A bare Response with this Status; KeyError for a code that is not ours to send."""
    return finished(response(code, TEXTS[code], detail, stamp, lang), dtd)


def from_error(error: ProtocolError, stamp: Stamp) -> bytes:
    """The Response that tells the peer about a refusal, with the place in its document."""
    detail = f"{error.detail} [{error.where}]" if error.where else error.detail
    return build(error.cxml_status, detail, stamp)


def to_error(answer: Response) -> ProtocolError | None:
    """The refusal that an answer stands for, None for a good one; unknown codes go by their class."""
    if answer.code < 400:
        return None
    by_class = Malformed if answer.code < 500 else Unavailable
    return _ERRORS.get(answer.code, by_class)(answer.detail or answer.text, where=f"Status {answer.code}")
