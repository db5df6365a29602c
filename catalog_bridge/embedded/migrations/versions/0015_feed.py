"""How far the trade's feed has been read is remembered."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing; there is a place for the address of the next page."""
    op.create_table(
        "shop_feed",
        sa.Column("id", sa.Integer(), nullable=False, autoincrement=False),
        sa.Column("url", sa.String(length=2048), nullable=False),
        sa.Column("next", sa.String(length=2048), nullable=False),
        sa.Column("fetched_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_shop_feed"),
    )


def downgrade() -> None:
    """Nothing; the feed must be fetched by date again."""
    op.drop_table("shop_feed")
