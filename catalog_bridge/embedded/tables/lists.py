"""Lists of titles that libraries save (CART-7)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Integer, String, Table, Text

from catalog_bridge.embedded.tables.base import CUSTOMER_NUMBER, METADATA, SCOPE, key, of_customer, text

saved_list = Table(
    "shop_list",
    METADATA,
    of_customer(),
    key("list_id", String(36)),
    text("name", 70),
    Column("owner", Text, nullable=False, comment="catalog_bridge.lists.Person.key; empty: nobody's"),
    text("owner_name", 70),
    Column("shared", Boolean, nullable=False),
    text("changed_at", 32),
    info=SCOPE,
)

saved_line = Table(
    "shop_list_line",
    METADATA,
    key("customer_number", CUSTOMER_NUMBER),
    key("list_id", String(36)),
    key("product_id", Text()),
    Column("position", Integer, nullable=False),
    Column("title", Text, nullable=False, comment="as it was when it was put on the list"),
    Column("quantity", Integer, nullable=False),
    ForeignKeyConstraint(
        ["customer_number", "list_id"], ["shop_list.customer_number", "shop_list.list_id"], ondelete="CASCADE"
    ),
    info=SCOPE,
)
