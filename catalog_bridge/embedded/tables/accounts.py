"""Customers, and what they keep themselves: addresses, users, register, templates."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    String,
    Table,
    Text,
    false,
)

from catalog_bridge.embedded.tables.base import CUSTOMER_NUMBER, METADATA, SCOPE, key, of_customer, text

customer = Table(
    "shop_customer",
    METADATA,
    key("customer_number", CUSTOMER_NUMBER),
    text("name", 70),
    text("organisation_number", 9),
    text("library_system", 12),
    text("distribution", 8),
    text("discount_percent", 12),
    Column("order_name_required", Boolean, nullable=False, server_default=false()),
    Column("services", Text, nullable=False, server_default="", comment="ids, blanks between (SVC-3)"),
    info=SCOPE,
)

# Not scoped: it holds two numbers and nothing about anybody, and is what finds the scope (CUST-4).
old_number = Table(
    "shop_old_number",
    METADATA,
    key("old_number", CUSTOMER_NUMBER),
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
    of_customer(),
    key("address_id", String(35)),
    Column("position", Integer, nullable=False),
    Column("address", Text, nullable=False, comment="protocols.model.party.Address as JSON"),
    info=SCOPE,
)

branch = Table(
    "shop_branch",
    METADATA,
    of_customer(),
    key("branch_code", String(35)),
    text("name", 70),
    Column("address_id", String(35), comment="a delivery address of its own (CHK-10)"),
    ForeignKeyConstraint(
        ["customer_number", "address_id"], ["shop_address.customer_number", "shop_address.address_id"]
    ),
    info=SCOPE,
)

user = Table(
    "shop_user",
    METADATA,
    of_customer(),
    key("email", String(254)),
    text("name", 70),
    Column("administrator", Boolean, nullable=False),
    text("default_profile", 70),
    Index("ix_shop_user_email", "email"),
    info=SCOPE,
)

# Whom an administrator has taken out, so that a file of before never brings them back (CUST-7).
removed_user = Table(
    "shop_removed_user",
    METADATA,
    of_customer(),
    Column("digest", String(64), primary_key=True, comment="SHA-256 of the address as compared"),
    info=SCOPE,
)

code = Table(
    "shop_code",
    METADATA,
    of_customer(),
    key("field", String(20)),
    key("value", String(35)),
    Column("position", Integer, nullable=False),
    text("label", 70),
    Column("retired", Boolean, nullable=False),
    info=SCOPE,
)

profile = Table(
    "shop_profile",
    METADATA,
    of_customer(),
    key("name", String(70)),
    Column("position", Integer, nullable=False),
    Column("codes", Text, nullable=False, comment="protocols.model.distribution.CopyCodes as JSON"),
    info=SCOPE,
)

template = Table(
    "shop_template",
    METADATA,
    of_customer(),
    key("name", String(70)),
    Column("position", Integer, nullable=False),
    Column("rule", Text, nullable=False, comment="protocols.model.template.Template as JSON"),
    info=SCOPE,
)

# Numbers are counted here, so an import never takes back what has been given (SVC-5).
barcode_series = Table(
    "shop_barcode_series",
    METADATA,
    of_customer(),
    key("first", String(20)),
    text("last", 20),
    Column("position", Integer, nullable=False),
    Column("given", Integer, nullable=False, server_default="0"),
    info=SCOPE,
)

import_state = Table(
    "shop_import_state",
    METADATA,
    of_customer(),
    key("part", String(20)),
    text("state", 8),
    info=SCOPE,
)
