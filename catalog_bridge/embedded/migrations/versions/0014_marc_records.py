"""Bibliographic records for libraries, by ISBN."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing; records can be kept."""
    op.create_table(
        "shop_marc_record",
        sa.Column("isbn", sa.String(length=13), autoincrement=False, nullable=False),
        sa.Column("bibbi_id", sa.Text(), nullable=False),
        sa.Column("format", sa.String(length=8), nullable=False, comment="catalog_bridge.marc.MarcFormat"),
        sa.Column("charset", sa.String(length=32), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="as it came"),
        sa.Column("received_at", sa.String(length=32), nullable=False),
        sa.PrimaryKeyConstraint("isbn", name="pk_shop_marc_record"),
    )


def downgrade() -> None:
    """Nothing; the records are gone, and come back when their files are imported again."""
    op.drop_table("shop_marc_record")
