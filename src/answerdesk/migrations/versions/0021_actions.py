"""Actions that the assistant takes, and a log of their calls.

The version before, which may run beside this one, knows no actions and answers such messages from
the knowledge.
"""

from collections.abc import Sequence

from alembic import op

from answerdesk.migrations.tenancy import isolate

revision = "0021"
down_revision = "0020"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ACTIONS = """
create table action (
  account_id uuid not null,
  id uuid not null,
  project_id uuid not null,
  name text not null,
  settings jsonb not null,
  header_names text[] not null default '{}',
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (account_id, id),
  foreign key (account_id, project_id) references project on delete cascade
);
create index action_by_project on action (account_id, project_id, created_at, id);
create trigger stored_secrets after delete on action
 referencing old table as gone for each statement execute function forget_stored_secrets();
"""

# A call is stored before it is made, so that one that a crash interrupts is in the log as well.
CALLS = """
create table action_call (
  account_id uuid not null,
  id uuid not null,
  project_id uuid not null,
  action_id uuid not null,
  conversation_id uuid,
  question_id uuid,
  parameters jsonb not null,
  status integer,
  milliseconds integer,
  response text,
  error text,
  begun_at timestamptz not null default clock_timestamp(),
  primary key (account_id, id),
  foreign key (account_id, project_id) references project on delete cascade,
  foreign key (account_id, action_id) references action on delete cascade,
  foreign key (account_id, conversation_id) references conversation on delete cascade
);
create index action_call_by_action on action_call (account_id, action_id, begun_at, id);
create index action_call_by_conversation on action_call (account_id, conversation_id);
create index action_call_by_project on action_call (account_id, project_id);
create index action_call_by_time on action_call (begun_at);
create function forget_action_calls(p_days integer, p_most integer) returns bigint
language sql volatile security definer set search_path = public, pg_temp
as $$ with gone as (
        delete from public.action_call where (account_id, id) in (
         select account_id, id from public.action_call
          where begun_at < clock_timestamp() - make_interval(days => p_days) limit p_most)
        returning 1
      ) select count(*) from gone $$;
revoke all on function forget_action_calls(integer, integer) from public;
"""

# `action` is what was decided to do for the question. A change of a project's actions raises their
# version, so that processes keep them in memory, as they keep the project.
COLUMNS = """
alter table turn add column action jsonb;
alter table project add column actions_version bigint not null default 0;
"""


def upgrade() -> None:
    run = op.get_bind().exec_driver_sql
    run(ACTIONS)
    run(CALLS)
    run(COLUMNS)
    isolate("action")
    isolate("action_call")
