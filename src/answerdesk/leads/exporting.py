"""Writes leads as CSV, part by part as the client reads it."""

from collections.abc import AsyncIterator, Sequence
from typing import Final

from answerdesk.core.database import Database
from answerdesk.kit.spreadsheets import BYTE_ORDER_MARK, csv_lines, to_cell
from answerdesk.leads import service
from answerdesk.leads.schemas import LeadOut
from answerdesk.leads.types import Lead, LeadFilter, Place
from answerdesk.projects.types import Project

MEDIA_TYPE: Final = "text/csv; charset=utf-8"
COLUMNS: Final = (
    *("id", "created_at", "updated_at", "name", "email", "phone", "message", "page_url"),
    *("excerpt", "consent", "consented_at", "consent_page_url", "conversation_id"),
)
_PAGE: Final = 500


async def written(database: Database, project: Project, only: LeadFilter) -> AsyncIterator[bytes]:
    """Yield the file, newest lead first; no transaction is open between two parts of it.

    What is added meanwhile is not in it.
    """
    yield (BYTE_ORDER_MARK + csv_lines([COLUMNS])).encode()
    after: Place = None
    while found := await _page(database, project, only, after):
        yield csv_lines([_row(one) for one in found]).encode()
        if len(found) < _PAGE:
            return
        after = (found[-1].created_at, found[-1].id)


async def _page(
    database: Database, project: Project, only: LeadFilter, after: Place
) -> Sequence[Lead]:
    async with database.transaction(project.account_id) as session:
        return await service.leads_of(session, [project.id], only=only, after=after, limit=_PAGE)


def _row(lead: Lead) -> list[str]:
    shown = LeadOut.of(lead).model_dump(mode="json")
    consent = shown["consent"] or {}
    cells = {
        **shown,
        "consent": consent.get("text"),
        "consented_at": consent.get("at"),
        "consent_page_url": consent.get("page_url"),
    }
    return [to_cell(cells[name] or "") for name in COLUMNS]
