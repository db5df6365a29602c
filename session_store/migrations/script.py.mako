"""${message}."""

from alembic import op
import sqlalchemy as sa
${imports if imports else ""}

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}
branch_labels = ${repr(branch_labels)}
depends_on = ${repr(depends_on)}


def upgrade() -> None:
    """Nothing: the new tables and columns are there, the old ones still too (expand, migrate, contract)."""
    ${upgrades if upgrades else "pass"}


def downgrade() -> None:
    """Nothing: what upgrade added is gone."""
    ${downgrades if downgrades else "pass"}
