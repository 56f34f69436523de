"""Conversations found by ids of other programs, and numbers beside our ids."""

from collections.abc import Sequence

revision = "0014"
down_revision = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
