"""Logs: one record per line, with the id of the request that caused it, never what was said."""

import io
import logging
import re
import sys
from typing import Any, Final, Literal

import structlog

from answerdesk.kit.redaction import redacted

# Local variables stay out of the log: they contain secrets and people's texts, and formatting large
# ones would block the event loop for minutes.
_TRACEBACKS: Final = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)

# PostgreSQL quotes the row that it rejects, with password hashes or what somebody said.
_ROWS: Final = re.compile(r"\n(?:DETAIL|CONTEXT): .*")


def configure_logging(
    level: str, style: Literal["json", "console"], *, process: int | None = None
) -> None:
    """Send our records, and those of the libraries, to standard error in one form.

    With `process`, each record says which of several processes wrote it.
    """

    def name_process(
        _logger: object, _method: str, record: structlog.types.EventDict
    ) -> structlog.types.EventDict:
        if process is not None:
            record["process"] = process
        return record

    shared: list[structlog.types.Processor] = [
        name_process,
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
    ]
    if style == "json":
        shared += [_TRACEBACKS, _without_texts]
        renderer: structlog.types.Processor = structlog.processors.JSONRenderer()
    else:
        shared.append(_without_texts)
        renderer = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=_plain_traceback
        )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level.upper())
    # Our own middleware logs requests, with their ids and durations.
    for name, quiet in (
        ("uvicorn.access", logging.CRITICAL),
        ("uvicorn.error", logging.WARNING),
        ("alembic", logging.WARNING),
        ("httpx", logging.WARNING),
    ):
        logger = logging.getLogger(name)
        logger.handlers.clear()
        logger.propagate = True
        logger.setLevel(quiet)


def _without_texts(
    _: structlog.types.WrappedLogger, __: str, record: structlog.types.EventDict
) -> structlog.types.EventDict:
    """Remove from a record what the database quotes of its rows, and addresses and numbers.

    Nothing that we log has a person's text: this is for what libraries' messages may quote.
    """
    return {name: _without_texts_in(value) for name, value in record.items()}


def _without_texts_in(value: Any) -> Any:  # noqa: ANN401 - a record holds anything
    if isinstance(value, str):
        return redacted(_ROWS.sub("", value))
    if isinstance(value, list):
        return [_without_texts_in(one) for one in value]
    if type(value) is dict:
        return {name: _without_texts_in(one) for name, one in value.items()}
    return value


def _plain_traceback(file: Any, exc_info: structlog.types.ExcInfo) -> None:  # noqa: ANN401
    written = io.StringIO()
    structlog.dev.plain_traceback(written, exc_info)
    file.write(redacted(_ROWS.sub("", written.getvalue())))
