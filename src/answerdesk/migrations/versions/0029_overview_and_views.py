"""Overviews of projects count turns by their time; views of the inbox are saved.

The version before, which may run beside this one, needs none of it.
"""

from collections.abc import Sequence

from alembic import op

from answerdesk.migrations.tenancy import isolate

revision = "0029"
down_revision = "0028"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

TURNS = """
create index turn_by_time on turn (account_id, project_id, created_at);
"""

# What is one person's own goes with their membership, however that ends; what is shared stays.
VIEWS = """
create table saved_view (
  account_id uuid not null references account on delete cascade,
  id uuid not null,
  owner_id uuid,
  maker_id uuid,
  name text not null,
  query jsonb not null,
  position integer not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (account_id, id),
  foreign key (account_id, owner_id) references membership (account_id, user_id) on delete cascade,
  foreign key (account_id, maker_id) references membership (account_id, user_id)
   on delete set null (maker_id)
);
create index saved_view_by_owner on saved_view (account_id, owner_id);
create index saved_view_by_maker on saved_view (account_id, maker_id);
"""


def upgrade() -> None:
    for statements in (TURNS, VIEWS):
        op.get_bind().exec_driver_sql(statements)
    isolate("saved_view")
