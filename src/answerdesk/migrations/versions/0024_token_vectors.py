"""Vectors of passages' tokens, for late interaction.

Null in rows that were stored before, and in those of the version before, which may run beside this
one: a job fills them.
"""

from collections.abc import Sequence

from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("alter table embedding add column token_vectors bytea")
    # They don't compress, and their first byte is read alone.
    op.execute("alter table embedding alter column token_vectors set storage external")
