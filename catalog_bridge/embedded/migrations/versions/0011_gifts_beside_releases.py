"""A gift of a title stands beside its paid release, not in its place."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from alembic import op

if TYPE_CHECKING:
    from collections.abc import Mapping

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_COMMENT = "at price 0, beside the release that is paid (ORD-8)"
_ROWS = sa.text("SELECT * FROM shop_release")
_BACK = sa.text(
    'INSERT INTO shop_release (customer_number, subscription_id, product_id, "order") '
    "VALUES (:customer_number, :subscription_id, :product_id, :order)"
)
_BACK_AS = sa.text(
    'INSERT INTO shop_release (customer_number, subscription_id, product_id, gift, "order") '
    "VALUES (:customer_number, :subscription_id, :product_id, :gift, :order)"
).bindparams(sa.bindparam("gift", type_=sa.Boolean()))
_RENAME = sa.text("UPDATE shop_order SET idempotency_key = :new WHERE idempotency_key = :old")


def upgrade() -> None:
    """Gifts of before, and their orders by their keys, are known as such: told again they stay one order."""
    for row in _anew(sa.Column("gift", sa.Boolean(), nullable=False, comment=_COMMENT)):
        gift = _is_free(row["order"])
        op.get_bind().execute(_BACK_AS, {**row, "gift": gift})
        if gift:
            _rename(row, "release", "gift")


def downgrade() -> None:
    """A gift that stands alone is the title's one release again; one beside a paid release is forgotten."""
    rows = _anew()
    paid = {_title(row) for row in rows if not row["gift"]}
    for row in rows:
        if row["gift"] and _title(row) in paid:
            continue
        op.get_bind().execute(_BACK, dict(row))
        if row["gift"]:
            _rename(row, "gift", "release")


def _anew(*more: sa.Column[Any]) -> list[Mapping[str, Any]]:
    """The rows of before; the table is empty, with these columns more in its key."""
    rows = [dict(row) for row in op.get_bind().execute(_ROWS).mappings()]
    op.drop_table("shop_release")
    op.create_table(
        "shop_release",
        sa.Column("customer_number", sa.String(length=17), autoincrement=False, nullable=False),
        sa.Column("subscription_id", sa.String(length=40), autoincrement=False, nullable=False),
        sa.Column("product_id", sa.String(length=40), autoincrement=False, nullable=False),
        *more,
        sa.Column("order", sa.Text(), nullable=False, comment="protocols.model.order.ShopOrder as JSON"),
        sa.ForeignKeyConstraint(
            ["customer_number", "subscription_id"],
            ["shop_subscription.customer_number", "shop_subscription.subscription_id"],
            name="fk_shop_release_shop_subscription",
        ),
        sa.PrimaryKeyConstraint(
            "customer_number",
            "subscription_id",
            "product_id",
            *(column.name for column in more),
            name="pk_shop_release",
        ),
    )
    return rows


def _title(row: Mapping[str, Any]) -> tuple[str, str, str]:
    return row["customer_number"], row["subscription_id"], row["product_id"]


def _is_free(order: str) -> bool:
    return all(Decimal(line["unit_price"]["amount"]) == 0 for line in json.loads(order)["lines"])


def _rename(row: Mapping[str, Any], old: str, new: str) -> None:
    """Nothing: the order of this release, where it has been placed, goes by the other key."""
    rest = ":".join(_title(row))
    op.get_bind().execute(_RENAME, {"old": f"{old}:{rest}", "new": f"{new}:{rest}"})
