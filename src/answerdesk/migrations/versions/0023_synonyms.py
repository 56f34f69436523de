"""Words of the trade: groups of words that mean the same in a project.

Search reads a project's groups again when `synonyms_rev` differs from what the process has; the
version before, which may run beside this one, reads none.
"""

from collections.abc import Sequence

from alembic import op

from answerdesk.migrations.tenancy import isolate

revision = "0023"
down_revision = "0022"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# `keys` are the terms as they are compared, see `synonyms.types.key_of`.
GROUPS = """
create table synonym_group (
  account_id uuid not null,
  id uuid not null,
  project_id uuid not null,
  terms text[] not null,
  keys text[] not null,
  version bigint not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (account_id, id),
  foreign key (account_id, project_id) references project on delete cascade
);
create index synonym_group_by_project
 on synonym_group (account_id, project_id, created_at, id);
"""


def upgrade() -> None:
    op.execute("alter table knowledge_base add column synonyms_rev bigint not null default 0")
    op.get_bind().exec_driver_sql(GROUPS)
    isolate("synonym_group")
