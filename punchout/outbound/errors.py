"""Why something did not go out: it may not, or nobody took it."""

from __future__ import annotations


class Refused(Exception):
    """The address may not be called, now or later; says what is wrong with it and what to do."""


class Unreachable(Exception):
    """There was no usable answer this time; says what happened on the way."""
