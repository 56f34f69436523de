"""People, keys, plans and limits; agents; visitors of the native tier; what was changed by whom."""

from collections.abc import Sequence

from alembic import op

from answerdesk.migrations.tenancy import isolate

revision = "0004"
down_revision = "0003"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# A person may belong to several accounts, so that these two tables have no tenant. A transaction
# sees the person whose id it has set (`answerdesk.user_id`), and the members of its own account.
PEOPLE = """
create table app_user (
  id uuid primary key,
  email text not null,
  email_key text not null unique,
  name text not null default '',
  password_hash text,
  password_changed_at timestamptz,
  disabled_at timestamptz,
  created_at timestamptz not null default now()
);
create table password_reset (
  id uuid primary key,
  user_id uuid not null references app_user on delete cascade,
  token_hash bytea not null unique,
  expires_at timestamptz not null,
  used_at timestamptz,
  created_at timestamptz not null default now()
);
create index password_reset_by_user on password_reset (user_id);
create table membership (
  account_id uuid not null references account on delete cascade,
  id uuid not null,
  user_id uuid not null references app_user on delete cascade,
  role text not null check (role in ('owner', 'admin', 'agent', 'viewer')),
  created_at timestamptz not null default now(),
  primary key (account_id, id),
  unique (account_id, user_id)
);
create index membership_by_user on membership (user_id);
create table invitation (
  account_id uuid not null references account on delete cascade,
  id uuid not null,
  email text not null,
  role text not null check (role in ('admin', 'agent', 'viewer', 'owner')),
  token_hash bytea not null,
  invited_by text not null,
  expires_at timestamptz not null,
  accepted_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (account_id, id)
);
-- One log-in of one person to one account. `generation` rises with every rotation: a refresh token of
-- an earlier one is a stolen one, and ends the log-in.
create table login_session (
  account_id uuid not null references account on delete cascade,
  id uuid not null,
  user_id uuid not null references app_user on delete cascade,
  secret_hash bytea not null,
  generation integer not null default 1,
  user_agent text not null default '',
  expires_at timestamptz not null,
  used_at timestamptz not null default now(),
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (account_id, id)
);
create index login_session_by_user on login_session (user_id);
"""

KEYS = """
create table api_key (
  account_id uuid not null references account on delete cascade,
  id uuid not null,
  name text not null,
  prefix text not null,
  hint text not null,
  key_hash bytea not null unique,
  scopes text[] not null,
  project_ids uuid[],
  created_by text not null,
  expires_at timestamptz,
  last_used_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (account_id, id)
);
-- Secrets that have to be read again are sealed with a key that is not in the database.
create table stored_secret (
  account_id uuid not null references account on delete cascade,
  subject_id uuid not null,
  name text not null,
  key_id text not null,
  sealed bytea not null,
  updated_at timestamptz not null default now(),
  primary key (account_id, subject_id, name)
);
create table audit_entry (
  account_id uuid not null references account on delete cascade,
  id uuid not null,
  actor_kind text not null,
  actor_id uuid,
  actor_name text not null,
  action text not null,
  target_kind text not null,
  target_id text not null,
  address text,
  detail jsonb not null default '{}',
  at timestamptz not null default clock_timestamp(),
  primary key (account_id, id)
);
create index audit_entry_by_time on audit_entry (account_id, at desc, id desc);
create table idempotent_request (
  account_id uuid not null references account on delete cascade,
  subject uuid not null,
  key text not null,
  fingerprint bytea not null,
  status integer,
  headers jsonb,
  body bytea,
  locked_until timestamptz not null,
  created_at timestamptz not null default now(),
  primary key (account_id, subject, key)
);
create index idempotent_request_by_age on idempotent_request (created_at);
"""

# Not tenant data: a name, a time and a number. Names hold ids and hashes, never an address or a text.
LIMITS = """
create table rate_window (
  name text primary key,
  ends_at timestamptz not null,
  count bigint not null
);
create index rate_window_by_end on rate_window (ends_at);
alter table account
  add column plan text not null default 'unlimited',
  add column suspended_at timestamptz;
create table message_count (
  account_id uuid not null references account on delete cascade,
  scope text not null,
  subject_id uuid not null,
  period date not null,
  count bigint not null,
  primary key (account_id, scope, subject_id, period)
);
"""

PROJECTS = """
-- What is deleted is invisible at once (`deleted_at`); due work then removes all that belongs to it.
alter table project
  add column version bigint not null default 1,
  add column updated_at timestamptz not null default now(),
  add column deleted_at timestamptz;
-- No welcome of the look's own leaves it to the active agent's greeting.
update project set settings = settings #- '{look,welcome}'
 where settings #>> '{look,welcome}' = 'Hi! Ask me anything about our docs.';
-- A message takes the answers to it along; without an index each would read the whole table.
create index message_by_question on message (account_id, question_id) where question_id is not null;
create table widget_key (
  account_id uuid not null,
  id uuid not null,
  project_id uuid not null,
  name text not null,
  revoked_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (account_id, id),
  foreign key (account_id, project_id) references project on delete cascade
);
create index widget_key_by_project on widget_key (account_id, project_id);
create table agent (
  account_id uuid not null,
  id uuid not null,
  project_id uuid not null,
  name text not null,
  settings jsonb not null default '{}',
  active boolean not null default false,
  version bigint not null default 1,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (account_id, id),
  foreign key (account_id, project_id) references project on delete cascade
);
create unique index agent_active on agent (account_id, project_id) where active;
create index agent_by_project on agent (account_id, project_id, created_at, id);
-- Every project begins with an agent, which is active; those made before now get theirs here.
insert into agent (account_id, id, project_id, name, active)
select account_id, gen_random_uuid(), id, 'Assistant', true from project;
-- `external_id` is what a client calls itself, a claim; `identity` what a site has signed. A visitor
-- whom we named ourselves, by a signed token, has neither, so that no claim can ever name it.
alter table visitor
  alter column external_id drop not null,
  add column identity text,
  add column email text,
  add column name text;
create unique index visitor_by_identity on visitor (account_id, project_id, identity)
  where identity is not null;
create index conversation_by_visitor on conversation (account_id, visitor_id, created_at desc, id)
  where visitor_id is not null;
create index lead_by_project on lead (account_id, project_id, created_at desc, id desc);
"""

LOOK_UP = """
create function user_by_email(p_email_key text)
returns table (id uuid, password_hash text, disabled boolean)
language sql stable security definer set search_path = public, pg_temp
as $$ select id, password_hash, disabled_at is not null from public.app_user
       where email_key = p_email_key $$;
revoke all on function user_by_email(text) from public;
create function user_of_reset(p_token_hash bytea) returns uuid
language sql stable security definer set search_path = public, pg_temp
as $$ select user_id from public.password_reset
       where token_hash = p_token_hash and used_at is null and expires_at > now() $$;
revoke all on function user_of_reset(bytea) from public;
create function accounts_of_user()
returns table (account_id uuid, name text, role text, suspended boolean)
language sql stable security definer set search_path = public, pg_temp
as $$ select m.account_id, a.name, m.role, a.suspended_at is not null
        from public.membership m join public.account a using (account_id)
       where m.user_id = nullif(current_setting('answerdesk.user_id', true), '')::uuid
       order by m.created_at, m.account_id $$;
revoke all on function accounts_of_user() from public;
create function account_of_key(p_key_hash bytea) returns uuid
language sql stable security definer set search_path = public, pg_temp
as $$ select account_id from public.api_key where key_hash = p_key_hash $$;
revoke all on function account_of_key(bytea) from public;
-- Whose stored secrets are still sealed with another key than the newest: an id, no more.
create function account_to_reseal(p_key_id text) returns uuid
language sql stable security definer set search_path = public, pg_temp
as $$ select account_id from public.stored_secret where key_id <> p_key_id limit 1 $$;
revoke all on function account_to_reseal(text) from public;
-- Counts of days and months that nobody asks for any more, of all accounts; tells how many.
create function forget_message_counts() returns bigint
language sql volatile security definer set search_path = public, pg_temp
as $$ with gone as (
        delete from public.message_count where period < current_date - 62 returning 1
      ) select count(*) from gone $$;
revoke all on function forget_message_counts() from public;
-- Ids of things that are deleted, of the transaction's own account only.
create function forget_public_ids(p_ids uuid[]) returns bigint
language sql volatile security definer set search_path = public, pg_temp
as $$ with gone as (
        delete from public.public_id where id = any(p_ids)
         and account_id = nullif(current_setting('answerdesk.account_id', true), '')::uuid
        returning 1
      ) select count(*) from gone $$;
revoke all on function forget_public_ids(uuid[]) from public;
"""

TENANT_TABLES = (
    "membership",
    "invitation",
    "login_session",
    "api_key",
    "stored_secret",
    "audit_entry",
    "idempotent_request",
    "message_count",
    "widget_key",
    "agent",
)

_USER = "nullif(current_setting('answerdesk.user_id', true), '')::uuid"


def upgrade() -> None:
    for statements in (PEOPLE, KEYS, LIMITS, PROJECTS, LOOK_UP):
        op.get_bind().exec_driver_sql(statements)
    for table in TENANT_TABLES:
        isolate(table)
    op.execute("alter table app_user enable row level security")
    op.execute(f"create policy self on app_user using (id = {_USER}) with check (id = {_USER})")
    # Whoever has set an account sees its members: the membership is itself under row-level security.
    op.execute(
        "create policy member on app_user for select using ("
        "exists (select from membership m where m.user_id = app_user.id))"
    )
    op.execute("alter table password_reset enable row level security")
    op.execute(
        f"create policy self on password_reset using (user_id = {_USER})"
        f" with check (user_id = {_USER})"
    )
