"""Dependencies of the routes of drafts: what is drawn, and what is reviewed."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Request

from answerdesk.accounts.dependencies import needs
from answerdesk.accounts.principal import Principal
from answerdesk.insights.drafts.service import Drafting, Drafts
from answerdesk.knowledge.dependencies import KnowledgeRead, KnowledgeWrite

# They show what visitors wrote, so the scope to read the knowledge isn't enough.
Reader = Annotated[Principal, needs("conversations:read")]


async def _drafting(request: Request) -> Drafting:
    drafting: Drafting = request.app.state.application.drafting
    return drafting


DraftingOf = Annotated[Drafting, Depends(_drafting)]


async def _to_read(_: Reader, knowledge: KnowledgeRead) -> AsyncIterator[Drafts]:
    yield Drafts(knowledge)


async def _to_write(knowledge: KnowledgeWrite) -> AsyncIterator[Drafts]:
    yield Drafts(knowledge)


DraftsRead = Annotated[Drafts, Depends(_to_read, scope="function")]
DraftsWrite = Annotated[Drafts, Depends(_to_write, scope="function")]
