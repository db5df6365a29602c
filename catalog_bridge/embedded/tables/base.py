"""What all tables are made of."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ForeignKey, MetaData, String
from sqlalchemy.types import TypeEngine

METADATA = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "ix": "ix_%(table_name)s_%(column_0_name)s",
    }
)

CUSTOMER_NUMBER = String(17)
SCOPE = {"scope": "customer_number"}


def key(name: str, kind: TypeEngine[Any]) -> Column[Any]:
    """A part of the primary key."""
    return Column(name, kind, primary_key=True, autoincrement=False)


def text(name: str, length: int) -> Column[str]:
    """A text that is always there, if only empty."""
    return Column(name, String(length), nullable=False)


def of_customer() -> Column[str]:
    """The customer whose row it is, as the first part of the key."""
    return Column(
        "customer_number", CUSTOMER_NUMBER, ForeignKey("shop_customer.customer_number"), primary_key=True
    )
