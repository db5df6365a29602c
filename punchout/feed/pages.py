"""One page of the feed, asked for over the one way out (CAT-3, T-N1)."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import urljoin

from catalog_bridge.feeds import onix
from protocols.errors import ProtocolError
from punchout.feed.errors import FeedError
from punchout.outbound.destination import host_of
from punchout.outbound.errors import Refused, Unreachable
from punchout.outbound.line import Limits

if TYPE_CHECKING:
    from datetime import datetime

    from punchout.feed.settings import Feed
    from punchout.outbound.client import Fetched, Outbound

LIMITS = Limits(total_seconds=600, body_bytes=500_000_000)
"""Of one page; a bookshop's own outbox waits for none of it."""

_LONGEST = 2048  # as long as an address may be, and as there is room for in its table
_SECONDS = re.compile(r"[0-9]{1,9}")
_OK, _NOTHING, _TOO_MANY, _OUR_FAULT, _THEIR_FAULT = 200, 204, 429, 400, 500
_AGAIN = "run the same command again later; it goes on where it stopped"
_ADVICE = {
    401: "it does not accept who we are: look at token_variable in [feed], and at the value of that variable",
    403: "what we are is known, and may not read this: ask whoever runs the feed",
    404: "nothing is there: look at url in [feed]; if the place is too old, start anew with --since",
    410: "the place is too old: start anew with --since",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A page that has come.

    address
        What was asked for.
    following
        Address of the next page; empty where the feed named none.
    stream
        The ONIX message, at its beginning; whoever got the page closes it.
    empty
        No product is in it.
    """

    address: str
    following: str
    stream: BinaryIO
    size: int
    empty: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Pages:
    """Where pages come from.

    secret
        Proves who we are; empty where the feed is open.
    """

    feed: Feed
    outbound: Outbound
    secret: str = ""

    def page(self, address: str, now: datetime) -> Page:
        """The page at this address; FeedError when it does not come whole, or is no ONIX."""
        stream: BinaryIO = TemporaryFile()  # noqa: SIM115 - the page is handed on, and closed by who uses it
        try:
            return self._page(address, stream, now)
        except BaseException:
            stream.close()
            raise

    def _page(self, address: str, stream: BinaryIO, now: datetime) -> Page:
        answer = self._fetched(address, stream)
        _check(answer)
        return Page(
            address=address,
            following=self._following(address, answer),
            stream=stream,
            size=answer.size,
            empty=_is_empty(stream, answer, now),
        )

    def _fetched(self, address: str, stream: BinaryIO) -> Fetched:
        proof = {"Authorization": f"Bearer {self.secret}"} if self.secret else {}
        client = replace(self.outbound, limits=LIMITS)
        try:
            return client.fetch(address, stream, hosts={host_of(self.feed.url)}, headers=proof)
        except Unreachable as error:
            raise FeedError(f"{error}; {_AGAIN}") from error
        except Refused as error:
            raise FeedError(f"the feed cannot be called: {error}") from error

    def _following(self, address: str, answer: Fetched) -> str:
        token = answer.headers.get(self.feed.next_header, "").strip()
        if token:
            following = self.feed.after(token)
        elif answer.following:
            following = urljoin(address, answer.following)
        else:
            return ""
        if host_of(following) != host_of(self.feed.url):
            raise FeedError("the feed's next page is at another host; we do not follow it there")
        if len(following) > _LONGEST:
            raise FeedError(f"the feed's next token makes an address of more than {_LONGEST:,} characters")
        return following


def _check(answer: Fetched) -> None:
    """Nothing; FeedError for an answer that brings no page."""
    status = answer.status
    if status in {_OK, _NOTHING}:
        if answer.headers.get("Content-Encoding", "identity") != "identity":
            raise FeedError("the feed sent a page compressed, which it was asked not to do")
        return
    if status == _TOO_MANY or status >= _THEIR_FAULT:
        busy = "it has been asked too often" if status == _TOO_MANY else "it has trouble of its own"
        raise FeedError(f"the feed answered {status}: {busy}; {_when(answer)}")
    if status < _OUR_FAULT:
        raise FeedError(
            f"the feed answered {status}; only pages are taken: write its final address in [feed]"
        )
    raise FeedError(f"the feed answered {status}: {_ADVICE.get(status, 'look at [feed] in the shop file')}")


def _when(answer: Fetched) -> str:
    pause = answer.headers.get("Retry-After", "").strip()
    if _SECONDS.fullmatch(pause):
        return f"wait {pause} seconds, then run the same command again; it goes on where it stopped"
    return f"wait until {pause}, then run it again" if pause.isascii() and pause[-4:] == " GMT" else _AGAIN


def _is_empty(stream: BinaryIO, answer: Fetched, now: datetime) -> bool:
    """Whether no product is in it; the stream is at its beginning afterwards."""
    stream.seek(0)
    try:
        return not answer.size or next(onix.read(stream, now=now), None) is None
    except onix.NothingNew:
        return True
    except ProtocolError as error:
        raise FeedError(f"a page of the feed cannot be read: {error.detail}") from error
    finally:
        stream.seek(0)
