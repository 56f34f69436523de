"""Overviews of projects count turns by their time.

The version before, which may run beside this one, needs none of it.
"""

from collections.abc import Sequence

from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TURNS = """
create index turn_by_time on turn (account_id, project_id, created_at);
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(TURNS)
