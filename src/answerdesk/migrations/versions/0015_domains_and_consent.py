"""Domains and lead capture of projects, fuller leads, trials of accounts.

The version before, which may run beside this one, refuses a project's settings that it does not
know, so that newer ones stand in a column of their own. It shows a conversation with every lead:
one without a conversation has its own id in that column, which names no conversation.
"""

from collections.abc import Sequence

from alembic import op

from answerdesk.migrations.tenancy import isolate

revision = "0015"
down_revision = "0014"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

LEADS = """
alter table lead
  add column name text,
  add column page_url text,
  add column excerpt text,
  add column consent_text text,
  add column consented_at timestamptz,
  add constraint lead_consent check ((consent_text is null) = (consented_at is null));
create index lead_by_account on lead (account_id, created_at desc, id desc);
"""

# `token` is public and registered in `public_id`. `agent_id` is opaque here: agents are a higher slice.
PROJECTS = """
alter table project add column newer_settings jsonb not null default '{}';
create table project_domain (
  account_id uuid not null,
  id uuid not null,
  project_id uuid not null,
  website_url text not null,
  label text not null,
  token uuid not null,
  agent_id uuid,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (account_id, id),
  unique (account_id, project_id, website_url),
  unique (account_id, token),
  foreign key (account_id, project_id) references project on delete cascade
);
create index project_domain_by_project on project_domain (account_id, project_id, created_at, id);
"""

ACCOUNTS = "alter table account add column trial_ends_at timestamptz"


def upgrade() -> None:
    for statements in (LEADS, PROJECTS, ACCOUNTS):
        op.get_bind().exec_driver_sql(statements)
    isolate("project_domain")
