"""What full text search must offer, and under which words a title is found in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from sqlalchemy import ColumnElement, Connection, Select

from catalog_bridge.folding import words
from protocols.model.item import Product

CAP = 2000
"""Candidates that are ranked; above it a search says "more" instead of counting on (P12)."""


class Scope(StrEnum):
    """How far from the title a word may stand, nearest first."""

    HEADING = "heading"
    NAMES = "names"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A search as the word index understands it: every word and every mark must be there.

    words
        Folded.
    unfinished
        The last word may also be the beginning of a longer one.
    marks
        Filters, as ``marks()`` writes them.
    classes
        Beginnings of words that stand neither in the title nor among the names: of classification codes.
    """

    words: tuple[str, ...] = ()
    unfinished: bool = False
    marks: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What the word index holds of one title, folded."""

    id: int
    heading: tuple[str, ...]
    names: tuple[str, ...]
    rest: tuple[str, ...]
    marks: tuple[str, ...]


def entry(number: int, product: Product) -> Entry:
    """The words under which a product is found: title, names, and everything else a shopper may type.

    The form counts whole and by its first letter, so that the filter A finds audiobooks of every kind.
    """
    names = (product.by, product.series, product.publisher)
    rest = (product.product_id, product.isbn, product.dewey, *product.thema, product.description)
    return Entry(
        id=number,
        heading=words(f"{product.title} {product.subtitle}"),
        names=words(" ".join(names)),
        rest=words(" ".join(rest)),
        marks=(*marks(product.language, product.audience, product.form), *marks("", "", product.form[:1])),
    )


def marks(language: str, audience: str, form: str) -> tuple[str, ...]:
    """Filters as words that no text contains, because folded text has no ``§``; empty ones are left out.

    >>> marks("nob", "3-6", "")
    ('§lnob', '§a36')
    """
    plain = (("§l", language), ("§a", audience), ("§f", form))
    return tuple(kind + "".join(filter(str.isalnum, value.casefold())) for kind, value in plain if value)


class WordIndex(Protocol):
    """Full text search in one database; every method works inside the caller's connection.

    Two of a kind are equal, so that a statement can be kept for all of them.
    """

    def __hash__(self) -> int: ...

    def add(self, connection: Connection, entries: Iterable[Entry]) -> None:
        """Makes the entries findable; their ids are not in the index."""

    def remove(self, connection: Connection, ids: Iterable[int]) -> None:
        """Forgets these ids; unknown ones are ignored."""

    def hits(self, scope: Scope) -> Select[int]:
        """The statement for ids that match the parameter named after the scope."""

    def expression(self, wanted: Wanted, scope: Scope) -> str:
        """The value of that parameter, in the database's own query language, safe for any words."""

    def dewey(self) -> ColumnElement[str]:
        """The Dewey number in the title's payload."""

    def has_thema(self, beginning: ColumnElement[str]) -> ColumnElement[bool]:
        """Whether one of the Thema subjects in the title's payload begins so."""
