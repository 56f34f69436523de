"""Each content is read once, and taken in from what was read of it, whatever happens between."""

from collections.abc import AsyncIterator, Sequence
from hashlib import sha256
from uuid import UUID

import psycopg
import pytest

from answerdesk.bootstrap import Application
from answerdesk.core.errors import Unavailable
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import ProjectId
from answerdesk.knowledge.erasure import erase_knowledge
from answerdesk.knowledge.ingestion import repository as index
from answerdesk.knowledge.ingestion.parse import UnreadableDocument
from answerdesk.knowledge.ingestion.prepare import QuestionAndAnswer, prepare, prepare_in_thread
from answerdesk.knowledge.ingestion.readings import READER_VERSION, pack
from answerdesk.knowledge.ingestion.service import Ingestion
from answerdesk.knowledge.ingestion.types import PreparedDocument
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.types import QA_MEDIA_TYPE, Document, IncomingDocument
from answerdesk.projects.service import create_project
from answerdesk.providers.embedder import EmbeddedPassage, Passage
from answerdesk.providers.fake_embedder import FakeEmbedder

HOURS = b"# Hours\n\nWe open at nine.\n"
LATER = b"# Hours\n\nWe open at ten.\n"


class AbsentEmbedder(FakeEmbedder):
    """A fake that is away."""

    async def embed_passages(self, passages: Sequence[Passage]) -> list[EmbeddedPassage]:
        raise Unavailable(f"The service is away: {len(passages)} passages wait")


class Shelf:
    """A project's only source, and what ingestion had to read; `read` has the names."""

    def __init__(
        self, application: Application, admin: psycopg.Connection[tuple[object, ...]]
    ) -> None:
        self.application = application
        self.account_id = application.account_id
        self.project_id = ProjectId(UUID(int=0))
        self.read: list[str] = []
        self._admin = admin

    async def open(self) -> "Shelf":
        async with self.application.database.transaction(self.account_id) as session:
            self.project_id = (await create_project(session, self.account_id, "Test")).id
        return self

    async def put(
        self, content: bytes, reading: bytes | None = None, media_type: str = "text/markdown"
    ) -> UUID:
        async with self.application.database.transaction(self.account_id) as session:
            knowledge = Knowledge(session, self.account_id, self.project_id)
            source_id = await knowledge.open_source("file", "hours.md", "hours.md")
            incoming = IncomingDocument("hours.md", content, media_type, reading=reading)
            intake = await knowledge.put_documents(source_id, [incoming])
        return intake.queued[0]

    async def ingest(self, document_id: UUID, *, is_away: bool = False) -> None:
        embedders = AbsentEmbedder() if is_away else self.application.embedders
        ingestion = Ingestion(self.application.database, embedders, self._prepare)
        await ingestion.ingest(self.account_id, document_id)

    async def _prepare(self, content: bytes, media_type: str, name: str) -> PreparedDocument:
        self.read.append(name)
        return await prepare_in_thread(content, media_type, name)

    async def document(self, document_id: UUID) -> Document:
        async with self.application.database.transaction(self.account_id) as session:
            knowledge = Knowledge(session, self.account_id, self.project_id)
            return await knowledge.document(document_id)

    def rows(self, statement: str, *parameters: object) -> list[tuple[object, ...]]:
        cursor = self._admin.execute(statement.encode(), parameters)
        return cursor.fetchall() if cursor.description else []

    def kept(self) -> int:
        return len(self.rows("select 1 from reading where account_id = %s", self.account_id))

    def texts(self, document_id: UUID) -> list[object]:
        found = self.rows("select content from chunk where document_id = %s", document_id)
        return [text for (text,) in found]


@pytest.fixture
async def shelf(application: Application) -> AsyncIterator[Shelf]:
    with EmbeddedPostgres.start(application.settings.data_dir) as postgres:
        admin = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
        with psycopg.connect(**admin, autocommit=True) as connection:
            yield await Shelf(application, connection).open()


async def read(content: bytes) -> bytes:
    """Return what is kept of a document that was read as a file's upload does it."""
    packed = await pack(prepare(content, "text/markdown", "hours.md"))
    assert packed is not None
    return packed


async def test_what_was_read_before_is_not_read_again(shelf: Shelf) -> None:
    document_id = await shelf.put(HOURS, await read(HOURS))
    assert shelf.kept() == 1
    await shelf.ingest(document_id)
    assert shelf.read == []
    document = await shelf.document(document_id)
    assert (document.status, document.title, document.chunk_count) == ("ready", "Hours", 1)
    assert shelf.texts(document_id) == ["We open at nine."]
    # It is in the index now, and the database holds it once.
    assert shelf.kept() == 0
    made_by = shelf.rows("select reader_version from document where id = %s", document_id)
    assert made_by == [(READER_VERSION,)]


async def test_what_ingestion_has_read_is_not_read_again_when_the_embedder_was_away(
    shelf: Shelf,
) -> None:
    document_id = await shelf.put(HOURS)
    for _ in range(3):
        with pytest.raises(Unavailable):
            await shelf.ingest(document_id, is_away=True)
    assert (shelf.read, shelf.kept()) == (["hours.md"], 1)
    await shelf.ingest(document_id)
    assert (shelf.read, shelf.kept()) == (["hours.md"], 0)
    assert shelf.texts(document_id) == ["We open at nine."]


@pytest.mark.parametrize(
    "change",
    [
        "update reading set reader_version = reader_version - 1",
        "update reading set content_hash = '\\x00'",
        "update reading set media_type = 'text/plain'",
        "update reading set packed = '\\x00'",
        "update reading set packed = substr(packed, 1, 30)",
        "delete from reading",
    ],
)
async def test_what_is_no_reading_of_this_content_by_this_reader_is_read_from_the_bytes(
    shelf: Shelf, change: str
) -> None:
    document_id = await shelf.put(HOURS, await read(LATER))
    shelf.rows(f"{change} where document_id = %s", document_id)
    await shelf.ingest(document_id)
    assert shelf.read == ["hours.md"]
    assert shelf.texts(document_id) == ["We open at nine."]
    assert shelf.kept() == 0


async def test_new_content_forgets_what_was_read_of_the_old(shelf: Shelf) -> None:
    document_id = await shelf.put(HOURS, await read(HOURS))
    assert await shelf.put(LATER) == document_id
    assert shelf.kept() == 0
    assert await shelf.put(HOURS, await read(HOURS)) == document_id
    assert await shelf.put(LATER, await read(LATER)) == document_id
    await shelf.ingest(document_id)
    assert (shelf.read, shelf.texts(document_id)) == ([], ["We open at ten."])


async def test_the_same_content_again_keeps_what_was_read_of_it(shelf: Shelf) -> None:
    document_id = await shelf.put(HOURS, await read(HOURS))
    assert await shelf.put(HOURS) == document_id
    await shelf.ingest(document_id)
    assert shelf.read == []
    # By another type the same bytes say something else.
    await shelf.put(LATER, await read(LATER))
    await shelf.put(LATER, media_type="text/plain")
    assert shelf.kept() == 0


async def test_what_was_read_too_late_is_not_kept(shelf: Shelf) -> None:
    document_id = await shelf.put(HOURS)
    old = sha256(HOURS).digest()
    await shelf.put(LATER, packed := await read(LATER))

    async def keep() -> None:
        async with shelf.application.database.transaction(shelf.account_id) as session:
            await index.keep_reading(session, shelf.account_id, document_id, old, await read(HOURS))

    await keep()
    assert shelf.rows("select packed from reading") == [(packed,)]
    await shelf.ingest(document_id)
    await keep()
    assert shelf.kept() == 0


async def test_a_given_title_goes_before_the_one_that_was_read(shelf: Shelf) -> None:
    document_id = await shelf.put(HOURS, await read(HOURS))
    shelf.rows("update document set given_title = 'Our hours' where id = %s", document_id)
    await shelf.ingest(document_id)
    assert shelf.read == []
    assert (await shelf.document(document_id)).title == "Our hours"


async def test_what_is_deleted_leaves_nothing_that_was_read(shelf: Shelf) -> None:
    document_id = await shelf.put(HOURS, await read(HOURS))
    async with shelf.application.database.transaction(shelf.account_id) as session:
        knowledge = Knowledge(session, shelf.account_id, shelf.project_id)
        await knowledge.remove_document(document_id)
    assert shelf.kept() == 0
    await shelf.put(HOURS, await read(HOURS))
    async with shelf.application.database.transaction(shelf.account_id) as session:
        assert await erase_knowledge(session, shelf.project_id) == 1
    assert shelf.kept() == 0


async def test_what_is_given_up_leaves_nothing_that_was_read(shelf: Shelf) -> None:
    document_id = await shelf.put(HOURS, await read(HOURS))
    await shelf.application.ingestion.give_up(shelf.account_id, document_id, "the model is away")
    assert (await shelf.document(document_id)).status == "failed"
    assert shelf.kept() == 0


async def test_what_cannot_be_read_is_not_read_again(shelf: Shelf) -> None:
    document_id = await shelf.put(b" ")
    for _ in range(2):
        await shelf.ingest(document_id)
    assert shelf.read == ["hours.md"]
    document = await shelf.document(document_id)
    assert (document.status, document.error_code) == ("failed", UnreadableDocument.code)


async def test_items_are_not_kept_twice(shelf: Shelf) -> None:
    item = QuestionAndAnswer(question="When?", answer="At nine.").to_bytes()
    document_id = await shelf.put(item, media_type=QA_MEDIA_TYPE)
    with pytest.raises(Unavailable):
        await shelf.ingest(document_id, is_away=True)
    assert shelf.kept() == 0
    await shelf.ingest(document_id)
    assert shelf.texts(document_id) == ["When?\nAt nine."]
