"""The bookshop's first tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing; the tables are there, and both number series stand before their first number."""
    op.create_table(
        "shop_catalogue",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("generation", sa.Integer(), nullable=False),
        sa.Column("products", sa.Integer(), nullable=False),
        sa.Column("quarantined", sa.Integer(), nullable=False),
        sa.Column("imported_at", sa.String(length=32), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shop_catalogue"),
    )
    op.create_table(
        "shop_customer",
        sa.Column("customer_number", sa.String(length=17), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=70), nullable=False),
        sa.Column("organisation_number", sa.String(length=9), nullable=False),
        sa.Column("library_system", sa.String(length=12), nullable=False),
        sa.Column("distribution", sa.String(length=8), nullable=False),
        sa.Column("discount_percent", sa.String(length=12), nullable=False),
        sa.PrimaryKeyConstraint("customer_number", name="pk_shop_customer"),
    )
    op.create_table(
        "shop_sequence",
        sa.Column("series", sa.String(length=8), autoincrement=False, nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("series", name="pk_shop_sequence"),
    )
    op.create_table(
        "shop_address",
        sa.Column("customer_number", sa.String(length=17), nullable=False),
        sa.Column("address_id", sa.String(length=35), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("address", sa.Text(), nullable=False, comment="protocols.model.party.Address as JSON"),
        sa.ForeignKeyConstraint(
            ["customer_number"], ["shop_customer.customer_number"], name="fk_shop_address_shop_customer"
        ),
        sa.PrimaryKeyConstraint("customer_number", "address_id", name="pk_shop_address"),
    )
    op.create_table(
        "shop_cart",
        sa.Column("customer_number", sa.String(length=17), nullable=False),
        sa.Column("cart_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("order_name", sa.String(length=35), nullable=False),
        sa.Column("delivery_address_id", sa.String(length=35), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("opened_at", sa.String(length=32), nullable=False),
        sa.Column("changed_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_number"], ["shop_customer.customer_number"], name="fk_shop_cart_shop_customer"
        ),
        sa.PrimaryKeyConstraint("customer_number", "cart_id", name="pk_shop_cart"),
    )
    op.create_table(
        "shop_code",
        sa.Column("customer_number", sa.String(length=17), nullable=False),
        sa.Column("field", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("value", sa.String(length=35), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("label", sa.String(length=70), nullable=False),
        sa.Column("retired", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_number"], ["shop_customer.customer_number"], name="fk_shop_code_shop_customer"
        ),
        sa.PrimaryKeyConstraint("customer_number", "field", "value", name="pk_shop_code"),
    )
    op.create_table(
        "shop_old_number",
        sa.Column("old_number", sa.String(length=17), autoincrement=False, nullable=False),
        sa.Column("customer_number", sa.String(length=17), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_number"], ["shop_customer.customer_number"], name="fk_shop_old_number_shop_customer"
        ),
        sa.PrimaryKeyConstraint("old_number", name="pk_shop_old_number"),
    )
    op.create_index(
        "ix_shop_old_number_customer_number", "shop_old_number", ["customer_number"], unique=False
    )
    op.create_table(
        "shop_profile",
        sa.Column("customer_number", sa.String(length=17), nullable=False),
        sa.Column("name", sa.String(length=70), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column(
            "codes", sa.Text(), nullable=False, comment="protocols.model.distribution.CopyCodes as JSON"
        ),
        sa.ForeignKeyConstraint(
            ["customer_number"], ["shop_customer.customer_number"], name="fk_shop_profile_shop_customer"
        ),
        sa.PrimaryKeyConstraint("customer_number", "name", name="pk_shop_profile"),
    )
    op.create_table(
        "shop_user",
        sa.Column("customer_number", sa.String(length=17), nullable=False),
        sa.Column("email", sa.String(length=254), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=70), nullable=False),
        sa.Column("administrator", sa.Boolean(), nullable=False),
        sa.Column("default_profile", sa.String(length=70), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_number"], ["shop_customer.customer_number"], name="fk_shop_user_shop_customer"
        ),
        sa.PrimaryKeyConstraint("customer_number", "email", name="pk_shop_user"),
    )
    op.create_table(
        "shop_branch",
        sa.Column("customer_number", sa.String(length=17), nullable=False),
        sa.Column("branch_code", sa.String(length=35), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=70), nullable=False),
        sa.Column(
            "address_id",
            sa.String(length=35),
            nullable=True,
            comment="a delivery address of its own (CHK-10)",
        ),
        sa.ForeignKeyConstraint(
            ["customer_number", "address_id"],
            ["shop_address.customer_number", "shop_address.address_id"],
            name="fk_shop_branch_shop_address",
        ),
        sa.ForeignKeyConstraint(
            ["customer_number"], ["shop_customer.customer_number"], name="fk_shop_branch_shop_customer"
        ),
        sa.PrimaryKeyConstraint("customer_number", "branch_code", name="pk_shop_branch"),
    )
    op.create_table(
        "shop_cart_line",
        sa.Column("customer_number", sa.String(length=17), autoincrement=False, nullable=False),
        sa.Column("cart_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("line_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column(
            "title", sa.Text(), nullable=False, comment="shown when the catalogue has lost the product"
        ),
        sa.Column("note", sa.String(length=255), nullable=False),
        sa.Column(
            "copies",
            sa.Text(),
            nullable=False,
            comment="one CopyCodes per copy as JSON; the quantity (DIST-4)",
        ),
        sa.ForeignKeyConstraint(
            ["customer_number", "cart_id"],
            ["shop_cart.customer_number", "shop_cart.cart_id"],
            name="fk_shop_cart_line_shop_cart",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("customer_number", "cart_id", "line_id", name="pk_shop_cart_line"),
        sa.UniqueConstraint(
            "customer_number", "cart_id", "product_id", "kind", name="uq_shop_cart_line_customer_number"
        ),
    )
    op.create_table(
        "shop_order",
        sa.Column("customer_number", sa.String(length=17), nullable=False),
        sa.Column("order_number", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("idempotency_key", sa.Text(), nullable=False),
        sa.Column("delivery_address_id", sa.String(length=35), nullable=False),
        sa.Column("order_name", sa.String(length=255), nullable=False),
        sa.Column("po_number", sa.Text(), nullable=False),
        sa.Column("requisition_id", sa.Text(), nullable=False),
        sa.Column("ordered_by", sa.Text(), nullable=False),
        sa.Column("ordered_by_email", sa.Text(), nullable=False),
        sa.Column("way", sa.String(length=8), nullable=False),
        sa.Column("test", sa.Boolean(), nullable=False),
        sa.Column("status", sa.String(length=16), nullable=False),
        sa.Column("placed_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_number", "delivery_address_id"],
            ["shop_address.customer_number", "shop_address.address_id"],
            name="fk_shop_order_shop_address",
        ),
        sa.ForeignKeyConstraint(
            ["customer_number"], ["shop_customer.customer_number"], name="fk_shop_order_shop_customer"
        ),
        sa.PrimaryKeyConstraint("customer_number", "order_number", name="pk_shop_order"),
        sa.UniqueConstraint("idempotency_key", name="uq_shop_order_idempotency_key"),
        sa.UniqueConstraint("order_number", name="uq_shop_order_order_number"),
    )
    op.create_index("ix_shop_order_placed", "shop_order", ["customer_number", "placed_at"], unique=False)
    op.create_index("ix_shop_order_po", "shop_order", ["customer_number", "po_number"], unique=False)
    op.create_table(
        "shop_order_line",
        sa.Column("customer_number", sa.String(length=17), autoincrement=False, nullable=False),
        sa.Column("order_number", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.Text(), nullable=False),
        sa.Column("unit_price", sa.String(length=20), nullable=False),
        sa.Column("currency", sa.String(length=3), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("note", sa.String(length=255), nullable=False),
        sa.Column("buyer_line", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["customer_number", "order_number"],
            ["shop_order.customer_number", "shop_order.order_number"],
            name="fk_shop_order_line_shop_order",
        ),
        sa.PrimaryKeyConstraint("customer_number", "order_number", "number", name="pk_shop_order_line"),
    )
    op.create_table(
        "shop_order_copy",
        sa.Column("customer_number", sa.String(length=17), autoincrement=False, nullable=False),
        sa.Column("order_number", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("line_number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("copy_id", sa.String(length=20), nullable=False),
        sa.Column("barcode", sa.String(length=20), nullable=False),
        sa.Column("branch_code", sa.String(length=35), nullable=False),
        sa.Column("collection_code", sa.String(length=35), nullable=False),
        sa.Column("shelf_location", sa.String(length=35), nullable=False),
        sa.Column("shelf_mark", sa.String(length=35), nullable=False),
        sa.Column("classification", sa.String(length=35), nullable=False),
        sa.Column("item_type", sa.String(length=35), nullable=False),
        sa.Column("loan_category", sa.String(length=35), nullable=False),
        sa.Column("fund_code", sa.String(length=35), nullable=False),
        sa.Column("servicing_code", sa.String(length=3), nullable=False),
        sa.Column("servicing_text", sa.String(length=35), nullable=False),
        sa.Column("note", sa.String(length=255), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_number", "order_number", "line_number"],
            ["shop_order_line.customer_number", "shop_order_line.order_number", "shop_order_line.number"],
            name="fk_shop_order_copy_shop_order_line",
        ),
        sa.PrimaryKeyConstraint(
            "customer_number", "order_number", "line_number", "number", name="pk_shop_order_copy"
        ),
        sa.UniqueConstraint("copy_id", name="uq_shop_order_copy_copy_id"),
    )
    series = sa.table("shop_sequence", sa.column("series", sa.String), sa.column("last", sa.Integer))
    op.bulk_insert(series, [{"series": "order", "last": 1_000_000}, {"series": "test", "last": 1_000_000}])
