-- Due work: jobs that run at or after their time. See docs/decisions/0004-due-work.md.
--
-- Infrastructure, not a tenant's table: a worker serves all accounts, so there is no row-level
-- security here. A row holds ids only, and only answerdesk.core.due reads or writes it.
create table due_job (
    id bigint generated always as identity primary key,
    account_id uuid not null,
    name text not null,
    payload jsonb not null,
    key text,
    state text not null check (state in ('waiting', 'ready', 'running', 'failed')),
    run_at timestamptz not null,
    attempt integer not null default 0,
    cancelled boolean not null default false,
    lease uuid,
    lease_until timestamptz,
    error text,
    created_at timestamptz not null default clock_timestamp(),
    failed_at timestamptz,
    check ((state = 'running') = (lease is not null)),
    check ((lease is null) = (lease_until is null)),
    check ((state = 'failed') = (failed_at is not null))
) with (
    -- A queue is a small table that changes all the time: vacuum by count, not by share, and at once.
    fillfactor = 70,
    autovacuum_vacuum_scale_factor = 0,
    autovacuum_vacuum_threshold = 1000,
    autovacuum_vacuum_insert_scale_factor = 0,
    autovacuum_vacuum_insert_threshold = 5000,
    autovacuum_vacuum_cost_delay = 0,
    autovacuum_analyze_scale_factor = 0,
    autovacuum_analyze_threshold = 5000
);

-- The claim goes round the owners of a name, and within an owner by time.
create index due_job_ready on due_job (name, account_id, run_at, id) where state = 'ready';
create index due_job_waiting on due_job (run_at) where state = 'waiting';
-- Not on lease_until, so that a heartbeat touches no index; few jobs run at a time.
create index due_job_running on due_job (id) where state = 'running';
create index due_job_failed on due_job (account_id, failed_at) where state = 'failed';
-- At most one job with a key waits, and at most one runs.
create unique index due_job_pending_key on due_job (key)
    where key is not null and state in ('waiting', 'ready');
create unique index due_job_running_key on due_job (key)
    where key is not null and state = 'running';
