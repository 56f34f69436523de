"""A search finds the newest conversations with a frequent word, not those stored first.

The version before, which may run beside this one, finds them as well.
"""

from collections.abc import Sequence

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# The index tells which messages have a word, not which are the newest: that is only in the rows, and
# a frequent word has hundreds of thousands. So the rows are read that belong to the newest
# conversations as well; only if few of these have the word, all rows with it. Plans are made for the
# values, which tell how frequent a word is. On the planner, see version 0030.
WORDS = """
create or replace function conversations_with(p_search text) returns table (conversation_id uuid)
language plpgsql stable security definer set search_path = public, pg_temp
set enable_seqscan = off set enable_indexscan = on set plan_cache_mode = force_custom_plan
as $$
declare
  tenant text := nullif(current_setting('answerdesk.account_id', true), '');
  wanted tsquery := websearch_to_tsquery('pg_catalog.simple', p_search);
  newest uuid[];
  found uuid[];
begin
  if tenant is null or numnode(wanted) = 0 then
    return;
  end if;
  wanted := quote_literal('account:' || tenant)::tsquery && wanted;
  newest := array(select c.id from public.conversation c where c.account_id = tenant::uuid
   order by c.updated_at desc, c.id desc limit 4000);
  -- Until the end of the function, which names it above.
  perform set_config('enable_indexscan', 'off', true);
  found := array(select distinct m.conversation_id from public.message m
   where message_words(m.account_id, m.content) @@ wanted
    and m.account_id = tenant::uuid and m.conversation_id = any(newest));
  return query select unnest(found);
  if cardinality(found) < 500 and cardinality(newest) = 4000 then
    return query select m.conversation_id from public.message m
     where message_words(m.account_id, m.content) @@ wanted and m.account_id::text = tenant
     order by m.created_at desc limit 2000;
  end if;
end $$;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(WORDS)
