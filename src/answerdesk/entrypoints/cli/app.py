"""The commands with their options and help; what they do is in the modules named like them."""

# Each command imports its module when it runs: together they cost more than a second.
# ruff: noqa: PLC0415

import sys
from collections.abc import Sequence
from typing import Annotated, Any

import typer
from typer.core import TyperGroup
from typer.exceptions import TyperException

from answerdesk import __version__
from answerdesk.entrypoints.cli.account_commands import account_app
from answerdesk.entrypoints.cli.embedding_commands import embedding_app
from answerdesk.entrypoints.cli.items_commands import items_app
from answerdesk.entrypoints.cli.keys_commands import keys_app
from answerdesk.entrypoints.cli.options import JsonOption, ProjectOption
from answerdesk.entrypoints.cli.sources_commands import sources_app


class CommandLine(TyperGroup):
    """All commands: what is wrong with their arguments is told in one line, then how to call it.

    With `--json` among the arguments it is a JSON object, as every other error is. The status is 2.
    """

    def main(
        self,
        args: Sequence[str] | None = None,
        *rest: Any,  # noqa: ANN401
        **options: Any,  # noqa: ANN401
    ) -> Any:  # noqa: ANN401  # As the parent has it.
        """Run the command that the arguments name."""
        given = list(sys.argv[1:] if args is None else args)
        if not options.get("standalone_mode", True):
            return super().main(args, *rest, **options)
        try:
            status = super().main(args, *rest, **{**options, "standalone_mode": False})
        except TyperException as error:
            # What words it takes half of what the whole help needs.
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
    "Every command works beside a running server and without one.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

app.add_typer(sources_app)
app.add_typer(items_app)
app.add_typer(embedding_app)
app.add_typer(account_app)
app.add_typer(keys_app)

QuestionArgument = Annotated[
    str | None,
    typer.Argument(metavar="QUESTION", help="The question, in quotes.", show_default=False),
]
BatchOption = Annotated[
    str | None,
    typer.Option(
        "--batch",
        metavar="FILE",
        help='Take questions from a file of JSON lines {"id": …, "q": …} (- for standard input) '
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
        str | None, typer.Option(help="Address to listen on; by default 127.0.0.1.")
    ] = None,
    port: Annotated[
        int | None,
        typer.Option(
            min=0, max=65535, help="Port to listen on, 0 for any free one; by default 8000."
        ),
    ] = None,
    processes: Annotated[
        int | None,
        typer.Option(
            metavar="NUMBER",
            help="Processes that serve the one port, to use as many cores; by default 1. "
            "One that ends is replaced.",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Serve the website widget, the API and the test page, and do the work behind them."""
    from answerdesk.core.settings import MOST_PROCESSES
    from answerdesk.entrypoints.cli.serve import run_serve

    if processes is not None and not 1 <= processes <= MOST_PROCESSES:
        raise typer.BadParameter(
            f"takes a number from 1 to {MOST_PROCESSES}, not {processes}; as many as there are "
            "cores is plenty",
            param_hint="--processes",
        )
    run_serve(host, port, processes, as_json=as_json)


@app.command()
def worker(*, as_json: JsonOption = False) -> None:
    """Do background work (ingestion, unfinished answers) until stopped; add as many as needed."""
    from answerdesk.entrypoints.cli.worker import run_worker

    run_worker(as_json=as_json)


@app.command()
def ingest(  # noqa: PLR0913 - one for each option
    wanted: Annotated[
        list[str],
        typer.Argument(
            metavar="PATH_OR_ADDRESS",
            help="Files, folders with everything in them, or addresses of websites "
            "(https://example.com/docs/), with all pages below.",
            show_default=False,
        ),
    ],
    *,
    sync: Annotated[
        bool,
        typer.Option("--sync", help="Also remove what is no longer in the folders."),
    ] = False,
    yes: Annotated[
        bool,
        typer.Option("--yes", help="With --sync: remove everything even if a folder is empty now."),
    ] = False,
    page: Annotated[
        bool, typer.Option("--page", help="Take only the page at an address, not all below it.")
    ] = False,
    include: Annotated[
        list[str] | None,
        typer.Option(
            "--include",
            metavar="PATTERN",
            help="Of a website only pages whose address fits (* is anything); once or more.",
        ),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option("--exclude", metavar="PATTERN", help="Of a website no pages that fit."),
    ] = None,
    max_pages: Annotated[
        int | None, typer.Option("--max-pages", min=1, help="Most pages of a website.")
    ] = None,
    every: Annotated[
        int | None,
        typer.Option(
            "--every",
            metavar="HOURS",
            min=0,
            max=24 * 365,
            help="How often a website is looked at again, 0 for never; at first 24.",
        ),
    ] = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in files, folders and websites, and return when all of it is searchable.

    What has not changed costs nothing. A file or a page that cannot be read is reported and the
    rest goes on; the exit status is then 1.
    """
    from answerdesk.entrypoints.cli.ingest import IngestOptions, run_ingest
    from answerdesk.entrypoints.cli.output import write_note
    from answerdesk.entrypoints.cli.websites.follow import SiteOptions, as_address

    meant = {one: as_address(one) for one in wanted}
    for one, address in meant.items():
        if address is not None and not as_json:
            write_note(f"{one} is no file or folder here, so it is taken for {address}")
    wanted = [meant[one] or one for one in wanted]
    sites = SiteOptions(page, tuple(include or ()), tuple(exclude or ()), max_pages, every)
    options = IngestOptions(
        tuple(wanted), sync=sync, yes=yes, sites=sites, project=project, as_json=as_json
    )
    if yes and not sync:
        raise typer.BadParameter("is only used together with --sync", param_hint="--yes")
    if sites.said and not options.addresses:
        raise typer.BadParameter(
            "are only for addresses of websites (https://…)",
            param_hint="--page, --include, --exclude, --max-pages, --every",
        )
    run_ingest(options)


@app.command()
def search(
    question: QuestionArgument = None,
    *,
    limit: Annotated[
        int, typer.Option("--limit", min=1, max=100, help="Most documents to return.")
    ] = 10,
    batch: BatchOption = None,
    project: ProjectOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the documents that fit a question best, without answering it."""
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
    """Answer a question from the knowledge, with sources, or say that the answer is not there."""
    from answerdesk.entrypoints.cli.ask import run_ask

    _require_one(question, batch)
    run_ask(question, batch, project=project, as_json=as_json)


def _require_one(question: str | None, batch: str | None) -> None:
    if (question is None) == (batch is None):
        raise typer.BadParameter(
            "give either a question or --batch FILE", param_hint="'QUESTION' / '--batch'"
        )


def main() -> None:
    """Run the command that the arguments name, and exit with its status."""
    app()
