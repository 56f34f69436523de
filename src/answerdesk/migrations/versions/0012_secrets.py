"""What an id opens, which keys the nodes share, and what became of a letter.

A conversation knows whether its id opens it. The version before, which may run beside this one,
writes conversations that do not say; whose visitor has neither mark was begun with a visitor token.

The installation's keys are known by salted fingerprints, so that a node with others is refused.
"""

from collections.abc import Sequence

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

KEYS = """
create table installation_key (
  kind text not null check (kind in ('owner', 'secret')),
  salt bytea not null,
  fingerprint bytea not null,
  created_at timestamptz not null default now(),
  primary key (kind, fingerprint)
)
"""
LETTERS = """
alter table invitation
  add column letter text check (letter in ('mailed', 'written', 'failing', 'failed')),
  add column letter_at timestamptz,
  add column letter_error text
"""


def upgrade() -> None:
    op.execute("alter table conversation add column opens_by_id boolean")
    op.execute(KEYS)
    op.execute(LETTERS)
