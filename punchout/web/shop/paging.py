"""Many things in a form, so many at a time: which of them this page holds."""

from __future__ import annotations

from dataclasses import dataclass

from flask import request


@dataclass(frozen=True, slots=True)
class Paging:
    """One page of several.

    number
        From 1; never past the last page, of which there is always one.
    """

    number: int
    count: int
    size: int

    @classmethod
    def of(cls, things: int, size: int, wanted: int) -> Paging:
        """The page of this number, or the nearest there is.

        >>> Paging.of(25, 20, 99), Paging.of(0, 20, -3)
        (Paging(number=2, count=2, size=20), Paging(number=1, count=1, size=20))
        """
        count = max(-(-things // size), 1)
        return cls(number=min(max(wanted, 1), count), count=count, size=size)

    @classmethod
    def asked(cls, things: int, size: int) -> Paging:
        """The page that the address of this request asks for by ``page``, else the first."""
        return cls.of(things, size, request.args.get("page", 1, type=int))

    @property
    def part(self) -> slice:
        """Which of the things are on the page."""
        start = (self.number - 1) * self.size
        return slice(start, start + self.size)

    @property
    def is_last(self) -> bool:
        """Whether no page follows."""
        return self.number == self.count
