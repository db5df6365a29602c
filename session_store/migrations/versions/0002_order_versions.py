"""Orders that are changed and cancelled: versions under one head, and what they wait for."""

import sqlalchemy as sa
from alembic import op

from session_store.columns import UtcTime

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_FILL = (
    "UPDATE purchase_order SET order_key = order_id || order_version WHERE order_version LIKE '%~%'",
    "UPDATE purchase_order SET order_key = order_id WHERE order_key = ''",
    "UPDATE purchase_order SET number = order_version WHERE order_version NOT LIKE '%~%'",
    "UPDATE purchase_order SET carried_out_at = moved_at WHERE state = 'placed'",
    "UPDATE purchase_order SET answer_code = CASE WHEN hold_reasons = '[]' THEN 200 ELSE 201 END",
    """INSERT INTO order_head (agreement_id, order_key)
    SELECT DISTINCT agreement_id, order_key FROM purchase_order""",
    """UPDATE line_copy SET order_key = (SELECT purchase_order.order_key FROM purchase_order
    WHERE purchase_order.agreement_id = line_copy.agreement_id
    AND purchase_order.id = line_copy.order_key)""",
    "UPDATE outbox SET kind = 'carry_out' WHERE kind = 'place_order'",
)

_BACK = """UPDATE line_copy SET order_key = (SELECT min(purchase_order.id) FROM purchase_order
    WHERE purchase_order.agreement_id = line_copy.agreement_id
    AND purchase_order.order_key = line_copy.order_key)"""


def upgrade() -> None:
    """Every order that is there becomes the first version under its own head."""
    op.create_table(
        "order_head",
        sa.Column("agreement_id", sa.Text(), nullable=False),
        sa.Column("order_key", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("agreement_id", "order_key", name="pk_order_head"),
        sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name="fk_order_head_agreement_id"),
    )
    for column in (
        sa.Column("order_key", sa.Text(), nullable=False, server_default=""),
        sa.Column("order_type", sa.Text(), nullable=False, server_default="new"),
        sa.Column("number", sa.Text(), nullable=False, server_default=""),
        sa.Column("order_date", sa.Text(), nullable=False, server_default=""),
        sa.Column("previous", sa.Text(), nullable=False, server_default=""),
        sa.Column("sent_at", UtcTime()),
        sa.Column("answer_code", sa.Integer(), nullable=False, server_default="200"),
        sa.Column("decide_by", UtcTime()),
        sa.Column("choices", sa.Text(), nullable=False, server_default="[]"),
        sa.Column("shopper", sa.Text(), nullable=False, server_default="{}"),
        sa.Column("carried_out_at", UtcTime()),
    ):
        op.add_column("purchase_order", column)
    for statement in _FILL:
        op.execute(statement)
    with op.batch_alter_table("purchase_order") as table:
        table.create_foreign_key(
            "fk_purchase_order_agreement_id_order_key",
            "order_head",
            ["agreement_id", "order_key"],
            ["agreement_id", "order_key"],
        )
        table.create_index("ix_purchase_order_order_key", ["agreement_id", "order_key", "received_at"])
        table.create_index("ix_purchase_order_state", ["state", "decide_by"])
        table.create_index("ix_purchase_order_reference", ["reference"])
        table.create_index("ix_purchase_order_payload_id", ["agreement_id", "payload_id"])


_ADDED = (
    *("order_key", "order_type", "number", "order_date", "previous", "sent_at"),
    *("answer_code", "decide_by", "choices", "shopper", "carried_out_at"),
)


def downgrade() -> None:
    """Orders are single documents again; copies belong to the version they were first ordered by."""
    op.execute(_BACK)
    op.execute("UPDATE outbox SET kind = 'place_order' WHERE kind = 'carry_out'")
    with op.batch_alter_table("purchase_order") as table:
        for index in ("order_key", "state", "reference", "payload_id"):
            table.drop_index(f"ix_purchase_order_{index}")
        table.drop_constraint("fk_purchase_order_agreement_id_order_key", type_="foreignkey")
        for column in _ADDED:
            table.drop_column(column)
    op.drop_table("order_head")
