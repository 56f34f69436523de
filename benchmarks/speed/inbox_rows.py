"""Fills a project with conversations, past the product, as a busy team has them after years."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import numpy as np

from answerdesk.core.tenancy import new_id
from benchmarks.speed.bulk import Admin
from benchmarks.speed.server import vocabulary

FREQUENT: Final = "parcel"
RARE: Final = "zeppelin"
CYRILLIC: Final = "посылка"
JAPANESE: Final = "荷物"
TAGS: Final = ("shipping", "refund", "vip", "legal")
"""From the most frequent, a fifth of all conversations, to one in a thousand."""

_TAG_SHARES: Final = (0.2, 0.05, 0.01, 0.001)
_STATES: Final = {"closed": 0.97, "human": 0.02, "waiting": 0.01}
"""None is the assistant's: those that old are closed by a job, which would work meanwhile."""

_MESSAGES: Final = (2, 7)
_WORDS: Final = 14
_BATCH: Final = 5000
_MINUTES_BETWEEN: Final = 5

_COLUMNS: Final = {
    "visitor": "account_id, id, project_id, identity, email, name, created_at",
    "conversation": "account_id, id, project_id, visitor_id, state, assignee_id, waiting_since,"
    " visitor_wrote_at, created_at, updated_at",
    "message": "account_id, id, conversation_id, project_id, author, content, created_at",
    "conversation_tag": "account_id, conversation_id, tag",
    "read_mark": "account_id, user_id, conversation_id, read_at",
}

_Rows = dict[str, list[tuple[object, ...]]]


def fill(admin: Admin, account_id: UUID, project_id: UUID, people: list[UUID], size: int) -> None:
    """Give a project `size` conversations, in the hands of these people where people have them."""
    generator = np.random.default_rng(size)
    words = vocabulary(np.random.default_rng(1), 20_000)
    words[3] = FREQUENT
    begun = datetime.now(UTC) - timedelta(minutes=_MINUTES_BETWEEN * size)
    with _words_later(admin):
        for first in range(0, size, _BATCH):
            rows: _Rows = {table: [] for table in _COLUMNS}
            for number in range(first, min(first + _BATCH, size)):
                at = begun + timedelta(minutes=_MINUTES_BETWEEN * number)
                _conversation(rows, (account_id, project_id), people, number, at, generator, words)
            _copy(admin, rows)
    admin.execute(f"vacuum (analyze) {', '.join(_COLUMNS)}".encode())
    admin.execute("checkpoint")


def _conversation(
    rows: _Rows,
    owner: tuple[UUID, UUID],
    people: list[UUID],
    number: int,
    at: datetime,
    generator: np.random.Generator,
    words: list[str],
) -> None:
    account_id, project_id = owner
    visitor_id, conversation_id = new_id(), new_id()
    rows["visitor"].append(
        (
            *(account_id, visitor_id, project_id, f"user-{number}"),
            *(f"visitor{number}@example.org", f"Visitor {number}", at),
        )
    )
    state = str(generator.choice(list(_STATES), p=list(_STATES.values())))
    who = people[number % len(people)] if state == "human" else None
    waits = at if state == "waiting" else None
    rows["conversation"].append(
        (account_id, conversation_id, project_id, visitor_id, state, who, waits, at, at, at)
    )
    for place, text in enumerate(_texts(generator, words, number)):
        author = "assistant" if place % 2 else "visitor"
        rows["message"].append(
            (
                *(account_id, new_id(), conversation_id, project_id, author, text),
                at + timedelta(seconds=place),
            )
        )
    for tag, share in zip(TAGS, _TAG_SHARES, strict=True):
        if generator.random() < share:
            rows["conversation_tag"].append((account_id, conversation_id, tag))
    if who is not None and generator.random() < 0.5:
        rows["read_mark"].append((account_id, who, conversation_id, at))


def _texts(generator: np.random.Generator, words: list[str], number: int) -> Iterator[str]:
    """Yield a conversation's messages; one in 5,000 has the rare word, one in 20 another script."""
    count = int(generator.integers(*_MESSAGES))
    ranks = np.minimum(generator.zipf(1.3, size=(count, _WORDS)), len(words)) - 1
    for row in ranks:
        yield " ".join(words[rank] for rank in row) + "."
    if number % 5000 == 17:
        yield f"About the {RARE}."
    if number % 20 == 3:
        yield f"Моя {CYRILLIC} не пришла."
    if number % 20 == 13:
        yield f"{JAPANESE}がまだ届きません。"


def _copy(admin: Admin, rows: _Rows) -> None:
    for table, columns in _COLUMNS.items():
        statement = f"copy {table} ({columns}) from stdin".encode()
        with admin.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows[table]:
                copy.write_row(row)


@contextmanager
def _words_later(admin: Admin) -> Iterator[None]:
    """Make the index of the messages' words anew at the end: quicker than word by word."""
    row = admin.execute("select pg_get_indexdef('message_words'::regclass)").fetchone()
    assert row is not None
    admin.execute("drop index message_words")
    yield
    admin.execute(str(row[0]).encode())
