"""Direct orders remember the language they were placed in."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Of orders of before it is not known."""
    locale = sa.Column(
        "locale",
        sa.Text(),
        server_default="",
        nullable=False,
        comment="it was ordered in; empty: not known",
    )
    op.add_column("direct_cart", locale)


def downgrade() -> None:
    """What is written about orders is in bokmål."""
    op.drop_column("direct_cart", "locale")
