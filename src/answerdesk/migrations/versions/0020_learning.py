"""Pairs drawn from conversations, and questions to answer by hand."""

from collections.abc import Sequence

from alembic import op

from answerdesk.migrations.tenancy import isolate

revision = "0020"
down_revision = "0019"
branch_labels: str | Sequence[str] | None = None
depends_on: str | Sequence[str] | None = None

# Two questions are the same if they have the same words in the same order, whatever their case and
# their punctuation. The project is part of the key, so that it names a question of one project. Only
# ASCII's and the usual wide punctuation is left out: what else is no letter depends on a collation.
# It is no secret, so MD5 does, whose digest is as long as our ids.
KEYS = r"""
create function question_key(p_project uuid, p_question text) returns uuid
language sql immutable parallel safe
as $$ select cast(md5(p_project::text || ':' || btrim(regexp_replace(lower(left(p_question, 500)),
  '[\s!-/:-@\[-`{-~¿¡。？！、，…«»„“”‘’–—]+', ' ', 'g'))) as uuid) $$;
create index item_by_question on item (account_id, question_key(project_id, question));
"""

# A draft goes with its conversation, whose words it has; what became an item stays one.
# One that nobody has edited follows its conversation when that goes on.
DRAFTS = """
create table item_draft (
  account_id uuid not null,
  id uuid not null,
  project_id uuid not null,
  conversation_id uuid not null,
  question_key uuid not null,
  question text not null,
  answer text not null,
  category text,
  tags text[] not null default '{}',
  status text not null default 'pending' check (status in ('pending', 'approved', 'rejected')),
  edited boolean not null default false,
  item_id uuid,
  decided_at timestamptz,
  version bigint not null default 1,
  created_at timestamptz not null default clock_timestamp(),
  updated_at timestamptz not null default clock_timestamp(),
  primary key (account_id, id),
  foreign key (account_id, project_id) references project on delete cascade,
  foreign key (account_id, conversation_id) references conversation on delete cascade
);
create unique index item_draft_once on item_draft (account_id, question_key);
create index item_draft_by_status on item_draft
 (account_id, project_id, status, created_at desc, id desc);
create index item_draft_by_conversation on item_draft (account_id, conversation_id);
"""

# What is asked is read from turns and ratings. Stored is only what people have decided, by the
# question's key: one row for each decision of a person's, without any of the words.
QUESTIONS = """
create table question_decision (
  account_id uuid not null,
  id uuid not null,
  project_id uuid not null,
  decision text not null check (decision in ('answered', 'dismissed')),
  item_id uuid,
  decided_at timestamptz not null default clock_timestamp(),
  primary key (account_id, id),
  foreign key (account_id, project_id) references project on delete cascade
);
create index question_decision_by_project on question_decision (account_id, project_id);
create index turn_unanswered on turn (account_id, project_id, created_at desc)
 where decision = 'abstain' or state = 'failed';
create index feedback_negative on feedback (account_id, created_at desc)
 where rating = 'negative';
"""

# Drafts are drawn in every account, unless a project's settings say otherwise.
CONSUMER = """
create function add_consumer_of_drafts() returns trigger
language plpgsql as $$
begin
  insert into event_consumer (account_id, job, types)
  values (new.account_id, 'drafts.follow', array['conversation.ended']);
  return null;
end $$;
create trigger add_consumer_of_drafts after insert on account
 for each row execute function add_consumer_of_drafts();
insert into event_consumer (account_id, job, types)
 select account_id, 'drafts.follow', array['conversation.ended'] from account;
"""

NUMBERS = """
alter table public_number drop constraint public_number_kind_check;
alter table public_number add constraint public_number_kind_check check (
  kind in ('account', 'user', 'agent', 'domain', 'item', 'key', 'conversation', 'message', 'draft'));
"""


def upgrade() -> None:
    for statements in (KEYS, DRAFTS, QUESTIONS, CONSUMER, NUMBERS):
        op.get_bind().exec_driver_sql(statements)
    for table in ("item_draft", "question_decision"):
        isolate(table)
