"""What an older reader has read, and reading it again.

The version before, which may run beside this one, knows neither column and reads nothing again. What
it ingests meanwhile has its own reader's number and is found by that.
"""

from collections.abc import Sequence

from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# `failed_reader` is the newest reader that could not read the document's content; its chunks may be
# those of an earlier one. Few documents are ever older than the reader: an upgrade makes them so, and
# they are counted whenever somebody looks at the knowledge. PostgreSQL takes `coalesce` for something
# that could leak other tenants' rows, and uses no index for it under row-level security.
DOCUMENTS = """
alter table document add column failed_reader integer;
create index document_by_reader on document (account_id, project_id, (
 case when failed_reader is null then case when reader_version is null then 0 else reader_version end
  when reader_version > failed_reader then reader_version else failed_reader end));
create index document_not_read_again on document (account_id, project_id)
 where failed_reader is not null and status = 'ready';
"""

# All documents of a project that have been read were read by `reader` at least, as far as they could
# be, or their owner did not want it. Documents of readers before `again_before` are being read again;
# null if none are. `again_total` is how many these were when it began.
BASES = """
alter table knowledge_base add column reader integer not null default 0,
 add column again_before integer, add column again_total integer, add column again_code text, add column again_error text;
"""


def upgrade() -> None:
    for statements in (DOCUMENTS, BASES):
        op.get_bind().exec_driver_sql(statements)
