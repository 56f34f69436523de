"""`answerdesk ask`."""

import sys

from rich.text import Text

from answerdesk.answering.types import Answer, AnswerRequest, Citation
from answerdesk.bootstrap import Application
from answerdesk.entrypoints.cli.asking import Asking, run_asking, source
from answerdesk.entrypoints.cli.batch import Result
from answerdesk.entrypoints.cli.output import make_console, one_line, printable, rounded


def run_ask(question: str | None, batch: str | None, *, project: str | None, as_json: bool) -> None:
    """Answer one question or a batch, and exit."""
    asking = Asking(_answer, answer_as_json, _show)
    run_asking(asking, question, batch, project=project, as_json=as_json)


async def _answer(application: Application, request: AnswerRequest) -> Answer:
    return await application.answering.answer_whole(request)


def answer_as_json(answer: Answer) -> Result:
    """Return an answer as JSON shows it: each document once, with its best score."""
    scores: dict[str, tuple[str, float]] = {}
    for citation in answer.citations:
        title, score = scores.get(citation.document, (citation.title, citation.score))
        scores[citation.document] = (title, max(score, citation.score))
    return {
        "answer": answer.text,
        "abstained": answer.abstained,
        "confidence": rounded(answer.confidence),
        "sources": [source(document, *rest) for document, rest in scores.items()],
    }


def _show(answer: Answer) -> None:
    console = make_console()
    console.print(Text(printable(answer.text), style="yellow" if answer.abstained else ""))
    if answer.citations:
        console.print()
    for number, citation in enumerate(answer.citations, start=1):
        console.print(Text(f"[{number}] ", style="bold"), Text(_place(citation)), sep="")
    console.print()
    console.print(Text(f"Confidence {answer.confidence:.2f}", style="dim"))
    sys.stdout.flush()


def _place(citation: Citation) -> str:
    """Say where a citation comes from: title and headings, then the document."""
    headings = [heading for heading in citation.heading_path if heading != citation.title]
    trail = " › ".join([citation.title, *headings])
    anchor = f"#{citation.anchor}" if citation.anchor else ""
    document = f"{citation.url or citation.document}{anchor}"
    return one_line(document if trail == document else f"{trail} — {document}")
