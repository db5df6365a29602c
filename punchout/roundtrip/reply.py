"""What a buyer's system made of a document of ours: taken, refused for good, or not now (security §11)."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parsedate_to_datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from protocols.cxml.elements import writable
from protocols.cxml.envelope import open_response
from protocols.errors import ProtocolError
from protocols.xml import parse_untrusted

if TYPE_CHECKING:
    from protocols.cxml.envelope import Response
    from punchout.outbound.client import Answer

_TRANSIENT = {408, 425, 429}
_LONGEST_WAIT = timedelta(hours=24)
_SHOWN = 200


class Verdict(StrEnum):
    """What follows from an answer."""

    SENT = "sent"
    DEAD = "dead"
    AGAIN = "again"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """An answer, understood.

    words
        What was said, for people: without our secret, whatever the other side repeats.
    wait
        As long as the other side asks to be left alone; None when it does not.
    """

    verdict: Verdict
    words: str
    wait: timedelta | None = None


def judged(answer: Answer, secret: str, now: datetime) -> Judged:
    """What the answer means for the document.

    A cXML 2xx takes it. A cXML 4xx refuses it for good, and so does an HTTP 4xx other than 408, 425 and 429.
    Everything else, no cXML at all included, is worth another try.
    """
    said = _said(answer)
    words = _words(answer, said).replace(secret, "…") if secret else _words(answer, said)
    return Judged(
        verdict=_verdict(answer.status, said.code if said else 0),
        words=writable(words)[:_SHOWN],
        wait=_wait(answer.retry_after, now),
    )


def _said(answer: Answer) -> Response | None:
    """The cXML answer; None when there is none to be read."""
    with suppress(ProtocolError):
        return open_response(parse_untrusted(answer.body, answer.content_type))
    return None


def _verdict(http: int, code: int) -> Verdict:
    if 400 <= code < 500 or (400 <= http < 500 and http not in _TRANSIENT):
        return Verdict.DEAD
    return Verdict.SENT if 200 <= code < 300 and 200 <= http < 300 else Verdict.AGAIN


def _words(answer: Answer, said: Response | None) -> str:
    if said is None:
        return f"HTTP {answer.status} without a cXML answer"
    spoken = f"{said.code} {said.text}" + (f": {said.detail}" if said.detail else "")
    return spoken if answer.status == 200 else f"HTTP {answer.status}, {spoken}"


def _wait(written: str, now: datetime) -> timedelta | None:
    """Retry-After in seconds or as a date; at most a day, None for nothing readable."""
    if written.isdecimal() and len(written) < 9:
        return min(timedelta(seconds=int(written)), _LONGEST_WAIT)
    with suppress(ValueError):
        until = parsedate_to_datetime(written)
        if until.tzinfo is not None:
            return min(max(until - now, timedelta()), _LONGEST_WAIT)
    return None
