"""The commands with their options and help; modules of the same names do the work."""

# Each command imports its module when it runs: importing all takes more than a second.
# ruff: noqa: PLC0415

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from answerdesk import __version__
from answerdesk.entrypoints.cli.account_commands import account_app
from answerdesk.entrypoints.cli.embedding_commands import embedding_app, models_app
from answerdesk.entrypoints.cli.items_commands import items_app
from answerdesk.entrypoints.cli.keys_commands import keys_app
from answerdesk.entrypoints.cli.leads_commands import leads_app
from answerdesk.entrypoints.cli.options import JsonOption, ProjectOption
from answerdesk.entrypoints.cli.privacy_commands import privacy_app
from answerdesk.entrypoints.cli.reading_commands import reading_app
from answerdesk.entrypoints.cli.sources_commands import sources_app
from answerdesk.entrypoints.cli.synonyms_commands import synonyms_app
from answerdesk.entrypoints.cli.webhooks_commands import webhooks_app


class CommandLine(TyperGroup):
    """All commands; wrong usage gives a one-line error and the command's usage, with status 2.

    With `--json` among the arguments the error is a JSON object, like every other error.
    """

    def main(
        self,
        args: Sequence[str] | None = None,
        *rest: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401  # As the parent has it.
        """Run the command named by the arguments."""
        given = list(sys.argv[1:] if args is None else args)
        if not options.get("standalone_mode", True):
            return super().main(args, *rest, **options)
        try:
            status = super().main(args, *rest, **{**options, "standalone_mode": False})
        except TyperException as error:
            # Imported here because it costs half as much as the whole help.
            from answerdesk.entrypoints.cli.wrong_usage import tell

            tell(error, as_json="--json" in given)
            sys.exit(error.exit_code)
        except typer.Abort:
            sys.exit(1)
        sys.exit(status if isinstance(status, int) else 0)


app = typer.Typer(
    name="answerdesk",
    cls=CommandLine,
    help="An AI front desk for websites and apps that answers from your own knowledge.",
    epilog="The data folder is ANSWERDESK_DATA_DIR, or .data in the current folder. "
    "Every command works with or without a running server.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(sources_app)
app.add_typer(items_app)
app.add_typer(synonyms_app)
app.add_typer(embedding_app)
app.add_typer(reading_app)
app.add_typer(models_app)
app.add_typer(account_app)
app.add_typer(keys_app)
app.add_typer(webhooks_app)
app.add_typer(leads_app)
app.add_typer(privacy_app)

QuestionArgument = Annotated[
    str | None,
    typer.Argument(metavar="QUESTION", help="The question, in quotes.", show_default=False),
]
BatchOption = Annotated[
    str | None,
    typer.Option(
        "--batch",
        metavar="FILE",
        help='Read questions from a file of JSON lines {"id": …, "q": …} (- for standard input) '
        "and write one JSON line for each, in order.",
    ),
]


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"answerdesk {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    *,
    version: Annotated[
        bool,
        typer.Option("--version", help="Show the version.", callback=_print_version, is_eager=True),
    ] = False,
) -> None:
    del version


@app.command()
def serve(
    *,
    host: Annotated[
        str | None, typer.Option(help="Address to listen on; default: 127.0.0.1.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="Port to listen on, 0 for any free port; default: 8000."
        ),
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option(
            metavar="NUMBER",
            help="Number of processes that share the port, each using one core; default: 1. "
            "A process that ends is replaced.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Serve the website widget, the API and the pages, and do the background work."""
    from answerdesk.core.settings import MOST_PROCESSES
    from answerdesk.entrypoints.cli.serve import run_serve

    if processes is not None and not 1 <= processes <= MOST_PROCESSES:
        raise typer.BadParameter(
            f"takes a number from 1 to {MOST_PROCESSES}, not {processes}; more than the number of "
            "cores is no use",
            param_hint="--processes",
        )
    run_serve(host, port, processes, as_json=as_json)


@app.command()
def worker(*, as_json: JsonOption = False) -> None:
    """Do background work (ingestion, unfinished answers) until stopped; run as many as needed."""
    from answerdesk.entrypoints.cli.worker import run_worker

    run_worker(as_json=as_json)


@app.command()
def ingest(  # noqa: PLR0913 - one for each option
    wanted: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH_OR_ADDRESS",
            help="Files, folders with everything in them, or addresses of websites "
            "(https://example.com/docs/) with all pages below.",
            show_default=False,
        ),
    ],
    *,
    sync: Annotated[
        bool,
        typer.Option("--sync", help="Also remove documents whose files are gone from the folders."),
    ] = False,
    yes: Annotated[
        bool,
        typer.Option("--yes", help="With --sync: remove all documents of a folder that is empty."),
    ] = False,
    page: Annotated[
        bool, typer.Option("--page", help="Read only the page at the address, not those below.")
    ] = False,
    include: Annotated[
        list[str] | None,
        typer.Option(
            "--include",
            metavar="PATTERN",
            help="Only website pages whose address matches (* matches anything); repeatable.",
        ),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option(
            "--exclude",
            metavar="PATTERN",
            help="No website pages whose address matches; repeatable.",
        ),
    ] = None,
    max_pages: Annotated[
        int | None, typer.Option("--max-pages", min=1, help="Maximum pages of a website.")
    ] = None,
    every: Annotated[
        int | None,
        typer.Option(
            "--every",
            metavar="HOURS",
            min=0,
            max=24 * 365,
            help="Hours between syncs of a website, 0 for none; new websites: 24.",
        ),
    ] = None,
    project: Annotated[
        str | None,
        typer.Option(
            "--project",
            metavar="PROJECT",
            help="The project, by its id (proj_…) or its name; default: the one that has the "
            "folder or website already, otherwise a new one, named after it.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Ingest files, folders and websites, and return when everything is searchable.

    Unchanged documents cost nothing. A file or page that cannot be read is reported while the rest
    goes on; the exit status is then 1.
    """
    from answerdesk.entrypoints.cli.ingest import IngestOptions, run_ingest
    from answerdesk.entrypoints.cli.output import write_note
    from answerdesk.entrypoints.cli.websites.follow import SiteOptions, as_address

    meant = {one: as_address(one) for one in wanted}
    for one, address in meant.items():
        if address is not None and not as_json:
            write_note(f"{one} is not a file or folder here, so it is taken as {address}")
    wanted = [meant[one] or one for one in wanted]
    sites = SiteOptions(page, tuple(include or ()), tuple(exclude or ()), max_pages, every)
    options = IngestOptions(
        tuple(wanted), sync=sync, yes=yes, sites=sites, project=project, as_json=as_json
    )
    if yes and not sync:
        raise typer.BadParameter("only works together with --sync", param_hint="--yes")
    if sites.said and not options.addresses:
        raise typer.BadParameter(
            "only works with addresses of websites (https://…)",
            param_hint="--page, --include, --exclude, --max-pages, --every",
        )
    run_ingest(options)


@app.command()
def search(
    question: QuestionArgument = None,
    *,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=100, help="Maximum documents to return.")
    ] = 10,
    batch: BatchOption = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the documents that match a question best, without answering it."""
    from answerdesk.entrypoints.cli.ask import run_search

    _require_one(question, batch)
    run_search(question, batch, limit, project=project, as_json=as_json)


@app.command()
def ask(
    question: QuestionArgument = None,
    *,
    batch: BatchOption = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Answer a question from the knowledge, with sources, or say that it holds no answer."""
    from answerdesk.entrypoints.cli.ask import run_ask

    _require_one(question, batch)
    run_ask(question, batch, project=project, as_json=as_json)


def _require_one(question: str | None, batch: str | None) -> None:
    if (question is None) == (batch is None):
        raise typer.BadParameter(
            "give either a question or --batch FILE", param_hint="'QUESTION' / '--batch'"
        )


def main() -> None:
    """Run the command named by the arguments, and exit with its status."""
    app()
