"""What the owner should know of a document that was read: characters that were lost."""

from collections.abc import Sequence

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("alter table document add column note text")
