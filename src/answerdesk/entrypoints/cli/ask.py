"""`answerdesk ask`."""

import sys
from typing import Final, assert_never

from rich.text import Text

from answerdesk.answering.blocks import plain_text
from answerdesk.answering.service import decide_at_once
from answerdesk.answering.types import (
    Abstain,
    Answer,
    AnswerRequest,
    Citation,
    Decision,
    HandOff,
    SmallTalk,
)
from answerdesk.bootstrap import Application
from answerdesk.entrypoints.cli.asking import Asking, run_asking, source
from answerdesk.entrypoints.cli.batch import Result
from answerdesk.entrypoints.cli.output import make_console, one_line, printable, rounded


def run_ask(question: str | None, batch: str | None, *, project: str | None, as_json: bool) -> None:
    """Answer one question or a batch, and exit."""
    asking = Asking(_decide, decision_as_json, _show)
    run_asking(asking, question, batch, project=project, as_json=as_json)


_FOR_A_PERSON: Final = "This asks for a person. A visitor who writes it is handed over to the team."


async def _decide(application: Application, request: AnswerRequest) -> Decision:
    at_once = decide_at_once(request.text)
    return await application.answering.answer_whole(request) if at_once is None else at_once


def decision_as_json(decision: Decision) -> Result:
    """Return a decision as JSON shows it: each document once, with its best score."""
    citations: tuple[Citation, ...] = ()
    confidence = None
    match decision:
        case HandOff():
            said = _FOR_A_PERSON
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


def _show(decision: Decision) -> None:
    console = make_console()
    told = decision_as_json(decision)
    style = "" if isinstance(decision, Answer) else "yellow"
    console.print(Text(printable(str(told["answer"])), style=style))
    if isinstance(decision, Answer) and decision.citations:
        console.print()
        for number, citation in enumerate(decision.citations, start=1):
            console.print(Text(f"[{number}] ", style="bold"), Text(_place(citation)), sep="")
    if isinstance(decision, Answer | Abstain):
        console.print()
        console.print(Text(f"Confidence {decision.confidence:.2f}", style="dim"))
    sys.stdout.flush()


def _place(citation: Citation) -> str:
    """Say where a citation comes from: title and headings, then the document."""
    headings = [heading for heading in citation.heading_path if heading != citation.title]
    trail = " › ".join([citation.title, *headings])
    anchor = f"#{citation.anchor}" if citation.anchor else ""
    document = f"{citation.url or citation.document}{anchor}"
    return one_line(document if trail == document else f"{trail} — {document}")
