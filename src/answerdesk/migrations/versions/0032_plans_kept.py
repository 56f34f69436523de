"""Candidate search keeps its plans: planning was a quarter of its time."""

from collections.abc import Sequence

from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# As before, but for its plans. A kept plan knows no project, so each statement leaves the planner
# one way only: no index but that of the words finds words, none but that of a project's
# vectors reads them all, and a candidate's rows are looked up one by one. The indexes of nearest
# vectors, of which the planner must know how large the project is, are searched by statements that
# are planned each time.
SEARCH = """
create or replace function search_candidates(
  p_project uuid, p_space text, p_lexemes text[], p_terms text, p_vector text, p_limit integer
) returns table (chunk_id uuid, bm25 real, similarity real)
language plpgsql stable security definer rows 60
set search_path = public, pg_temp
set enable_seqscan = off
set plan_cache_mode = force_generic_plan
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
  elsif v_base.vector_index = 'ready'
    and v_dimensions in (256, 384, 512, 768, 1024, 1536, 3072) then
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
    cross join lateral (select o.terms from chunk o
     where o.account_id = v_account and o.id = candidate.id limit 1) c
    left join lateral (select o.vector from embedding o
     where o.account_id = v_account and o.chunk_id = candidate.id and o.space = p_space limit 1) e
      on true;
end $$;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(SEARCH)
