"""The bookshop's tables; ``info["scope"]`` names the column that every statement must carry (security §6).

Times are UTC in ISO 8601 and money is text, both exactly as written on either database.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.types import TypeEngine

from protocols.model.distribution import CODE_LENGTHS

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

CUSTOMER_NUMBER = String(17)
SCOPE = {"scope": "customer_number"}


def _key(name: str, kind: TypeEngine[Any]) -> Column[Any]:
    return Column(name, kind, primary_key=True, autoincrement=False)


def _text(name: str, length: int) -> Column[str]:
    return Column(name, String(length), nullable=False)


def _customer() -> Column[str]:
    return Column(
        "customer_number", CUSTOMER_NUMBER, ForeignKey("shop_customer.customer_number"), primary_key=True
    )


customer = Table(
    "shop_customer",
    METADATA,
    _key("customer_number", CUSTOMER_NUMBER),
    _text("name", 70),
    _text("organisation_number", 9),
    _text("library_system", 12),
    _text("distribution", 8),
    _text("discount_percent", 12),
    Column("order_name_required", Boolean, nullable=False, server_default=false()),
    info=SCOPE,
)

# Not scoped: it holds two numbers and nothing about anybody, and is what finds the scope (CUST-4).
old_number = Table(
    "shop_old_number",
    METADATA,
    _key("old_number", CUSTOMER_NUMBER),
    Column(
        "customer_number",
        CUSTOMER_NUMBER,
        ForeignKey("shop_customer.customer_number"),
        nullable=False,
        index=True,
    ),
)

address = Table(
    "shop_address",
    METADATA,
    _customer(),
    _key("address_id", String(35)),
    Column("position", Integer, nullable=False),
    Column("address", Text, nullable=False, comment="protocols.model.party.Address as JSON"),
    info=SCOPE,
)

branch = Table(
    "shop_branch",
    METADATA,
    _customer(),
    _key("branch_code", String(35)),
    _text("name", 70),
    Column("address_id", String(35), comment="a delivery address of its own (CHK-10)"),
    ForeignKeyConstraint(
        ["customer_number", "address_id"], ["shop_address.customer_number", "shop_address.address_id"]
    ),
    info=SCOPE,
)

user = Table(
    "shop_user",
    METADATA,
    _customer(),
    _key("email", String(254)),
    _text("name", 70),
    Column("administrator", Boolean, nullable=False),
    _text("default_profile", 70),
    Index("ix_shop_user_email", "email"),
    info=SCOPE,
)

code = Table(
    "shop_code",
    METADATA,
    _customer(),
    _key("field", String(20)),
    _key("value", String(35)),
    Column("position", Integer, nullable=False),
    _text("label", 70),
    Column("retired", Boolean, nullable=False),
    info=SCOPE,
)

profile = Table(
    "shop_profile",
    METADATA,
    _customer(),
    _key("name", String(70)),
    Column("position", Integer, nullable=False),
    Column("codes", Text, nullable=False, comment="protocols.model.distribution.CopyCodes as JSON"),
    info=SCOPE,
)

template = Table(
    "shop_template",
    METADATA,
    _customer(),
    _key("name", String(70)),
    Column("position", Integer, nullable=False),
    Column("rule", Text, nullable=False, comment="protocols.model.template.Template as JSON"),
    info=SCOPE,
)

import_state = Table(
    "shop_import_state",
    METADATA,
    _customer(),
    _key("part", String(20)),
    _text("state", 8),
    info=SCOPE,
)

cart = Table(
    "shop_cart",
    METADATA,
    _customer(),
    _key("cart_id", Text()),
    _text("order_name", 35),
    _text("delivery_address_id", 35),
    _text("currency", 3),
    _text("opened_at", 32),
    _text("changed_at", 32),
    info=SCOPE,
)

cart_line = Table(
    "shop_cart_line",
    METADATA,
    _key("customer_number", CUSTOMER_NUMBER),
    _key("cart_id", Text()),
    _key("line_id", Text()),
    Column("position", Integer, nullable=False),
    Column("product_id", Text, nullable=False),
    _text("kind", 8),
    Column("title", Text, nullable=False, comment="shown when the catalogue has lost the product"),
    _text("note", 255),
    Column("added_price", String(20), nullable=False, server_default="", comment="empty: not known"),
    Column("copies", Text, nullable=False, comment="one CopyCodes per copy as JSON; the quantity (DIST-4)"),
    ForeignKeyConstraint(
        ["customer_number", "cart_id"], ["shop_cart.customer_number", "shop_cart.cart_id"], ondelete="CASCADE"
    ),
    UniqueConstraint("customer_number", "cart_id", "product_id", "kind"),
    info=SCOPE,
)

order = Table(
    "shop_order",
    METADATA,
    _customer(),
    _key("order_number", String(20)),
    Column("idempotency_key", Text, nullable=False, unique=True),
    _text("delivery_address_id", 35),
    _text("order_name", 255),
    Column("po_number", Text, nullable=False),
    Column("po_suffix", String(8), nullable=False, server_default=""),
    Column("requisition_id", Text, nullable=False),
    Column("ordered_by", Text, nullable=False),
    Column("ordered_by_email", Text, nullable=False),
    _text("way", 8),
    Column("test", Boolean, nullable=False),
    _text("status", 16),
    _text("placed_at", 32),
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
    info=SCOPE,
)

order_line = Table(
    "shop_order_line",
    METADATA,
    _key("customer_number", CUSTOMER_NUMBER),
    _key("order_number", String(20)),
    _key("number", Integer()),
    Column("product_id", Text, nullable=False),
    _text("unit_price", 20),
    _text("currency", 3),
    _text("kind", 8),
    _text("note", 255),
    Column("buyer_line", Integer),
    Column("state", String(9), nullable=False, server_default="open", comment="open, picked or cancelled"),
    ForeignKeyConstraint(
        ["customer_number", "order_number"], ["shop_order.customer_number", "shop_order.order_number"]
    ),
    info=SCOPE,
)

order_copy = Table(
    "shop_order_copy",
    METADATA,
    _key("customer_number", CUSTOMER_NUMBER),
    _key("order_number", String(20)),
    _key("line_number", Integer()),
    _key("number", Integer()),
    Column("copy_id", String(20), nullable=False, unique=True),
    _text("barcode", 20),
    *(_text(field, length) for field, length in CODE_LENGTHS.items()),
    ForeignKeyConstraint(
        ["customer_number", "order_number", "line_number"],
        ["shop_order_line.customer_number", "shop_order_line.order_number", "shop_order_line.number"],
    ),
    info=SCOPE,
)

order_change = Table(
    "shop_order_change",
    METADATA,
    _key("customer_number", CUSTOMER_NUMBER),
    _key("order_number", String(20)),
    _key("idempotency_key", Text()),
    _text("asked", 64),
    Column("answer", Text, nullable=False, comment="protocols.model.order.OrderChange as JSON"),
    _text("changed_at", 32),
    ForeignKeyConstraint(
        ["customer_number", "order_number"], ["shop_order.customer_number", "shop_order.order_number"]
    ),
    info=SCOPE,
)

subscription = Table(
    "shop_subscription",
    METADATA,
    _customer(),
    _key("subscription_id", String(40)),
    _text("kind", 8),
    _text("product_id", 40),
    Column("title", Text, nullable=False),
    Column("copies", Text, nullable=False, comment="one CopyCodes per copy as JSON; the quantity (DIST-4)"),
    _text("order_name", 35),
    _text("delivery_address_id", 35),
    Column("po_number", Text, nullable=False),
    Column("ended", Boolean, nullable=False),
    Index("ix_shop_subscription_product", "product_id"),
    info=SCOPE,
)

# What has been promised of a release, before it is ordered: the same content however often it is tried.
release = Table(
    "shop_release",
    METADATA,
    _key("customer_number", CUSTOMER_NUMBER),
    _key("subscription_id", String(40)),
    _key("product_id", String(40)),
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
    _customer(),
    _key("number", String(40)),
    Column("position", Integer, nullable=False),
    _text("product_id", 40),
    Column("title", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    _text("order_name", 255),
    _text("ordered_on", 10),
    info=SCOPE,
)

# Apart from the customer, so that an import never takes back what was ticked or counted.
library = Table(
    "shop_library",
    METADATA,
    _customer(),
    Column("number_registered", Boolean, nullable=False, server_default=false(), comment="ticked (CUST-10)"),
    Column("profile", String(20), nullable=False, server_default="", comment="empty: the system's default"),
    Column("last_document", Integer, nullable=False, server_default="0", comment="last number given"),
    info=SCOPE,
)

library_document = Table(
    "shop_library_document",
    METADATA,
    _customer(),
    _key("number", Integer()),
    _text("order_number", 20),
    _text("profile", 20),
    _text("queued_at", 32),
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
    _key("customer_number", CUSTOMER_NUMBER),
    _key("document", Integer()),
    _key("order_line_id", String(35)),
    Column("line_number", Integer, nullable=False),
    Column("state", String(12), nullable=False, comment="catalog_bridge.library_systems.LineState"),
    Column("reason", Text, nullable=False),
    Column("left_out", Boolean, nullable=False, comment="the document is without it"),
    _text("changed_at", 32),
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
    _key("token_id", String(16)),
    Column(
        "customer_number",
        CUSTOMER_NUMBER,
        ForeignKey("shop_customer.customer_number"),
        nullable=False,
        index=True,
    ),
    Column("digest", String(64), nullable=False, unique=True),
    _text("made_at", 32),
)

# Not scoped: the last number given in each series, whoever it was given to.
sequence = Table(
    "shop_sequence",
    METADATA,
    _key("series", String(8)),
    Column("last", Integer, nullable=False),
)

# Not scoped: one row, which generation of the catalogue is live (design §4.4).
catalogue = Table(
    "shop_catalogue",
    METADATA,
    _key("id", Integer()),
    Column("generation", Integer, nullable=False),
    Column("products", Integer, nullable=False),
    Column("quarantined", Integer, nullable=False),
    _text("imported_at", 32),
    Column("demo", Boolean, nullable=False),
)
