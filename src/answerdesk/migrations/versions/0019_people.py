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
  add column wait_told_at timestamptz,
  add column snoozed_until timestamptz,
  add column visitor_wrote_at timestamptz not null default clock_timestamp();
update conversation c set visitor_wrote_at = coalesce(
  (select max(m.created_at) from message m where m.account_id = c.account_id
    and m.conversation_id = c.id and m.author = 'visitor'), c.created_at);
update conversation set waiting_since = coalesce(escalated_at, updated_at),
  wait_told_at = clock_timestamp() where state = 'waiting';
alter table conversation add constraint conversation_person_has_it
  check (assignee_id is null or state = 'human');
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

# Those that somebody has put off stay open, whoever has them.
# One whose time is over has to be woken first (`inbox.snoozing`), which counts as activity.
IDLE = """
create or replace function idle_conversations(p_seconds double precision, p_limit integer)
returns table (account_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp
as $$ select c.account_id, c.id from public.conversation c
       where c.state = 'ai' and c.updated_at < clock_timestamp() - make_interval(secs => p_seconds)
        and c.snoozed_until is null
       order by c.updated_at limit p_limit $$;
"""

# What is one person's own goes with their membership, however that ends.
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
  foreign key (account_id, user_id) references membership (account_id, user_id) on delete cascade,
  foreign key (account_id, conversation_id) references conversation on delete cascade
);
create index draft_by_conversation on draft (account_id, conversation_id);
create table read_mark (
  account_id uuid not null,
  user_id uuid not null,
  conversation_id uuid not null,
  read_at timestamptz not null,
  primary key (account_id, user_id, conversation_id),
  foreign key (account_id, user_id) references membership (account_id, user_id) on delete cascade,
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
  foreign key (account_id, project_id) references project on delete cascade,
  foreign key (account_id, owner_id) references membership (account_id, user_id) on delete cascade
);
create index canned_reply_by_project on canned_reply (account_id, project_id);
create index canned_reply_by_owner on canned_reply (account_id, owner_id)
 where owner_id is not null;
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

# A clock runs from the moment that a visitor waits for a person to `due_at`, in office hours. One that
# is `breached_at` has been told of, and is not told again. `took_minutes` of office hours have passed
# until it was met. Clocks are derived from a conversation's events, which have an index for that.
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
  took_minutes double precision,
  primary key (account_id, id),
  foreign key (account_id, conversation_id) references conversation on delete cascade
);
create unique index sla_clock_running on sla_clock (account_id, conversation_id, target)
 where met_at is null and cancelled_at is null;
create index sla_clock_by_project on sla_clock (account_id, project_id, started_at);
create index sla_clock_by_conversation on sla_clock (account_id, conversation_id);
create index event_of_hands on event (account_id, (payload->>'conversation_id'), id)
 where type in ('conversation.escalated', 'conversation.updated', 'conversation.ended')
  or (type = 'message.sent' and payload->>'author' = 'human');
"""

# A person has one notice of each kind about each thing: the newest takes the older one's place.
# `told_at`: their browser was told. `notice_mail` bounds how often mails are sent to a person.
NOTICES = """
create table notice_preference (
  account_id uuid not null,
  user_id uuid not null,
  preference jsonb not null,
  updated_at timestamptz not null default clock_timestamp(),
  primary key (account_id, user_id),
  foreign key (account_id, user_id) references membership (account_id, user_id) on delete cascade
);
create table notice_mail (
  account_id uuid not null,
  user_id uuid not null,
  next_at timestamptz not null,
  failures integer not null default 0,
  primary key (account_id, user_id),
  foreign key (account_id, user_id) references membership (account_id, user_id) on delete cascade
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
  told_at timestamptz,
  mailed_at timestamptz,
  dropped_at timestamptz,
  created_at timestamptz not null default clock_timestamp(),
  primary key (account_id, id),
  foreign key (account_id, user_id) references membership (account_id, user_id) on delete cascade,
  foreign key (account_id, project_id) references project on delete cascade,
  foreign key (account_id, conversation_id) references conversation on delete cascade
);
create unique index notice_newest on notice
 (account_id, user_id, kind, coalesce(lead_id, conversation_id));
create index notice_to_tell on notice (account_id, user_id, due_at)
 where dropped_at is null and (browser and told_at is null or mail and mailed_at is null);
create index notice_by_user on notice (account_id, user_id, due_at);
create index notice_by_project on notice (account_id, project_id);
create index notice_by_conversation on notice (account_id, conversation_id);
create index notice_old on notice (created_at);
create function forget_notices(p_days integer, p_most integer) returns bigint
language sql volatile security definer set search_path = public, pg_temp
as $$ with gone as (
        delete from public.notice where (account_id, id) in (
         select account_id, id from public.notice
          where created_at < clock_timestamp() - make_interval(days => p_days) limit p_most)
        returning 1
      ) select count(*) from gone $$;
revoke all on function forget_notices(integer, integer) from public;
"""

# Whoever waits and whoever is to be told doesn't depend on a setting, so every account has these
# consumers from its beginning. A consumer may want only what is said while a person has the
# conversation (`message.sent/human`): it is not scheduled for the chats of the assistant.
CONSUMERS = """
create or replace function schedule_event_consumers() returns trigger
language plpgsql as $$
declare
  told text;
begin
  for told in
    with wanted as (
      select e.account_id, c.job, e.id,
       (row_number() over (partition by e.account_id, c.job order by e.id) - 1) / 100 as part
      from fresh e join event_consumer c
        on c.account_id = e.account_id and (c.types && array[e.type, '*']
         or e.type || '/human' = any(c.types) and exists (select from conversation v
          where v.account_id = e.account_id and v.state = 'human'
           and v.id = cast(substr(e.payload->>'conversation_id', 6) as uuid)))
    ), scheduled as (
      insert into due_job (account_id, name, payload, state, run_at)
      select account_id, job, jsonb_build_object('events', jsonb_agg(id order by id)), 'ready',
       clock_timestamp()
      from wanted group by account_id, job, part returning name
    ) select distinct name from scheduled
  loop
    perform pg_notify('due_job', 'ready:' || told);
  end loop;
  return null;
end $$;
"""

EVERY_ACCOUNTS_CONSUMERS = """ (values
  ('notices.gather', array['conversation.escalated', 'conversation.updated', 'lead.created',
    'message.received/human', 'sla.breached']),
  ('service_levels.follow', array['conversation.escalated', 'conversation.updated',
    'conversation.ended', 'message.sent/human'])
 ) as consumer (job, types)"""

OF_NEW_ACCOUNTS = f"""
create function add_consumers() returns trigger
language plpgsql as $$
begin
  insert into event_consumer (account_id, job, types)
  select new.account_id, job, types from {EVERY_ACCOUNTS_CONSUMERS};
  return null;
end $$;
create trigger add_consumers after insert on account
 for each row execute function add_consumers();
insert into event_consumer (account_id, job, types)
 select account_id, job, types from account, {EVERY_ACCOUNTS_CONSUMERS};
"""  # noqa: S608 - put together from constants of this module only.

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


# Lists and search of the inbox. The account is one of a message's words, so that an account's words
# are found without those of others. Row-level security would keep such a search from the index, so
# a function does it, which shows nothing but ids of the account's own conversations.
LISTS = """
create index conversation_recent on conversation (account_id, updated_at desc, id desc);
create index conversation_snoozed on conversation (account_id, snoozed_until)
 where snoozed_until is not null;
create index conversation_waiting on conversation (account_id, waiting_since, id)
 where waiting_since is not null;
create index visitor_named on visitor (account_id, created_at desc)
 where email is not null or name is not null;
create function message_words(p_account uuid, p_content text) returns tsvector
language sql immutable parallel safe
as $$ select array_to_tsvector(array['account:' || p_account::text])
        || to_tsvector('pg_catalog.simple'::regconfig, p_content) $$;
create index message_words on message using gin (message_words(account_id, content));
create function conversations_with(p_search text) returns table (conversation_id uuid)
language plpgsql stable security definer set search_path = public, pg_temp
as $$
declare
  tenant text := nullif(current_setting('answerdesk.account_id', true), '');
  wanted tsquery := websearch_to_tsquery('pg_catalog.simple', p_search);
begin
  if tenant is null or numnode(wanted) = 0 then
    return;
  end if;
  return query select m.conversation_id from public.message m
   where message_words(m.account_id, m.content)
     @@ (quote_literal('account:' || tenant)::tsquery && wanted)
    and m.account_id = tenant::uuid limit 2000;
end $$;
revoke all on function conversations_with(text) from public;
"""


def upgrade() -> None:
    of_conversations = (CONVERSATIONS, IDLE, INBOX, SERVICE_LEVELS)
    for statements in (*of_conversations, NOTICES, CONSUMERS, OF_NEW_ACCOUNTS, LIVE, LISTS):
        op.get_bind().exec_driver_sql(statements)
    for table in (
        *("note", "conversation_tag", "draft", "read_mark", "canned_reply", "satisfaction"),
        *("sla_clock", "notice_preference", "notice_mail", "notice", "live_account", "presence"),
    ):
        isolate(table)
