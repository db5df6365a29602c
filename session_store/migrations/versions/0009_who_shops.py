"""Sessions whose call-up names nobody ask who shops."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody has been asked yet."""
    asked = sa.Column("named", sa.Text(), comment="who the shopper said she is; null before she was asked")
    op.add_column("session", asked)


def downgrade() -> None:
    """What was answered is gone."""
    op.drop_column("session", "named")
