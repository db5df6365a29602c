"""Operators at the desk: one-time addresses, and the sessions they become."""

import sqlalchemy as sa
from alembic import op

from session_store.columns import UtcTime

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nobody is at the desk yet."""
    op.create_table(
        "desk_session",
        sa.Column("token_hash", sa.LargeBinary(), nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("token_until", UtcTime(), nullable=False),
        sa.Column("opened_at", UtcTime()),
        sa.Column("cookie_hash", sa.LargeBinary()),
        sa.Column("idle_until", UtcTime()),
        sa.Column("absolute_until", UtcTime()),
        sa.PrimaryKeyConstraint("token_hash", name="pk_desk_session"),
        sa.UniqueConstraint("cookie_hash", name="uq_desk_session_cookie_hash"),
    )
    op.create_index("ix_desk_session_created_at", "desk_session", ["created_at"])


def downgrade() -> None:
    """Whoever is at the desk is signed out."""
    op.drop_table("desk_session")
