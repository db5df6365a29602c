"""Registers are kept by their libraries: templates; and orders are found by buyer, state and way."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_FOUND_BY = ("ordered_by", "ordered_by_email", "status", "way")


def upgrade() -> None:
    """Nothing; there are tables for templates and import states, and an index for each filter."""
    op.create_table(
        "shop_template",
        sa.Column("customer_number", sa.String(length=17), nullable=False),
        sa.Column("name", sa.String(length=70), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False, comment="protocols.model.template.Template as JSON"),
        sa.ForeignKeyConstraint(
            ["customer_number"], ["shop_customer.customer_number"], name="fk_shop_template_shop_customer"
        ),
        sa.PrimaryKeyConstraint("customer_number", "name", name="pk_shop_template"),
    )
    op.create_table(
        "shop_import_state",
        sa.Column("customer_number", sa.String(length=17), nullable=False),
        sa.Column("part", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_number"], ["shop_customer.customer_number"], name="fk_shop_import_state_shop_customer"
        ),
        sa.PrimaryKeyConstraint("customer_number", "part", name="pk_shop_import_state"),
    )
    op.drop_index("ix_shop_order_placed", "shop_order")
    op.create_index("ix_shop_order_placed", "shop_order", ["customer_number", "placed_at", "order_number"])
    for name in _FOUND_BY:
        op.create_index(
            f"ix_shop_order_{name}", "shop_order", ["customer_number", name, "placed_at", "order_number"]
        )


def downgrade() -> None:
    """Nothing; tables and indexes are gone."""
    for name in _FOUND_BY:
        op.drop_index(f"ix_shop_order_{name}", "shop_order")
    op.drop_index("ix_shop_order_placed", "shop_order")
    op.create_index("ix_shop_order_placed", "shop_order", ["customer_number", "placed_at"])
    op.drop_table("shop_import_state")
    op.drop_table("shop_template")
