"""Behind the counter: what has been picked, parcels and their slips, invoices and credit notes."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_SERIES = ("parcel", "tparcel", "invoice", "tinvoice", "credit", "tcredit")


def upgrade() -> None:
    """Nothing; the counter has its tables, and each of its number series stands before its first number."""
    op.create_table(
        "shop_parcel",
        sa.Column("customer_number", sa.String(length=17), nullable=False),
        sa.Column("parcel_number", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("address_id", sa.String(length=35), nullable=False),
        sa.Column(
            "address",
            sa.Text(),
            nullable=False,
            comment="protocols.model.party.Address as JSON, as it was packed",
        ),
        sa.Column("carrier_day", sa.String(length=10), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("packed_at", sa.String(length=32), nullable=False),
        sa.Column("sent_at", sa.String(length=32), nullable=False),
        sa.Column("tracking", sa.String(length=70), nullable=False),
        sa.Column("sscc", sa.String(length=18), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_number"], ["shop_customer.customer_number"], name="fk_shop_parcel_shop_customer"
        ),
        sa.PrimaryKeyConstraint("customer_number", "parcel_number", name="pk_shop_parcel"),
    )
    op.create_index("ix_shop_parcel_number", "shop_parcel", ["parcel_number"], unique=False)
    op.create_index("ix_shop_parcel_sent", "shop_parcel", ["sent_at", "parcel_number"], unique=False)
    op.create_table(
        "shop_invoice",
        sa.Column("customer_number", sa.String(length=17), nullable=False),
        sa.Column("invoice_number", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("order_number", sa.String(length=20), nullable=False),
        sa.Column("issued_at", sa.String(length=32), nullable=False),
        sa.Column("invoice", sa.Text(), nullable=False, comment="protocols.model.invoice.Invoice as JSON"),
        sa.ForeignKeyConstraint(
            ["customer_number", "order_number"],
            ["shop_order.customer_number", "shop_order.order_number"],
            name="fk_shop_invoice_shop_order",
        ),
        sa.ForeignKeyConstraint(
            ["customer_number"], ["shop_customer.customer_number"], name="fk_shop_invoice_shop_customer"
        ),
        sa.PrimaryKeyConstraint("customer_number", "invoice_number", name="pk_shop_invoice"),
        sa.UniqueConstraint("invoice_number", name="uq_shop_invoice_invoice_number"),
    )
    op.create_index(
        "ix_shop_invoice_order", "shop_invoice", ["customer_number", "order_number"], unique=False
    )
    op.create_table(
        "shop_slip",
        sa.Column("customer_number", sa.String(length=17), autoincrement=False, nullable=False),
        sa.Column("parcel_number", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("order_number", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column(
            "slip",
            sa.Text(),
            nullable=False,
            comment="protocols.model.shipment.Slip as JSON, as it was packed",
        ),
        sa.Column(
            "told", sa.Boolean(), nullable=False, comment="whether the shopper has been written to (SHIP-6)"
        ),
        sa.ForeignKeyConstraint(
            ["customer_number", "order_number"],
            ["shop_order.customer_number", "shop_order.order_number"],
            name="fk_shop_slip_shop_order",
        ),
        sa.ForeignKeyConstraint(
            ["customer_number", "parcel_number"],
            ["shop_parcel.customer_number", "shop_parcel.parcel_number"],
            name="fk_shop_slip_shop_parcel",
        ),
        sa.PrimaryKeyConstraint("customer_number", "parcel_number", "order_number", name="pk_shop_slip"),
    )
    op.create_index("ix_shop_slip_order", "shop_slip", ["customer_number", "order_number"], unique=False)
    op.create_index("ix_shop_slip_told", "shop_slip", ["told"], unique=False)
    op.create_table(
        "shop_credit_note",
        sa.Column("customer_number", sa.String(length=17), nullable=False),
        sa.Column("credit_number", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("invoice_number", sa.String(length=20), nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column(
            "asked", sa.Text(), nullable=False, comment="what the key asked for, to tell it from another"
        ),
        sa.Column("issued_at", sa.String(length=32), nullable=False),
        sa.Column("note", sa.Text(), nullable=False, comment="protocols.model.invoice.CreditNote as JSON"),
        sa.ForeignKeyConstraint(
            ["customer_number", "invoice_number"],
            ["shop_invoice.customer_number", "shop_invoice.invoice_number"],
            name="fk_shop_credit_note_shop_invoice",
        ),
        sa.ForeignKeyConstraint(
            ["customer_number"], ["shop_customer.customer_number"], name="fk_shop_credit_note_shop_customer"
        ),
        sa.PrimaryKeyConstraint("customer_number", "credit_number", name="pk_shop_credit_note"),
        sa.UniqueConstraint("credit_number", name="uq_shop_credit_note_credit_number"),
        sa.UniqueConstraint(
            "customer_number", "invoice_number", "idempotency_key", name="uq_shop_credit_note_customer_number"
        ),
    )
    op.create_table(
        "shop_handled_copy",
        sa.Column("customer_number", sa.String(length=17), autoincrement=False, nullable=False),
        sa.Column("copy_id", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("order_number", sa.String(length=20), nullable=False),
        sa.Column("charged", sa.Boolean(), nullable=False, comment="False for what costs nothing (ORD-8)"),
        sa.Column("parcel_number", sa.String(length=20), nullable=True),
        sa.Column("sent", sa.Boolean(), nullable=False),
        sa.Column("invoice_number", sa.String(length=20), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_number", "invoice_number"],
            ["shop_invoice.customer_number", "shop_invoice.invoice_number"],
            name="fk_shop_handled_copy_shop_invoice",
        ),
        sa.ForeignKeyConstraint(
            ["customer_number", "order_number"],
            ["shop_order.customer_number", "shop_order.order_number"],
            name="fk_shop_handled_copy_shop_order",
        ),
        sa.ForeignKeyConstraint(
            ["customer_number", "parcel_number"],
            ["shop_parcel.customer_number", "shop_parcel.parcel_number"],
            name="fk_shop_handled_copy_shop_parcel",
        ),
        sa.PrimaryKeyConstraint("customer_number", "copy_id", name="pk_shop_handled_copy"),
    )
    op.create_index(
        "ix_shop_handled_copy_order", "shop_handled_copy", ["customer_number", "order_number"], unique=False
    )
    op.create_index(
        "ix_shop_handled_copy_unbilled",
        "shop_handled_copy",
        ["charged", "sent", "invoice_number"],
        unique=False,
    )
    op.create_index("ix_shop_order_to_pick", "shop_order", ["status", "placed_at"], unique=False)
    series = sa.table("shop_sequence", sa.column("series", sa.String), sa.column("last", sa.Integer))
    op.bulk_insert(series, [{"series": name, "last": 100_000} for name in _SERIES])


def downgrade() -> None:
    """Nothing; the counter's tables and series are gone."""
    series = sa.table("shop_sequence", sa.column("series", sa.String))
    op.execute(series.delete().where(series.c.series.in_(_SERIES)))
    op.drop_index("ix_shop_order_to_pick", table_name="shop_order")
    op.drop_index("ix_shop_handled_copy_unbilled", table_name="shop_handled_copy")
    op.drop_index("ix_shop_handled_copy_order", table_name="shop_handled_copy")
    op.drop_table("shop_handled_copy")
    op.drop_table("shop_credit_note")
    op.drop_index("ix_shop_slip_told", table_name="shop_slip")
    op.drop_index("ix_shop_slip_order", table_name="shop_slip")
    op.drop_table("shop_slip")
    op.drop_index("ix_shop_invoice_order", table_name="shop_invoice")
    op.drop_table("shop_invoice")
    op.drop_index("ix_shop_parcel_sent", table_name="shop_parcel")
    op.drop_index("ix_shop_parcel_number", table_name="shop_parcel")
    op.drop_table("shop_parcel")
