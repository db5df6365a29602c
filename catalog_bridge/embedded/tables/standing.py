"""What libraries have ordered once and for all, and what was open when they came."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Index, Integer, String, Table, Text

from catalog_bridge.embedded.tables.base import CUSTOMER_NUMBER, METADATA, SCOPE, key, of_customer, text

# Not scoped: what can be subscribed to, for everybody.
series = Table(
    "shop_series",
    METADATA,
    key("product_id", String(40)),
    Column("position", Integer, nullable=False),
    text("kind", 8),
    Column("title", Text, nullable=False),
    Column("description", Text, nullable=False),
    text("audience", 8),
    Column("releases_a_year", Integer, nullable=False),
    Column("ended", Boolean, nullable=False),
)

subscription = Table(
    "shop_subscription",
    METADATA,
    of_customer(),
    key("subscription_id", String(40)),
    text("kind", 8),
    text("product_id", 40),
    Column("title", Text, nullable=False),
    Column("copies", Text, nullable=False, comment="one CopyCodes per copy as JSON; the quantity (DIST-4)"),
    text("order_name", 35),
    text("delivery_address_id", 35),
    Column("po_number", Text, nullable=False),
    Column("ended", Boolean, nullable=False),
    Column("services", Text, comment="ids, blanks between; NULL: the customer's usual ones (SVC-3)"),
    Column("begun_by", Text, nullable=False, server_default="", comment="e-mail; empty: set up by the shop"),
    Index("ix_shop_subscription_product", "product_id"),
    info=SCOPE,
)

# What has been promised of a release, before it is ordered: the same content however often it is tried.
release = Table(
    "shop_release",
    METADATA,
    key("customer_number", CUSTOMER_NUMBER),
    key("subscription_id", String(40)),
    key("product_id", String(40)),
    Column("gift", Boolean, primary_key=True, comment="at price 0, beside the release that is paid (ORD-8)"),
    Column("order", Text, nullable=False, comment="protocols.model.order.ShopOrder as JSON"),
    ForeignKeyConstraint(
        ["customer_number", "subscription_id"],
        ["shop_subscription.customer_number", "shop_subscription.subscription_id"],
    ),
    info=SCOPE,
)

open_order = Table(
    "shop_open_order",
    METADATA,
    of_customer(),
    key("number", String(40)),
    Column("position", Integer, nullable=False),
    text("product_id", 40),
    Column("title", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    text("order_name", 255),
    text("ordered_on", 10),
    info=SCOPE,
)
