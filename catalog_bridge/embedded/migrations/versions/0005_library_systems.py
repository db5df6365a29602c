"""The hand-off to library systems: settings, documents, the state of each line, tokens."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def _customer() -> sa.Column[str]:
    return sa.Column("customer_number", sa.String(length=17), autoincrement=False, nullable=False)


def upgrade() -> None:
    """Nothing; the tables are there, empty: orders of before are handed off when they change."""
    _settings()
    _documents()
    _lines()
    _tokens()


def downgrade() -> None:
    """Nothing; the tables are gone."""
    for name in ("token", "line", "document"):
        op.drop_table(f"shop_library_{name}")
    op.drop_table("shop_library")


def _settings() -> None:
    op.create_table(
        "shop_library",
        _customer(),
        sa.Column(
            "number_registered",
            sa.Boolean(),
            server_default=sa.false(),
            nullable=False,
            comment="ticked (CUST-10)",
        ),
        sa.Column(
            "profile",
            sa.String(length=20),
            server_default="",
            nullable=False,
            comment="empty: the system's default",
        ),
        sa.Column(
            "last_document", sa.Integer(), server_default="0", nullable=False, comment="last number given"
        ),
        sa.ForeignKeyConstraint(
            ["customer_number"], ["shop_customer.customer_number"], name="fk_shop_library_shop_customer"
        ),
        sa.PrimaryKeyConstraint("customer_number", name="pk_shop_library"),
    )


def _documents() -> None:
    op.create_table(
        "shop_library_document",
        _customer(),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("order_number", sa.String(length=20), nullable=False),
        sa.Column("profile", sa.String(length=20), nullable=False),
        sa.Column("queued_at", sa.String(length=32), nullable=False),
        sa.Column(
            "content", sa.Text(), nullable=False, comment="protocols.library.order.LibraryOrder as JSON"
        ),
        sa.Column("body", sa.LargeBinary(), nullable=False, comment="as it is fetched, the same for ever"),
        sa.ForeignKeyConstraint(
            ["customer_number"],
            ["shop_customer.customer_number"],
            name="fk_shop_library_document_shop_customer",
        ),
        sa.ForeignKeyConstraint(
            ["customer_number", "order_number"],
            ["shop_order.customer_number", "shop_order.order_number"],
            name="fk_shop_library_document_shop_order",
        ),
        sa.PrimaryKeyConstraint("customer_number", "number", name="pk_shop_library_document"),
    )
    op.create_index(
        "ix_shop_library_document_order", "shop_library_document", ["customer_number", "order_number"]
    )


def _lines() -> None:
    op.create_table(
        "shop_library_line",
        _customer(),
        sa.Column("document", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("order_line_id", sa.String(length=35), autoincrement=False, nullable=False),
        sa.Column("line_number", sa.Integer(), nullable=False),
        sa.Column(
            "state",
            sa.String(length=12),
            nullable=False,
            comment="catalog_bridge.library_systems.LineState",
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("left_out", sa.Boolean(), nullable=False, comment="the document is without it"),
        sa.Column("changed_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_number", "document"],
            ["shop_library_document.customer_number", "shop_library_document.number"],
            name="fk_shop_library_line_shop_library_document",
        ),
        sa.PrimaryKeyConstraint("customer_number", "document", "order_line_id", name="pk_shop_library_line"),
    )
    op.create_index("ix_shop_library_line_state", "shop_library_line", ["customer_number", "state"])


def _tokens() -> None:
    op.create_table(
        "shop_library_token",
        sa.Column("token_id", sa.String(length=16), autoincrement=False, nullable=False),
        _customer(),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.String(length=32), nullable=False),
        sa.ForeignKeyConstraint(
            ["customer_number"], ["shop_customer.customer_number"], name="fk_shop_library_token_shop_customer"
        ),
        sa.PrimaryKeyConstraint("token_id", name="pk_shop_library_token"),
        sa.UniqueConstraint("digest", name="uq_shop_library_token_digest"),
    )
    op.create_index("ix_shop_library_token_customer_number", "shop_library_token", ["customer_number"])
