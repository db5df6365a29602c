"""The copies that one order holds are found by its key."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing: the index is there."""
    op.create_index("ix_line_copy_order_key", "line_copy", ["agreement_id", "order_key"])


def downgrade() -> None:
    """Nothing: the index is gone."""
    op.drop_index("ix_line_copy_order_key", "line_copy")
