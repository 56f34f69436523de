"""Pairs drawn from conversations, and questions to answer by hand."""

from collections.abc import Sequence

revision = "0020"
down_revision = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None: ...
