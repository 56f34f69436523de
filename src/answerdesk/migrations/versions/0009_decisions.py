"""What was decided about a question, and what an answer consists of."""

from collections.abc import Sequence

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Both are null in rows of versions before, and of people's messages. No check of the values: the next
# version may know more of them while this one still runs.
DECISIONS = """
alter table turn add column decision text;
alter table message add column blocks jsonb;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(DECISIONS)
