"""Actions that the assistant takes, and a log of their calls."""

from collections.abc import Sequence

revision = "0021"
down_revision = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None: ...
