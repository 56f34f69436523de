"""`answerdesk search`."""

import sys
from functools import partial

from rich.table import Table
from rich.text import Text

from answerdesk.answering.types import AnswerRequest, FoundDocument
from answerdesk.bootstrap import Application
from answerdesk.entrypoints.cli.asking import Asking, run_asking, source
from answerdesk.entrypoints.cli.batch import Result
from answerdesk.entrypoints.cli.output import make_console, one_line

_SNIPPET = 160


def run_search(
    question: str | None, batch: str | None, limit: int, *, project: str | None, as_json: bool
) -> None:
    """Find documents for one question or a batch, and exit."""
    asking = Asking(partial(_find, limit), found_as_json, _show)
    run_asking(asking, question, batch, project=project, as_json=as_json)


async def _find(
    limit: int, application: Application, request: AnswerRequest
) -> list[FoundDocument]:
    return await application.answering.find_documents(request, limit)


def found_as_json(found: list[FoundDocument]) -> Result:
    """Return the documents found as JSON shows them, best first."""
    return {"sources": [source(one.document, one.title, one.score) for one in found]}


def _show(found: list[FoundDocument]) -> None:
    if not sys.stdout.isatty():
        for one in found:
            fields = (f"{one.score:.4f}", one_line(one.document), one_line(one.title))
            sys.stdout.write("\t".join(fields) + "\n")
        sys.stdout.flush()
        return
    if not found:
        make_console().print("Nothing fits.")
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
