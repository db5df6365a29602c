"""What can be subscribed to: the shop's list of series and packages, the same for every customer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from catalog_bridge.embedded import tables
from protocols.model.item import Kind
from protocols.model.standing import SeriesOffer

_TABLE = tables.series
_ALL = select(_TABLE).order_by(_TABLE.c.position, _TABLE.c.product_id)
_SOME = select(_TABLE).where(_TABLE.c.product_id.in_(bindparam("ids", expanding=True)))


def listed(tx: Connection) -> tuple[SeriesOffer, ...]:
    """All of them, in the order of the shop's list."""
    return tuple(map(_offer, tx.execute(_ALL)))


def some(tx: Connection, product_ids: Sequence[str]) -> dict[str, SeriesOffer]:
    """Product id → the offer, of those of these that are there."""
    if not product_ids:
        return {}
    return {row.product_id: _offer(row) for row in tx.execute(_SOME, {"ids": list(product_ids)})}


def row(offer: SeriesOffer, position: int) -> dict[str, object]:
    """The offer as its row."""
    own = {name: getattr(offer, name) for name in SeriesOffer.__dataclass_fields__}
    return own | {"kind": offer.kind.value, "position": position}


def _offer(row: Row[Any]) -> SeriesOffer:
    own = {name: getattr(row, name) for name in SeriesOffer.__dataclass_fields__}
    return SeriesOffer(**(own | {"kind": Kind(row.kind)}))
