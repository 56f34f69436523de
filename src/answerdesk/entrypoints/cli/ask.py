"""`answerdesk ask` and `answerdesk search`: one question or a batch, on one project."""

import sys
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final, Generic, TypeVar, assert_never

from rich.table import Table
from rich.text import Text

from answerdesk.agents.service import active_agent
from answerdesk.agents.types import Agent
from answerdesk.answering.blocks import plain_text, unsupported_in
from answerdesk.answering.errors import AnswerCut
from answerdesk.answering.service import decide_at_once
from answerdesk.answering.small_talk import Host
from answerdesk.answering.types import (
    Abstain,
    Act,
    Answer,
    AnswerRequest,
    Citation,
    Decision,
    FoundDocument,
    HandOff,
    SmallTalk,
)
from answerdesk.bootstrap import Application, running
from answerdesk.core.settings import Settings
from answerdesk.entrypoints.cli.batch import Result, checked_question, open_batch, run_batch
from answerdesk.entrypoints.cli.output import (
    make_console,
    one_line,
    printable,
    rounded,
    write_json,
    write_note,
)
from answerdesk.entrypoints.cli.runner import DONE, run_command
from answerdesk.entrypoints.cli.selection import choose_project, require_installation
from answerdesk.knowledge.service import Knowledge
from answerdesk.projects.types import Project

Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Asking(Generic[Found]):
    """A way to process a question: find something for it, then write that as data or text.

    `answers` tells that it is answered: with the model that the project's active agent names.
    """

    find: Callable[[Application, AnswerRequest], Awaitable[Found]]
    as_json: Callable[[Found], Result]
    show: Callable[[Found], None]
    answers: bool = False


def run_asking(
    asking: Asking[Found],
    question: str | None,
    batch: str | None,
    *,
    project: str | None,
    as_json: bool,
) -> None:
    """Process one question or a batch, and exit."""

    async def command(settings: Settings) -> int:
        text = None if question is None else checked_question(question)
        lines = None if batch is None else open_batch(batch)
        require_installation(settings)
        async with running(settings) as application:
            chosen = await choose_project(application, project)

            agent = await _agent(application, chosen) if asking.answers else None

            async def found(one: str) -> Found:
                request = AnswerRequest(application.account_id, chosen.id, one, project=chosen.name)
                if agent is not None:
                    writer = await application.writers.of_agent(agent, numbered=True)
                    request = writer.asked(replace(request, guidance=writer.guidance))
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
    return {"document": document, "title": title, "score": rounded(score)}


async def _agent(application: Application, project: Project) -> Agent | None:
    async with application.database.transaction(application.account_id) as session:
        return await active_agent(session, project.id)


async def _hint(application: Application, project: Project) -> None:
    """Write a hint if the project has no documents, or some aren't searchable yet."""
    account_id = application.account_id
    async with application.database.transaction(account_id) as session:
        sources = await Knowledge(session, account_id, project.id).sources()
    pending = sum(one.pending for one in sources)
    if not any(one.ready or one.pending for one in sources):
        write_note(f"{project.name!r} has no knowledge yet; add some: `answerdesk ingest PATH`.")
    elif pending:
        write_note(f"{pending:,} documents of {project.name!r} are not searchable yet.")


def run_ask(question: str | None, batch: str | None, *, project: str | None, as_json: bool) -> None:
    asking = Asking(_decide, decision_as_json, _show_answer, answers=True)
    run_asking(asking, question, batch, project=project, as_json=as_json)


_FOR_A_PERSON: Final = "This asks for a person. A visitor's conversation would go to the team."
_FOR_AN_ACTION: Final = "This calls an action, which only a visitor's message does."


async def _decide(application: Application, request: AnswerRequest) -> Decision:
    at_once = decide_at_once(request.text, Host(project=request.project, people=request.people))
    if at_once is not None:
        return at_once
    try:
        return await application.answering.answer_whole(request)
    except AnswerCut as cut:
        return cut.instead


def decision_as_json(decision: Decision) -> Result:
    """Return a decision as JSON, with each cited document once, with its best score."""
    citations: tuple[Citation, ...] = ()
    confidence = None
    match decision:
        case HandOff():
            said = _FOR_A_PERSON
        case Act():
            said = _FOR_AN_ACTION
        case SmallTalk(blocks):
            said = plain_text(blocks)
        case Answer() | Abstain():
            said, citations = decision.text, decision.citations
            confidence = rounded(decision.confidence)
        case _:
            assert_never(decision)
    scores: dict[str, tuple[str, float]] = {}
    for citation in citations:
        title, score = scores.get(citation.document, (citation.title, citation.score))
        scores[citation.document] = (title, max(score, citation.score))
    return {
        "answer": said,
        "decision": decision.kind,
        "abstained": isinstance(decision, Abstain),
        "confidence": confidence,
        "sources": [source(document, *rest) for document, rest in scores.items()],
    }


def _show_answer(decision: Decision) -> None:
    console = make_console()
    told = decision_as_json(decision)
    style = "" if isinstance(decision, Answer) else "yellow"
    unsupported = unsupported_in(decision.blocks) if isinstance(decision, Answer) else []
    console.print(Text(printable(str(told["answer"])), style=style))
    if isinstance(decision, Answer) and decision.citations:
        console.print()
        for number, citation in enumerate(decision.citations, start=1):
            console.print(Text(f"[{number}] ", style="bold"), Text(_place(citation)), sep="")
    if isinstance(decision, Answer | Abstain):
        console.print()
        for sentence in unsupported:
            console.print(Text(f"No source says: {printable(sentence)}", style="yellow"))
        console.print(Text(f"Confidence {decision.confidence:.2f}", style="dim"))
    sys.stdout.flush()


def _place(citation: Citation) -> str:
    """Describe where a citation comes from: title and headings, then the document."""
    headings = [heading for heading in citation.heading_path if heading != citation.title]
    trail = " › ".join([citation.title, *headings])
    anchor = f"#{citation.anchor}" if citation.anchor else ""
    document = f"{citation.url or citation.document}{anchor}"
    return one_line(document if trail == document else f"{trail} — {document}")


_SNIPPET = 160


def run_search(
    question: str | None, batch: str | None, limit: int, *, project: str | None, as_json: bool
) -> None:
    asking = Asking(partial(_find, limit), found_as_json, _show_hits)
    run_asking(asking, question, batch, project=project, as_json=as_json)


async def _find(
    limit: int, application: Application, request: AnswerRequest
) -> list[FoundDocument]:
    return await application.answering.find_documents(request, limit)


def found_as_json(found: list[FoundDocument]) -> Result:
    """Return the documents found as JSON, best first."""
    return {"sources": [source(one.document, one.title, one.score) for one in found]}


def _show_hits(found: list[FoundDocument]) -> None:
    if not sys.stdout.isatty():
        for one in found:
            fields = (f"{one.score:.4f}", one_line(one.document), one_line(one.title))
            sys.stdout.write("\t".join(fields) + "\n")
        sys.stdout.flush()
        return
    if not found:
        make_console().print("Nothing matches.")
        return
    table = Table("#", "Score", box=None, padding=(0, 2, 0, 0))
    table.add_column("Document", overflow="fold")
    table.add_column("Best passage")
    for number, one in enumerate(found, start=1):
        document = Text(one_line(one.title), style="bold")
        document.append(f"\n{one_line(one.url or one.document)}", style="dim")
        passage = Text(_shortened(one_line(one.passage)))
        table.add_row(str(number), f"{one.score:.2f}", document, passage)
    make_console().print(table)


def _shortened(text: str) -> str:
    return text if len(text) <= _SNIPPET else f"{text[: _SNIPPET - 1].rstrip()}…"
