"""What `ask` and `search` share: the project is opened once, for one question or for a batch."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from answerdesk.answering.types import AnswerRequest
from answerdesk.bootstrap import Application, running
from answerdesk.core.settings import Settings
from answerdesk.entrypoints.cli.batch import Result, open_batch, run_batch
from answerdesk.entrypoints.cli.output import rounded, write_json, write_note
from answerdesk.entrypoints.cli.questions import checked_question
from answerdesk.entrypoints.cli.runner import DONE, run_command
from answerdesk.entrypoints.cli.selection import choose_project, require_installation
from answerdesk.knowledge.service import Knowledge
from answerdesk.projects.types import Project

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Asking(Generic[Found]):
    """A way to treat a question: find something for it, then write that as data or as text."""

    find: Callable[[Application, AnswerRequest], Awaitable[Found]]
    as_json: Callable[[Found], Result]
    show: Callable[[Found], None]


def run_asking(
    asking: Asking[Found],
    question: str | None,
    batch: str | None,
    *,
    project: str | None,
    as_json: bool,
) -> None:
    """Treat one question or a batch, and exit."""

    async def command(settings: Settings) -> int:
        text = None if question is None else checked_question(question)
        lines = None if batch is None else open_batch(batch)
        require_installation(settings)
        async with running(settings) as application:
            chosen = await choose_project(application, project)

            async def found(one: str) -> Found:
                request = AnswerRequest(application.account_id, chosen.id, one)
                return await asking.find(application, request)

            async def result(one: str) -> Result:
                return asking.as_json(await found(one))

            if lines is not None:
                return await run_batch(lines, result)
            if text is None:
                return DONE
            if as_json:
                write_json(await result(text))
                return DONE
            asking.show(await found(text))
            await _hint(application, chosen)
        return DONE

    run_command(command, as_json=as_json)


def source(document: str, title: str, score: float) -> dict[str, Any]:
    """Return a source as JSON shows it."""
    return {"document": document, "title": title, "score": rounded(score)}


async def _hint(application: Application, project: Project) -> None:
    """Say what to do when there is nothing, or not everything, that could have been found."""
    account_id = application.account_id
    async with application.database.transaction(account_id) as session:
        sources = await Knowledge(session, account_id, project.id).sources()
    pending = sum(one.pending for one in sources)
    if not any(one.ready or one.pending for one in sources):
        write_note(f"{project.name!r} knows nothing yet: `answerdesk ingest PATH` changes that.")
    elif pending:
        write_note(f"{pending:,} documents of {project.name!r} are not searchable yet.")
