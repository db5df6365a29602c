"""Orders for several addresses: each remembers which part of its purchase order it is."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing; each order has its mark, and those of before have none."""
    op.add_column(
        "shop_order", sa.Column("po_suffix", sa.String(length=8), server_default="", nullable=False)
    )


def downgrade() -> None:
    """Nothing; the marks are gone."""
    op.drop_column("shop_order", "po_suffix")
