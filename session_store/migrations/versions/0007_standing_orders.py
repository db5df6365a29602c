"""What the bookshop has of a purchase order, kept apart from what is wanted of it."""

import json

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_CARRIED_OUT = sa.text(
    "SELECT agreement_id, id, shop_orders, shop_order_numbers FROM purchase_order"
    " WHERE carried_out_at IS NOT NULL"
)
_STANDS = sa.text("UPDATE purchase_order SET standing = :standing WHERE agreement_id = :scope AND id = :of")


def upgrade() -> None:
    """What has been carried out stands as it was placed."""
    op.add_column("purchase_order", sa.Column("standing", sa.Text(), nullable=False, server_default="[]"))
    connection = op.get_bind()
    for row in connection.execute(_CARRIED_OUT).all():
        standing = _standing(json.loads(row.shop_orders), json.loads(row.shop_order_numbers))
        connection.execute(
            _STANDS, {"scope": row.agreement_id, "of": row.id, "standing": json.dumps(standing)}
        )


def _standing(shop_orders: list[dict[str, object]], numbers: list[str]) -> list[dict[str, object]]:
    placed = zip(numbers, shop_orders, strict=False)
    return [_of(number, order) for number, order in placed if number]


def _of(number: str, order: dict[str, object]) -> dict[str, object]:
    lines = order["lines"]
    return {
        "order_number": number,
        "customer_number": order["customer_number"],
        "delivery_address_id": order["delivery_address_id"],
        "lines": [line["number"] for line in lines] if isinstance(lines, list) else [],
    }


def downgrade() -> None:
    """Nothing: the column is gone."""
    op.drop_column("purchase_order", "standing")
