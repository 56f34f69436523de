"""Realtime responses of agents, of which nothing is kept."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import assert_never

from fastapi import Response

from answerdesk.accounts.dependencies import Caller
from answerdesk.agents.contexts.service import find_contexts
from answerdesk.agents.service import find_agent
from answerdesk.answering.blocks import pieces
from answerdesk.answering.events import AnswerBlocks, AnswerEvent, AnswerFinished, AnswerToken
from answerdesk.answering.markdown import markdown
from answerdesk.answering.stateless import (
    answer_stateless,
    answer_stateless_whole,
    stateless_request_to,
)
from answerdesk.core.errors import DomainError
from answerdesk.core.web.dependencies import DatabaseOf
from answerdesk.core.web.sse import EventStream, frame
from answerdesk.dialects.novaro.dependencies import (
    AnsweringOf,
    Reader,
    WantsStream,
    WritersOf,
    parse_agent_id,
    parse_context_id,
)
from answerdesk.dialects.novaro.schemas import MessageOut, MessagesBody, MessagesOut, Verified


async def verify(_: Caller) -> Verified:
    """Tell whether the credential is valid; otherwise the 401 says why not."""
    return Verified()


async def respond(
    body: MessagesBody,
    caller: Reader,
    database: DatabaseOf,
    answering: AnsweringOf,
    writers: WritersOf,
    wants_stream: WantsStream,
) -> Response | MessagesOut:
    """Request an agent's response to a chat. Neither the chat nor the response is stored."""
    agent_id = parse_agent_id(body.agent_id)
    context_ids = [parse_context_id(one) for one in body.contexts]
    async with database.transaction(caller.account_id) as session:
        agent = await find_agent(session, caller, agent_id)
        contexts = await find_contexts(session, agent.project_id, context_ids)
    asked = stateless_request_to(agent, body.said(), contexts)
    asked = (await writers.of_agent(agent, numbered=False)).asked(asked)
    if wants_stream:
        return EventStream(encode_answer(answer_stateless(answering, asked)))
    decision = await answer_stateless_whole(answering, asked)
    said = MessageOut(content=markdown(decision.blocks), created_at=_now())
    return MessagesOut(messages=[said])


async def encode_answer(events: AsyncIterator[AnswerEvent]) -> AsyncIterator[bytes]:
    """Encode an answer as `message` events, then `done`; or `error` if it fails."""
    try:
        async for event in events:
            match event:
                case AnswerToken(text):
                    yield _piece(text)
                case AnswerBlocks(blocks):
                    for text in pieces(markdown(blocks)):
                        yield _piece(text)
                case AnswerFinished():
                    yield frame("done", {"createdAt": _now()})
                case _:
                    assert_never(event)
    except DomainError as error:
        yield frame("error", {"error": error.code, "message": error.message})


def _piece(text: str) -> bytes:
    return frame("message", {"role": "assistant", "content": text})


def _now() -> int:
    return int(datetime.now(UTC).timestamp())
