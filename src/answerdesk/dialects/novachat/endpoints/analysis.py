"""Nova Chat's analysis of a conversation: drafts of knowledge base items, for review."""

from typing import Annotated

from fastapi import APIRouter

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.limits.service import features_of
from answerdesk.accounts.principal import Principal
from answerdesk.conversations import service as conversations
from answerdesk.conversations.types import OfTheAccount
from answerdesk.core.errors import NotPermitted
from answerdesk.core.settings import Settings
from answerdesk.core.tenancy import ConversationId
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.dialects.novachat.dependencies import WorkspaceOf, number_unknown
from answerdesk.dialects.novachat.encoder import encode_draft
from answerdesk.dialects.novachat.schemas import ERRORS, Analysis, AnalysisRequest
from answerdesk.insights.drafts.dependencies import DraftingOf

Writer = Annotated[Principal, needs("conversations:write")]


def make_router(settings: Settings) -> APIRouter:
    """Make the route; its bodies have at most `max_json_bytes`."""
    router = APIRouter(route_class=bounded_route(settings.max_json_bytes), responses=ERRORS)
    router.add_api_route("/nc-api/v1/agentic-rag/analyze", analyze, methods=["POST"])
    return router


async def analyze(
    body: AnalysisRequest,
    caller: Writer,
    workspace: WorkspaceOf,
    database: DatabaseOf,
    drafting: DraftingOf,
) -> Analysis:
    """Extract questions with their answers from what people told a contact.

    They become drafts that wait for review. Repeating this returns those that still wait.
    """
    if not (await features_of(database, caller.account_id)).get("agentic_rag", False):
        raise NotPermitted(
            "This account's plan does not include the analysis of conversations "
            "(agentic_rag_enabled is false)",
            code="feature_missing",
        )
    project = await workspace.known_project("conversation")
    found = await workspace.numbers.id_of("conversation", body.conversation_id)
    conversation_id = ConversationId(found)
    async with database.transaction(caller.account_id) as session:
        conversation = await conversations.get_conversation(
            session, conversation_id, OfTheAccount()
        )
    if conversation.project_id != project.id:
        raise number_unknown("conversation")
    drawn = await drafting.draw(caller.account_id, conversation_id)
    numbers = await workspace.numbers.of("draft", [one.id for one in drawn])
    count = len(drawn)
    return Analysis(
        drafts=[encode_draft(one, numbers[one.id]) for one in drawn],
        count=count,
        message=f"{count} Q&A {'pair' if count == 1 else 'pairs'} extracted",
    )
