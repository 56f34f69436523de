"""Projects change their embedding model: several spaces beside each other, indexed by dimensions."""

from collections.abc import Sequence

from alembic import op

from answerdesk.migrations.tenancy import isolate

revision = "0006"
down_revision = "0005"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# The spaces that a project keeps vectors in. `space` is the one that is served (null before anything
# was taken in); `next_space` is being filled; `previous_space` is the way back, which is complete
# until a document could not be embedded in it.
SPACES = """
alter table knowledge_base
  add column next_space text,
  add column previous_space text,
  add column previous_complete boolean not null default true;
create table space_change (
  account_id uuid not null,
  id uuid not null,
  project_id uuid not null,
  to_space text not null,
  state text not null check (state in ('filling', 'waiting', 'done', 'cancelled')),
  error_code text,
  error text,
  chunks_per_minute real,
  started_by text,
  created_at timestamptz not null default clock_timestamp(),
  finished_at timestamptz,
  primary key (account_id, id),
  foreign key (account_id, project_id) references project on delete cascade
);
create index space_change_by_project on space_change (account_id, project_id, created_at desc);
-- One at a time for each project, whoever starts it.
create unique index space_change_running on space_change (account_id, project_id)
  where state in ('filling', 'waiting');
"""

# Whoever fills a space goes through a project's chunks in the order of their ids.
FILLING = """
create index chunk_by_project_and_id on chunk (account_id, project_id, id);
"""

# The lengths that today's models have; a large project in a space of another length is searched
# exactly. 3,072 is above what an index on `vector` takes, and within what one on `halfvec` does.
DIMENSIONS = (256, 512, 768, 1024, 1536, 3072)
NEAREST = "".join(
    f"create index embedding_nearest_{dimensions} on embedding using hnsw"
    f" ((vector::halfvec({dimensions})) halfvec_ip_ops) where vector_dims(vector) = {dimensions};\n"
    for dimensions in DIMENSIONS
)

# To vacuum an index of nearest vectors is to mend its graph: of 8,000 vectors it took 12 s of
# processor time. PostgreSQL does it whenever a table has grown by a fifth, for the sake of scans
# that read the index alone, of which this one has none. What is deleted still counts.
VACUUM = """
alter table embedding set (autovacuum_vacuum_insert_threshold = -1);
"""

# As before but for vectors of other lengths, and for a question without a vector, when only words
# propose. 384 stays a statement of its own; of the others the length is written into the statement,
# since an index is entered by its expression. It is a number that vector_dims has given, and one of
# those above. Where a service changed its model under the same name, vectors of another length are
# passed over: comparing them would be an error, in the middle of somebody's question.
# The words' branch compares the account as text, so that only the words' own index offers itself:
# PostgreSQL takes questions for so common that it read all chunks of the account instead, those of
# the large project beside a small one, too (2,000 chunks beside 200,000: 360 ms instead of 15).
SEARCH = """
create or replace function search_candidates(
  p_project uuid, p_space text, p_lexemes text[], p_terms text, p_vector text, p_limit integer
) returns table (chunk_id uuid, bm25 real, similarity real)
language plpgsql stable security definer rows 60
set search_path = public, pg_temp
set enable_seqscan = off
set plan_cache_mode = force_custom_plan
set hnsw.iterative_scan = relaxed_order
set hnsw.max_scan_tuples = 40000
as $$
declare
  v_account uuid := nullif(current_setting('answerdesk.account_id', true), '')::uuid;
  v_base record;
  v_terms sparsevec := p_terms::sparsevec;
  v_vector halfvec := p_vector::halfvec;
  v_dimensions integer := vector_dims(p_vector::halfvec);
  v_query tsquery;
  v_nearest uuid[];
begin
  select number, live_rev, chunk_count into v_base from knowledge_base b
   where b.account_id = v_account and b.project_id = p_project;
  if not found then
    return;
  end if;
  select string_agg(quote_literal(v_base.number || ':' || lexeme), ' | ')::tsquery into v_query
    from unnest(p_lexemes) lexeme;
  if v_vector is null then
    v_nearest := array[]::uuid[];
  elsif v_base.chunk_count > 20000 and v_dimensions = 384 then
    v_nearest := array(
      select e.chunk_id from embedding e
       where vector_dims(e.vector) = 384 and e.account_id = v_account and e.project_id = p_project
         and e.space = p_space and e.added_rev <= v_base.live_rev
         and (e.removed_rev is null or e.removed_rev > v_base.live_rev)
       order by e.vector::halfvec(384) <#> v_vector::halfvec(384) limit p_limit);
  elsif v_base.chunk_count > 20000 and v_dimensions in (256, 512, 768, 1024, 1536, 3072) then
    execute 'select array('
      'select e.chunk_id from embedding e'
      ' where vector_dims(e.vector) = ' || v_dimensions ||
      ' and e.account_id = $1 and e.project_id = $2 and e.space = $3 and e.added_rev <= $4'
      ' and (e.removed_rev is null or e.removed_rev > $4)'
      ' order by e.vector::halfvec(' || v_dimensions || ')'
      ' <#> $5::halfvec(' || v_dimensions || ') limit $6)'
      into v_nearest
      using v_account, p_project, p_space, v_base.live_rev, v_vector, p_limit;
  else
    v_nearest := array(
      select e.chunk_id from embedding e
       where e.account_id = v_account and e.project_id = p_project
         and e.space = p_space and e.added_rev <= v_base.live_rev
         and (e.removed_rev is null or e.removed_rev > v_base.live_rev)
       order by case when vector_dims(e.vector) = v_dimensions
                     then -(e.vector <#> v_vector) end desc nulls last, 1
       limit p_limit);
  end if;
  return query
  with lexical as (
    select c.id
      from chunk c
     where v_query is not null and c.lexemes @@ v_query
       and c.account_id::text = v_account::text
       and c.added_rev <= v_base.live_rev
       and (c.removed_rev is null or c.removed_rev > v_base.live_rev)
     order by c.terms <#> v_terms, 1 limit p_limit
  ), candidate as (
    select id from lexical union select unnest(v_nearest)
  )
  select candidate.id,
         coalesce(-(c.terms <#> v_terms), 0)::real,
         coalesce(case when vector_dims(e.vector) = v_dimensions
                       then -(e.vector <#> v_vector) end, 0)::real
    from candidate
    join chunk c on c.account_id = v_account and c.id = candidate.id
    left join embedding e
      on e.account_id = v_account and e.chunk_id = candidate.id and e.space = p_space;
end $$;
"""


def upgrade() -> None:
    for statements in (SPACES, FILLING, NEAREST, VACUUM, SEARCH):
        op.get_bind().exec_driver_sql(statements)
    isolate("space_change")
