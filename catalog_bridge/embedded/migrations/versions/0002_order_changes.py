"""Placed orders can change: where each line stands, and what was asked under each key."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_COUNT_COPIES = """
UPDATE shop_order SET copies_named = (
    SELECT count(*) FROM shop_order_copy
    WHERE shop_order_copy.customer_number = shop_order.customer_number
    AND shop_order_copy.order_number = shop_order.order_number
)
"""


def upgrade() -> None:
    """Nothing; lines have a state, orders count the copy ids they gave, and changes have a table."""
    op.add_column(
        "shop_order",
        sa.Column(
            "placed_digest",
            sa.String(length=64),
            server_default="",
            nullable=False,
            comment="empty until it changes",
        ),
    )
    op.add_column(
        "shop_order",
        sa.Column(
            "copies_named", sa.Integer(), server_default="0", nullable=False, comment="copy ids given so far"
        ),
    )
    op.execute(_COUNT_COPIES)
    op.add_column(
        "shop_order_line",
        sa.Column(
            "state",
            sa.String(length=9),
            server_default="open",
            nullable=False,
            comment="open, picked or cancelled",
        ),
    )
    op.create_table(
        "shop_order_change",
        sa.Column("customer_number", sa.String(length=17), autoincrement=False, nullable=False),
        sa.Column("order_number", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("idempotency_key", sa.Text(), autoincrement=False, nullable=False),
        sa.Column("asked", sa.String(length=64), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False, comment="protocols.model.order.OrderChange as JSON"),
        sa.Column("changed_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_number", "order_number"],
            ["shop_order.customer_number", "shop_order.order_number"],
            name="fk_shop_order_change_shop_order",
        ),
        sa.PrimaryKeyConstraint(
            "customer_number", "order_number", "idempotency_key", name="pk_shop_order_change"
        ),
    )
