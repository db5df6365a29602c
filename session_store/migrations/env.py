"""How Alembic reaches the database: on the connection of ``session_store.schema``, inside its transaction."""

from alembic import context

from session_store.schema import VERSION_TABLE
from session_store.tables import METADATA

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=METADATA,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    transactional_ddl=True,
)

with context.begin_transaction():
    context.run_migrations()
