"""Retention, receipts of erasures, and where a visitor agreed to leave a contact.

Receipts hold no personal data: `subject_hash` is keyed, and whom an erasure is about is sealed in
`stored_secret` until it is done.
"""

from collections.abc import Sequence

from alembic import op

from answerdesk.migrations.tenancy import isolate

revision = "0022"
down_revision = "0021"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ERASURES = """
create table erasure (
  account_id uuid not null,
  id uuid not null,
  project_id uuid not null,
  kind text not null check (kind in ('visitor_id', 'email', 'identity', 'external_id')),
  subject_hash bytea not null,
  state text not null default 'pending' check (state in ('pending', 'done')),
  conversations bigint not null default 0,
  messages bigint not null default 0,
  leads bigint not null default 0,
  visitors bigint not null default 0,
  drafts bigint not null default 0,
  deliveries bigint not null default 0,
  delayed_replies bigint not null default 0,
  requested_at timestamptz not null default clock_timestamp(),
  completed_at timestamptz,
  primary key (account_id, id),
  foreign key (account_id, project_id) references project on delete cascade
);
create index erasure_by_project on erasure (account_id, project_id, requested_at, id);
create index erasure_by_subject on erasure (account_id, project_id, subject_hash);
create trigger stored_secrets after delete on erasure
 referencing old table as gone for each statement execute function forget_stored_secrets();
"""

# People are found by an address whatever its case.
SUBJECTS = """
alter table lead add column consent_page_url text;
create index visitor_by_email on visitor (account_id, project_id, lower(email))
 where email is not null;
create index lead_by_email on lead (account_id, project_id, lower(email)) where email is not null;
create index lead_by_change on lead (account_id, project_id, updated_at);
create index visitor_by_time on visitor (account_id, project_id, seen_at);
create index notice_by_lead on notice (account_id, lead_id) where lead_id is not null;
"""

# What is older than its project keeps it, of all accounts: ids, no more. Whoever erases locks the
# rows and looks again.
RETENTION = """
create index project_that_forgets on project (account_id, id)
 where newer_settings->'privacy'->>'retention_days' is not null
  or newer_settings->'privacy'->>'lead_retention_days' is not null;
create function conversations_past_retention(p_limit integer)
returns table (account_id uuid, project_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp
as $$ select p.account_id, p.id, old.id from public.project p cross join lateral (
        select c.id from public.conversation c
         where c.account_id = p.account_id and c.project_id = p.id
          and c.state in ('ai', 'closed') and c.snoozed_until is null
          and c.updated_at < clock_timestamp() - make_interval(
           days => (p.newer_settings->'privacy'->>'retention_days')::integer)
         order by c.updated_at limit p_limit) old
       where p.deleted_at is null and p.newer_settings->'privacy'->>'retention_days' is not null
       limit p_limit $$;
create function visitors_past_retention(p_limit integer)
returns table (account_id uuid, project_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp
as $$ select p.account_id, p.id, old.id from public.project p cross join lateral (
        select v.id from public.visitor v
         where v.account_id = p.account_id and v.project_id = p.id
          and v.seen_at < clock_timestamp() - make_interval(
           days => (p.newer_settings->'privacy'->>'retention_days')::integer)
          and not exists (select from public.conversation c
           where c.account_id = v.account_id and c.visitor_id = v.id)
         order by v.seen_at limit p_limit) old
       where p.deleted_at is null and p.newer_settings->'privacy'->>'retention_days' is not null
       limit p_limit $$;
create function leads_past_retention(p_limit integer)
returns table (account_id uuid, project_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp
as $$ select p.account_id, p.id, old.id from public.project p cross join lateral (
        select l.id from public.lead l
         where l.account_id = p.account_id and l.project_id = p.id
          and l.updated_at < clock_timestamp() - make_interval(
           days => (p.newer_settings->'privacy'->>'lead_retention_days')::integer)
          and not exists (select from public.conversation c where c.account_id = l.account_id
           and c.id = l.conversation_id and c.state in ('waiting', 'human'))
         order by l.updated_at limit p_limit) old
       where p.deleted_at is null
        and p.newer_settings->'privacy'->>'lead_retention_days' is not null
       limit p_limit $$;
revoke all on function conversations_past_retention(integer) from public;
revoke all on function visitors_past_retention(integer) from public;
revoke all on function leads_past_retention(integer) from public;
"""

# Responses that are kept for a repeated request may show what a person left. They count for a day,
# but an account that sends no other such request would keep them.
REPEATED_REQUESTS = """
create function forget_kept_responses(p_most integer) returns bigint
language sql volatile security definer set search_path = public, pg_temp
as $$ with gone as (
        delete from public.idempotent_request where (account_id, subject, key) in (
         select account_id, subject, key from public.idempotent_request
          where created_at < clock_timestamp() - interval '24 hours' limit p_most)
        returning 1
      ) select count(*) from gone $$;
revoke all on function forget_kept_responses(integer) from public;
"""


def upgrade() -> None:
    for statements in (ERASURES, SUBJECTS, RETENTION, REPEATED_REQUESTS):
        op.get_bind().exec_driver_sql(statements)
    isolate("erasure")
