"""A project in this process whose space can be changed, filled by hand step by step."""

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID

from answerdesk.accounts import repository as accounts
from answerdesk.core.database import Database
from answerdesk.core.errors import Unavailable
from answerdesk.core.tenancy import AccountId, ProjectId, new_id
from answerdesk.knowledge.ingestion.prepare import prepare_in_thread
from answerdesk.knowledge.ingestion.service import Ingestion
from answerdesk.knowledge.search.service import Search
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.spaces.service import Spaces
from answerdesk.knowledge.spaces.tasks import Filler
from answerdesk.knowledge.spaces.types import Embedding
from answerdesk.knowledge.types import FoundChunk, IncomingDocument
from answerdesk.projects import service as projects
from answerdesk.providers.embedder import EmbeddedPassage, EmbeddedQuestion, Passage
from answerdesk.providers.embedders import Embedders, Offer
from answerdesk.providers.fake_embedder import FakeEmbedder
from tests.knowledge.search.library import Admin

OLD, NEW, THIRD = "fake", "fake:2", "fake:3"
DIMENSIONS = {OLD: 384, NEW: 64, THIRD: 96}


class MoodyEmbedder(FakeEmbedder):
    """A fake that can be away; `meanwhile` happens once, while it embeds passages."""

    away = False
    meanwhile: Callable[[], Awaitable[None]] | None = None

    async def embed_passages(self, passages: Sequence[Passage]) -> list[EmbeddedPassage]:
        self._refuse_if_away()
        embedded = await super().embed_passages(passages)
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile is not None:
            await meanwhile()
        return embedded

    async def embed_questions(self, texts: Sequence[str]) -> list[EmbeddedQuestion]:
        self._refuse_if_away()
        return await super().embed_questions(texts)

    def _refuse_if_away(self) -> None:
        if self.away:
            raise Unavailable("The service is away", code="embedding_service_unavailable")


def offered(*spaces: str, default: str = OLD) -> tuple[Embedders, dict[str, MoodyEmbedder]]:
    """Return a catalog of fakes, and the fakes."""
    fakes = {one: MoodyEmbedder(space=one, dimensions=DIMENSIONS[one]) for one in spaces}

    def offer(space: str) -> Offer:
        return Offer(space, DIMENSIONS[space], lambda: fakes[space])

    return Embedders([offer(one) for one in spaces], default), fakes


PAGES = {
    "Shipping": "# Shipping\n\nParcels leave on weekdays. Austria costs nine euros.\n",
    "Returns": "# Returns\n\nReturns are free for a month.\n\n## Refunds\n\nMoney comes back.\n",
    "Cards": "# Gift cards\n\nGift cards never expire. They are sold at the till.\n",
}
"""Three documents of four passages."""

Rows = list[tuple[object, ...]]


@dataclass
class Changing:
    """One project with the parts that change it."""

    database: Database
    admin: Admin
    account_id: AccountId
    project_id: ProjectId
    embedders: Embedders
    fakes: dict[str, MoodyEmbedder]

    def __post_init__(self) -> None:
        self.use(self.embedders, self.fakes)

    def use(self, embedders: Embedders, fakes: dict[str, MoodyEmbedder]) -> None:
        """Go on as a process with these embedders would."""
        self.embedders, self.fakes = embedders, fakes
        self.search = Search(self.database, embedders)
        self.ingestion = Ingestion(self.database, embedders, prepare_in_thread)
        self.filler = Filler(self.database, embedders)

    @classmethod
    async def open(cls, database: Database, admin: Admin, *, default: str = OLD) -> "Changing":
        """Make an account with an empty project."""
        account_id = AccountId(new_id())
        async with database.transaction(account_id) as session:
            await accounts.add_account(session, account_id, "Test")
            project = await projects.create_project(session, account_id, "Test")
        embedders, fakes = offered(OLD, NEW, THIRD, default=default)
        return cls(database, admin, account_id, project.id, embedders, fakes)

    @asynccontextmanager
    async def spaces(self) -> AsyncIterator[Spaces]:
        """Open a transaction on the project's spaces."""
        async with self.database.transaction(self.account_id) as session:
            knowledge = Knowledge(session, self.account_id, self.project_id)
            yield Spaces(knowledge, self.embedders, "a test")

    async def embedding(self) -> Embedding:
        """Return what the project is searched by."""
        async with self.spaces() as spaces:
            return await spaces.embedding()

    async def change(self, space: str) -> None:
        """Begin a change."""
        async with self.spaces() as spaces:
            await spaces.change(space)

    async def fill(self) -> None:
        """Fill until the swap."""
        after: UUID | None = None
        for _ in range(100):
            filled = await self.filler.fill(self.account_id, self.project_id, after)
            if not filled.more:
                return
            after = filled.after
        raise AssertionError("the filling does not end")

    async def changed(self, space: str) -> None:
        """Begin a change and bring it to its end."""
        await self.change(space)
        await self.fill()

    async def drop(self) -> None:
        """Delete the vectors of spaces that are not kept."""
        while await self.filler.drop(self.account_id, self.project_id):
            pass

    async def put(
        self, name: str, text: str, *, title: str | None = None, ingest: bool = True
    ) -> UUID:
        """Store a document, or its new content, and take it in."""
        async with self.database.transaction(self.account_id) as session:
            knowledge = Knowledge(session, self.account_id, self.project_id)
            source_id = await knowledge.open_source("text", "Texts", "texts")
            document = IncomingDocument(f"{name}.md", text.encode(), "text/markdown", title)
            intake = await knowledge.put_documents(source_id, [document])
        if ingest:
            await self.ingestion.ingest(self.account_id, intake.queued[0])
        return intake.queued[0]

    async def put_pages(self) -> None:
        """Take in PAGES."""
        for name, text in PAGES.items():
            await self.put(name, text)

    async def remove(self, document_id: UUID) -> None:
        """Take a document out."""
        async with self.database.transaction(self.account_id) as session:
            knowledge = Knowledge(session, self.account_id, self.project_id)
            await knowledge.remove_documents([document_id])

    async def find(self, text: str) -> list[FoundChunk]:
        """Search, the nearest first; where all are as near, by words."""
        _, found = await self.search.find(self.account_id, self.project_id, text)
        return sorted(found, key=lambda one: (-one.similarity, -one.bm25, one.chunk.text))

    def vectors(self, space: str) -> Rows:
        """Return all rows of a space apart from ids and times, in an order of their own."""
        return self.admin.execute(
            "select c.content, c.heading_path, d.title, c.ordinal, e.vector::text,"
            " encode(e.sentence_vectors, 'hex'), encode(e.token_vectors, 'hex') from embedding e"
            " join chunk c on c.account_id = e.account_id and c.id = e.chunk_id"
            " join document d on d.account_id = c.account_id and d.id = c.document_id"
            " where e.account_id = %s and e.project_id = %s and e.space = %s order by 1, 2, 3, 4",
            (self.account_id, self.project_id, space),
        ).fetchall()

    def base(self) -> tuple[object, ...]:
        """Return served, next and previous space, whether that is complete, and the revision."""
        row = self.admin.execute(
            "select space, next_space, previous_space, previous_complete, live_rev"
            " from knowledge_base where account_id = %s and project_id = %s",
            (self.account_id, self.project_id),
        ).fetchone()
        assert row is not None
        return row
