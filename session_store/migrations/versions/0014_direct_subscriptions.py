"""What a direct cart becomes beside orders: subscriptions."""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

_COLUMNS = ("subscriptions", "subscription_ids")


def upgrade() -> None:
    """Nobody has subscribed at checkout yet."""
    for name in _COLUMNS:
        op.add_column("direct_cart", sa.Column(name, sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """What was subscribed to is gone; a cart of subscriptions alone looks as if it became nothing."""
    for name in reversed(_COLUMNS):
        op.drop_column("direct_cart", name)
