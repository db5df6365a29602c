"""A code for log-in belongs to the browser that asked for it, not to the address."""

import sqlalchemy as sa
from alembic import op

from session_store.columns import UtcTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_COLUMNS = "browser_hash, email, id, code_hash, asked_at, expires_at, tries, used_at"
_NEWEST_OF_AN_ADDRESS = """
WHERE NOT EXISTS (
    SELECT 1 FROM kept_code AS later
    WHERE later.email = kept_code.email
    AND (
        later.asked_at > kept_code.asked_at
        OR later.asked_at = kept_code.asked_at AND later.id > kept_code.id
    )
)
"""


def upgrade() -> None:
    """Every code that is waited for can still be used; several may be asked for with one address."""
    _anew(sa.PrimaryKeyConstraint("browser_hash", name="pk_login_code"))


def downgrade() -> None:
    """Each address has its newest code left."""
    _anew(
        sa.PrimaryKeyConstraint("email", name="pk_login_code"),
        sa.UniqueConstraint("browser_hash", name="uq_login_code_browser_hash"),
        which=_NEWEST_OF_AN_ADDRESS,
    )


def _anew(*constraints: sa.Constraint, which: str = "") -> None:
    """The table with these constraints, and those of its rows that ``which`` says."""
    op.execute("CREATE TABLE kept_code AS SELECT * FROM login_code")
    op.drop_table("login_code")
    op.create_table(
        "login_code",
        sa.Column("browser_hash", sa.LargeBinary(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("code_hash", sa.Text(), nullable=False),
        sa.Column("asked_at", UtcTime(), nullable=False),
        sa.Column("expires_at", UtcTime(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("used_at", UtcTime()),
        *constraints,
    )
    op.create_index("ix_login_code_asked_at", "login_code", ["asked_at"])
    op.execute(f"INSERT INTO login_code ({_COLUMNS}) SELECT {_COLUMNS} FROM kept_code {which}")  # noqa: S608 - ours
    op.drop_table("kept_code")
