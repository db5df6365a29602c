"""Saved lists, and orders found by the titles that they took."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing; there are tables for lists, and an index of what has been ordered."""
    op.create_table(
        "shop_list",
        sa.Column("customer_number", sa.String(length=17), nullable=False),
        sa.Column("list_id", sa.String(length=36), autoincrement=False, nullable=False),
        sa.Column("name", sa.String(length=70), nullable=False),
        sa.Column(
            "owner", sa.Text(), nullable=False, comment="catalog_bridge.lists.Person.key; empty: nobody's"
        ),
        sa.Column("owner_name", sa.String(length=70), nullable=False),
        sa.Column("shared", sa.Boolean(), nullable=False),
        sa.Column("changed_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_number"], ["shop_customer.customer_number"], name="fk_shop_list_shop_customer"
        ),
        sa.PrimaryKeyConstraint("customer_number", "list_id", name="pk_shop_list"),
    )
    op.create_table(
        "shop_list_line",
        sa.Column("customer_number", sa.String(length=17), autoincrement=False, nullable=False),
        sa.Column("list_id", sa.String(length=36), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("title", sa.Text(), nullable=False, comment="as it was when it was put on the list"),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_number", "list_id"],
            ["shop_list.customer_number", "shop_list.list_id"],
            name="fk_shop_list_line_shop_list",
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("customer_number", "list_id", "product_id", name="pk_shop_list_line"),
    )
    op.create_index("ix_shop_order_line_product", "shop_order_line", ["customer_number", "product_id"])


def downgrade() -> None:
    """Nothing; the lists and the index are gone."""
    op.drop_index("ix_shop_order_line_product", table_name="shop_order_line")
    op.drop_table("shop_list_line")
    op.drop_table("shop_list")
