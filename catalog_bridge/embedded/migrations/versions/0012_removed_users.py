"""Users whom their administrators have removed stay removed, whatever file is imported."""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing; who is removed is remembered."""
    op.create_table(
        "shop_removed_user",
        sa.Column("customer_number", sa.String(length=17), nullable=False),
        sa.Column(
            "digest", sa.String(length=64), nullable=False, comment="SHA-256 of the address as compared"
        ),
        sa.ForeignKeyConstraint(
            ["customer_number"], ["shop_customer.customer_number"], name="fk_shop_removed_user_shop_customer"
        ),
        sa.PrimaryKeyConstraint("customer_number", "digest", name="pk_shop_removed_user"),
    )


def downgrade() -> None:
    """Nothing; nobody is remembered."""
    op.drop_table("shop_removed_user")
