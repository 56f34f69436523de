"""Conversations found by ids of other programs, when they end, and which answers were read.

`external_id` is what a browser calls itself in Orac's widget. `outside_id` is what a program calls
its user in another dialect. They are columns apart, so that neither ever finds the other's, and so
that the version before, which may run beside this one, goes on as it did.
"""

from collections.abc import Sequence

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# `conversation_id` is the latest conversation under the outside id. Whoever begins another one
# changes it, in one statement that locks the visitor's row: so first messages that arrive together
# begin one conversation. It may name a conversation that has been erased, which then counts as none.
VISITORS = """
alter table visitor
  add column dialect text,
  add column outside_id text check (length(outside_id) between 1 and 200),
  add column conversation_id uuid,
  add constraint visitor_outside check (
    (dialect is null) = (outside_id is null)
    and (outside_id is null or (external_id is null and identity is null))
  );
create unique index visitor_by_outside_id on visitor (account_id, project_id, dialect, outside_id)
  where outside_id is not null;
"""

# `read` tells whether the visitor's program read the answer to its end; null if nobody noted it.
TURNS = """
alter table turn add column read boolean;
create index message_asked on message (account_id, project_id, created_at desc, id desc)
  where author = 'visitor';
"""

# Conversations of all accounts that the assistant has and nobody has written in: ids, no more.
IDLE = """
create index conversation_idle on conversation (updated_at) where state = 'ai';
create function idle_conversations(p_seconds double precision, p_limit integer)
returns table (account_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp
as $$ select c.account_id, c.id from public.conversation c
       where c.state = 'ai' and c.updated_at < clock_timestamp() - make_interval(secs => p_seconds)
       order by c.updated_at limit p_limit $$;
revoke all on function idle_conversations(double precision, integer) from public;
"""


def upgrade() -> None:
    for statements in (VISITORS, TURNS, IDLE):
        op.get_bind().exec_driver_sql(statements)
