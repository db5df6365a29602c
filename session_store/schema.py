"""The tables of this release: made, and compared with what the database has (Alembic)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

if TYPE_CHECKING:
    from sqlalchemy import Connection

VERSION_TABLE = "punchout_version"

LOCK = 7_221_310_042
"""Advisory lock on PostgreSQL: one process at a time upgrades. The number only has to be ours."""


def upgrade(tx: Connection) -> None:
    """Nothing: all revisions are applied, inside the caller's transaction."""
    config = _config()
    config.attributes["connection"] = tx
    command.upgrade(config, "head")


def at_head(tx: Connection) -> bool:
    """Whether the newest revision is applied, and no other."""
    context = MigrationContext.configure(tx, opts={"version_table": VERSION_TABLE})
    return set(context.get_current_heads()) == set(ScriptDirectory.from_config(_config()).get_heads())


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "session_store:migrations")
    return config
