"""The demo project: Answerdesk's own documents, so that a newcomer has something to ask."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import structlog

from answerdesk.agents.service import begin_project
from answerdesk.bootstrap import Application
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.types import IncomingDocument
from answerdesk.projects.service import list_projects, lock_projects
from answerdesk.projects.types import Project

NAME: Final = "Answerdesk demo"
EXAMPLE_QUESTIONS: Final = (
    "Which Python do I need?",
    "Under which licence is Answerdesk?",
    "Can I use my own PostgreSQL?",
    "What happens when the server is killed in the middle of an answer?",
)

_SOURCE: Final = "Answerdesk's documentation"
_TOP: Final = ("README.md", "CONTRIBUTING.md", "ARCHITECTURE.md")
_MARKDOWN: Final = "text/markdown"
_PACKAGE: Final = Path(__file__).resolve().parents[1]

_log = structlog.get_logger(__name__)


async def make_demo(application: Application) -> Project | None:
    """Make the demo project if the installation has no project; otherwise return None.

    If several processes start together, only one makes it. Its documents are ingested by jobs.
    """
    if not application.settings.demo:
        return None
    async with application.database.transaction(application.account_id) as session:
        if await list_projects(session):
            return None
    documents = await asyncio.to_thread(read_documents, documents_folder())
    if not documents:
        _log.warning("demo_without_documents", folder=str(documents_folder()))
        return None
    async with application.database.transaction(application.account_id) as session:
        await lock_projects(session)
        if await list_projects(session):
            return None
        project = await begin_project(session, application.account_id, NAME, demo=True)
        knowledge = Knowledge(session, application.account_id, project.id)
        source_id = await knowledge.open_source("folder", _SOURCE, _SOURCE)
        await knowledge.put_documents(source_id, documents)
    _log.info("demo_made", documents=len(documents))
    return project


def documents_folder() -> Path:
    """Return the folder of our documents: the checkout that we run from, else the package's."""
    checkout = _PACKAGE.parents[1]
    from_checkout = (checkout / "src" / _PACKAGE.name).resolve() == _PACKAGE
    if from_checkout and (checkout / "pyproject.toml").is_file():
        return checkout
    return _PACKAGE / "demo_docs"


def read_documents(folder: Path) -> list[IncomingDocument]:
    """Read those of our documents that exist, named by their path in the folder."""
    return [
        IncomingDocument(path.relative_to(folder).as_posix(), path.read_bytes(), _MARKDOWN)
        for path in _paths(folder)
    ]


def _paths(folder: Path) -> Iterator[Path]:
    yield from (folder / name for name in _TOP if (folder / name).is_file())
    yield from sorted(path for path in (folder / "docs").rglob("*.md") if path.is_file())
