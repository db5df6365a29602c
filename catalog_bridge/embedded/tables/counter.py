"""What leaves the shop: parcels, slips, invoices, credit notes."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKeyConstraint, Index, String, Table, Text, UniqueConstraint

from catalog_bridge.embedded.tables.base import CUSTOMER_NUMBER, METADATA, SCOPE, key, of_customer, text

# One row for each customer whose orders lie in the parcel, alike but for whose it is (SHIP-3).
parcel = Table(
    "shop_parcel",
    METADATA,
    of_customer(),
    key("parcel_number", String(20)),
    text("address_id", 35),
    Column(
        "address", Text, nullable=False, comment="protocols.model.party.Address as JSON, as it was packed"
    ),
    text("carrier_day", 10),
    Column("test", Boolean, nullable=False),
    text("packed_at", 32),
    text("sent_at", 32),
    text("tracking", 70),
    text("sscc", 18),
    Index("ix_shop_parcel_number", "parcel_number"),
    Index("ix_shop_parcel_sent", "sent_at", "parcel_number"),
    info=SCOPE,
)

slip = Table(
    "shop_slip",
    METADATA,
    key("customer_number", CUSTOMER_NUMBER),
    key("parcel_number", String(20)),
    key("order_number", String(20)),
    Column("slip", Text, nullable=False, comment="protocols.model.shipment.Slip as JSON, as it was packed"),
    Column("told", Boolean, nullable=False, comment="whether the shopper has been written to (SHIP-6)"),
    ForeignKeyConstraint(
        ["customer_number", "parcel_number"], ["shop_parcel.customer_number", "shop_parcel.parcel_number"]
    ),
    ForeignKeyConstraint(
        ["customer_number", "order_number"], ["shop_order.customer_number", "shop_order.order_number"]
    ),
    Index("ix_shop_slip_order", "customer_number", "order_number"),
    Index("ix_shop_slip_told", "told"),
    info=SCOPE,
)

invoice = Table(
    "shop_invoice",
    METADATA,
    of_customer(),
    key("invoice_number", String(20)),
    text("order_number", 20),
    text("issued_at", 32),
    Column("invoice", Text, nullable=False, comment="protocols.model.invoice.Invoice as JSON"),
    UniqueConstraint("invoice_number"),
    ForeignKeyConstraint(
        ["customer_number", "order_number"], ["shop_order.customer_number", "shop_order.order_number"]
    ),
    Index("ix_shop_invoice_order", "customer_number", "order_number"),
    info=SCOPE,
)

credit_note = Table(
    "shop_credit_note",
    METADATA,
    of_customer(),
    key("credit_number", String(20)),
    text("invoice_number", 20),
    Column("idempotency_key", Text, nullable=False),
    Column("asked", Text, nullable=False, comment="what the key asked for, to tell it from another"),
    text("issued_at", 32),
    Column("note", Text, nullable=False, comment="protocols.model.invoice.CreditNote as JSON"),
    UniqueConstraint("credit_number"),
    UniqueConstraint("customer_number", "invoice_number", "idempotency_key"),
    ForeignKeyConstraint(
        ["customer_number", "invoice_number"], ["shop_invoice.customer_number", "shop_invoice.invoice_number"]
    ),
    info=SCOPE,
)

# A copy stands here once it has been taken from the shelf: in at most one parcel, on at most one invoice.
handled_copy = Table(
    "shop_handled_copy",
    METADATA,
    key("customer_number", CUSTOMER_NUMBER),
    key("copy_id", String(20)),
    text("order_number", 20),
    Column("charged", Boolean, nullable=False, comment="False for what costs nothing (ORD-8)"),
    Column("parcel_number", String(20)),
    Column("sent", Boolean, nullable=False),
    Column("invoice_number", String(20)),
    ForeignKeyConstraint(
        ["customer_number", "order_number"], ["shop_order.customer_number", "shop_order.order_number"]
    ),
    ForeignKeyConstraint(
        ["customer_number", "parcel_number"], ["shop_parcel.customer_number", "shop_parcel.parcel_number"]
    ),
    ForeignKeyConstraint(
        ["customer_number", "invoice_number"], ["shop_invoice.customer_number", "shop_invoice.invoice_number"]
    ),
    Index("ix_shop_handled_copy_order", "customer_number", "order_number"),
    Index("ix_shop_handled_copy_unbilled", "charged", "sent", "invoice_number"),
    info=SCOPE,
)
