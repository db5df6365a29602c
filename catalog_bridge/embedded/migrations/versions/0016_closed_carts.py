"""A cart counts its changes, and can be closed for good when it has gone back."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing; carts of before have not been changed, and are open."""
    version = sa.Column(
        "version", sa.Integer(), nullable=False, server_default="0", comment="another after each change"
    )
    closed = sa.Column(
        "closed", sa.Boolean(), nullable=False, server_default=sa.false(), comment="it has gone back"
    )
    op.add_column("shop_cart", version)
    op.add_column("shop_cart", closed)


def downgrade() -> None:
    """Nothing; a cart that has gone back can be changed again, and nobody is told."""
    op.drop_column("shop_cart", "closed")
    op.drop_column("shop_cart", "version")
