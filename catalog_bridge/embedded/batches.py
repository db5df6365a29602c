"""A feed in batches, as far as it can be read (CAT-1)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Generic, TypeVar

from protocols.errors import ProtocolError

_BATCH = 500

Event = TypeVar("Event")


class Batches(Generic[Event]):
    """The events of a feed, some hundred at a time.

    stopped
        Why the feed could not be read to its end; empty when it could. One that is broken from the start
        raises what the reader raised instead.
    """

    def __init__(self, events: Iterable[Event]) -> None:
        self._events = events
        self.stopped = ""

    def __iter__(self) -> Iterator[list[Event]]:
        """The batches in order."""
        readable = self._readable()
        while batch := list(islice(readable, _BATCH)):
            yield batch

    def _readable(self) -> Iterator[Event]:
        """The events before the break."""
        something = False
        try:
            for event in self._events:
                something = True
                yield event
        except ProtocolError as error:
            if not something:
                raise
            self.stopped = f"{error.detail} ({error.where})" if error.where else error.detail
