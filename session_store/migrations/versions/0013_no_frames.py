"""Whether a session stands in a frame is asked of its agreement; no session has ever remembered it."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """The column that always said no is gone."""
    op.drop_column("session", "framed")


def downgrade() -> None:
    """It says no again."""
    op.add_column("session", sa.Column("framed", sa.Boolean(), server_default=sa.false(), nullable=False))
