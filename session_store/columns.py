"""Column types that both databases read back the same: UTC times and model objects."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import DateTime, Dialect, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from protocols.model.serial import from_json, to_json

T = TypeVar("T")


class UtcTime(TypeDecorator[datetime]):
    """An aware datetime in UTC: ``timestamptz`` on PostgreSQL, sortable ISO text on SQLite.

    Naive times are refused with ValueError, whatever they are meant to be.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """What stores it: text on SQLite, which has no type of its own for times."""
        return dialect.type_descriptor(Text() if dialect.name == "sqlite" else DateTime(timezone=True))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:  # noqa: ANN401 - either form
        """The stored form; microseconds are always written, so that text sorts as time."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"a time without zone cannot be stored: {value}")
        moment = value.astimezone(UTC)
        return moment.isoformat(timespec="microseconds") if dialect.name == "sqlite" else moment

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:  # noqa: ANN401, ARG002 - either form
        """The same time again, in UTC."""
        if value is None:
            return None
        return datetime.fromisoformat(value) if isinstance(value, str) else value.astimezone(UTC)


class Json(TypeDecorator[T]):
    """A model object kept whole, as the JSON text of ``protocols.model.serial``."""

    impl = Text
    cache_ok = True

    def __init__(self, kind: type[T]) -> None:
        """Keep the kind: what ``from_json`` makes of the text."""
        super().__init__()
        self.kind = kind

    def process_bind_param(self, value: T | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - same on both
        """The object as text, Norwegian letters as they are."""
        return None if value is None else to_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> T | None:  # noqa: ARG002 - same on both
        """The object again; msgspec.ValidationError when the row was not written by us."""
        return None if value is None else from_json(value, self.kind)
