"""Language models of accounts, and what they cost.

The version before, which may run beside this one, knows no such models and answers without one.
"""

from collections.abc import Sequence

from alembic import op

from answerdesk.migrations.tenancy import isolate

revision = "0028"
down_revision = "0027"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Prices are in millionths of the currency for a million tokens. Keys are in `stored_secret`.
MODELS = """
create table language_model (
  account_id uuid not null references account on delete cascade,
  id uuid not null,
  project_id uuid,
  name text not null,
  provider text not null,
  url text,
  model text not null,
  max_tokens integer not null,
  input_price bigint,
  output_price bigint,
  currency text,
  has_key boolean not null,
  key_end text,
  fallback_id uuid,
  version bigint not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (account_id, id),
  unique nulls not distinct (account_id, project_id, name),
  foreign key (account_id, project_id) references project on delete cascade,
  foreign key (account_id, fallback_id) references language_model
);
create index language_model_by_time on language_model (account_id, created_at, id);
create index language_model_by_fallback on language_model (account_id, fallback_id)
 where fallback_id is not null;
create trigger stored_secrets after delete on language_model
 referencing old table as gone for each statement execute function forget_stored_secrets();
"""

# What is reserved counts as spent from the beginning, so that a crash can't make anybody spend more:
# settling gives back what was too much.
SPENDING = """
alter table agent add column newer_settings jsonb not null default '{}';
alter table account add column spending_caps jsonb not null default '{}';
create table spending (
  account_id uuid not null references account on delete cascade,
  scope text not null check (scope in ('visitor', 'project', 'account')),
  subject_id uuid not null,
  period text not null check (period in ('day', 'month')),
  begins date not null,
  project_id uuid,
  tokens bigint not null default 0 check (tokens >= 0),
  money bigint not null default 0 check (money >= 0),
  told boolean not null default false,
  primary key (account_id, scope, subject_id, period, begins),
  foreign key (account_id, project_id) references project on delete cascade
);
create index spending_by_project on spending (account_id, project_id);
create index spending_by_time on spending (begins);
create table spending_reservation (
  account_id uuid not null references account on delete cascade,
  id uuid not null,
  project_id uuid not null,
  visitor_id uuid,
  model_id uuid not null,
  model_name text not null,
  input_tokens bigint not null check (input_tokens >= 0),
  output_tokens bigint not null check (output_tokens >= 0),
  money bigint check (money >= 0),
  made_at timestamptz not null,
  primary key (account_id, id),
  foreign key (account_id, project_id) references project on delete cascade
);
create index spending_reservation_by_project on spending_reservation (account_id, project_id);
create index spending_reservation_by_time on spending_reservation (made_at);
create table model_usage (
  account_id uuid not null references account on delete cascade,
  project_id uuid not null,
  model_id uuid not null,
  day date not null,
  model_name text not null,
  answers bigint not null,
  input_tokens bigint not null,
  output_tokens bigint not null,
  money bigint not null,
  primary key (account_id, project_id, model_id, day),
  foreign key (account_id, project_id) references project on delete cascade
);
create index model_usage_by_time on model_usage (day);
"""

# Counters are locked in one order, by all: a visitor's, a project's, the account's. Returns the
# first cap that has no room, and then counts nothing; nulls if all have. What visitors spend is
# only counted if their project caps it.
RESERVE = """
create function reserve_spending(
  p_id uuid, p_project_id uuid, p_visitor_id uuid, p_model_id uuid, p_model_name text,
  p_input_tokens bigint, p_output_tokens bigint, p_money bigint,
  p_of_project jsonb, p_of_account jsonb, p_of_plan jsonb
)
returns table (scope text, period text, measure text, most bigint, is_first boolean)
language plpgsql volatile rows 1
set search_path = public, pg_temp
as $$
#variable_conflict use_column
declare
  v_account_id uuid := nullif(current_setting('answerdesk.account_id', true), '')::uuid;
  v_now timestamptz := clock_timestamp();
  v_day date := (v_now at time zone 'utc')::date;
  v_tokens bigint := p_input_tokens + p_output_tokens;
  v_counter record;
  v_spent record;
  v_visitor_id uuid := case when coalesce(
    p_of_project #>> '{per_visitor_per_day,tokens}', p_of_project #>> '{per_visitor_per_day,money}',
    p_of_project #>> '{per_visitor_per_month,tokens}', p_of_project #>> '{per_visitor_per_month,money}'
   ) is not null then p_visitor_id end;
  v_counters jsonb := jsonb_build_array(
    jsonb_build_array('visitor', v_visitor_id, 'day', p_of_project #> '{per_visitor_per_day}', null),
    jsonb_build_array('visitor', v_visitor_id, 'month', p_of_project #> '{per_visitor_per_month}', null),
    jsonb_build_array('project', p_project_id, 'day', p_of_project #> '{per_day}', null),
    jsonb_build_array('project', p_project_id, 'month', p_of_project #> '{per_month}', null),
    jsonb_build_array('account', v_account_id, 'day', p_of_account #> '{per_day}', p_of_plan -> 'daily_tokens'),
    jsonb_build_array('account', v_account_id, 'month', p_of_account #> '{per_month}', p_of_plan -> 'monthly_tokens')
  );
begin
  for v_counter in
    select c.value ->> 0 as scope, (c.value ->> 1)::uuid as subject_id, c.value ->> 2 as period,
     date_trunc(c.value ->> 2, v_day::timestamp)::date as begins,
     case when c.value ->> 0 <> 'account' then p_project_id end as project_id,
     least((c.value #>> '{3,tokens}')::bigint, (c.value ->> 4)::bigint) as most_tokens,
     case when p_money is not null then (c.value #>> '{3,money}')::bigint end as most_money
      from jsonb_array_elements(v_counters) with ordinality c(value, place)
     where c.value ->> 1 is not null order by c.place
  loop
    loop
      select s.tokens, s.money into v_spent from spending s
       where s.account_id = v_account_id and s.scope = v_counter.scope
        and s.subject_id = v_counter.subject_id and s.period = v_counter.period
        and s.begins = v_counter.begins for update;
      exit when found;
      insert into spending (account_id, scope, subject_id, period, begins, project_id)
       values (v_account_id, v_counter.scope, v_counter.subject_id, v_counter.period,
        v_counter.begins, v_counter.project_id) on conflict do nothing;
    end loop;
    if v_spent.tokens + v_tokens > v_counter.most_tokens then
      measure := 'tokens';
      most := v_counter.most_tokens;
    elsif v_spent.money + p_money > v_counter.most_money then
      measure := 'money';
      most := v_counter.most_money;
    end if;
    if measure is not null then
      scope := v_counter.scope;
      period := v_counter.period;
      update spending s set told = true
       where s.account_id = v_account_id and s.scope = v_counter.scope
        and s.subject_id = v_counter.subject_id and s.period = v_counter.period
        and s.begins = v_counter.begins and not s.told;
      is_first := found;
      return next;
      return;
    end if;
  end loop;
  update spending s set tokens = s.tokens + v_tokens, money = s.money + coalesce(p_money, 0)
   where s.account_id = v_account_id
    and (s.scope = 'visitor' and s.subject_id = v_visitor_id
     or s.scope = 'project' and s.subject_id = p_project_id
     or s.scope = 'account' and s.subject_id = v_account_id)
    and (s.period = 'day' and s.begins = v_day
     or s.period = 'month' and s.begins = date_trunc('month', v_day::timestamp)::date);
  insert into spending_reservation (account_id, id, project_id, visitor_id, model_id, model_name,
    input_tokens, output_tokens, money, made_at)
   values (v_account_id, p_id, p_project_id, v_visitor_id, p_model_id, p_model_name,
    p_input_tokens, p_output_tokens, p_money, v_now);
  return next;
end
$$;
revoke all on function reserve_spending(uuid, uuid, uuid, uuid, text, bigint, bigint, bigint, jsonb, jsonb, jsonb) from public;
"""

# Of all accounts: which reservations nobody settled; and what nobody asks for any more.
UPKEEP = """
create function stale_reservations(p_seconds double precision, p_most integer)
returns table (account_id uuid, id uuid)
language sql stable security definer set search_path = public, pg_temp
as $$ select account_id, id from public.spending_reservation
       where made_at < clock_timestamp() - make_interval(secs => p_seconds)
       order by made_at limit p_most $$;
revoke all on function stale_reservations(double precision, integer) from public;
create function forget_spending(p_most integer) returns bigint
language sql volatile security definer set search_path = public, pg_temp
as $$ with counters as (
        delete from public.spending where (account_id, scope, subject_id, period, begins) in (
         select account_id, scope, subject_id, period, begins from public.spending
          where begins < current_date - 62 limit p_most)
        returning 1
      ), days as (
        delete from public.model_usage where (account_id, project_id, model_id, day) in (
         select account_id, project_id, model_id, day from public.model_usage
          where day < current_date - 400 limit p_most)
        returning 1
      ) select greatest((select count(*) from counters), (select count(*) from days)) $$;
revoke all on function forget_spending(integer) from public;
"""


def upgrade() -> None:
    for statements in (MODELS, SPENDING, RESERVE, UPKEEP):
        op.get_bind().exec_driver_sql(statements)
    for table in ("language_model", "spending", "spending_reservation", "model_usage"):
        isolate(table)
