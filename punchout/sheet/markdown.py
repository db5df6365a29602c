"""Tables of a set-up sheet, and words that stand in more than one."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def code(*words: str) -> str:
    """The words as they are typed; empty for none.

    >>> code("USERNAME", "PASSWORD")
    '`USERNAME`, `PASSWORD`'
    """
    return ", ".join(f"`{word}`" for word in words)


def services(as_agreed: str) -> str:
    """How services stand in a cart, by ``Policy.services_as``."""
    if as_agreed == "per_order":
        return "an item of its own for all books that have it"
    return "an item of its own beside each title"


def table(rows: Iterable[tuple[str, ...]], *head: str) -> str:
    """A Markdown table; ``what`` and ``value`` stand above where no head is given."""
    head = head or ("what", "value")
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
