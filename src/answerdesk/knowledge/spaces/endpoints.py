"""The native API of a project's embedding model."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, status

from answerdesk.core.settings import Settings
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.openapi import problems
from answerdesk.knowledge.dependencies import KnowledgeRead, KnowledgeWrite, Writer
from answerdesk.knowledge.spaces.schemas import ChangeIn, EmbeddingOut
from answerdesk.knowledge.spaces.service import Spaces
from answerdesk.providers.embedders import Embedders


def make_router(settings: Settings) -> APIRouter:
    """Make the routes; their bodies have at most `max_json_bytes`."""
    router = APIRouter(tags=["knowledge"], route_class=bounded_route(settings.max_json_bytes))
    base = "/v1/projects/{project_id}/embedding"
    router.add_api_route(base, get_embedding)
    router.add_api_route(
        f"{base}/change",
        change_embedding,
        methods=["POST"],
        status_code=status.HTTP_202_ACCEPTED,
        responses=problems(409),
    )
    router.add_api_route(
        f"{base}/cancel", cancel_embedding_change, methods=["POST"], responses=problems(409)
    )
    router.add_api_route(
        f"{base}/rollback", roll_back_embedding, methods=["POST"], responses=problems(409)
    )
    router.add_api_route(
        f"{base}/previous",
        delete_previous_embedding,
        methods=["DELETE"],
        status_code=status.HTTP_204_NO_CONTENT,
    )
    return router


async def _embedders(request: Request) -> Embedders:
    embedders: Embedders = request.app.state.application.embedders
    return embedders


EmbeddersOf = Annotated[Embedders, Depends(_embedders)]


async def _to_read(knowledge: KnowledgeRead, embedders: EmbeddersOf) -> Spaces:
    return Spaces(knowledge, embedders)


async def _to_write(knowledge: KnowledgeWrite, caller: Writer, embedders: EmbeddersOf) -> Spaces:
    return Spaces(knowledge, embedders, caller.name)


SpacesRead = Annotated[Spaces, Depends(_to_read, scope="function")]
SpacesWrite = Annotated[Spaces, Depends(_to_write, scope="function")]


async def get_embedding(spaces: SpacesRead) -> EmbeddingOut:
    """Show the vector space that the project is searched in, and the progress of a change."""
    return EmbeddingOut.of(await spaces.embedding())


async def change_embedding(body: ChangeIn, spaces: SpacesWrite) -> EmbeddingOut:
    """Change to another embedding model. The present one serves until the change is complete."""
    return EmbeddingOut.of(await spaces.change(body.space))


async def cancel_embedding_change(spaces: SpacesWrite) -> EmbeddingOut:
    """Cancel the running change; the project keeps its present model."""
    return EmbeddingOut.of(await spaces.cancel())


async def roll_back_embedding(spaces: SpacesWrite) -> EmbeddingOut:
    """Return to the previous embedding model immediately, keeping everything added since."""
    return EmbeddingOut.of(await spaces.roll_back())


async def delete_previous_embedding(spaces: SpacesWrite) -> None:
    """Delete the vectors of the previous embedding model; rolling back is then impossible."""
    await spaces.forget_previous()
