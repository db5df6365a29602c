"""Direct buying: users by address, prices as they were when put in the cart, order names required."""

import sqlalchemy as sa
from alembic import op

from catalog_bridge.rules.mailbox import compared

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_USER = sa.table(
    "shop_user",
    sa.column("customer_number", sa.String),
    sa.column("email", sa.String),
    sa.column("administrator", sa.Boolean),
)
_MINE = _USER.c.customer_number == sa.bindparam("number")
_USERS = sa.select(_USER)
_RENAME = (
    sa.update(_USER).where(_MINE, _USER.c.email == sa.bindparam("was")).values(email=sa.bindparam("today"))
)
_RAISE = (
    sa.update(_USER)
    .where(_MINE, _USER.c.email == sa.bindparam("today"))
    .values(administrator=sa.bindparam("raised"))
)
_REMOVE = sa.delete(_USER).where(_MINE, _USER.c.email == sa.bindparam("was"))


def upgrade() -> None:
    """Nothing; what is older has no such price, and nobody has to name orders."""
    op.add_column(
        "shop_customer",
        sa.Column("order_name_required", sa.Boolean(), server_default=sa.false(), nullable=False),
    )
    op.add_column(
        "shop_cart_line",
        sa.Column(
            "added_price",
            sa.String(length=20),
            server_default="",
            nullable=False,
            comment="empty: not known",
        ),
    )
    _compare_addresses_as_now()
    op.create_index("ix_shop_user_email", "shop_user", ["email"])


def _compare_addresses_as_now() -> None:
    """Nothing: users stand under the form of their address that log-in looks for; two that meet are one."""
    connection = op.get_bind()
    rows = connection.execute(_USERS).mappings().all()
    kept = {(row["customer_number"], row["email"]): row["administrator"] for row in rows}
    for (number, email), administrator in list(kept.items()):
        today = compared(email)
        if not today or today == email:
            continue
        key = {"number": number, "was": email, "today": today}
        if (number, today) in kept:
            connection.execute(
                _RAISE, {"number": number, "today": today, "raised": kept[number, today] or administrator}
            )
            connection.execute(_REMOVE, {"number": number, "was": email})
        else:
            connection.execute(_RENAME, key)
            kept[number, today] = administrator


def downgrade() -> None:
    """Nothing; index and columns are gone."""
    op.drop_index("ix_shop_user_email", "shop_user")
    op.drop_column("shop_cart_line", "added_price")
    op.drop_column("shop_customer", "order_name_required")
