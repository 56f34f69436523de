"""A database of the first release, with all that its owner had, brought to the newest version."""

import json
import tempfile
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

import psycopg
import pytest
from psycopg import sql

from answerdesk.conversations.history.service import answers_with_document
from answerdesk.core.database import Database
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import new_id
from answerdesk.knowledge.ingestion.reading_again import Rereader
from answerdesk.knowledge.ingestion.readings import READER_VERSION
from answerdesk.knowledge.ingestion.repository import reading_again
from answerdesk.knowledge.items.service import Items
from answerdesk.knowledge.items.types import ItemDraft, ItemFilter
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.types import IncomingDocument
from answerdesk.migrations.upgrade import HEAD, current_version, upgrade
from tests.core.database.releases import admin_of, bring_to
from tests.knowledge.search.library import Admin, runtime_database
from tests.knowledge.spaces.changing import PAGES, Changing, offered
from tests.ready_database import ready_postgres

FIRST_RELEASE: Final = "0004"
_TABLES: Final = (
    *("account", "project", "agent", "knowledge_base", "source", "document", "chunk"),
    *("embedding", "term"),
)
"""Those that the knowledge of a project is in, each after what it refers to."""

_HOURS: Final = ItemDraft("When do you open?", "We open at nine.")
_QUESTIONS: Final = ("What does Austria cost?", "Do gift cards expire?", "When do you open?")


@dataclass
class Upgraded:
    """The project before, in a new database, and after, in one that was upgraded."""

    before: Changing
    after: Changing
    item_id: UUID
    pending_id: UUID
    message_id: UUID


def _copy(new: Admin, old: Admin) -> None:
    """Put what the new database has into the old one, as far as that has columns for it."""
    for table in _TABLES:
        names = [
            str(row[0])
            for row in old.execute(
                "select column_name from information_schema.columns where table_name = %s"
                " and table_schema = 'public' and is_generated = 'NEVER' order by 1",
                (table,),
            ).fetchall()
        ]
        columns = sql.SQL(", ").join(map(sql.Identifier, names))
        name = sql.Identifier(table)
        reading = sql.SQL("copy (select {} from {}) to stdout").format(columns, name)
        writing = sql.SQL("copy {} ({}) from stdin").format(name, columns)
        with (
            new.cursor() as cursor,
            cursor.copy(reading) as rows,
            old.cursor() as into,
            into.copy(writing) as copied,
        ):
            for row in rows:
                copied.write(row)


async def _fill(project: Changing) -> tuple[UUID, UUID]:
    """Put in texts, an item, and a document that waits; returns the ids of the last two."""
    await project.put_pages()
    async with project.database.transaction(project.account_id) as session:
        knowledge = Knowledge(session, project.account_id, project.project_id)
        stored = await Items(knowledge).add(_HOURS)
    await project.ingestion.ingest(project.account_id, stored.id)
    pending = await project.put("Parking", "Cars stay below.", title="Parking", ingest=False)
    return stored.id, pending


def _answer(old: Admin, project: Changing) -> UUID:
    """Write an answer that has used the item, as the first release did."""
    document, chunk = old.execute(
        "select document_id, id from chunk where kind = 'qa' and account_id = %s",
        (project.account_id,),
    ).fetchall()[0]
    conversation, question, answer = new_id(), new_id(), new_id()
    ids = {"account": project.account_id, "project": project.project_id}
    old.execute(
        "insert into conversation (account_id, id, project_id)"
        " values (%(account)s, %(id)s, %(project)s)",
        {**ids, "id": conversation},
    )
    cited = json.dumps([{"document_id": str(document), "chunk_id": str(chunk)}])
    for message, author, content, asked, citations in (
        (question, "visitor", "Opening hours?", None, "[]"),
        (answer, "assistant", "At nine.", question, cited),
    ):
        old.execute(
            "insert into message (account_id, id, conversation_id, project_id, author, content,"
            " question_id, citations) values (%(account)s, %(id)s, %(conversation)s, %(project)s,"
            " %(author)s, %(content)s, %(asked)s, %(citations)s)",
            {
                **ids,
                "id": message,
                "conversation": conversation,
                "author": author,
                "content": content,
                "asked": asked,
                "citations": citations,
            },
        )
    return answer


@pytest.fixture
def first_release() -> Iterator[EmbeddedPostgres]:
    with (
        tempfile.TemporaryDirectory(prefix="answerdesk-") as folder,
        EmbeddedPostgres.start(Path(folder)) as server,
    ):
        bring_to(admin_of(server), FIRST_RELEASE)
        yield server


@pytest.fixture
async def upgraded(first_release: EmbeddedPostgres) -> AsyncIterator[Upgraded]:
    with (
        ready_postgres() as newest,
        psycopg.connect(**admin_of(newest), autocommit=True) as new,
        psycopg.connect(**admin_of(first_release), autocommit=True) as old,
    ):
        async for database in runtime_database(newest):
            before = await Changing.open(database, new)
            item_id, pending_id = await _fill(before)
            _copy(new, old)
            message_id = _answer(old, before)
            assert current_version(old) == FIRST_RELEASE
            upgrade(admin_of(first_release), first_release.runtime_user)
            assert current_version(old) == HEAD
            async for upgraded_database in runtime_database(first_release):
                after = _at(before, upgraded_database, old)
                yield Upgraded(before, after, item_id, pending_id, message_id)


def _at(project: Changing, database: Database, admin: Admin) -> Changing:
    return Changing(database, admin, project.account_id, project.project_id, *offered("fake"))


async def test_what_was_known_is_found_as_before(upgraded: Upgraded) -> None:
    before, after = upgraded.before, upgraded.after
    # But for the vectors of tokens, which a job makes later.
    assert [row[:-1] for row in after.vectors("fake")] == [
        row[:-1] for row in before.vectors("fake")
    ]
    assert len(after.vectors("fake")) == len(PAGES) + 2
    for question in _QUESTIONS:
        expected = await before.find(question)
        found = await after.find(question)
        assert expected
        assert [(one.chunk.id, one.chunk.text, one.bm25, one.similarity) for one in found] == [
            (one.chunk.id, one.chunk.text, one.bm25, one.similarity) for one in expected
        ]


async def test_documents_items_and_answers_are_there_and_can_be_changed(
    upgraded: Upgraded,
) -> None:
    after = upgraded.after
    await after.ingestion.ingest(after.account_id, upgraded.pending_id)
    async with after.database.transaction(after.account_id) as session:
        knowledge = Knowledge(session, after.account_id, after.project_id)
        sources = {one.kind: one for one in await knowledge.sources()}
        assert {kind: (one.ready, one.pending) for kind, one in sources.items()} == {
            "text": (len(PAGES) + 1, 0),
            "qa": (1, 0),
        }
        parking = await knowledge.document(upgraded.pending_id)
        assert (parking.title, parking.status, parking.chunk_count) == ("Parking", "ready", 1)
        # What is there is known again, byte for byte.
        same = IncomingDocument("Cards.md", PAGES["Cards"].encode(), "text/markdown")
        intake = await knowledge.put_documents(sources["text"].id, [same])
        assert (intake.queued, intake.unchanged) == ((), 1)
        items = Items(knowledge)
        (item,) = await items.page(ItemFilter(), None, 10)
        assert (item.id, item.question, item.answer) == (
            upgraded.item_id,
            _HOURS.question,
            _HOURS.answer,
        )
        assert (await items.add(_HOURS)).id == upgraded.item_id
        (used,) = await answers_with_document(knowledge, upgraded.item_id, None, 10)
        assert (used.message_id, used.question) == (upgraded.message_id, "Opening hours?")
        await items.change(upgraded.item_id, ItemDraft(_HOURS.question, "We open at ten."))
    await after.ingestion.ingest(after.account_id, upgraded.item_id)
    (first, *_) = await after.find("When do you open?")
    assert first.chunk.text.endswith("We open at ten.")
    await after.remove(upgraded.pending_id)
    assert "Cars stay below." not in {one.chunk.text for one in await after.find("Cars below")}


async def test_what_earlier_readers_have_read_is_read_again_by_itself(upgraded: Upgraded) -> None:
    after = upgraded.after
    before = after.vectors("fake")
    await after.find("What does Austria cost?")
    rereader = Rereader(after.database, after.ingestion)
    assert await rereader.read(after.account_id, after.project_id, None) is None
    # It comes out as before, so nothing is embedded.
    assert after.fakes["fake"].embedded_passages == 0
    assert after.vectors("fake") == before
    async with after.database.transaction(after.account_id) as session:
        state = await reading_again(session, after.account_id, after.project_id)
    assert (state.older, state.kept, state.running) == (0, 0, False)
    versions = after.admin.execute(
        "select reader_version, count(*) from document where status = 'ready' group by 1"
    ).fetchall()
    assert versions == [(READER_VERSION, len(PAGES) + 1)]
