"""Log-ins that end everywhere at once; a caller's rates counted in the statement that finds it."""

from collections.abc import Sequence

from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Log-ins that began before do not hold, in whatever account they are.
LOG_INS = "alter table app_user add column logged_out_at timestamptz"

# Counts one request in each window of a caller, `p_rates` being [[most, seconds], …], or in none when
# one of them is full. It tells of the tightest, or of the first that is full. A row is held from when
# it was looked at until the statement's transaction ends, in the order of `p_rates`, so that two can
# neither take the last place nor wait for each other. Who comes to a full window waits for nobody:
# until it ends it only stays full.
#
# It runs with the rights of whoever calls it, who may read and write these rows anyway.
RATES = """
create function take_of_windows(p_name text, p_rates jsonb)
returns table (
  is_full boolean, most bigint, seconds bigint, remaining bigint, ends_at timestamptz,
  wait double precision
)
language plpgsql volatile rows 1
set search_path = public, pg_temp
as $$
declare
  v_rate record;
  v_window record;
  v_now timestamptz := clock_timestamp();
begin
  if p_rates is null or jsonb_array_length(p_rates) = 0 then
    return;
  end if;
  is_full := true;
  remaining := 0;
  for v_rate in
    select (r.rate ->> 0)::bigint as most, (r.rate ->> 1)::bigint as seconds
      from jsonb_array_elements(p_rates) with ordinality r(rate, place) order by r.place
  loop
    most := v_rate.most;
    seconds := v_rate.seconds;
    select w.ends_at into v_window from rate_window w
     where w.name = p_name || ':' || seconds and w.ends_at > v_now and w.count >= most;
    if found or most <= 0 then
      ends_at := coalesce(v_window.ends_at, v_now + make_interval(secs => seconds));
      wait := extract(epoch from ends_at - v_now);
      return next;
      return;
    end if;
  end loop;
  for v_rate in
    select (r.rate ->> 0)::bigint as most, (r.rate ->> 1)::bigint as seconds
      from jsonb_array_elements(p_rates) with ordinality r(rate, place) order by r.place
  loop
    most := v_rate.most;
    seconds := v_rate.seconds;
    loop
      select w.ends_at, w.count into v_window from rate_window w
       where w.name = p_name || ':' || seconds for update;
      exit when found;
      insert into rate_window (name, ends_at, count)
        values (p_name || ':' || seconds, '-infinity', 0) on conflict (name) do nothing;
    end loop;
    v_now := clock_timestamp();
    if v_window.ends_at > v_now and v_window.count >= most then
      ends_at := v_window.ends_at;
      wait := extract(epoch from ends_at - v_now);
      return next;
      return;
    end if;
  end loop;
  is_full := false;
  remaining := null;
  for v_rate in
    select (r.rate ->> 0)::bigint as most, (r.rate ->> 1)::bigint as seconds
      from jsonb_array_elements(p_rates) with ordinality r(rate, place) order by r.place
  loop
    update rate_window w
       set count = case when w.ends_at <= v_now then 1 else w.count + 1 end,
           ends_at = case when w.ends_at <= v_now
             then v_now + make_interval(secs => v_rate.seconds) else w.ends_at end
     where w.name = p_name || ':' || v_rate.seconds
     returning w.count, w.ends_at into v_window;
    if remaining is null or v_rate.most - v_window.count < remaining then
      most := v_rate.most;
      seconds := v_rate.seconds;
      remaining := v_rate.most - v_window.count;
      ends_at := v_window.ends_at;
    end if;
  end loop;
  return next;
end
$$;
revoke all on function take_of_windows(text, jsonb) from public;
"""


def upgrade() -> None:
    op.execute(LOG_INS)
    op.get_bind().exec_driver_sql(RATES)
