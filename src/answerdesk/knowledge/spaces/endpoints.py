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
    """Return the routes, which read bodies of at most `max_json_bytes`."""
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
    """Show which vector space the project is searched in, and how far a change of it is."""
    return EmbeddingOut.of(await spaces.embedding())


async def change_embedding(body: ChangeIn, spaces: SpacesWrite) -> EmbeddingOut:
    """Change to another embedding model. Answers go on with the present one until all is ready."""
    return EmbeddingOut.of(await spaces.change(body.space))


async def cancel_embedding_change(spaces: SpacesWrite) -> EmbeddingOut:
    """Stop the running change; the project stays with its present model."""
    return EmbeddingOut.of(await spaces.cancel())


async def roll_back_embedding(spaces: SpacesWrite) -> EmbeddingOut:
    """Return to the previous embedding model at once, with what was added since."""
    return EmbeddingOut.of(await spaces.roll_back())


async def delete_previous_embedding(spaces: SpacesWrite) -> None:
    """Give up the way back to the previous embedding model, and delete its vectors."""
    await spaces.forget_previous()
