"""What the shop counts, what it has on its shelves, and the records of titles."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Integer, LargeBinary, String, Table, Text

from catalog_bridge.embedded.tables.base import METADATA, key, text

# Not scoped: the last number given in each series, whoever it was given to.
sequence = Table(
    "shop_sequence",
    METADATA,
    key("series", String(8)),
    Column("last", Integer, nullable=False),
)

# Not scoped: one row, which generation of the catalogue is live (design §4.4).
catalogue = Table(
    "shop_catalogue",
    METADATA,
    key("id", Integer()),
    Column("generation", Integer, nullable=False),
    Column("products", Integer, nullable=False),
    Column("quarantined", Integer, nullable=False),
    text("imported_at", 32),
    Column("demo", Boolean, nullable=False),
)

# Not scoped: bibliographic records are nobody's; who may fetch one is asked of the orders (CAT-4).
marc_record = Table(
    "shop_marc_record",
    METADATA,
    key("isbn", String(13)),
    Column("bibbi_id", Text, nullable=False),
    Column("format", String(8), nullable=False, comment="catalog_bridge.marc.MarcFormat"),
    text("charset", 32),
    Column("body", LargeBinary, nullable=False, comment="as it came"),
    text("received_at", 32),
)

# Not scoped: one row, how far the trade's feed has been read (CAT-3).
feed = Table(
    "shop_feed",
    METADATA,
    key("id", Integer()),
    text("url", 2048),
    text("next", 2048),
    text("fetched_at", 32),
)
