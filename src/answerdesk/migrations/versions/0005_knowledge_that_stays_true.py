"""Websites as sources with a ledger of their pages; Q&A items by row; which answers used what."""

from collections.abc import Sequence

from alembic import op

from answerdesk.migrations.tenancy import isolate

revision = "0005"
down_revision = "0004"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

SOURCES = """
alter table source drop constraint source_kind_check;
alter table source
  add constraint source_kind_check
    check (kind in ('text', 'qa', 'file', 'folder', 'page', 'site')),
  add column url text,
  add column settings jsonb not null default '{}',
  add column version bigint not null default 1,
  -- Hours between two syncs; null is never. `next_sync_at` is when the next one is due.
  add column sync_every_hours integer check (sync_every_hours > 0),
  add column next_sync_at timestamptz;
-- The sync that has brought a document's present content, so that its ingestion counts there.
alter table document
  add column sync_id uuid,
  -- The title that it was brought with, if any; `title` is the one shown, of what answers now.
  add column given_title text,
  -- What its chunks say, whatever its bytes are: the time of change is that of this.
  add column text_hash bytea,
  add column text_changed_at timestamptz;
update document set given_title = title where status = 'pending';
create index document_by_status on document (account_id, source_id, status);
"""

# One look at a whole source. Its counts are raised in the transactions that bring them about, so
# that they are true whatever dies in between.
SYNCS = """
create table sync (
  account_id uuid not null,
  id uuid not null,
  project_id uuid not null,
  source_id uuid not null,
  cause text not null check (cause in ('added', 'manual', 'scheduled', 'retry')),
  state text not null
    check (state in ('queued', 'fetching', 'indexing', 'done', 'failed', 'cancelled')),
  confirm_removals boolean not null default false,
  error_code text,
  error text,
  found integer not null default 0,
  fetched integer not null default 0,
  unchanged integer not null default 0,
  failed integer not null default 0,
  skipped integer not null default 0,
  removed integer not null default 0,
  removals_held integer not null default 0,
  parsed integer not null default 0,
  chunks_embedded integer not null default 0,
  -- What the crawl itself has to remember from one step to the next.
  memory jsonb not null default '{}',
  created_at timestamptz not null default clock_timestamp(),
  started_at timestamptz,
  finished_at timestamptz,
  primary key (account_id, id),
  foreign key (account_id, source_id) references source on delete cascade
);
create index sync_by_source on sync (account_id, source_id, created_at desc, id desc);
-- One at a time for each source, whoever starts it.
create unique index sync_running on sync (account_id, source_id)
  where state in ('queued', 'fetching', 'indexing');
"""

# The ledger. A page stays here when it is gone, with what it was and when it went; `document_id`
# then still names the document that it had, which past answers cite.
PAGES = """
create table page (
  account_id uuid not null,
  id uuid not null,
  project_id uuid not null,
  source_id uuid not null,
  url text not null,
  found_by text not null check (found_by in ('start', 'sitemap', 'link')),
  depth integer not null default 0,
  -- The sync that has still to look at it; null when none has.
  queued_in uuid,
  attempts integer not null default 0,
  -- The sync that has looked at it last, and when.
  seen_in uuid,
  looked_at timestamptz,
  -- The sync that has found its content missing, and that decides at its end whether it goes.
  missing_in uuid,
  state text not null default 'found'
    check (state in ('found', 'good', 'failed', 'skipped', 'gone')),
  reason_code text,
  reason text,
  http_status integer,
  etag text,
  last_modified text,
  media_type text,
  content_hash bytea,
  -- What its text says and a sketch of it (64-bit numbers), to know the same page elsewhere.
  text_hash bytea,
  sketch bytea,
  redirected_to text,
  title text,
  document_id uuid,
  first_seen_at timestamptz not null default now(),
  last_seen_at timestamptz,
  fetched_at timestamptz,
  changed_at timestamptz,
  gone_at timestamptz,
  primary key (account_id, id),
  unique (account_id, source_id, url),
  foreign key (account_id, source_id) references source on delete cascade
);
create index page_queued on page (account_id, source_id, queued_in, attempts, depth, url)
  where queued_in is not null;
create index page_by_state on page (account_id, source_id, state, url);
create index page_by_text on page (account_id, source_id, text_hash)
  where text_hash is not null;
create index page_by_look on page (account_id, source_id, looked_at);
create index page_by_document on page (account_id, document_id) where document_id is not null;
create table sync_change (
  account_id uuid not null,
  sync_id uuid not null,
  page_id uuid not null,
  project_id uuid not null,
  source_id uuid not null,
  change text not null check (change in ('added', 'changed', 'removed', 'failed', 'held')),
  url text not null,
  title text,
  reason text,
  chunks_added integer not null default 0,
  chunks_removed integer not null default 0,
  at timestamptz not null default clock_timestamp(),
  primary key (account_id, sync_id, page_id),
  foreign key (account_id, sync_id) references sync on delete cascade
);
create index sync_change_by_source on sync_change (account_id, source_id, at);
"""

# An item is a document of one question with its answer; here it can be listed and found by what it
# says. `content_hash` is that of its document: an identical row is the same item.
ITEMS = """
create table item (
  account_id uuid not null,
  id uuid not null,
  project_id uuid not null,
  question text not null,
  answer text not null,
  category text,
  tags text[] not null default '{}',
  content_hash bytea not null,
  version bigint not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (account_id, id),
  foreign key (account_id, id) references document on delete cascade
);
insert into item
  (account_id, id, project_id, question, answer, content_hash, created_at, updated_at)
select distinct on (account_id, project_id, content_hash) account_id, id, project_id,
  convert_from(content, 'UTF8')::jsonb ->> 'question',
  convert_from(content, 'UTF8')::jsonb ->> 'answer',
  content_hash, created_at, changed_at
from document where media_type = 'application/vnd.answerdesk.qa+json'
order by account_id, project_id, content_hash, created_at;
create unique index item_same on item (account_id, project_id, content_hash);
create index item_by_project on item (account_id, project_id, created_at, id);
create index item_by_category on item (account_id, project_id, category);
"""

# Which answers used a document, for as long as the answers are kept: ids of the knowledge are
# opaque here, since it may be gone.
ANSWER_SOURCES = """
create table answer_source (
  account_id uuid not null,
  message_id uuid not null,
  document_id uuid not null,
  chunk_id uuid not null,
  project_id uuid not null,
  place integer not null,
  created_at timestamptz not null default clock_timestamp(),
  primary key (account_id, message_id, document_id),
  foreign key (account_id, message_id) references message on delete cascade
);
create index answer_source_by_document
  on answer_source (account_id, document_id, created_at desc, message_id);
insert into answer_source
  (account_id, message_id, document_id, chunk_id, project_id, place, created_at)
select m.account_id, m.id, (c.citation ->> 'document_id')::uuid,
  (c.citation ->> 'chunk_id')::uuid, m.project_id, c.place, m.created_at
from message m, jsonb_array_elements(m.citations) with ordinality as c (citation, place)
where c.citation ? 'document_id'
on conflict do nothing;
"""

# As in 0003: without statistics the planner takes a table that was just filled for an empty one.
STATISTICS = """
alter table item set (autovacuum_analyze_threshold = 200, autovacuum_analyze_scale_factor = 0.05);
alter table page set (autovacuum_analyze_threshold = 200, autovacuum_analyze_scale_factor = 0.05);
alter table answer_source
  set (autovacuum_analyze_threshold = 1000, autovacuum_analyze_scale_factor = 0.1);
"""

TENANT_TABLES = ("sync", "page", "sync_change", "item", "answer_source")


def upgrade() -> None:
    for statements in (SOURCES, SYNCS, PAGES, ITEMS, ANSWER_SOURCES, STATISTICS):
        op.get_bind().exec_driver_sql(statements)
    for table in TENANT_TABLES:
        isolate(table)
