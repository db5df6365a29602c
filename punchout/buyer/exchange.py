"""One document sent to the gateway and what came back, as the buyer's side keeps it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import requests

from protocols.xml import CXML, Document, parse_untrusted

_SECONDS = (5, 60)
_XML = {"Content-Type": "text/xml; charset=utf-8"}


class GatewayUnreachable(Exception):
    """No answer came from the gateway; says where it was looked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A request and its answer.

    sent
        The document without its secret, to be shown.
    received
        The answer's bytes, as they came.
    """

    sent: bytes
    received: bytes
    http_status: int
    content_type: str = ""

    @property
    def document(self) -> Document:
        """The answer, parsed; NotAcceptable when it is no XML."""
        return parse_untrusted(self.received, self.content_type, limits=CXML)


def post(
    http: requests.Session,
    url: str,
    document: bytes,
    *,
    record: bytes,
    headers: Mapping[str, str] = _XML,
) -> Exchange:
    """The exchange after posting the document; ``record`` is what may be kept of it.

    headers
        With the document's Content-Type.
    Raises GatewayUnreachable when there was no HTTP answer at all.
    """
    try:
        answer = http.post(
            url,
            data=document,
            headers=dict(headers),
            timeout=_SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise GatewayUnreachable(f"no answer from {url}: {type(error).__name__}") from error
    return Exchange(
        sent=record,
        received=answer.content,
        http_status=answer.status_code,
        content_type=answer.headers.get("Content-Type", ""),
    )
