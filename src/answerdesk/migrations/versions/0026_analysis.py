"""By which analysis a project's terms were made at least; its job makes older ones anew.

The version before may run beside this one and add chunks with older terms: they are found by what
both analyses have in common, as all are until the job has run.
"""

from collections.abc import Sequence

from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None


def upgrade() -> None:
    op.execute("alter table knowledge_base add column analysis smallint not null default 1")
