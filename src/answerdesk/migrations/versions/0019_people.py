"""People: who has a conversation, the inbox, live views, notices, service levels, satisfaction."""

from collections.abc import Sequence

from alembic import op

from answerdesk.migrations.tenancy import isolate

revision = "0019"
down_revision = "0018"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# `version` rises with every change of the row, whoever makes it, so that a reader can tell the older
# of two readings. Changes of what belongs to it (notes, tags) touch the row.
CONVERSATIONS = """
alter table conversation
  add column version bigint not null default 1,
  add column assignee_id uuid,
  add column waiting_since timestamptz,
  add column snoozed_until timestamptz,
  add column visitor_wrote_at timestamptz not null default clock_timestamp();
update conversation c set visitor_wrote_at = coalesce(
  (select max(m.created_at) from message m where m.account_id = c.account_id
    and m.conversation_id = c.id and m.author = 'visitor'), c.created_at);
update conversation set waiting_since = coalesce(escalated_at, updated_at) where state = 'waiting';
create function raise_version() returns trigger
language plpgsql as $$
begin
  new.version := old.version + 1;
  return new;
end $$;
create trigger raise_version before update on conversation
 for each row execute function raise_version();
create index conversation_in_hand on conversation (account_id, state, waiting_since)
 where state in ('waiting', 'human');
create index conversation_by_assignee on conversation (account_id, assignee_id, updated_at desc)
 where assignee_id is not null;
alter table message add column sender_id uuid;
alter table visitor add column attributes jsonb not null default '{}';
"""

INBOX = """
create table note (
  account_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  project_id uuid not null,
  author_id uuid,
  content text not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (account_id, id),
  foreign key (account_id, conversation_id) references conversation on delete cascade
);
create index note_by_conversation on note (account_id, conversation_id, created_at, id);
create table conversation_tag (
  account_id uuid not null,
  conversation_id uuid not null,
  tag text not null,
  primary key (account_id, conversation_id, tag),
  foreign key (account_id, conversation_id) references conversation on delete cascade
);
create index conversation_tag_by_tag on conversation_tag (account_id, tag);
create table draft (
  account_id uuid not null,
  user_id uuid not null,
  conversation_id uuid not null,
  kind text not null check (kind in ('reply', 'note')),
  content text not null,
  version bigint not null default 1,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (account_id, user_id, conversation_id, kind),
  foreign key (account_id, conversation_id) references conversation on delete cascade
);
create index draft_by_conversation on draft (account_id, conversation_id);
create table read_mark (
  account_id uuid not null,
  user_id uuid not null,
  conversation_id uuid not null,
  read_at timestamptz not null,
  primary key (account_id, user_id, conversation_id),
  foreign key (account_id, conversation_id) references conversation on delete cascade
);
create index read_mark_by_conversation on read_mark (account_id, conversation_id);
create table canned_reply (
  account_id uuid not null references account on delete cascade,
  id uuid not null,
  project_id uuid,
  owner_id uuid,
  shortcut text not null,
  title text not null,
  content text not null,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (account_id, id),
  foreign key (account_id, project_id) references project on delete cascade
);
create index canned_reply_by_project on canned_reply (account_id, project_id);
create unique index canned_reply_shortcut on canned_reply
 (account_id, coalesce(project_id, account_id), coalesce(owner_id, account_id), lower(shortcut));
create table satisfaction (
  account_id uuid not null,
  conversation_id uuid not null,
  project_id uuid not null,
  score smallint not null check (score between 1 and 5),
  comment text,
  created_at timestamptz not null default clock_timestamp(),
  primary key (account_id, conversation_id),
  foreign key (account_id, conversation_id) references conversation on delete cascade
);
create index satisfaction_by_project on satisfaction (account_id, project_id, created_at);
"""

# A clock runs from the moment that a visitor waits for a person (or a conversation for its end) to
# `due_at`, in opening hours. One that is `breached_at` has been told of, and is not told again.
SERVICE_LEVELS = """
create table sla_clock (
  account_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  project_id uuid not null,
  target text not null check (target in ('first_response', 'resolution')),
  started_at timestamptz not null,
  due_at timestamptz not null,
  met_at timestamptz,
  breached_at timestamptz,
  cancelled_at timestamptz,
  primary key (account_id, id),
  foreign key (account_id, conversation_id) references conversation on delete cascade
);
create unique index sla_clock_running on sla_clock (account_id, conversation_id, target)
 where met_at is null and cancelled_at is null;
create index sla_clock_by_project on sla_clock (account_id, project_id, started_at);
"""

NOTICES = """
create table notice_preference (
  account_id uuid not null references account on delete cascade,
  user_id uuid not null,
  preference jsonb not null,
  version bigint not null default 1,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (account_id, user_id)
);
create table notice (
  account_id uuid not null,
  id uuid not null,
  user_id uuid not null,
  project_id uuid not null,
  kind text not null check (kind in ('waiting', 'lead', 'assigned', 'reply', 'sla')),
  conversation_id uuid,
  lead_id uuid,
  event_id bigint not null,
  due_at timestamptz not null,
  mail boolean not null,
  browser boolean not null,
  mailed_at timestamptz,
  dropped_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  primary key (account_id, id),
  unique (account_id, user_id, event_id),
  foreign key (account_id, project_id) references project on delete cascade,
  foreign key (account_id, conversation_id) references conversation on delete cascade
);
create index notice_to_mail on notice (account_id, user_id, due_at)
 where mail and mailed_at is null and dropped_at is null;
create index notice_by_project on notice (account_id, project_id);
create index notice_by_conversation on notice (account_id, conversation_id);
create index notice_old on notice (created_at);
"""

# Only accounts that somebody watches are told of at their commits: a notification takes a lock of
# the whole database. `until` is renewed while there are watchers; whoever begins to watch looks once
# by itself, so a writer that did not see the row yet is not missed.
LIVE = """
create table live_account (
  account_id uuid primary key references account on delete cascade,
  until timestamptz not null
);
create table presence (
  account_id uuid not null references account on delete cascade,
  user_id uuid not null,
  stream_id uuid not null,
  conversation_id uuid,
  until timestamptz not null,
  primary key (account_id, user_id, stream_id)
);
create function tell_live() returns trigger
language plpgsql as $$
declare
  told uuid;
begin
  for told in
    select distinct e.account_id from fresh e join live_account l
      on l.account_id = e.account_id and l.until > clock_timestamp()
  loop
    perform pg_notify('live', told::text);
  end loop;
  return null;
end $$;
create trigger tell_live after insert on event
 referencing new table as fresh for each statement execute function tell_live();
"""


def upgrade() -> None:
    for statements in (CONVERSATIONS, INBOX, SERVICE_LEVELS, NOTICES, LIVE):
        op.get_bind().exec_driver_sql(statements)
    for table in (
        *("note", "conversation_tag", "draft", "read_mark", "canned_reply", "satisfaction"),
        *("sla_clock", "notice_preference", "notice", "live_account", "presence"),
    ):
        isolate(table)
