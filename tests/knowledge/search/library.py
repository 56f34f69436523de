"""A project filled in this process, and a way to search it, without a server."""

from collections.abc import AsyncIterator, Iterator

import psycopg

from answerdesk.accounts import repository as accounts
from answerdesk.core.database import Database
from answerdesk.core.postgres import EmbeddedPostgres
from answerdesk.core.tenancy import AccountId, ProjectId, new_id
from answerdesk.knowledge.ingestion import repository as index
from answerdesk.knowledge.ingestion.prepare import prepare_in_thread
from answerdesk.knowledge.ingestion.service import Ingestion
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.types import IncomingDocument
from answerdesk.projects import service as projects
from answerdesk.providers.embedder import Embedder
from answerdesk.providers.fake_embedder import FakeEmbedder
from tests.ready_database import ready_postgres

Admin = psycopg.Connection[tuple[object, ...]]


def running_postgres() -> Iterator[EmbeddedPostgres]:
    """Run a fresh PostgreSQL with all tables."""
    with ready_postgres() as server:
        yield server


async def runtime_database(postgres: EmbeddedPostgres) -> AsyncIterator[Database]:
    """Open a pool as the runtime role."""
    runtime = postgres.conninfo(user=postgres.runtime_user, password=postgres.runtime_password)
    database = Database({**runtime}, pool_size=4)
    yield database
    await database.close()


def connected_admin(postgres: EmbeddedPostgres) -> Iterator[Admin]:
    """Connect as the tables' owner."""
    arguments = postgres.conninfo(user=postgres.admin_user, password=postgres.admin_password)
    with psycopg.connect(**arguments, autocommit=True) as connection:
        yield connection


class Library:
    """One project of one account."""

    def __init__(
        self, database: Database, account_id: AccountId, project_id: ProjectId, embedder: Embedder
    ) -> None:
        self.database = database
        self.account_id = account_id
        self.project_id = project_id
        self.embedder = embedder
        self.large = index.LARGE

    @classmethod
    async def open(cls, database: Database, embedder: Embedder | None = None) -> "Library":
        """Make an account with an empty project."""
        account_id = AccountId(new_id())
        async with database.transaction(account_id) as session:
            await accounts.add_account(session, account_id, "Test")
            project = await projects.create_project(session, account_id, "Test")
            await Knowledge(session, account_id, project.id).open_source("text", "Texts", "texts")
        return cls(database, account_id, project.id, embedder or FakeEmbedder())

    @classmethod
    async def beside(cls, other: "Library") -> "Library":
        """Make another project of the same account."""
        async with other.database.transaction(other.account_id) as session:
            project = await projects.create_project(session, other.account_id, "Beside")
        return cls(other.database, other.account_id, project.id, other.embedder)

    async def add(self, title: str, text: str) -> None:
        """Take in a Markdown document, or its new content, searchable on return."""
        async with self.database.transaction(self.account_id) as session:
            knowledge = Knowledge(session, self.account_id, self.project_id)
            source_id = await knowledge.open_source("text", "Texts", "texts")
            document = IncomingDocument(f"{title}.md", text.encode(), "text/markdown", title)
            intake = await knowledge.put_documents(source_id, [document])
        for document_id in intake.queued:
            ingestion = Ingestion(self.database, self.embedder, prepare_in_thread, large=self.large)
            await ingestion.ingest(self.account_id, document_id)

    async def remove(self, title: str) -> None:
        """Take a document out of the answers."""
        async with self.database.transaction(self.account_id) as session:
            knowledge = Knowledge(session, self.account_id, self.project_id)
            source_id = await knowledge.open_source("text", "Texts", "texts")
            document = await knowledge.document_at(source_id, f"{title}.md")
            await knowledge.remove_documents([document.id])
