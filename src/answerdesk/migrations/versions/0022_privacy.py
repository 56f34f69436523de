"""Retention, and receipts of erasures."""

from collections.abc import Sequence

revision = "0022"
down_revision = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None: ...
