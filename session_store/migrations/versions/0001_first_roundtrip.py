"""The tables of the first roundtrip."""

import sqlalchemy as sa
from alembic import op

from session_store.columns import UtcTime

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_RISING = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

_KEPT = "id, agreement_id, at, kind, reference, session_id, actor, summary, findings"
_POSTGRESQL_TRIGGERS = (
    """CREATE FUNCTION journal_is_append_only() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$""",
    f"""CREATE TRIGGER journal_no_update BEFORE UPDATE OF {_KEPT} ON journal
    FOR EACH ROW EXECUTE FUNCTION journal_is_append_only()""",
    """CREATE TRIGGER journal_no_other_document BEFORE UPDATE ON journal
    FOR EACH ROW WHEN (NEW.document IS NOT NULL) EXECUTE FUNCTION journal_is_append_only()""",
    """CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
    FOR EACH ROW EXECUTE FUNCTION journal_is_append_only()""",
    """CREATE TRIGGER journal_no_truncate BEFORE TRUNCATE ON journal
    FOR EACH STATEMENT EXECUTE FUNCTION journal_is_append_only()""",
)
_SQLITE_TRIGGERS = (
    f"""CREATE TRIGGER journal_no_update BEFORE UPDATE OF {_KEPT} ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    """CREATE TRIGGER journal_no_other_document BEFORE UPDATE ON journal WHEN NEW.document IS NOT NULL
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
    """CREATE TRIGGER journal_no_delete BEFORE DELETE ON journal
    BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END""",
)


def _text(*names: str) -> list[sa.Column]:
    return [sa.Column(name, sa.Text(), nullable=False) for name in names]


def _time(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, UtcTime(), nullable=nullable)


def _binary(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.LargeBinary(), nullable=nullable)


def _whole(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.Integer(), nullable=nullable)


def _yes_no(name: str) -> sa.Column:
    return sa.Column(name, sa.Boolean(), nullable=False)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")


def _link(table: str, columns: list[str], other: str, theirs: list[str]) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{'_'.join(columns)}"
    return sa.ForeignKeyConstraint(columns, [f"{other}.{column}" for column in theirs], name=name)


def _owned(table: str) -> sa.ForeignKeyConstraint:
    return _link(table, ["agreement_id"], "agreement", ["id"])


def _index_of_documents(table: str, when: str) -> None:
    held = sa.text("document IS NOT NULL")
    op.create_index(f"ix_{table}_{when}", table, [when], sqlite_where=held, postgresql_where=held)


def upgrade() -> None:
    """Nothing: the tables, their indexes and the journal's triggers are there."""
    _agreements()
    _sessions()
    _carts()
    _orders()
    _boxes()
    _journal()


def _agreements() -> None:
    op.create_table(
        "agreement",
        *_text("id", "name"),
        _yes_no("enabled"),
        _whole("revision"),
        *_text("body"),
        _time("updated_at"),
        _key("agreement", "id"),
    )
    op.create_table("agreement_mark", _whole("id"), *_text("mark"), _key("agreement_mark", "id"))
    op.create_table(
        "credential",
        *_text("agreement_id", "role", "domain_key", "identity_key"),
        _key("credential", "agreement_id", "role", "domain_key", "identity_key"),
        _owned("credential"),
    )
    op.create_index("ix_credential_identity_key", "credential", ["identity_key", "domain_key", "role"])
    op.create_table(
        "secret",
        *_text("agreement_id", "purpose", "domain_key", "identity_key"),
        _whole("version"),
        _binary("sealed"),
        _time("created_at"),
        _time("last_used_at", nullable=True),
        _key("secret", "agreement_id", "purpose", "domain_key", "identity_key", "version"),
        _owned("secret"),
    )
    op.create_table(
        "auth_failure",
        sa.Column("id", _RISING, nullable=False),
        *_text("identity_key", "network"),
        _time("at"),
        _key("auth_failure", "id"),
    )
    op.create_index("ix_auth_failure_identity_key", "auth_failure", ["identity_key", "network", "at"])


def _sessions() -> None:
    op.create_table(
        "session",
        *_text("agreement_id", "id", "reference", "payload_id", "setup", "deployment"),
        *_text("customer_number", "cart_id", "state"),
        _time("created_at"),
        _binary("start_hash"),
        _time("start_expires_at"),
        _time("start_used_at", nullable=True),
        _binary("handle_hash", nullable=True),
        _time("idle_until"),
        _time("absolute_until"),
        _binary("cookie_hash", nullable=True),
        _yes_no("framed"),
        _time("moved_at", nullable=True),
        _key("session", "agreement_id", "id"),
        _owned("session"),
        _unique("session", "agreement_id", "reference"),
        _unique("session", "start_hash"),
        _unique("session", "handle_hash"),
    )
    op.create_index("ix_session_created_at", "session", ["created_at"])


def _carts() -> None:
    op.create_table(
        "line_token",
        *_text("agreement_id", "token", "cart_id", "line_id"),
        _key("line_token", "agreement_id", "token"),
        _owned("line_token"),
        _unique("line_token", "agreement_id", "cart_id", "line_id"),
    )
    op.create_table(
        "returned_cart",
        *_text("agreement_id", "quote_id"),
        sa.Column("session_id", sa.Text(), nullable=True),
        _time("frozen_at"),
        *_text("cart"),
        _binary("document", nullable=True),
        _key("returned_cart", "agreement_id", "quote_id"),
        _owned("returned_cart"),
        _link("returned_cart", ["agreement_id", "session_id"], "session", ["agreement_id", "id"]),
    )
    op.create_index(
        "ix_returned_cart_session_id", "returned_cart", ["agreement_id", "session_id", "frozen_at"]
    )
    _index_of_documents("returned_cart", "frozen_at")
    op.create_table(
        "returned_line",
        *_text("agreement_id", "quote_id"),
        _whole("number"),
        *_text("token", "product_id", "line"),
        _key("returned_line", "agreement_id", "quote_id", "number"),
        _owned("returned_line"),
        _link("returned_line", ["agreement_id", "quote_id"], "returned_cart", ["agreement_id", "quote_id"]),
        _link("returned_line", ["agreement_id", "token"], "line_token", ["agreement_id", "token"]),
    )
    op.create_index("ix_returned_line_token", "returned_line", ["agreement_id", "token"])
    op.create_index("ix_returned_line_product_id", "returned_line", ["agreement_id", "product_id"])
    op.create_table(
        "line_copy",
        *_text("agreement_id", "token"),
        _whole("number"),
        *_text("order_key"),
        _key("line_copy", "agreement_id", "token", "number"),
        _owned("line_copy"),
        _link("line_copy", ["agreement_id", "token"], "line_token", ["agreement_id", "token"]),
    )


def _orders() -> None:
    op.create_table(
        "purchase_order",
        *_text("agreement_id", "id", "reference", "payload_id", "order_id", "order_version", "order"),
        *_text("deployment", "state", "hold_reasons"),
        _binary("content_hash"),
        *_text("shop_orders", "shop_order_numbers"),
        _time("received_at"),
        _time("moved_at", nullable=True),
        _key("purchase_order", "agreement_id", "id"),
        _owned("purchase_order"),
        _unique("purchase_order", "agreement_id", "order_id", "order_version"),
        _unique("purchase_order", "agreement_id", "reference"),
    )


def _boxes() -> None:
    op.create_table(
        "inbox",
        *_text("agreement_id", "channel", "message_key"),
        _binary("body_hash"),
        _binary("answer", nullable=True),
        _time("received_at"),
        _key("inbox", "agreement_id", "channel", "message_key"),
        _owned("inbox"),
    )
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])
    op.create_table(
        "outbox",
        sa.Column("position", _RISING, nullable=False),
        *_text("agreement_id", "id", "kind", "ordering_key", "payload", "state"),
        _whole("attempts"),
        _time("due_at"),
        _time("created_at"),
        sa.Column("lease_owner", sa.Text(), nullable=True),
        _time("lease_until", nullable=True),
        _time("done_at", nullable=True),
        _key("outbox", "position"),
        _owned("outbox"),
        _unique("outbox", "agreement_id", "id"),
    )
    op.create_index("ix_outbox_state", "outbox", ["state", "due_at"])
    op.create_index("ix_outbox_ordering_key", "outbox", ["agreement_id", "ordering_key", "position"])
    op.create_table(
        "outbox_attempt",
        *_text("agreement_id", "delivery_id"),
        _whole("number"),
        _time("at"),
        *_text("owner", "outcome", "reason"),
        _key("outbox_attempt", "agreement_id", "delivery_id", "number"),
        _owned("outbox_attempt"),
        _link("outbox_attempt", ["agreement_id", "delivery_id"], "outbox", ["agreement_id", "id"]),
    )


def _journal() -> None:
    op.create_table(
        "journal",
        sa.Column("id", _RISING, nullable=False),
        *_text("agreement_id"),
        _time("at"),
        *_text("kind", "reference", "session_id", "actor", "summary", "findings"),
        _binary("document", nullable=True),
        _key("journal", "id"),
    )
    op.create_index("ix_journal_reference", "journal", ["agreement_id", "reference"])
    _index_of_documents("journal", "at")
    sqlite = op.get_bind().dialect.name == "sqlite"
    for trigger in _SQLITE_TRIGGERS if sqlite else _POSTGRESQL_TRIGGERS:
        op.execute(trigger)


def downgrade() -> None:
    """Nothing: the database is empty again."""
    for table in ("journal", "outbox_attempt", "outbox", "inbox", "purchase_order", "line_copy"):
        op.drop_table(table)
    for table in ("returned_line", "returned_cart", "line_token", "session", "auth_failure", "secret"):
        op.drop_table(table)
    for table in ("credential", "agreement_mark", "agreement"):
        op.drop_table(table)
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION journal_is_append_only()")
