"""The bookshop's tables in a database: brought to the newest revision, and whether they are there."""

from __future__ import annotations

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import func, select

from catalog_bridge.embedded.database import Database

VERSION_TABLE = "shop_version"

_LOCK = 7_365_686_112
"""Advisory lock, so that two hosts do not upgrade at once on PostgreSQL; the number is ours alone."""


def upgrade(db: Database) -> None:
    """Nothing; the tables are those of the newest revision, or unchanged when that failed."""
    with db.write() as tx:
        tx.execution_options(across="migration")
        if db.kind == "postgresql":
            tx.exec_driver_sql("SET LOCAL statement_timeout = 0")
            tx.exec_driver_sql("SET LOCAL lock_timeout = '60s'")  # for whoever upgrades at the same time
            tx.execute(select(func.pg_advisory_xact_lock(_LOCK)))
            tx.exec_driver_sql("SET LOCAL lock_timeout = '3s'")
        config = _config()
        config.attributes["connection"] = tx
        command.upgrade(config, "head")


def at_head(db: Database) -> bool:
    """Whether the tables are those of the newest revision."""
    with db.read() as tx:
        context = MigrationContext.configure(tx, opts={"version_table": VERSION_TABLE})
        return context.get_current_revision() == ScriptDirectory.from_config(_config()).get_current_head()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", "catalog_bridge.embedded:migrations")
    return config
