"""A refusal as a machine reads it: what is wrong, where, by which rule, and what to do (RFC 9457)."""

from __future__ import annotations

import re

from protocols.errors import (
    Conflict,
    Forbidden,
    NotAcceptable,
    NotSupported,
    PreconditionFailed,
    ProtocolError,
    TooLarge,
    Unauthorized,
    Unavailable,
    Unknown,
)

_HTTP: dict[type[ProtocolError], int] = {NotAcceptable: 400, NotSupported: 422, PreconditionFailed: 409}
"""Where the number of the protocol means something else in HTTP."""

_ADVICE: dict[type[ProtocolError], str] = {
    Unauthorized: "Check the token, wait if you were told to, and send the document again.",
    Forbidden: "Ask the shop to look at the agreement; sending the same again changes nothing.",
    Unknown: "Check the address, or ask the shop.",
    Conflict: "Send changed content as a document of its own, with a number of its own.",
    Unavailable: "Send the same document again in half a minute.",
    TooLarge: "Send it in parts.",
    NotSupported: "Send a document of one of the kinds that are served.",
}
_RETRY_SECONDS = 30
_ADVICE_ELSE = "Correct the document at the place that is named, and send it again."


def http_status(error: ProtocolError) -> int:
    """The HTTP status that says the same."""
    return error.http_status if error.http_status >= 400 else _HTTP.get(type(error), error.cxml_status)


def seconds_to_wait(error: ProtocolError) -> int:
    """After how many seconds the same may be sent again; 0 where time changes nothing, or nobody knows."""
    return error.retry_after or (_RETRY_SECONDS if isinstance(error, Unavailable) else 0)


def told(error: ProtocolError) -> dict[str, str]:
    """What stands beside status and detail: code, where, rule and advice."""
    advice = next((text for kind, text in _ADVICE.items() if isinstance(error, kind)), _ADVICE_ELSE)
    return {"code": _word(error), "where": error.where, "rule": error.rule, "advice": advice}


def _word(error: ProtocolError) -> str:
    """The kind of refusal as a word: ``not-supported``."""
    return re.sub(r"(?<!^)(?=[A-Z])", "-", type(error).__name__).lower()
