"""Log out everywhere."""

from collections.abc import Sequence

from alembic import op

revision = "0011"
down_revision = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    # Log-ins that began before do not hold, in whatever account they are.
    op.execute("alter table app_user add column logged_out_at timestamptz")
