"""Every table of the gateway, with the column that scopes it to one agreement (security §6).

``info["scope"]`` names the column that each statement must compare with ``:scope``; ``session_store.scope``
refuses a statement that does not. Foreign keys carry the agreement, so that a link from one agreement's row
to another's cannot even be stored.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    UniqueConstraint,
    column,
)

from protocols.model.agreement import Agreement
from protocols.model.cart import ReturnedCart, ReturnedLine
from protocols.model.finding import Finding
from protocols.model.order import Choice, PurchaseOrder, ShopOrder, Standing
from protocols.model.refill import Refill
from protocols.model.session import SetupRequest, Shopper
from protocols.model.standing import Subscription
from session_store.columns import Json, UtcTime

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# Numbers given by the database, rising; SQLite only gives them to a column that it calls INTEGER.
_RISING = BigInteger().with_variant(Integer, "sqlite")


def _agreement() -> Column[str]:
    return Column("agreement_id", Text, ForeignKey("agreement.id"), nullable=False)


def _link(table: str, ours: str, theirs: str = "") -> ForeignKeyConstraint:
    """A foreign key to a row of the same agreement."""
    key = [f"{table}.agreement_id", f"{table}.{theirs or ours}"]
    return ForeignKeyConstraint(["agreement_id", ours], key)


def _index_of_documents(table: str, when: str) -> Index:
    """An index that finds rows which still hold their document, by age: for retention."""
    held = column("document").is_not(None)
    return Index(f"ix_{table}_{when}", when, sqlite_where=held, postgresql_where=held)


agreement = Table(
    "agreement",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("enabled", Boolean, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("body", Json(Agreement), nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    info={"scope": "id"},
)

# One row, and nobody's: see session_store.directory.
agreement_mark = Table(
    "agreement_mark", METADATA, Column("id", Integer, primary_key=True), Column("mark", Text, nullable=False)
)

credential = Table(
    "credential",
    METADATA,
    _agreement(),
    Column("role", Text, nullable=False),
    Column("domain_key", Text, nullable=False),
    Column("identity_key", Text, nullable=False),
    PrimaryKeyConstraint("agreement_id", "role", "domain_key", "identity_key"),
    Index("ix_credential_identity_key", "identity_key", "domain_key", "role"),
    info={"scope": "agreement_id"},
)

# purpose: the credential's role, or "oci" for a login field, whose name is then the identity.
# Of two live versions the lower is the current one, the higher the next.
secret = Table(
    "secret",
    METADATA,
    _agreement(),
    Column("purpose", Text, nullable=False),
    Column("domain_key", Text, nullable=False),
    Column("identity_key", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("sealed", LargeBinary, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("last_used_at", UtcTime),
    PrimaryKeyConstraint("agreement_id", "purpose", "domain_key", "identity_key", "version"),
    info={"scope": "agreement_id"},
)

# Nobody's: hashes of MACs and signatures, each with the From that it first came with, in any agreement.
proof_seen = Table(
    "proof_seen",
    METADATA,
    Column("proof_hash", LargeBinary, primary_key=True),
    Column("from_hash", LargeBinary, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Index("ix_proof_seen_expires_at", "expires_at"),
)

# Nobody's yet: a failed sign-in has no agreement. One row for each identity in each network, however often
# it fails; identity_key is empty for all those of a network that failed under too many names.
auth_failure = Table(
    "auth_failure",
    METADATA,
    Column("identity_key", Text, nullable=False),
    Column("network", Text, nullable=False),
    Column("failures", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("closed_until", UtcTime, nullable=False),
    PrimaryKeyConstraint("network", "identity_key"),
    Index("ix_auth_failure_at", "at"),
)

# Operators belong to no agreement. A row begins as a one-time address and becomes a session with a cookie.
desk_session = Table(
    "desk_session",
    METADATA,
    Column("token_hash", LargeBinary, primary_key=True),
    Column("actor", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("token_until", UtcTime, nullable=False),
    Column("opened_at", UtcTime),
    Column("cookie_hash", LargeBinary, unique=True),
    Column("idle_until", UtcTime),
    Column("absolute_until", UtcTime),
    Index("ix_desk_session_created_at", "created_at"),
)

# What people tell us of the pages belongs to no agreement: it comes by either way in.
feedback = Table(
    "feedback",
    METADATA,
    Column("id", Text, primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("origin", Text, nullable=False),
    Column("customer_number", Text, nullable=False),
    Column("page", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("reply_to", Text, nullable=False),
    Column("done_at", UtcTime),
    Column("done_by", Text, nullable=False),
    Index("ix_feedback_at", "at"),
    Index("ix_feedback_origin", "origin", "at"),
)

# Direct log-ins belong to no agreement. How often somebody asked for a code: an address, or a network.
login_asked = Table(
    "login_asked",
    METADATA,
    Column("who", Text, primary_key=True),
    Column("times", Json(tuple[datetime, ...]), nullable=False),
    Column("at", UtcTime, nullable=False),
    Index("ix_login_asked_at", "at"),
)

# The one code that each browser waits for, whosever address was written there.
login_code = Table(
    "login_code",
    METADATA,
    Column("browser_hash", LargeBinary, primary_key=True),
    Column("email", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("code_hash", Text, nullable=False),
    Column("asked_at", UtcTime, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("tries", Integer, nullable=False),
    Column("used_at", UtcTime),
    Index("ix_login_code_asked_at", "asked_at"),
)

direct_session = Table(
    "direct_session",
    METADATA,
    Column("cookie_hash", LargeBinary, primary_key=True),
    Column("email", Text, nullable=False),
    Column("customer_number", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("idle_until", UtcTime, nullable=False),
    Column("absolute_until", UtcTime, nullable=False),
    Index("ix_direct_session_created_at", "created_at"),
)

# Whose a cart of the bookshop's is (CART-3); orders: what it became, frozen before the first is placed.
direct_cart = Table(
    "direct_cart",
    METADATA,
    Column("customer_number", Text, nullable=False),
    Column("cart_id", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("chosen_at", UtcTime, nullable=False),
    Column("ordered_at", UtcTime),
    Column("orders", Json(tuple[ShopOrder, ...]), nullable=False),
    Column("order_numbers", Json(tuple[str, ...]), nullable=False),
    Column("locale", Text, nullable=False, server_default="", comment="it was ordered in; empty: not known"),
    Column("subscriptions", Json(tuple[Subscription, ...]), nullable=False, server_default="[]"),
    Column("subscription_ids", Json(tuple[str, ...]), nullable=False, server_default="[]"),
    PrimaryKeyConstraint("customer_number", "cart_id"),
    Index("ix_direct_cart_email", "customer_number", "email", "chosen_at"),
    info={"scope": "customer_number"},
)

session = Table(
    "session",
    METADATA,
    _agreement(),
    Column("id", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("payload_id", Text, nullable=False),
    Column("setup", Json(SetupRequest), nullable=False),
    Column("named", Json(Shopper), comment="who the shopper said she is; null before she was asked"),
    Column("deployment", Text, nullable=False),
    Column("customer_number", Text, nullable=False),
    Column("cart_id", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("start_hash", LargeBinary, nullable=False, unique=True),
    Column("start_expires_at", UtcTime, nullable=False),
    Column("start_used_at", UtcTime),
    Column("handle_hash", LargeBinary, unique=True),
    Column("idle_until", UtcTime, nullable=False),
    Column("absolute_until", UtcTime, nullable=False),
    Column("cookie_hash", LargeBinary),
    Column("moved_at", UtcTime),
    Column("person_hash", LargeBinary),
    Column("continued_by", Text),
    Column("refill", Json(Refill)),
    PrimaryKeyConstraint("agreement_id", "id"),
    UniqueConstraint("agreement_id", "reference"),
    Index("ix_session_created_at", "created_at"),
    Index("ix_session_person_hash", "agreement_id", "person_hash"),
    info={"scope": "agreement_id"},
)

line_token = Table(
    "line_token",
    METADATA,
    _agreement(),
    Column("token", Text, nullable=False),
    Column("cart_id", Text, nullable=False),
    Column("line_id", Text, nullable=False),
    PrimaryKeyConstraint("agreement_id", "token"),
    UniqueConstraint("agreement_id", "cart_id", "line_id"),
    info={"scope": "agreement_id"},
)

# cart: the snapshot without its lines, which are rows of their own so that a token finds them.
returned_cart = Table(
    "returned_cart",
    METADATA,
    _agreement(),
    Column("quote_id", Text, nullable=False),
    Column("session_id", Text),
    Column("frozen_at", UtcTime, nullable=False),
    Column("cart", Json(ReturnedCart), nullable=False),
    Column("document", LargeBinary),
    Column("person_hash", LargeBinary),
    PrimaryKeyConstraint("agreement_id", "quote_id"),
    _link("session", "session_id", "id"),
    Index("ix_returned_cart_session_id", "agreement_id", "session_id", "frozen_at"),
    _index_of_documents("returned_cart", "frozen_at"),
    info={"scope": "agreement_id"},
)

returned_line = Table(
    "returned_line",
    METADATA,
    _agreement(),
    Column("quote_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("token", Text, nullable=False),
    Column("product_id", Text, nullable=False),
    Column("line", Json(ReturnedLine), nullable=False),
    PrimaryKeyConstraint("agreement_id", "quote_id", "number"),
    _link("returned_cart", "quote_id"),
    _link("line_token", "token"),
    Index("ix_returned_line_token", "agreement_id", "token"),
    Index("ix_returned_line_product_id", "agreement_id", "product_id"),
    info={"scope": "agreement_id"},
)

# A copy stands here once it has been ordered; that it can stand only once is DIST-10.
line_copy = Table(
    "line_copy",
    METADATA,
    _agreement(),
    Column("token", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("order_key", Text, nullable=False),
    PrimaryKeyConstraint("agreement_id", "token", "number"),
    _link("line_token", "token"),
    Index("ix_line_copy_order_key", "agreement_id", "order_key"),
    info={"scope": "agreement_id"},
)

# One row for each purchase order, whatever its versions: whoever changes them holds it.
order_head = Table(
    "order_head",
    METADATA,
    _agreement(),
    Column("order_key", Text, nullable=False),
    PrimaryKeyConstraint("agreement_id", "order_key"),
    info={"scope": "agreement_id"},
)

# order_key: the order that this is a version of; what its copies belong to and its deliveries are ordered by.
purchase_order = Table(
    "purchase_order",
    METADATA,
    _agreement(),
    Column("id", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("payload_id", Text, nullable=False),
    Column("order_id", Text, nullable=False),
    Column("order_version", Text, nullable=False),
    Column("order", Json(PurchaseOrder), nullable=False),
    Column("deployment", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("hold_reasons", Json(tuple[str, ...]), nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("shop_orders", Json(tuple[ShopOrder, ...]), nullable=False),
    Column("shop_order_numbers", Json(tuple[str, ...]), nullable=False),
    Column("received_at", UtcTime, nullable=False),
    Column("moved_at", UtcTime),
    Column("order_key", Text, nullable=False),
    Column("order_type", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("order_date", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("sent_at", UtcTime),
    Column("answer_code", Integer, nullable=False),
    Column("decide_by", UtcTime),
    Column("choices", Json(tuple[Choice, ...]), nullable=False),
    Column("shopper", Json(Shopper), nullable=False),
    Column("carried_out_at", UtcTime),
    Column("standing", Json(tuple[Standing, ...]), nullable=False),
    PrimaryKeyConstraint("agreement_id", "id"),
    UniqueConstraint("agreement_id", "order_id", "order_version"),
    UniqueConstraint("agreement_id", "reference"),
    _link("order_head", "order_key"),
    Index("ix_purchase_order_order_key", "agreement_id", "order_key", "received_at"),
    Index("ix_purchase_order_state", "state", "decide_by"),
    Index("ix_purchase_order_reference", "reference"),
    Index("ix_purchase_order_payload_id", "agreement_id", "payload_id"),
    info={"scope": "agreement_id"},
)

# A file that came with an order: its id names it everywhere, what the sender called it is only shown.
attachment = Table(
    "attachment",
    METADATA,
    _agreement(),
    Column("id", Text, nullable=False),
    Column("order_key", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("content_id", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", LargeBinary, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("agreement_id", "id"),
    UniqueConstraint("agreement_id", "order_key", "number"),
    _link("purchase_order", "order_key", "id"),
    Index("ix_attachment_received_at", "received_at"),
    info={"scope": "agreement_id"},
)

inbox = Table(
    "inbox",
    METADATA,
    _agreement(),
    Column("channel", Text, nullable=False),
    Column("message_key", Text, nullable=False),
    Column("body_hash", LargeBinary, nullable=False),
    Column("answer", LargeBinary),
    Column("received_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("agreement_id", "channel", "message_key"),
    Index("ix_inbox_received_at", "received_at"),
    info={"scope": "agreement_id"},
)

# What a hub sends under a payloadID of its own is found again by the one it was first sent under.
inbox_original = Table(
    "inbox_original",
    METADATA,
    _agreement(),
    Column("channel", Text, nullable=False),
    Column("original_key", Text, nullable=False),
    Column("message_key", Text, nullable=False),
    Column("payload_hash", LargeBinary, nullable=False),
    Column("received_at", UtcTime, nullable=False),
    PrimaryKeyConstraint("agreement_id", "channel", "original_key"),
    Index("ix_inbox_original_received_at", "received_at"),
    info={"scope": "agreement_id"},
)

# No foreign key to an agreement: what the shop sends its own users is in the scope of ``outbox.SHOPS_OWN``.
outbox = Table(
    "outbox",
    METADATA,
    Column("position", _RISING, primary_key=True),
    Column("agreement_id", Text, nullable=False),
    Column("id", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("ordering_key", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("due_at", UtcTime, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("lease_owner", Text),
    Column("lease_until", UtcTime),
    Column("done_at", UtcTime),
    UniqueConstraint("agreement_id", "id"),
    Index("ix_outbox_state", "state", "due_at"),
    Index("ix_outbox_ordering_key", "agreement_id", "ordering_key", "position"),
    info={"scope": "agreement_id"},
)

outbox_attempt = Table(
    "outbox_attempt",
    METADATA,
    Column("agreement_id", Text, nullable=False),
    Column("delivery_id", Text, nullable=False),
    Column("number", Integer, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("owner", Text, nullable=False),
    Column("outcome", Text, nullable=False),
    Column("reason", Text, nullable=False),
    PrimaryKeyConstraint("agreement_id", "delivery_id", "number"),
    _link("outbox", "delivery_id", "id"),
    info={"scope": "agreement_id"},
)

# No foreign keys: the journal outlives what it tells of, and also tells of senders that nobody knows.
journal = Table(
    "journal",
    METADATA,
    Column("id", _RISING, primary_key=True),
    Column("agreement_id", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("kind", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("session_id", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("summary", Text, nullable=False),
    Column("findings", Json(tuple[Finding, ...]), nullable=False),
    Column("document", LargeBinary),
    Index("ix_journal_reference", "agreement_id", "reference"),
    _index_of_documents("journal", "at"),
    info={"scope": "agreement_id"},
)
