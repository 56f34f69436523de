"""Drafts: draw them from conversations, review them."""

import asyncio
import re
from collections.abc import Collection, Sequence
from collections.abc import Set as AbstractSet
from contextlib import suppress
from dataclasses import replace
from typing import Final
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.answering.service import Answering
from answerdesk.answering.types import Answer, AnswerRequest
from answerdesk.conversations.errors import conversation_not_found
from answerdesk.conversations.types import CONVERSATION_PREFIX
from answerdesk.core.database import Database, tenant_of
from answerdesk.core.errors import NotFound, require_version
from answerdesk.core.events import record
from answerdesk.core.tenancy import AccountId, ConversationId, ProjectId, public_id
from answerdesk.insights.drafts import repository
from answerdesk.insights.drafts.errors import (
    DraftsFull,
    draft_approved,
    draft_decided,
    draft_not_found,
)
from answerdesk.insights.drafts.events import DRAFT_CREATED, NewDraft
from answerdesk.insights.drafts.extraction.drawing import draw
from answerdesk.insights.drafts.extraction.types import Pair
from answerdesk.insights.drafts.types import (
    DRAFT_PREFIX,
    MOST_PENDING,
    Changes,
    Draft,
    DraftStatus,
    Place,
)
from answerdesk.insights.open_questions.service import OpenQuestions
from answerdesk.kit.language import UNKNOWN, detect_language
from answerdesk.kit.terms import analyse
from answerdesk.knowledge.items.service import Items
from answerdesk.knowledge.service import Knowledge

_CONFIDENT: Final = 0.5
_SHARED: Final = 0.8
"""The share of an answer's terms that passages have which say the same."""

_NUMBER: Final = re.compile(r"\d+(?:[.,:]\d+)*")


class Drafting:
    """Draws drafts from conversations."""

    def __init__(self, database: Database, answering: Answering) -> None:
        """`answering` has no model: it says what the knowledge says."""
        self._database = database
        self._answering = answering

    async def draw(self, account_id: AccountId, conversation_id: ConversationId) -> Sequence[Draft]:
        """Draw what a person told the visitor, and return the conversation's pending drafts.

        Again, it draws only what is new; pending drafts that nobody has edited follow their
        conversation when it goes on. What the knowledge says already, and what was drawn before, is
        left out.
        Raises NotFound, and DraftsFull if new ones don't fit any more.
        """
        async with self._database.transaction(account_id) as session:
            course = await repository.course(session, conversation_id)
        if course is None:
            raise conversation_not_found()
        # Long conversations take tens of milliseconds.
        pairs = await asyncio.to_thread(draw, course.said, course.names)
        new = await self._new(account_id, course.project_id, conversation_id, pairs)
        async with self._database.transaction(account_id) as session:
            project_id = await repository.lock_conversation(session, conversation_id)
            if project_id is None:
                raise conversation_not_found()
            await _store(session, project_id, conversation_id, new)
            return await repository.pending_of(session, conversation_id)

    async def _new(
        self,
        account_id: AccountId,
        project_id: ProjectId,
        conversation_id: ConversationId,
        pairs: Sequence[Pair],
    ) -> Sequence[Pair]:
        """Return the pairs that neither the knowledge nor an earlier draft has."""
        if not pairs:
            return []
        questions = [one.question for one in pairs]
        async with self._database.transaction(account_id) as session:
            items = Items(Knowledge(session, account_id, project_id))
            known: Collection[str] = {
                *await items.asking(questions),
                *await repository.known(session, project_id, conversation_id, questions),
            }
        return [
            one
            for one in pairs
            if one.question not in known and not await self._says(account_id, project_id, one)
        ]

    async def _says(self, account_id: AccountId, project_id: ProjectId, pair: Pair) -> bool:
        """Tell whether the knowledge answers a question with confidence, and says the same."""
        request = AnswerRequest(account_id, project_id, pair.question)
        decision = await self._answering.answer_whole(request)
        if not isinstance(decision, Answer) or decision.confidence < _CONFIDENT:
            return False
        passages: list[str] = []
        async with self._database.transaction(account_id) as session:
            knowledge = Knowledge(session, account_id, project_id)
            for chunk_id in {one.chunk_id for one in decision.citations}:
                with suppress(NotFound):  # It has just been removed.
                    passages.append((await knowledge.passage(chunk_id)).text)
        return _say_the_same(passages, pair)


def _say_the_same(passages: Sequence[str], pair: Pair) -> bool:
    said = "\n".join(passages)
    if not set(_NUMBER.findall(pair.answer)) <= set(_NUMBER.findall(said)):
        return False
    language = detect_language(pair.answer)
    language = "en" if language == UNKNOWN else language
    told = set(analyse(pair.answer, language))
    return len(told & set(analyse(said, language))) >= _SHARED * len(told)


async def _store(
    session: AsyncSession,
    project_id: ProjectId,
    conversation_id: ConversationId,
    pairs: Sequence[Pair],
) -> None:
    questions = [one.question for one in pairs]
    await repository.drop_others(session, project_id, conversation_id, questions)
    pending = await repository.count_pending(session, project_id)
    for pair in pairs:
        draft_id = await repository.put(session, project_id, conversation_id, pair)
        if draft_id is None:
            continue
        pending += 1
        if pending > MOST_PENDING:
            raise DraftsFull(MOST_PENDING)
        payload = NewDraft(
            draft_id=public_id(DRAFT_PREFIX, draft_id),
            conversation_id=public_id(CONVERSATION_PREFIX, conversation_id),
        )
        await record(session, tenant_of(session), project_id, DRAFT_CREATED, payload)


class Drafts:
    """The review of a project's drafts, in the caller's transaction."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge
        self._session = knowledge.session
        self._project_id = knowledge.project_id

    async def page(self, status: DraftStatus, after: Place, limit: int) -> Sequence[Draft]:
        """Return up to `limit` drafts in a status after `after`, newest first."""
        return await repository.page(self._session, self._project_id, status, after, limit)

    async def get(self, draft_id: UUID) -> Draft:
        """Raise NotFound if the project has no such draft."""
        found = await repository.get(self._session, self._project_id, draft_id)
        if found is None:
            raise draft_not_found()
        return found

    async def change(
        self, draft_id: UUID, changes: Changes, expected: AbstractSet[int] | None = None
    ) -> Draft:
        """Change a pending draft.

        Raises NotFound, PreconditionFailed, and Conflict (`draft_decided`).
        """
        found = await self._locked(draft_id, expected)
        if found.status != "pending":
            raise draft_decided()
        changed = replace(found, **changes)
        return found if changed == found else await repository.change(self._session, changed)

    async def approve(
        self, draft_id: UUID, expected: AbstractSet[int] | None = None
    ) -> tuple[Draft, UUID | None]:
        """Make a draft an item; return it, and the item's id if that is still to be ingested.

        An approved one stays as it is; a rejected one can still be approved. Raises NotFound,
        PreconditionFailed and LimitReached.
        """
        found = await self._locked(draft_id, expected)
        if found.status == "approved":
            return found, None
        stored = await Items(self._knowledge).add(found.as_item)
        approved = await repository.decide(self._session, draft_id, "approved", stored.id)
        await OpenQuestions(self._knowledge).note_answered(found.question_key, stored.id)
        await self._audit("draft.approved", approved)
        return approved, stored.id if stored.to_ingest else None

    async def reject(self, draft_id: UUID, expected: AbstractSet[int] | None = None) -> Draft:
        """Reject a draft: its question is not drawn again.

        Raises NotFound, PreconditionFailed, and Conflict (`draft_approved`).
        """
        found = await self._locked(draft_id, expected)
        if found.status == "approved":
            raise draft_approved()
        if found.status == "rejected":
            return found
        rejected = await repository.decide(self._session, draft_id, "rejected")
        await self._audit("draft.rejected", rejected)
        return rejected

    async def _locked(self, draft_id: UUID, expected: AbstractSet[int] | None) -> Draft:
        found = await repository.get(self._session, self._project_id, draft_id, lock=True)
        if found is None:
            raise draft_not_found()
        require_version(found.version, expected)
        return found

    async def _audit(self, action: str, draft: Draft) -> None:
        await self._knowledge.audit(action, "draft", public_id(DRAFT_PREFIX, draft.id))


async def erase_of_conversations(
    session: AsyncSession, conversations: Sequence[ConversationId]
) -> int:
    """Delete all drafts of conversations, decided ones too; return how many.

    They go with their conversation anyway. What became an item stays: it is the owner's knowledge.
    """
    return await repository.erase(session, conversations)
