"""Who made the book, from Contributor."""

from __future__ import annotations

from collections.abc import Iterator

from catalog_bridge.feeds.onix.composite import Composite
from catalog_bridge.feeds.onix.values import whole
from protocols.model.item import Contributor

_UNNAMED = {"01": "Ukjent", "02": "Anonym", "03": "m.fl.", "04": "Flere bidragsytere"}  # list 19
_LAST = 10_000  # who has no SequenceNumber comes after those who have


def contributors(block: Composite) -> tuple[Contributor, ...]:
    """The contributors in SequenceNumber order, each with the first of their roles; nobody without a name."""
    parts = sorted(block.parts("Contributor"), key=lambda part: whole(part.text("SequenceNumber")) or _LAST)
    return tuple(_contributors(parts))


def _contributors(parts: list[Composite]) -> Iterator[Contributor]:
    for part in parts:
        if name := _name(part):
            yield Contributor(name=name, role=part.text("ContributorRole") or "A01")


def _name(part: Composite) -> str:
    """The name as one says it, from whichever form was sent."""
    keys = (part.text(name) for name in ("NamesBeforeKey", "PrefixToKey", "KeyNames"))
    return (
        part.text("PersonName")
        or " ".join(filter(None, keys))
        or _turned(part.text("PersonNameInverted"))
        or part.text("CorporateName")
        or _UNNAMED.get(part.text("UnnamedPersons"), "")
    )


def _turned(inverted: str) -> str:
    """The name with what stands after the comma in front.

    >>> _turned("Prøvestad, Liv")
    'Liv Prøvestad'
    """
    last, _, first = inverted.partition(",")
    return f"{first.strip()} {last.strip()}".strip()
