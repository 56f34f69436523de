"""The page where one looks after a project's knowledge; what it shows comes by the native API."""

from collections.abc import Awaitable, Callable
from typing import Final

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from answerdesk.core.settings import Settings
from answerdesk.entrypoints.pages.markup import Markup, element, fill, join
from answerdesk.entrypoints.pages.responses import page
from answerdesk.knowledge.ingestion.parse import supported_extensions

_MEGABYTE: Final = 1024 * 1024
_SCHEDULES: Final = (
    ("1", "every hour"),
    ("6", "every 6 hours"),
    ("24", "once a day"),
    ("168", "once a week"),
    ("", "only when I say so"),
)
_DAILY: Final = "24"
_KINDS: Final = (
    (".pdf", "PDF"),
    (".docx", "Word (DOCX)"),
    (".xlsx", "Excel (XLSX)"),
    (".csv", "CSV"),
    (".json", "JSON"),
    (".html", "HTML"),
    (".md", "Markdown"),
    (".txt", "plain text"),
)
"""What people call the files that can be read."""


def add_knowledge_page(router: APIRouter, settings: Settings) -> None:
    """Give the router the page of the knowledge."""
    router.add_api_route("/knowledge", _show(settings.max_file_bytes), methods=["GET", "HEAD"])


def _show(max_bytes: int) -> Callable[[], Awaitable[HTMLResponse]]:
    extensions = sorted(supported_extensions())

    async def knowledge_page() -> HTMLResponse:
        body = fill(
            "knowledge.html",
            max_bytes=str(max_bytes),
            max_size=f"{max_bytes / _MEGABYTE:,.0f} MB" if max_bytes >= _MEGABYTE else "1 MB",
            extensions=" ".join(extensions),
            accept=",".join(extensions),
            kinds=", ".join(name for extension, name in _KINDS if extension in extensions),
            schedules=_schedules(),
        )
        return page("Knowledge", body, script="knowledge/page.js", style="knowledge.css")

    return knowledge_page


def _schedules() -> Markup:
    return join(
        element("option", text, value=hours, **({"selected": ""} if hours == _DAILY else {}))
        for hours, text in _SCHEDULES
    )
