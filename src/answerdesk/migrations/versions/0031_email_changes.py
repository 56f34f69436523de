"""People change the e-mail address that they log in with.

The version before, which may run beside this one, needs none of it.
"""

from collections.abc import Sequence

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# One row a change: asked for, and later confirmed by the link that is mailed to the new address. It
# has the old address, which is told of it. The operator's own changes have no token.
CHANGES = """
create table email_change (
  id uuid primary key,
  user_id uuid not null references app_user on delete cascade,
  old_email text not null,
  new_email text not null,
  token_hash bytea unique,
  letter text,
  letter_at timestamptz,
  letter_error text,
  expires_at timestamptz not null,
  confirmed_at timestamptz,
  created_at timestamptz not null default clock_timestamp()
);
create unique index email_change_open on email_change (user_id) where confirmed_at is null;
create index email_change_by_user on email_change (user_id);
create index email_change_by_end on email_change (expires_at);
"""

LOOK_UP = """
create function user_of_email_change(p_token_hash bytea) returns uuid
language sql stable security definer set search_path = public, pg_temp
as $$ select c.user_id from public.email_change c join public.app_user u on u.id = c.user_id
       where c.token_hash = p_token_hash and c.confirmed_at is null and c.expires_at > now()
        and u.disabled_at is null $$;
revoke all on function user_of_email_change(bytea) from public;
-- Changes that nobody can confirm or needs to be told of any more, of all people; tells how many.
create function forget_email_changes(p_limit integer) returns bigint
language sql volatile security definer set search_path = public, pg_temp
as $$ with gone as (
        delete from public.email_change where id in (
          select id from public.email_change where expires_at < now() - interval '1 day'
           order by expires_at limit p_limit)
        returning 1
      ) select count(*) from gone $$;
revoke all on function forget_email_changes(integer) from public;
"""

_USER = "nullif(current_setting('answerdesk.user_id', true), '')::uuid"


def upgrade() -> None:
    for statements in (CHANGES, LOOK_UP):
        op.get_bind().exec_driver_sql(statements)
    op.execute("alter table email_change enable row level security")
    op.execute(
        f"create policy self on email_change using (user_id = {_USER})"
        f" with check (user_id = {_USER})"
    )
