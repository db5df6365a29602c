"""What library systems are told."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    Text,
    false,
)

from catalog_bridge.embedded.tables.base import CUSTOMER_NUMBER, METADATA, SCOPE, key, of_customer, text

# Apart from the customer, so that an import never takes back what was ticked or counted.
library = Table(
    "shop_library",
    METADATA,
    of_customer(),
    Column("number_registered", Boolean, nullable=False, server_default=false(), comment="ticked (CUST-10)"),
    Column("profile", String(20), nullable=False, server_default="", comment="empty: the system's default"),
    Column("last_document", Integer, nullable=False, server_default="0", comment="last number given"),
    info=SCOPE,
)

library_document = Table(
    "shop_library_document",
    METADATA,
    of_customer(),
    key("number", Integer()),
    text("order_number", 20),
    text("profile", 20),
    text("queued_at", 32),
    Column("content", Text, nullable=False, comment="protocols.library.order.LibraryOrder as JSON"),
    Column("body", LargeBinary, nullable=False, comment="as it is fetched, the same for ever"),
    ForeignKeyConstraint(
        ["customer_number", "order_number"], ["shop_order.customer_number", "shop_order.order_number"]
    ),
    Index("ix_shop_library_document_order", "customer_number", "order_number"),
    info=SCOPE,
)

library_line = Table(
    "shop_library_line",
    METADATA,
    key("customer_number", CUSTOMER_NUMBER),
    key("document", Integer()),
    key("order_line_id", String(35)),
    Column("line_number", Integer, nullable=False),
    Column("state", String(12), nullable=False, comment="catalog_bridge.library_systems.LineState"),
    Column("reason", Text, nullable=False),
    Column("left_out", Boolean, nullable=False, comment="the document is without it"),
    text("changed_at", 32),
    ForeignKeyConstraint(
        ["customer_number", "document"],
        ["shop_library_document.customer_number", "shop_library_document.number"],
    ),
    Index("ix_shop_library_line_state", "customer_number", "state"),
    info=SCOPE,
)

# Not scoped: it holds a number and keyed hashes, and is what finds the scope.
library_token = Table(
    "shop_library_token",
    METADATA,
    key("token_id", String(16)),
    Column(
        "customer_number",
        CUSTOMER_NUMBER,
        ForeignKey("shop_customer.customer_number"),
        nullable=False,
        index=True,
    ),
    Column("digest", String(64), nullable=False, unique=True),
    text("made_at", 32),
)
