"""Which person made an API key, so that it can be revoked when that person goes.

The name alone was kept. The audit log knows whose it is, of every key that a person has made. The
version before, which may run beside this one, makes keys that do not say; their maker stays unknown.
"""

from collections.abc import Sequence

from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

FROM_THE_AUDIT_LOG = """
update api_key k set created_by_id = e.actor_id
 from audit_entry e
 where e.account_id = k.account_id and e.action = 'api_key.created' and e.actor_kind = 'user'
  and e.target_id = 'key_' || replace(k.id::text, '-', '')
"""


def upgrade() -> None:
    op.execute("alter table api_key add column created_by_id uuid")
    op.execute(FROM_THE_AUDIT_LOG)
