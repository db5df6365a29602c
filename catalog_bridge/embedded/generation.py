"""One generation of the catalogue: its tables, and what a database must offer to keep generations.

A generation is built beside the live one and never written to again once the pointer names it.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol

from sqlalchemy import Column, Connection, Index, Integer, MetaData, Select, Table, Text

from catalog_bridge.folding import words
from protocols.model.item import Product

CAP = 2000  # candidates that are ranked; above it a search says "more" instead of counting on (P12)

metadata = MetaData()

# A record without product_id was deleted by its supplier and stays so that an older message cannot revive it.
title = Table(
    "title",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("reference", Text, nullable=False, unique=True),
    Column("sent_at", Text, nullable=False),
    Column("product_id", Text, unique=True),
    Column("heading", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("audience", Text, nullable=False),
    Column("form", Text, nullable=False),
    Column("published", Text, nullable=False),
    Column("demo", Integer, nullable=False),
    Column("payload", Text),
)
# Browsing walks an index from the newest title and answers from it alone; a small language has few titles far
# apart, so languages have theirs.
_SHOWN = (title.c.published, title.c.id, title.c.audience, title.c.form, title.c.product_id)
Index("title_newest", *_SHOWN, title.c.language)
Index("title_newest_in_language", title.c.language, *_SHOWN)

quarantine = Table(
    "quarantine",
    metadata,
    Column("reference", Text, nullable=False, index=True, comment="empty when the feed gave none"),
    Column("place", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("at", Text, nullable=False),
)


class Scope(StrEnum):
    """How far from the title a word may stand, nearest first."""

    HEADING = "heading"
    NAMES = "names"
    ALL = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """A search as the word index understands it: every word and every mark must be there.

    words
        Folded, at least one.
    unfinished
        The last word may also be the beginning of a longer one.
    marks
        Filters, as ``marks()`` writes them.
    """

    words: tuple[str, ...]
    unfinished: bool = False
    marks: tuple[str, ...] = ()


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
        """The statement for ids that match the parameter named after the scope, at most CAP + 1."""

    def expression(self, wanted: Wanted, scope: Scope) -> str:
        """The value of that parameter, in the database's own query language, safe for any words."""


class Generations(Protocol):
    """Where the generations of one catalogue are kept, by number."""

    @property
    def index(self) -> WordIndex:
        """Its word index."""

    def reading(self, number: int) -> AbstractContextManager[Connection]:
        """A connection that cannot write; ShopUnavailable when the generation is missing."""

    def building(self, number: int, base: int) -> AbstractContextManager[Connection]:
        """A connection to a new generation, a copy of ``base`` (0: empty).

        Durable when the block ends well, gone when it does not.
        """

    def exclusive(self) -> AbstractContextManager[None]:
        """Holds back every other import; ShopUnavailable when one is running."""

    def forget(self, before: int) -> None:
        """Removes all generations older than this number."""

    def close(self) -> None:
        """Gives every connection back."""


def row_of(product: Product) -> dict[str, Any]:
    """The columns that search and browsing need beside the payload."""
    return {
        "product_id": product.product_id,
        "heading": " ".join(words(product.title)),
        "language": product.language,
        "audience": product.audience,
        "form": product.form,
        "published": product.published.isoformat() if product.published else "",
        "demo": int(product.demo),
    }
