"""The demo project: a small help centre about Answerdesk, so that a newcomer can ask something."""

import asyncio
from pathlib import Path
from typing import Final

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.agents.service import begin_project
from answerdesk.bootstrap import Application
from answerdesk.knowledge.service import Knowledge
from answerdesk.knowledge.types import IncomingDocument
from answerdesk.projects.service import list_projects, lock_projects
from answerdesk.projects.types import Project

NAME: Final = "Answerdesk demo"
EXAMPLE_QUESTIONS: Final = (
    "What do I need to run Answerdesk?",
    "How much does Answerdesk cost?",
    "How do I put the chat on my website?",
    "What happens when the server crashes?",
)
PAGES: Final = Path(__file__).with_name("demo_pages")

_SOURCE: Final = "Answerdesk's documentation"
_MARKDOWN: Final = "text/markdown"

_log = structlog.get_logger(__name__)


async def make_demo(application: Application) -> Project | None:
    """Make the demo project if the installation has no project, and return it.

    A demo that exists is given the pages of this version, which costs nothing if they are the same.
    If several processes start together, only one makes it. Its pages are ingested by jobs.
    """
    if not application.settings.demo:
        return None
    pages = await asyncio.to_thread(read_pages)
    async with application.database.transaction(application.account_id) as session:
        await lock_projects(session)
        projects = await list_projects(session)
        if projects:
            for demo in (project for project in projects if project.demo):
                await _refresh(session, demo, pages)
            return None
        made = await begin_project(session, application.account_id, NAME, demo=True)
        knowledge = Knowledge(session, application.account_id, made.id)
        source_id = await knowledge.open_source("folder", _SOURCE, _SOURCE)
        await knowledge.put_documents(source_id, pages)
    _log.info("demo_made", documents=len(pages))
    return made


def read_pages() -> list[IncomingDocument]:
    """Read the pages of the help centre, which come with the package."""
    return [
        IncomingDocument(path.name, path.read_bytes(), _MARKDOWN)
        for path in sorted(PAGES.glob("*.md"))
    ]


async def _refresh(session: AsyncSession, demo: Project, pages: list[IncomingDocument]) -> None:
    """Bring the pages up to date, unless somebody has removed them."""
    knowledge = Knowledge(session, demo.account_id, demo.id)
    source_id = await knowledge.find_source("folder", _SOURCE)
    if source_id is None:
        return
    present = frozenset(page.path for page in pages)
    intake = await knowledge.put_documents(source_id, pages, present_paths=present)
    if intake.queued or intake.removed:
        _log.info("demo_refreshed", documents=len(intake.queued), removed=intake.removed)
