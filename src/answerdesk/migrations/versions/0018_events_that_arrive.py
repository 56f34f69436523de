"""Events with names of one form, a cursor for each account, webhooks, and delayed replies."""

from collections.abc import Sequence

from alembic import op

from answerdesk.migrations.tenancy import isolate

revision = "0018"
down_revision = "0017"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# The same event has the same name wherever it is shown.
NAMES = """
update event set type = name.new from (values
  ('new_conversation', 'conversation.started'),
  ('conversation_reopened', 'conversation.reopened'),
  ('conversation_ended', 'conversation.ended'),
  ('escalation', 'conversation.escalated'),
  ('person_took_over', 'conversation.updated'),
  ('handed_back', 'conversation.updated'),
  ('message_received', 'message.received'),
  ('question_answered', 'message.sent'),
  ('reply_sent', 'message.sent'),
  ('unanswered_question', 'question.unanswered'),
  ('answer_failed', 'answer.failed'),
  ('message_cap_reached', 'limit.reached'),
  ('feedback', 'feedback.positive'),
  ('negative_feedback', 'feedback.negative'),
  ('new_lead', 'lead.created'),
  ('lead_updated', 'lead.updated'),
  ('document_ready', 'document.ready'),
  ('document_failed', 'document.failed'),
  ('document_removed', 'document.removed'),
  ('source_synced', 'source.synced'),
  ('page_removed', 'page.removed'),
  ('page_removals_held', 'source.removals_held'),
  ('embedding_space_changed', 'embedding.changed')
) as name (old, new) where type = name.old
"""

# An event's id is taken before its transaction commits. To know which ids can still appear, each
# transaction locks the newest id that is there before it takes its first: a shared advisory lock of
# (the account's hash, the id's low 31 bits). Whoever reads notes the newest id, looks up the lowest
# of the account's locks, and reads up to the lower of the two. A writer whose lock is not seen has
# committed before, and is seen, or takes ids above the newest.
CURSOR = """
alter table event alter column id drop identity, drop column written_by;
create sequence event_id_seq owned by event.id;
select setval('event_id_seq', (select greatest(coalesce(max(id), 0), 1) from event));
create function event_lock(p_account text) returns integer
language sql immutable
as $$ select hashtext('event:' || p_account) $$;
create function next_event_id() returns bigint
language plpgsql volatile security definer set search_path = public, pg_temp
as $$
declare
  tenant text := nullif(current_setting('answerdesk.account_id', true), '');
  writer text;
begin
  if tenant is null then
    raise exception 'an event needs the tenant of its transaction';
  end if;
  writer := tenant || ':' || pg_current_xact_id()::text;
  if coalesce(current_setting('answerdesk.event_writer', true), '') <> writer then
    perform pg_advisory_xact_lock_shared(
      event_lock(tenant), (select (last_value & 2147483647)::integer from event_id_seq));
    perform set_config('answerdesk.event_writer', writer, true);
  end if;
  return nextval('event_id_seq');
end $$;
revoke all on function next_event_id() from public;
alter table event alter column id set default next_event_id();
create function settled_event_id() returns bigint
language plpgsql volatile security definer set search_path = public, pg_temp
as $$
declare
  newest bigint;
  behind bigint;
begin
  select last_value into newest from event_id_seq;
  -- How far the lowest lock is behind the newest id. One that seems to be half the range behind was
  -- taken after we noted the newest id.
  select max((newest - objid::bigint) & 2147483647) into behind from pg_locks
   where locktype = 'advisory' and objsubid = 2
   and database = (select oid from pg_database where datname = current_database())
   and classid::bigint = 4294967295 &
    event_lock(nullif(current_setting('answerdesk.account_id', true), ''))::bigint
   and (newest - objid::bigint) & 2147483647 < 1073741824;
  return newest - coalesce(behind, 0);
end $$;
revoke all on function settled_event_id() from public;
"""

# A job is scheduled by the statement that records the events, so nobody can forget to. 100 ids fit
# into a job's payload.
CONSUMERS = """
create table event_consumer (
  account_id uuid not null references account on delete cascade,
  job text not null,
  types text[] not null,
  primary key (account_id, job)
);
create function schedule_event_consumers() returns trigger
language plpgsql as $$
declare
  told text;
begin
  for told in
    with wanted as (
      select e.account_id, c.job, e.id,
       (row_number() over (partition by e.account_id, c.job order by e.id) - 1) / 100 as part
      from fresh e join event_consumer c
        on c.account_id = e.account_id and c.types && array[e.type, '*']
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
create trigger event_consumers after insert on event
 referencing new table as fresh for each statement execute function schedule_event_consumers();
"""

WEBHOOKS = """
create table webhook_endpoint (
  account_id uuid not null references account on delete cascade,
  id uuid not null,
  project_id uuid,
  url text not null,
  description text not null default '',
  format text not null,
  events text[],
  enabled boolean not null default true,
  disabled_reason text check (disabled_reason in ('owner', 'gone', 'failing')),
  failing_since timestamptz,
  resting_until timestamptz,
  old_secret_until timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (account_id, id),
  foreign key (account_id, project_id) references project on delete cascade
);
create index webhook_endpoint_by_project on webhook_endpoint (account_id, project_id);
create table webhook_delivery (
  account_id uuid not null,
  id uuid not null,
  endpoint_id uuid not null,
  project_id uuid,
  event_id bigint,
  type text not null,
  about uuid[] not null default '{}',
  private boolean not null default false,
  state text not null default 'pending'
   check (state in ('pending', 'delivered', 'failed', 'cancelled')),
  attempts integer not null default 0,
  earlier_attempts integer not null default 0,
  due_at timestamptz not null default clock_timestamp(),
  error text,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  primary key (account_id, id),
  unique (account_id, endpoint_id, event_id),
  foreign key (account_id, endpoint_id) references webhook_endpoint on delete cascade,
  foreign key (account_id, project_id) references project on delete cascade
);
create index webhook_delivery_due on webhook_delivery (account_id, endpoint_id, due_at)
 where state = 'pending';
create index webhook_delivery_by_endpoint
 on webhook_delivery (account_id, endpoint_id, created_at desc, id desc);
create index webhook_delivery_by_project on webhook_delivery (account_id, project_id);
create index webhook_delivery_about on webhook_delivery using gin (about);
create index webhook_delivery_ended on webhook_delivery (ended_at) where state <> 'pending';
create table webhook_attempt (
  account_id uuid not null,
  delivery_id uuid not null,
  number integer not null,
  begun_at timestamptz not null,
  milliseconds integer not null,
  status integer,
  error text,
  headers jsonb,
  answer text,
  primary key (account_id, delivery_id, number),
  foreign key (account_id, delivery_id) references webhook_delivery on delete cascade
);
create function accounts_with_old_deliveries(p_days integer) returns table (account_id uuid)
language sql stable security definer set search_path = public, pg_temp
as $$ select distinct d.account_id from public.webhook_delivery d
       where d.state <> 'pending' and d.ended_at < now() - make_interval(days => p_days) $$;
revoke all on function accounts_with_old_deliveries(integer) from public;
"""

DELAYED_REPLIES = """
create table delayed_reply (
  account_id uuid not null references account on delete cascade,
  id uuid not null,
  project_id uuid not null,
  agent_id uuid not null,
  endpoint_id uuid not null,
  conversation_id uuid,
  size integer not null,
  state text not null default 'scheduled'
   check (state in ('scheduled', 'delivering', 'cancelled', 'failed')),
  reason text,
  delivery_id uuid,
  scheduled_for timestamptz not null,
  created_at timestamptz not null default clock_timestamp(),
  ended_at timestamptz,
  primary key (account_id, id),
  foreign key (account_id, project_id) references project on delete cascade,
  foreign key (account_id, delivery_id) references webhook_delivery on delete cascade
);
create index delayed_reply_pending on delayed_reply (account_id) include (size)
 where state = 'scheduled';
create index delayed_reply_by_project on delayed_reply (account_id, project_id);
create index delayed_reply_by_conversation on delayed_reply (account_id, conversation_id)
 where conversation_id is not null and state = 'scheduled';
create index delayed_reply_by_delivery on delayed_reply (account_id, delivery_id)
 where delivery_id is not null;
create index delayed_reply_ended on delayed_reply (ended_at) where ended_at is not null;
-- Those that ended before anything was sent, of all accounts; tells how many. The others go with
-- their delivery.
create function forget_delayed_replies(p_days integer, p_most integer) returns bigint
language sql volatile security definer set search_path = public, pg_temp
as $$ with gone as (
        delete from public.delayed_reply where (account_id, id) in (
         select account_id, id from public.delayed_reply
          where ended_at < clock_timestamp() - make_interval(days => p_days) limit p_most)
        returning 1
      ) select count(*) from gone $$;
revoke all on function forget_delayed_replies(integer, integer) from public;
"""

# What is sealed for a row goes with it, however it is deleted.
SECRETS = """
create function forget_stored_secrets() returns trigger
language plpgsql as $$
begin
  delete from stored_secret using gone
   where stored_secret.account_id = gone.account_id and stored_secret.subject_id = gone.id;
  return null;
end $$;
create trigger stored_secrets after delete on webhook_endpoint
 referencing old table as gone for each statement execute function forget_stored_secrets();
create trigger stored_secrets after delete on webhook_delivery
 referencing old table as gone for each statement execute function forget_stored_secrets();
create trigger stored_secrets after delete on delayed_reply
 referencing old table as gone for each statement execute function forget_stored_secrets();
"""


def upgrade() -> None:
    for statements in (NAMES, CURSOR, CONSUMERS, WEBHOOKS, DELAYED_REPLIES, SECRETS):
        op.get_bind().exec_driver_sql(statements)
    for table in (
        "event_consumer",
        "webhook_endpoint",
        "webhook_delivery",
        "webhook_attempt",
        "delayed_reply",
    ):
        isolate(table)
