"""Logs: one record a line, each with the id of the request that caused it, never what was said."""

import logging
import sys
from typing import Final, Literal

import structlog

# Local variables stay out of the log: they hold secrets and people's texts, and writing down large
# ones would keep the event loop from everything else for minutes.
_TRACEBACKS: Final = structlog.processors.ExceptionRenderer(
    structlog.tracebacks.ExceptionDictTransformer(show_locals=False)
)


def configure_logging(
    level: str, style: Literal["json", "console"], *, process: int | None = None
) -> None:
    """Send our records, and those of the libraries, to standard error in one form.

    With `process` each says which of several processes wrote it.
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
        shared.append(_TRACEBACKS)
        renderer: structlog.types.Processor = structlog.processors.JSONRenderer()
    else:
        renderer = structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
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
    # Requests are logged by our own middleware, with their id and their time.
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
