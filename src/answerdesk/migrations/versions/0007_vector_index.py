"""Only the vectors of large projects enter the index of nearest ones."""

from collections.abc import Sequence

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Entering a vector into that index costs more the more it holds, of whichever project, and a small
# project is searched by reading all of its vectors. So `indexed` is true for a large project's only.
# A project that becomes large is searched exactly until all of its vectors are in the index, to
# which due work brings them (`ingestion/vector_index.py`, which says what is large).
VECTOR_INDEX = """
alter table knowledge_base
  add column vector_index text not null default 'none'
    check (vector_index in ('none', 'filling', 'ready'));
alter table embedding add column indexed boolean not null default false;
update knowledge_base set vector_index = 'ready' where chunk_count > 20000;
"""

DIMENSIONS = (256, 384, 512, 768, 1024, 1536, 3072)
EMPTIED = "".join(f"drop index embedding_nearest_{dimensions};\n" for dimensions in DIMENSIONS)
ENTERED = """
update embedding e set indexed = true
  from knowledge_base b
 where b.vector_index = 'ready' and e.account_id = b.account_id and e.project_id = b.project_id;
"""
NEAREST = "".join(
    f"create index embedding_nearest_{dimensions} on embedding"
    f" using hnsw ((vector::halfvec({dimensions})) halfvec_ip_ops)"
    f" where indexed and vector_dims(vector) = {dimensions};\n"
    for dimensions in DIMENSIONS
)

# As before, but for what tells a project that is searched by the index.
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
  select number, live_rev, vector_index into v_base from knowledge_base b
   where b.account_id = v_account and b.project_id = p_project;
  if not found then
    return;
  end if;
  select string_agg(quote_literal(v_base.number || ':' || lexeme), ' | ')::tsquery into v_query
    from unnest(p_lexemes) lexeme;
  if v_vector is null then
    v_nearest := array[]::uuid[];
  elsif v_base.vector_index = 'ready' and v_dimensions = 384 then
    v_nearest := array(
      select e.chunk_id from embedding e
       where e.indexed and vector_dims(e.vector) = 384 and e.account_id = v_account and e.project_id = p_project
         and e.space = p_space and e.added_rev <= v_base.live_rev
         and (e.removed_rev is null or e.removed_rev > v_base.live_rev)
       order by e.vector::halfvec(384) <#> v_vector::halfvec(384) limit p_limit);
  elsif v_base.vector_index = 'ready' and v_dimensions in (256, 512, 768, 1024, 1536, 3072) then
    execute 'select array('
      'select e.chunk_id from embedding e'
      ' where e.indexed and vector_dims(e.vector) = ' || v_dimensions ||
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
    for statements in (VECTOR_INDEX, EMPTIED, ENTERED, NEAREST, SEARCH):
        op.get_bind().exec_driver_sql(statements)
