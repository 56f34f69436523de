"""The first tables: accounts, projects, knowledge, conversations, leads, events."""

from collections.abc import Sequence
from pathlib import Path

from alembic import op

from answerdesk.migrations.tenancy import isolate

revision = "0001"
down_revision = None
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

ACCOUNTS = """
create table account (
  account_id uuid primary key,
  name text not null,
  created_at timestamptz not null default now()
);
-- Which account a public id belongs to, so that the tenant of a request can be known before any of
-- its rows can be seen. Not tenant data: an id and its owner, no more.
create table public_id (
  id uuid primary key,
  account_id uuid not null references account on delete cascade
);
"""

PROJECTS = """
create table project (
  account_id uuid not null references account on delete cascade,
  id uuid not null,
  name text not null,
  settings jsonb not null default '{}',
  demo boolean not null default false,
  created_at timestamptz not null default now(),
  primary key (account_id, id)
);
"""

KNOWLEDGE = """
-- What search needs to know of a project: its short number, which every lexeme carries, the revision
-- that is served, and how many chunks that revision has (N of the inverse document frequency).
create table knowledge_base (
  account_id uuid not null,
  project_id uuid not null,
  number bigint generated always as identity unique,
  live_rev bigint not null default 0,
  chunk_count bigint not null default 0,
  space text,
  primary key (account_id, project_id),
  foreign key (account_id, project_id) references project on delete cascade
);
create table source (
  account_id uuid not null,
  id uuid not null,
  project_id uuid not null,
  kind text not null check (kind in ('text', 'qa', 'file', 'folder')),
  name text not null,
  key text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (account_id, id),
  unique (account_id, project_id, kind, key),
  foreign key (account_id, project_id) references project on delete cascade
);
create table document (
  account_id uuid not null,
  id uuid not null,
  project_id uuid not null,
  source_id uuid not null,
  path text not null,
  title text,
  url text,
  media_type text not null,
  language text,
  content bytea not null,
  content_hash bytea not null,
  indexed_hash bytea,
  status text not null check (status in ('pending', 'ready', 'failed')),
  error_code text,
  error text,
  chunk_count integer not null default 0,
  chunks_total integer,
  chunks_done integer,
  created_at timestamptz not null default now(),
  changed_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  primary key (account_id, id),
  unique (account_id, source_id, path),
  foreign key (account_id, source_id) references source on delete cascade
);
alter table document alter column content set storage external;
create index document_by_project on document (account_id, project_id, created_at);
create table chunk (
  account_id uuid not null,
  id uuid not null,
  project_id uuid not null,
  document_id uuid not null,
  ordinal integer not null,
  kind text not null,
  content text not null,
  content_hash bytea not null,
  heading_path text[] not null,
  anchor text,
  language text not null,
  sentences integer[] not null,
  lexemes tsvector not null,
  terms sparsevec(1000000000) not null,
  added_rev bigint not null,
  removed_rev bigint,
  primary key (account_id, id),
  foreign key (account_id, document_id) references document on delete cascade
);
create index chunk_lexemes on chunk using gin (lexemes) with (fastupdate = off);
create index chunk_by_document on chunk (account_id, document_id);
create index chunk_by_project on chunk (account_id, project_id);
-- Vectors are apart from the chunks, so that those of a new model can be made beside the old.
create table embedding (
  account_id uuid not null,
  chunk_id uuid not null,
  project_id uuid not null,
  space text not null,
  vector halfvec not null,
  sentence_vectors bytea not null,
  added_rev bigint not null,
  removed_rev bigint,
  primary key (account_id, chunk_id, space),
  foreign key (account_id, chunk_id) references chunk on delete cascade
);
alter table embedding alter column sentence_vectors set storage external;
create index embedding_by_project on embedding (account_id, project_id, space);
create table term (
  account_id uuid not null,
  project_id uuid not null,
  lexeme text not null,
  document_frequency integer not null,
  primary key (account_id, project_id, lexeme),
  foreign key (account_id, project_id) references project on delete cascade
);
"""

CONVERSATIONS = """
create table visitor (
  account_id uuid not null,
  id uuid not null,
  project_id uuid not null,
  external_id text not null,
  created_at timestamptz not null default now(),
  seen_at timestamptz not null default now(),
  primary key (account_id, id),
  unique (account_id, project_id, external_id),
  foreign key (account_id, project_id) references project on delete cascade
);
create table conversation (
  account_id uuid not null,
  id uuid not null,
  project_id uuid not null,
  visitor_id uuid,
  state text not null default 'ai' check (state in ('ai', 'waiting', 'human', 'closed')),
  escalated_at timestamptz,
  page_url text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (account_id, id),
  foreign key (account_id, project_id) references project on delete cascade,
  foreign key (account_id, visitor_id) references visitor on delete set null (visitor_id)
);
create index conversation_by_project on conversation (account_id, project_id, updated_at desc);
create table message (
  account_id uuid not null,
  id uuid not null,
  conversation_id uuid not null,
  project_id uuid not null,
  author text not null check (author in ('visitor', 'assistant', 'human')),
  content text not null,
  context text,
  question_id uuid,
  citations jsonb not null default '[]',
  confidence real,
  abstained boolean not null default false,
  created_at timestamptz not null default clock_timestamp(),
  primary key (account_id, id),
  foreign key (account_id, conversation_id) references conversation on delete cascade,
  foreign key (account_id, question_id) references message on delete cascade
);
create index message_by_conversation on message (account_id, conversation_id, created_at);
-- One answer a question, whatever dies and whoever takes it up again.
create unique index message_answers_once on message (account_id, question_id)
  where author = 'assistant';
create table turn (
  account_id uuid not null,
  question_id uuid not null,
  conversation_id uuid not null,
  project_id uuid not null,
  state text not null check (state in ('answering', 'answered', 'failed')),
  holder uuid not null,
  lease_until timestamptz not null,
  attempt integer not null default 1,
  error_code text,
  trace jsonb,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (account_id, question_id),
  foreign key (account_id, question_id) references message on delete cascade
);
create table feedback (
  account_id uuid not null,
  message_id uuid not null,
  rating text not null check (rating in ('positive', 'negative')),
  reason text,
  created_at timestamptz not null default now(),
  primary key (account_id, message_id),
  foreign key (account_id, message_id) references message on delete cascade
);
"""

LEADS = """
create table lead (
  account_id uuid not null,
  id uuid not null,
  project_id uuid not null,
  -- Opaque here: leads outlive the conversations that they came from.
  conversation_id uuid not null,
  email text,
  phone text,
  message text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (account_id, id),
  unique (account_id, conversation_id),
  foreign key (account_id, project_id) references project on delete cascade
);
"""

EVENTS = """
create table event (
  account_id uuid not null,
  id bigint generated always as identity,
  project_id uuid not null,
  type text not null,
  payload jsonb not null,
  written_by xid8 not null default pg_current_xact_id(),
  created_at timestamptz not null default clock_timestamp(),
  primary key (account_id, id),
  foreign key (account_id, project_id) references project on delete cascade
);
create index event_by_project on event (account_id, project_id, id);
"""

LOOK_UP = """
create function account_of(p_id uuid) returns uuid
language sql stable security definer set search_path = public, pg_temp
as $$ select account_id from public.public_id where id = p_id $$;
revoke all on function account_of(uuid) from public;
create function oldest_account() returns uuid
language sql stable security definer set search_path = public, pg_temp
as $$ select account_id from public.account order by created_at, account_id limit 1 $$;
revoke all on function oldest_account() from public;
"""

# `@@` is not leakproof, so under row-level security the planner may not use it to enter the GIN
# index: it reads the whole table. This function runs as the tables' owner, takes the tenant from the
# transaction and nothing else, and gives out ids and scores only. Sequential scans are off because
# on a small table the planner would prefer one, and a neighbour's rows are never worth reading.
SEARCH = """
create function search_candidates(
  p_project uuid, p_space text, p_lexemes text[], p_terms text, p_vector text, p_limit integer
) returns table (chunk_id uuid, bm25 real, similarity real)
language plpgsql stable security definer
set search_path = public, pg_temp
set enable_seqscan = off
set plan_cache_mode = force_custom_plan
as $$
declare
  v_account uuid := nullif(current_setting('answerdesk.account_id', true), '')::uuid;
  v_base record;
  v_terms sparsevec := p_terms::sparsevec;
  v_vector halfvec := p_vector::halfvec;
  v_query tsquery;
begin
  select number, live_rev into v_base from knowledge_base b
   where b.account_id = v_account and b.project_id = p_project;
  if not found then
    return;
  end if;
  select string_agg(quote_literal(v_base.number || ':' || lexeme), ' | ')::tsquery into v_query
    from unnest(p_lexemes) lexeme;
  return query
  with lexical as (
    select c.id, -(c.terms <#> v_terms) as score
      from chunk c
     where v_query is not null and c.lexemes @@ v_query and c.account_id = v_account
       and c.added_rev <= v_base.live_rev
       and (c.removed_rev is null or c.removed_rev > v_base.live_rev)
     order by 2 desc, 1 limit p_limit
  ), dense as (
    select e.chunk_id as id, -(e.vector <#> v_vector) as score
      from embedding e
     where v_vector is not null and e.account_id = v_account and e.project_id = p_project
       and e.space = p_space and e.added_rev <= v_base.live_rev
       and (e.removed_rev is null or e.removed_rev > v_base.live_rev)
     order by 2 desc, 1 limit p_limit
  ), candidate as (
    select id from lexical union select id from dense
  )
  select candidate.id,
         coalesce(lexical.score, -(c.terms <#> v_terms), 0)::real,
         coalesce(dense.score, -(e.vector <#> v_vector), 0)::real
    from candidate
    join chunk c on c.account_id = v_account and c.id = candidate.id
    left join embedding e
      on e.account_id = v_account and e.chunk_id = candidate.id and e.space = p_space
    left join lexical on lexical.id = candidate.id
    left join dense on dense.id = candidate.id;
end $$;
revoke all on function search_candidates(uuid, text, text[], text, text, integer) from public;
"""

# Due work is not tenant data: workers see every account's jobs, whose payloads hold ids only.
DUE_WORK = (Path(__file__).parents[1] / "sql" / "due.sql").read_text(encoding="utf-8")

TENANT_TABLES = (
    "account",
    "project",
    "knowledge_base",
    "source",
    "document",
    "chunk",
    "embedding",
    "term",
    "visitor",
    "conversation",
    "message",
    "turn",
    "feedback",
    "lead",
    "event",
)


def upgrade() -> None:
    for statements in (
        ACCOUNTS,
        PROJECTS,
        KNOWLEDGE,
        CONVERSATIONS,
        LEADS,
        EVENTS,
        LOOK_UP,
        SEARCH,
        DUE_WORK,
    ):
        op.get_bind().exec_driver_sql(statements)
    for table in TENANT_TABLES:
        isolate(table)
