"""Direct buying: users by address, prices as they were when put in the cart, order names required."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing; what is older has no such price, and nobody has to name orders."""
    op.add_column(
        "shop_customer",
        sa.Column("order_name_required", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "shop_cart_line",
        sa.Column(
            "added_price",
            sa.String(length=20),
            server_default="",
            nullable=False,
            comment="empty: not known",
        ),
    )
    op.create_index("ix_shop_user_email", "shop_user", ["email"])


def downgrade() -> None:
    """Nothing; index and columns are gone."""
    op.drop_index("ix_shop_user_email", "shop_user")
    op.drop_column("shop_cart_line", "added_price")
    op.drop_column("shop_customer", "order_name_required")
