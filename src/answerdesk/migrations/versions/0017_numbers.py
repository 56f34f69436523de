"""Integer numbers beside our ids, for clients that know things by integers; conversations' domains.

A conversation keeps the domain on which it began, and the agent that answered there then.
"""

from collections.abc import Sequence

from alembic import op

from answerdesk.migrations.tenancy import isolate

revision = "0017"
down_revision = "0016"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# A person in two accounts has a number in each, as every number is an account's. All kinds share the
# sequence, because clients list agents and people together.
NUMBERS = """
create sequence public_number_next;
create table public_number (
  account_id uuid not null references account on delete cascade,
  kind text not null check (
    kind in ('account', 'user', 'agent', 'domain', 'item', 'key', 'conversation', 'message')
  ),
  id uuid not null,
  number bigint not null check (number between 1 and 9007199254740991),
  primary key (account_id, kind, id),
  unique (kind, number)
);
create function thing_of_number(p_kind text, p_number bigint)
returns table (account_id uuid, id uuid)
language sql stable security definer rows 1 set search_path = public, pg_temp
as $$ select n.account_id, n.id from public.public_number n
       where n.kind = p_kind and n.number = p_number $$;
revoke all on function thing_of_number(text, bigint) from public;
"""

# Whoever deletes a thing with a public id calls this already, so the number goes with it.
FORGET = """
create index public_number_by_id on public_number (id);
create or replace function forget_public_ids(p_ids uuid[]) returns bigint
language sql volatile security definer set search_path = public, pg_temp
as $$ with numbers as (
        delete from public.public_number where id = any(p_ids)
         and account_id = nullif(current_setting('answerdesk.account_id', true), '')::uuid
      ), gone as (
        delete from public.public_id where id = any(p_ids)
         and account_id = nullif(current_setting('answerdesk.account_id', true), '')::uuid
        returning 1
      ) select count(*) from gone $$;
"""

DOMAINS = "alter table conversation add column domain_id uuid, add column agent_id uuid"


def upgrade() -> None:
    for statements in (NUMBERS, FORGET, DOMAINS):
        op.get_bind().exec_driver_sql(statements)
    isolate("public_number")
