"""Whose a session and its cart are, what it opens with, and who goes on with it."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing: the columns are there, empty for what is older."""
    op.add_column("session", sa.Column("person_hash", sa.LargeBinary()))
    op.add_column("session", sa.Column("continued_by", sa.Text()))
    op.add_column("session", sa.Column("refill", sa.Text()))
    op.create_index("ix_session_person_hash", "session", ["agreement_id", "person_hash"])
    op.add_column("returned_cart", sa.Column("person_hash", sa.LargeBinary()))


def downgrade() -> None:
    """Nothing: the columns are gone."""
    op.drop_column("returned_cart", "person_hash")
    op.drop_index("ix_session_person_hash", "session")
    for column in ("refill", "continued_by", "person_hash"):
        op.drop_column("session", column)
