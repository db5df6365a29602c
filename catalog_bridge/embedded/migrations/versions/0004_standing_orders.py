"""What libraries have ordered once and for all, and what was open when they moved in."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody subscribes to anything yet."""
    op.create_table(
        "shop_subscription",
        sa.Column("customer_number", sa.String(length=17), nullable=False),
        sa.Column("subscription_id", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("product_id", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column(
            "copies",
            sa.Text(),
            nullable=False,
            comment="one CopyCodes per copy as JSON; the quantity (DIST-4)",
        ),
        sa.Column("order_name", sa.String(length=35), nullable=False),
        sa.Column("delivery_address_id", sa.String(length=35), nullable=False),
        sa.Column("po_number", sa.Text(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_number"],
            ["shop_customer.customer_number"],
            name="fk_shop_subscription_shop_customer",
        ),
        sa.PrimaryKeyConstraint("customer_number", "subscription_id", name="pk_shop_subscription"),
    )
    op.create_index("ix_shop_subscription_product", "shop_subscription", ["product_id"])
    op.create_table(
        "shop_release",
        sa.Column("customer_number", sa.String(length=17), autoincrement=False, nullable=False),
        sa.Column("subscription_id", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("order", sa.Text(), nullable=False, comment="protocols.model.order.ShopOrder as JSON"),
        sa.ForeignKeyConstraint(
            ["customer_number", "subscription_id"],
            ["shop_subscription.customer_number", "shop_subscription.subscription_id"],
            name="fk_shop_release_shop_subscription",
        ),
        sa.PrimaryKeyConstraint("customer_number", "subscription_id", "product_id", name="pk_shop_release"),
    )
    op.create_table(
        "shop_open_order",
        sa.Column("customer_number", sa.String(length=17), nullable=False),
        sa.Column("number", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("product_id", sa.String(length=40), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("order_name", sa.String(length=255), nullable=False),
        sa.Column("ordered_on", sa.String(length=10), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_number"], ["shop_customer.customer_number"], name="fk_shop_open_order_shop_customer"
        ),
        sa.PrimaryKeyConstraint("customer_number", "number", name="pk_shop_open_order"),
    )


def downgrade() -> None:
    """Subscriptions and old orders are gone."""
    op.drop_table("shop_open_order")
    op.drop_table("shop_release")
    op.drop_table("shop_subscription")
