"""What was read of a document is kept until it is taken in, so that nothing is read twice."""

from collections.abc import Sequence

from alembic import op

from answerdesk.migrations.tenancy import isolate

revision = "0011"
down_revision = "0010"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# The reading of a document's waiting content, packed; it goes when that is taken in, and with the
# document. One of other content, or by another reader, is none.
READINGS = """
create table reading (
  account_id uuid not null,
  document_id uuid not null,
  content_hash bytea not null,
  media_type text not null,
  reader_version integer not null,
  packed bytea not null,
  created_at timestamptz not null default now(),
  primary key (account_id, document_id),
  foreign key (account_id, document_id) references document on delete cascade
);
-- It is packed already.
alter table reading alter column packed set storage external;
-- Which reader made what is in the index; null for what was taken in before readers had versions.
alter table document add column reader_version integer;
"""

# What a page of a website says besides its text, for as long as its document is there: a page with
# the same bytes is not read again. The hash and the sketch of its text are in the ledger.
SIGNALS = """
create table page_signals (
  account_id uuid not null,
  document_id uuid not null,
  content_hash bytea not null,
  reader_version integer not null,
  packed bytea not null,
  primary key (account_id, document_id),
  foreign key (account_id, document_id) references document on delete cascade
);
"""

TENANT_TABLES = ("reading", "page_signals")


def upgrade() -> None:
    for statements in (READINGS, SIGNALS):
        op.get_bind().exec_driver_sql(statements)
    for table in TENANT_TABLES:
        isolate(table)
