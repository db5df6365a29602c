"""Services beside books: what a customer usually has, what lines have, and the libraries' own barcodes."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_IDS = "ids, blanks between (SVC-3)"


def upgrade() -> None:
    """Nothing; customers, lines and subscriptions can have services, and barcodes are counted."""
    for table in ("shop_customer", "shop_cart_line"):
        op.add_column(
            table, sa.Column("services", sa.Text(), nullable=False, server_default="", comment=_IDS)
        )
    op.add_column(
        "shop_order_line",
        sa.Column(
            "services", sa.Text(), nullable=False, server_default="[]", comment="LineService as JSON (SVC-4)"
        ),
    )
    op.add_column(
        "shop_subscription",
        sa.Column(
            "services", sa.Text(), comment="ids, blanks between; NULL: the customer's usual ones (SVC-3)"
        ),
    )
    op.create_table(
        "shop_barcode_series",
        sa.Column("customer_number", sa.String(length=17), nullable=False),
        sa.Column("first", sa.String(length=20), autoincrement=False, nullable=False),
        sa.Column("last", sa.String(length=20), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("given", sa.Integer(), nullable=False, server_default="0"),
        sa.ForeignKeyConstraint(
            ["customer_number"],
            ["shop_customer.customer_number"],
            name="fk_shop_barcode_series_shop_customer",
        ),
        sa.PrimaryKeyConstraint("customer_number", "first", name="pk_shop_barcode_series"),
    )


def downgrade() -> None:
    """Nothing; nobody can have services."""
    op.drop_table("shop_barcode_series")
    for table in ("shop_subscription", "shop_order_line", "shop_cart_line", "shop_customer"):
        op.drop_column(table, "services")
