"""What can be subscribed to, carts that hold it, and who began a subscription."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing is offered yet; open carts of the direct shop, known by their ids, may hold subscriptions."""
    op.create_table(
        "shop_series",
        sa.Column("product_id", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("title", sa.Text(), nullable=False),
        sa.Column("description", sa.Text(), nullable=False),
        sa.Column("audience", sa.String(length=8), nullable=False),
        sa.Column("releases_a_year", sa.Integer(), nullable=False),
        sa.Column("ended", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("product_id", name="pk_shop_series"),
    )
    op.add_column(
        "shop_cart",
        sa.Column(
            "subscriptions",
            sa.Boolean(),
            nullable=False,
            server_default=sa.false(),
            comment="may hold series (PO-ID-5)",
        ),
    )
    cart = sa.table("shop_cart", sa.column("cart_id"), sa.column("subscriptions"))
    op.execute(sa.update(cart).where(cart.c.cart_id.like("direct-%")).values(subscriptions=sa.true()))
    op.add_column(
        "shop_subscription",
        sa.Column(
            "begun_by",
            sa.Text(),
            nullable=False,
            server_default="",
            comment="e-mail; empty: set up by the shop",
        ),
    )


def downgrade() -> None:
    """The list is gone; subscriptions stay, whoever began them."""
    op.drop_column("shop_subscription", "begun_by")
    op.drop_column("shop_cart", "subscriptions")
    op.drop_table("shop_series")
