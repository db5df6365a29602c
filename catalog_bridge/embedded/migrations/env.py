"""Alembic's door to the bookshop's branch: the connection comes in, its transaction belongs to the caller."""

from alembic import context

from catalog_bridge.embedded.schema import VERSION_TABLE
from catalog_bridge.embedded.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
