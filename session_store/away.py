"""Whether an error is the database's trouble, to be told as "try again", or a mistake of ours."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

try:
    from psycopg import Error as PostgresqlError
except ImportError:  # the driver is an extra: without it there is no PostgreSQL that could fail
    PostgresqlError = sqlite3.Error  # type: ignore[assignment, misc]  # stands where nothing will be raised

DATABASE_ERRORS = (DBAPIError, PoolTimeout, sqlite3.Error, PostgresqlError)
"""What a transaction can raise; where we go past SQLAlchemy, as the driver raises it."""

# BUSY, LOCKED, NOMEM, IOERR, FULL, CANTOPEN, PROTOCOL
_SQLITE_AWAY = frozenset({5, 6, 7, 10, 13, 14, 15})
# Classes: connection, transaction rollback, resources, object state (lock time-out), operator, system
_POSTGRESQL_AWAY = frozenset({"08", "40", "53", "55", "57", "58"})
# Serialization failure, deadlock, and a key that another transaction took after this one had looked for it
_POSTGRESQL_AGAIN = frozenset({"40001", "40P01", "23505"})


def is_away(error: Exception) -> bool:
    """Whether the database is busy, full, unreachable or gone: the same work may succeed later."""
    original = getattr(error, "orig", error)
    if isinstance(original, sqlite3.Error):
        return getattr(original, "sqlite_errorcode", 0) & 0xFF in _SQLITE_AWAY
    if state := getattr(original, "sqlstate", None):
        return state[:2] in _POSTGRESQL_AWAY
    return isinstance(error, PoolTimeout) or type(original).__name__ == "OperationalError"


def is_worth_repeating(error: BaseException | None) -> bool:
    """Whether PostgreSQL undid the work only because another transaction got in its way."""
    return getattr(getattr(error, "orig", error), "sqlstate", None) in _POSTGRESQL_AGAIN
