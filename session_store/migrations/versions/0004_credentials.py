"""Proofs bound to their From, throttled sign-ins, documents behind a hub, and attachments."""

import sqlalchemy as sa
from alembic import op

from session_store.columns import UtcTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def _text(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _time(name: str) -> sa.Column:
    return sa.Column(name, UtcTime(), nullable=False)


def _binary(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.LargeBinary(), nullable=False) for name in names]


def _whole(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=False)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _owned(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["agreement_id"], ["agreement.id"], name=f"fk_{table}_agreement_id")


def upgrade() -> None:
    """Nothing: the tables are there; failed sign-ins of before, good for a quarter of an hour, are not."""
    _proof_seen()
    _auth_failure()
    _inbox_original()
    _attachment()


def _proof_seen() -> None:
    op.create_table(
        "proof_seen",
        *_binary("proof_hash", "from_hash"),
        _time("expires_at"),
        _key("proof_seen", "proof_hash"),
    )
    op.create_index("ix_proof_seen_expires_at", "proof_seen", ["expires_at"])


def _auth_failure() -> None:
    op.drop_table("auth_failure")
    op.create_table(
        "auth_failure",
        *_text("identity_key", "network"),
        _whole("failures"),
        _time("at"),
        _time("closed_until"),
        _key("auth_failure", "network", "identity_key"),
    )
    op.create_index("ix_auth_failure_at", "auth_failure", ["at"])


def _inbox_original() -> None:
    op.create_table(
        "inbox_original",
        *_text("agreement_id", "channel", "original_key", "message_key"),
        *_binary("payload_hash"),
        _time("received_at"),
        _key("inbox_original", "agreement_id", "channel", "original_key"),
        _owned("inbox_original"),
    )
    op.create_index("ix_inbox_original_received_at", "inbox_original", ["received_at"])


def _attachment() -> None:
    op.create_table(
        "attachment",
        *_text("agreement_id", "id", "order_key"),
        _whole("number"),
        *_text("content_id", "name", "media_type"),
        _whole("size"),
        *_binary("sha256", "content"),
        _time("received_at"),
        _key("attachment", "agreement_id", "id"),
        sa.UniqueConstraint(
            "agreement_id", "order_key", "number", name="uq_attachment_agreement_id_order_key_number"
        ),
        _owned("attachment"),
        sa.ForeignKeyConstraint(
            ["agreement_id", "order_key"],
            ["purchase_order.agreement_id", "purchase_order.id"],
            name="fk_attachment_agreement_id_order_key",
        ),
    )
    op.create_index("ix_attachment_received_at", "attachment", ["received_at"])


def downgrade() -> None:
    """Nothing: the tables are those of the revision before."""
    for table in ("attachment", "inbox_original", "auth_failure", "proof_seen"):
        op.drop_table(table)
    op.create_table(
        "auth_failure",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        *_text("identity_key", "network"),
        _time("at"),
        _key("auth_failure", "id"),
    )
    op.create_index("ix_auth_failure_identity_key", "auth_failure", ["identity_key", "network", "at"])
