"""The native API of language models."""

from collections import defaultdict
from datetime import datetime
from typing import Annotated, Final
from uuid import UUID

from fastapi import APIRouter, Query, status

from answerdesk.agents.dependencies import Reader, Writer
from answerdesk.agents.language_models import service
from answerdesk.agents.language_models.dependencies import CatalogueOf, ModelIdOf, NeighbourhoodOf
from answerdesk.agents.language_models.schemas import (
    LanguageModelIn,
    LanguageModelList,
    LanguageModelOut,
    LanguageModelPatch,
    LanguageModelUsage,
    ListedModel,
    ModelTestOut,
    NearbyOut,
    UsingAgentOut,
    project_id_of,
)
from answerdesk.agents.language_models.usage import report
from answerdesk.core.settings import Settings
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.etag import ReadTagOf, WriteTagOf
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.pagination import PagingOf

_MOST_AGENTS: Final = 500

_Unchecked = Annotated[bool, Query(description="Save it without asking it for a word first.")]


def make_router(settings: Settings) -> APIRouter:
    router = APIRouter(tags=["agents"], route_class=bounded_route(settings.max_json_bytes))
    every = "/v1/language-models"
    one = f"{every}/{{model_id}}"
    created = status.HTTP_201_CREATED
    gone = status.HTTP_204_NO_CONTENT
    known = problems(404)
    changing = problems(403, 404, 409)
    router.add_api_route(every, list_language_models, responses=known)
    router.add_api_route(
        every, add_language_model, methods=["POST"], status_code=created, responses=changing
    )
    router.add_api_route(f"{every}/nearby", list_nearby_models)
    router.add_api_route(f"{every}/usage", show_language_model_usage)
    router.add_api_route(one, get_language_model, responses=known)
    router.add_api_route(one, change_language_model, methods=["PATCH"], responses=changing)
    router.add_api_route(
        one, delete_language_model, methods=["DELETE"], status_code=gone, responses=changing
    )
    router.add_api_route(f"{one}/test", test_language_model, methods=["POST"], responses=known)
    return router


async def list_language_models(
    caller: Reader,
    page: PagingOf,
    database: DatabaseOf,
    project_id: Annotated[
        str | None,
        Query(max_length=100, description="Only models that this project's agents can name."),
    ] = None,
) -> LanguageModelList:
    """List the account's language models with the agents that name them, oldest first."""
    only = project_id_of(project_id)
    of = f"language_models:{only}"
    after = page.after(of, datetime, UUID)
    async with database.transaction(caller.account_id) as session:
        found = await service.list_models(
            session, caller, project_id=only, after=after, limit=page.fetch
        )
        users = await service.agents_using(session, caller, found, _MOST_AGENTS)
    agents = defaultdict(list)
    for user in users:
        agents[user.model_id].append(UsingAgentOut.of(user))
    shown, cursor = page.cut(of, found, lambda one: (one.created_at, one.id))
    items = [ListedModel.of(one, caller, agents=agents[one.id]) for one in shown]
    return LanguageModelList(items=items, next_cursor=cursor)


async def add_language_model(
    body: LanguageModelIn,
    caller: Writer,
    catalogue: CatalogueOf,
    writing: WriteTagOf,
    unchecked: _Unchecked = False,
) -> LanguageModelOut:
    """Add a language model. It is asked for one word first, and refused if it doesn't answer.

    An account has at most 100. At most 30 questions in a minute are asked to test its models.
    """
    model = await catalogue.add(caller, body.draft(), unchecked=unchecked)
    writing.tell(model.version)
    return LanguageModelOut.of(model, caller)


async def list_nearby_models(caller: Reader, neighbourhood: NeighbourhoodOf) -> NearbyOut:
    """Look for an Ollama on the machine that Answerdesk runs on, and list its models.

    Only for the owners and admins of the installation's own account; for others, and for API keys,
    nothing is looked for.
    """
    return NearbyOut.of(await neighbourhood.look(caller))


async def show_language_model_usage(caller: Reader, database: DatabaseOf) -> LanguageModelUsage:
    """Show what language models cost this day and month, by project and model, beside the caps."""
    async with database.transaction(caller.account_id) as session:
        return LanguageModelUsage.of(await report(session, caller))


async def get_language_model(
    caller: Reader, model_id: ModelIdOf, database: DatabaseOf, reading: ReadTagOf
) -> LanguageModelOut:
    """Show one language model."""
    async with database.transaction(caller.account_id) as session:
        model = await service.find_model(session, caller, model_id)
    reading.tell(model.version)
    return LanguageModelOut.of(model, caller)


async def change_language_model(
    caller: Writer,
    model_id: ModelIdOf,
    body: LanguageModelPatch,
    catalogue: CatalogueOf,
    writing: WriteTagOf,
    unchecked: _Unchecked = False,
) -> LanguageModelOut:
    """Change a language model, field by field; provider and project stay as they are.

    If its address, model or key changes, it is asked for one word first. If the address leads to
    another host, the key has to be sent again.
    """
    model = await catalogue.change(
        caller, model_id, body.changes(), writing.expected, unchecked=unchecked
    )
    writing.tell(model.version)
    return LanguageModelOut.of(model, caller)


async def delete_language_model(
    caller: Writer, model_id: ModelIdOf, catalogue: CatalogueOf, writing: WriteTagOf
) -> None:
    """Delete a language model that no agent names and to which no other falls back."""
    await catalogue.delete(caller, model_id, writing.expected)


async def test_language_model(
    caller: Writer, model_id: ModelIdOf, catalogue: CatalogueOf
) -> ModelTestOut:
    """Ask a language model for one word, and tell what came back."""
    return ModelTestOut.of(await catalogue.test(caller, model_id))
