"""The native API of documents that an older version has read."""

from typing import Annotated

from fastapi import APIRouter, Depends, status

from answerdesk.core.settings import Settings
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.openapi import problems
from answerdesk.knowledge.dependencies import KnowledgeRead, KnowledgeWrite
from answerdesk.knowledge.rereading.schemas import RereadingOut
from answerdesk.knowledge.rereading.service import Rereading


def make_router(settings: Settings) -> APIRouter:
    """Make the routes; their bodies have at most `max_json_bytes`."""
    router = APIRouter(tags=["knowledge"], route_class=bounded_route(settings.max_json_bytes))
    base = "/v1/projects/{project_id}/reading"
    router.add_api_route(base, get_reading)
    router.add_api_route(
        f"{base}/again",
        read_again,
        methods=["POST"],
        status_code=status.HTTP_202_ACCEPTED,
        responses=problems(409),
    )
    router.add_api_route(
        f"{base}/cancel", cancel_reading_again, methods=["POST"], responses=problems(409)
    )
    return router


async def _to_read(knowledge: KnowledgeRead) -> Rereading:
    return Rereading(knowledge)


async def _to_write(knowledge: KnowledgeWrite) -> Rereading:
    return Rereading(knowledge)


RereadingRead = Annotated[Rereading, Depends(_to_read, scope="function")]
RereadingWrite = Annotated[Rereading, Depends(_to_write, scope="function")]


async def get_reading(readings: RereadingRead) -> RereadingOut:
    """Show how many documents an older version has read, and the progress of reading them again."""
    return RereadingOut.of(await readings.state())


async def read_again(readings: RereadingWrite) -> RereadingOut:
    """Read all documents again that an older version has read, from what is stored of them.

    Answers use the older readings until the new ones are ready, document by document. Only passages
    that come out otherwise are embedded; the others keep their ids.
    """
    return RereadingOut.of(await readings.begin())


async def cancel_reading_again(readings: RereadingWrite) -> RereadingOut:
    """Stop reading documents again; those that have been read again stay."""
    return RereadingOut.of(await readings.cancel())
