"""One generation of the catalogue: its tables, and what a database must offer to keep generations.

A generation is built beside the live one and never written to again once the pointer names it.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any, Protocol

from sqlalchemy import Column, Connection, Index, Integer, MetaData, Table, Text

from catalog_bridge.embedded.word_index import WordIndex
from catalog_bridge.folding import words
from protocols.model.item import Product

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


def row_of(product: Product | None) -> dict[str, Any]:
    """The columns that search and browsing need beside the payload; blank for a deleted record."""
    return {
        "heading": " ".join(words(product.title)) if product else "",
        "language": product.language if product else "",
        "audience": product.audience if product else "",
        "form": product.form if product else "",
        "published": product.published.isoformat() if product and product.published else "",
        "demo": int(product.demo) if product else 0,
    }


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
