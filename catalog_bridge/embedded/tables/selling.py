"""Carts and orders."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)

from catalog_bridge.embedded.tables.base import CUSTOMER_NUMBER, METADATA, SCOPE, key, of_customer, text
from protocols.model.distribution import CODE_LENGTHS

cart = Table(
    "shop_cart",
    METADATA,
    of_customer(),
    key("cart_id", Text()),
    text("order_name", 35),
    text("delivery_address_id", 35),
    text("currency", 3),
    text("opened_at", 32),
    text("changed_at", 32),
    Column("version", Integer, nullable=False, server_default="0", comment="another after each change"),
    Column("closed", Boolean, nullable=False, server_default=false(), comment="it has gone back"),
    Column(
        "subscriptions", Boolean, nullable=False, server_default=false(), comment="may hold series (PO-ID-5)"
    ),
    info=SCOPE,
)

cart_line = Table(
    "shop_cart_line",
    METADATA,
    key("customer_number", CUSTOMER_NUMBER),
    key("cart_id", Text()),
    key("line_id", Text()),
    Column("position", Integer, nullable=False),
    Column("product_id", Text, nullable=False),
    text("kind", 8),
    Column("title", Text, nullable=False, comment="shown when the catalogue has lost the product"),
    text("note", 255),
    Column("added_price", String(20), nullable=False, server_default="", comment="empty: not known"),
    Column("copies", Text, nullable=False, comment="one CopyCodes per copy as JSON; the quantity (DIST-4)"),
    Column("services", Text, nullable=False, server_default="", comment="ids, blanks between (SVC-3)"),
    ForeignKeyConstraint(
        ["customer_number", "cart_id"], ["shop_cart.customer_number", "shop_cart.cart_id"], ondelete="CASCADE"
    ),
    UniqueConstraint("customer_number", "cart_id", "product_id", "kind"),
    info=SCOPE,
)

order = Table(
    "shop_order",
    METADATA,
    of_customer(),
    key("order_number", String(20)),
    Column("idempotency_key", Text, nullable=False, unique=True),
    text("delivery_address_id", 35),
    text("order_name", 255),
    Column("po_number", Text, nullable=False),
    Column("po_suffix", String(8), nullable=False, server_default=""),
    Column("requisition_id", Text, nullable=False),
    Column("ordered_by", Text, nullable=False),
    Column("ordered_by_email", Text, nullable=False),
    text("way", 8),
    Column("test", Boolean, nullable=False),
    text("status", 16),
    text("placed_at", 32),
    Column("placed_digest", String(64), nullable=False, server_default="", comment="empty until it changes"),
    Column("copies_named", Integer, nullable=False, server_default="0", comment="copy ids given so far"),
    UniqueConstraint("order_number"),
    ForeignKeyConstraint(
        ["customer_number", "delivery_address_id"],
        ["shop_address.customer_number", "shop_address.address_id"],
    ),
    Index("ix_shop_order_placed", "customer_number", "placed_at", "order_number"),
    Index("ix_shop_order_po", "customer_number", "po_number"),
    *(
        Index(f"ix_shop_order_{name}", "customer_number", name, "placed_at", "order_number")
        for name in ("ordered_by", "ordered_by_email", "status", "way")
    ),
    Index("ix_shop_order_to_pick", "status", "placed_at"),
    info=SCOPE,
)

order_line = Table(
    "shop_order_line",
    METADATA,
    key("customer_number", CUSTOMER_NUMBER),
    key("order_number", String(20)),
    key("number", Integer()),
    Column("product_id", Text, nullable=False),
    text("unit_price", 20),
    text("currency", 3),
    text("kind", 8),
    text("note", 255),
    Column("buyer_line", Integer),
    Column("state", String(9), nullable=False, server_default="open", comment="open, picked or cancelled"),
    Column("services", Text, nullable=False, server_default="[]", comment="LineService as JSON (SVC-4)"),
    ForeignKeyConstraint(
        ["customer_number", "order_number"], ["shop_order.customer_number", "shop_order.order_number"]
    ),
    Index("ix_shop_order_line_product", "customer_number", "product_id"),
    info=SCOPE,
)

order_copy = Table(
    "shop_order_copy",
    METADATA,
    key("customer_number", CUSTOMER_NUMBER),
    key("order_number", String(20)),
    key("line_number", Integer()),
    key("number", Integer()),
    Column("copy_id", String(20), nullable=False, unique=True),
    text("barcode", 20),
    *(text(field, length) for field, length in CODE_LENGTHS.items()),
    ForeignKeyConstraint(
        ["customer_number", "order_number", "line_number"],
        ["shop_order_line.customer_number", "shop_order_line.order_number", "shop_order_line.number"],
    ),
    info=SCOPE,
)

order_change = Table(
    "shop_order_change",
    METADATA,
    key("customer_number", CUSTOMER_NUMBER),
    key("order_number", String(20)),
    key("idempotency_key", Text()),
    text("asked", 64),
    Column("answer", Text, nullable=False, comment="protocols.model.order.OrderChange as JSON"),
    text("changed_at", 32),
    ForeignKeyConstraint(
        ["customer_number", "order_number"], ["shop_order.customer_number", "shop_order.order_number"]
    ),
    info=SCOPE,
)
