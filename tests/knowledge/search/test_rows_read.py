"""What is asked for each document or page reads a few rows, however many there are.

The limits are far above what is read and far below the number of rows. Each statement is run often
enough for PostgreSQL to keep its plan, which it then makes without sight of the parameters.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.conversations.history import repository as history
from answerdesk.core.tenancy import new_id
from answerdesk.kit.terms import analyse
from answerdesk.knowledge import repository as documents
from answerdesk.knowledge.ingestion import repository as index
from answerdesk.knowledge.ingestion.readings import READER_VERSION
from answerdesk.knowledge.search import repository as search
from answerdesk.knowledge.search.repository import CandidateSearch
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.spaces import repository as spaces
from answerdesk.knowledge.sync.repository.pages import SyncPages
from answerdesk.knowledge.vectors import halfvec_literal, sparsevec_literal
from tests.knowledge.search.library import Admin, Library

_TIMES = 10
_MANY = 5000
_FEW = 500

# Rows that this connection has read of a table, in order or by any of its indexes.
_READ = text(
    "select coalesce(sum(pg_stat_get_xact_tuples_returned(read.id)), 0) from ("
    " select oid as id from pg_class where relname = :table and relkind = 'r'"
    " union all select i.indexrelid from pg_index i join pg_class c on c.oid = i.indrelid"
    "  where c.relname = :table) as read"
)


class Reading:
    """Counts the rows of a table that are read in a block."""

    def __init__(self, session: AsyncSession, *tables: str) -> None:
        self._session = session
        self._tables = tables

    async def count(self) -> dict[str, int]:
        """Return the rows read so far by table."""
        return {
            table: int(await self._session.scalar(_READ, {"table": table}))
            for table in self._tables
        }

    @asynccontextmanager
    async def few(self) -> AsyncIterator[None]:
        """Hold the block to a few rows of each table."""
        before = await self.count()
        yield
        after = await self.count()
        read = {table: after[table] - before[table] for table in self._tables}
        assert all(count <= _FEW for count in read.values()), read


async def test_a_removal_reads_no_more_terms_than_it_takes_away(
    library: Library, admin: Admin
) -> None:
    for number in range(_TIMES):
        await library.add(f"Page {number}", f"# Page {number}\n\nOf apples, pears and {number}.")
    admin.execute(
        "insert into term (account_id, project_id, lexeme, document_frequency)"
        " select %s, %s, 'word' || n, 1 from generate_series(1, %s) n",
        (library.account_id, library.project_id, _MANY),
    )
    admin.execute("analyze term")
    for number in range(_TIMES):
        async with library.database.transaction(library.account_id) as session:
            knowledge = Knowledge(session, library.account_id, library.project_id)
            source_id = await knowledge.open_source("text", "Texts", "texts")
            document = await knowledge.document_at(source_id, f"Page {number}.md")
            base = await index.lock_base(session, library.account_id, library.project_id)
            present = await index.present_chunks(session, library.account_id, document.id)
            async with Reading(session, "term").few():
                await index.remove_chunks(session, base, [one.id for one in present])
    left = admin.execute(
        "select count(*) from term where project_id = %s and document_frequency <= 0 or"
        " project_id = %s and lexeme not like 'word%%'",
        (library.project_id, library.project_id),
    )
    assert left.fetchone() == (0,)


async def test_the_queue_of_a_sync_is_read_without_the_other_pages(
    library: Library, admin: Admin
) -> None:
    source_id, sync_id = await _source(library), new_id()
    admin.execute(
        "insert into page (account_id, id, project_id, source_id, url, found_by, queued_in)"
        " select %s, gen_random_uuid(), %s, %s, 'http://example.com/' || n, 'link',"
        "  case when n <= 3 then %s::uuid end from generate_series(1, %s) n",
        (library.account_id, library.project_id, source_id, sync_id, _MANY),
    )
    admin.execute("analyze page")
    for _ in range(_TIMES):
        async with library.database.transaction(library.account_id) as session:
            queue = SyncPages(session, source_id, sync_id)
            async with Reading(session, "page").few():
                assert len(await queue.next(10, ())) == 3


async def test_the_answers_of_a_document_are_read_without_all_others(
    library: Library, admin: Admin
) -> None:
    conversation_id, document_id = new_id(), new_id()
    tenant = (library.account_id, library.project_id)
    admin.execute(
        "insert into conversation (account_id, project_id, id) values (%s, %s, %s)",
        (*tenant, conversation_id),
    )
    admin.execute(
        "with written as (insert into message"
        "  (account_id, project_id, id, conversation_id, author, content)"
        "  select %s, %s, gen_random_uuid(), %s, 'assistant', n::text"
        "  from generate_series(1, %s) n returning id, content::integer as n)"
        " insert into answer_source"
        "  (account_id, project_id, message_id, document_id, chunk_id, place)"
        " select %s, %s, id, case when n <= 3 then %s::uuid else gen_random_uuid() end,"
        "  gen_random_uuid(), 1 from written",
        (*tenant, conversation_id, _MANY, *tenant, document_id),
    )
    admin.execute("analyze message, answer_source")
    for _ in range(_TIMES):
        async with library.database.transaction(library.account_id) as session:
            async with Reading(session, "answer_source", "message").few():
                found = await history.answers_with(
                    session, library.project_id, document_id, None, 20
                )
                assert len(found) == 3
            async with Reading(session, "answer_source").few():
                assert not await history.was_used(session, library.project_id, new_id())


@pytest.mark.parametrize("in_next_space", [0, _MANY // 2])
async def test_chunks_without_a_vector_are_read_a_batch_at_a_time(
    library: Library, admin: Admin, in_next_space: int
) -> None:
    await _many_chunks(library, admin)
    admin.execute("analyze chunk, embedding")
    # Statistics are as they were before the space was filled; so they are while it is.
    admin.execute(
        "insert into embedding"
        "  (account_id, chunk_id, project_id, space, vector, sentence_vectors, added_rev)"
        " select account_id, id, project_id, 'next', '[0,1]', '', 1 from chunk"
        " where project_id = %s order by id desc limit %s",
        (library.project_id, in_next_space),
    )
    project = (library.account_id, library.project_id)
    after: UUID | None = None
    for _ in range(_TIMES):
        async with library.database.transaction(library.account_id) as session:
            async with Reading(session, "chunk", "embedding", "document").few():
                batch = await spaces.lacking(session, project, "next", after, 50)
            async with Reading(session, "chunk", "embedding").few():
                assert await spaces.lacks(session, project, "next")
        assert len(batch) == 50
        after = batch[-1].id


async def test_a_document_is_put_in_without_reading_its_source(
    library: Library, admin: Admin
) -> None:
    source_id = await _source(library)
    admin.execute(
        "insert into document (account_id, id, project_id, source_id, path, media_type, content,"
        "  content_hash, status)"
        " select %s, gen_random_uuid(), %s, %s, 'page-' || n, 'text/plain', '', '', 'ready'"
        " from generate_series(1, %s) n",
        (library.account_id, library.project_id, source_id, _MANY),
    )
    admin.execute("analyze document")
    paths = [f"page-{number}" for number in range(1, 101)]
    for _ in range(_TIMES):
        async with library.database.transaction(library.account_id) as session:
            async with Reading(session, "document").few():
                known = await documents.known_hashes(session, source_id, paths)
            assert len(known) == len(paths)


async def test_older_documents_are_counted_without_the_others(
    library: Library, admin: Admin
) -> None:
    await library.add("Page", "# Page\n\nOf apples and pears.")
    admin.execute(
        "insert into document (account_id, id, project_id, source_id, path, media_type, content,"
        "  content_hash, status, reader_version)"
        " select %s, gen_random_uuid(), %s, %s, 'page-' || n, 'text/plain', '', '', 'ready',"
        "  case when n <= 3 then 1 else %s::int end from generate_series(1, %s) n",
        (
            library.account_id,
            library.project_id,
            await _source(library),
            READER_VERSION,
            _MANY,
        ),
    )
    admin.execute("analyze document")
    project = (library.account_id, library.project_id)
    for _ in range(_TIMES):
        async with library.database.transaction(library.account_id) as session:
            async with Reading(session, "document").few():
                state = await index.reading_again(session, *project)
            some = await index.older_documents(session, *project, READER_VERSION, None, 100)
        assert (state.older, state.kept, len(some)) == (3, 0, 3)


async def test_a_search_reads_nothing_of_a_large_project_beside_it(
    library: Library, admin: Admin
) -> None:
    large = await Library.beside(library)
    await _many_chunks(large, admin)
    for number in range(_TIMES):
        await library.add(f"Page {number}", f"# Page {number}\n\nOf apples, pears and {number}.")
    admin.execute("analyze chunk, embedding")
    words = analyse("Where are apples, pears, plums, cherries and all other fruit on a page?", "en")
    question = CandidateSearch(
        space=library.embedder.space,
        lexemes=words,
        terms=sparsevec_literal(dict.fromkeys(words, 1.0)),
        vector=halfvec_literal((await library.embedder.embed_questions(["apples"]))[0].vector),
        most_bm25=1.0,
        limit=40,
    )
    for _ in range(_TIMES):
        async with library.database.transaction(library.account_id) as session:
            async with Reading(session, "chunk", "embedding").few():
                found = await search.scored(session, library.project_id, question)
            assert len(found) == _TIMES


async def _source(library: Library) -> UUID:
    async with library.database.transaction(library.account_id) as session:
        knowledge = Knowledge(session, library.account_id, library.project_id)
        return await knowledge.open_source("folder", "Many", "many")


async def _many_chunks(library: Library, admin: Admin) -> None:
    await library.add("One", "# One\n\nA document for all chunks.")
    admin.execute(
        "with written as (insert into chunk (account_id, id, project_id, document_id, ordinal,"
        "  kind, content, content_hash, heading_path, language, sentences, lexemes, terms,"
        "  added_rev)"
        "  select account_id, gen_random_uuid(), project_id, id, n, 'paragraph', '', '', '{}',"
        "   'en', '{}', '', '{}/1000000000', 1 from document, generate_series(1, %s) n"
        "  where project_id = %s returning account_id, project_id, id)"
        " insert into embedding"
        "  (account_id, chunk_id, project_id, space, vector, sentence_vectors, added_rev)"
        " select account_id, id, project_id, 'fake', '[1,0]', '', 1 from written",
        (_MANY, library.project_id),
    )
