"""Named contexts that a request to an agent can name, and when an agent's delayed replies go out.

The version before, which may run beside this one, creates agents without a response profile: they
are always available.
"""

from collections.abc import Sequence

from alembic import op

from answerdesk.migrations.tenancy import isolate

revision = "0016"
down_revision = "0015"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

CONTEXTS = """
create table context (
  account_id uuid not null,
  id uuid not null,
  project_id uuid not null,
  name text not null,
  text text not null,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (account_id, id),
  foreign key (account_id, project_id) references project on delete cascade
)
"""
BY_PROJECT = """
create index context_by_project on context (account_id, project_id, created_at, id)
"""


def upgrade() -> None:
    op.execute("alter table agent add column response_profile jsonb")
    op.execute(CONTEXTS)
    op.execute(BY_PROJECT)
    isolate("context")
