"""Direct log-ins and their carts; and deliveries that belong to no agreement."""

import sqlalchemy as sa
from alembic import op

from session_store.columns import UtcTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_BACK = """
INSERT INTO outbox_attempt (agreement_id, delivery_id, number, at, owner, outcome, reason)
SELECT agreement_id, delivery_id, number, at, owner, outcome, reason FROM kept_attempt
"""


def upgrade() -> None:
    """Nothing: nobody has logged in yet, and an outbox row may say that it is the shop's own."""
    _logins()
    _carts()
    _free_the_outbox()


def _logins() -> None:
    op.create_table(
        "login_asked",
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("times", sa.Text(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("who", name="pk_login_asked"),
    )
    op.create_index("ix_login_asked_at", "login_asked", ["at"])
    op.create_table(
        "login_code",
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", UtcTime()),
        sa.PrimaryKeyConstraint("email", name="pk_login_code"),
        sa.UniqueConstraint("browser_hash", name="uq_login_code_browser_hash"),
    )
    op.create_index("ix_login_code_asked_at", "login_code", ["asked_at"])
    op.create_table(
        "direct_session",
        sa.Column("cookie_hash", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("customer_number", sa.Text(), nullable=False),
        sa.Column("created_at", UtcTime(), nullable=False),
        sa.Column("idle_until", UtcTime(), nullable=False),
        sa.Column("absolute_until", UtcTime(), nullable=False),
        sa.PrimaryKeyConstraint("cookie_hash", name="pk_direct_session"),
    )
    op.create_index("ix_direct_session_created_at", "direct_session", ["created_at"])


def _carts() -> None:
    op.create_table(
        "direct_cart",
        sa.Column("customer_number", sa.Text(), nullable=False),
        sa.Column("cart_id", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("chosen_at", UtcTime(), nullable=False),
        sa.Column("ordered_at", UtcTime()),
        sa.Column("orders", sa.Text(), nullable=False),
        sa.Column("order_numbers", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("customer_number", "cart_id", name="pk_direct_cart"),
    )
    op.create_index("ix_direct_cart_email", "direct_cart", ["customer_number", "email", "chosen_at"])


def _free_the_outbox() -> None:
    """Nothing: outbox and attempts no longer need an agreement's row.

    SQLite makes a table anew to take a foreign key away, and none may point at it meanwhile.
    """
    if not sa.inspect(op.get_bind()).get_foreign_keys("outbox"):
        return
    if op.get_bind().dialect.name != "sqlite":
        for table in ("outbox_attempt", "outbox"):
            op.drop_constraint(f"fk_{table}_agreement_id", table, type_="foreignkey")
        return
    op.execute("CREATE TABLE kept_attempt AS SELECT * FROM outbox_attempt")
    op.drop_table("outbox_attempt")
    with op.batch_alter_table("outbox") as table:
        table.drop_constraint("fk_outbox_agreement_id", type_="foreignkey")
    _attempts()
    op.execute(_BACK)
    op.drop_table("kept_attempt")


def _attempts() -> None:
    op.create_table(
        "outbox_attempt",
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("delivery_id", sa.Text(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("at", UtcTime(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("agreement_id", "delivery_id", "number", name="pk_outbox_attempt"),
        sa.ForeignKeyConstraint(
            ["agreement_id", "delivery_id"],
            ["outbox.agreement_id", "outbox.id"],
            name="fk_outbox_attempt_agreement_id_delivery_id",
        ),
    )


def downgrade() -> None:
    """Nothing: everybody is logged out; the outbox stays as free as it is."""
    for table in ("direct_cart", "direct_session", "login_code", "login_asked"):
        op.drop_table(table)
