"""An application whose streams are silent for so long that heartbeats come, as in the real one."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final
from uuid import uuid4

from fastapi import FastAPI

from answerdesk.answering.blocks import Paragraph
from answerdesk.answering.events import AnswerEvent, AnswerFinished, AnswerToken
from answerdesk.answering.types import Abstain
from answerdesk.conversations.reply.stream import Accepted, ChatEvent, Concluded, Token
from answerdesk.core.tenancy import ConversationId, MessageId, ProjectId
from answerdesk.core.web.sse import EventStream
from answerdesk.dialects.novaro.messages import encode_answer
from answerdesk.dialects.orac.encoder import encode_chat

_HEARTBEAT: Final = 0.05
_SILENCE: Final = 0.5
_TEXT: Final = "At nine ☕"
_BLOCKS: Final = (Paragraph(_TEXT),)


async def _chat() -> AsyncIterator[ChatEvent]:
    yield Accepted(ConversationId(uuid4()), MessageId(uuid4()))
    await asyncio.sleep(_SILENCE)
    yield Token(_TEXT)
    await asyncio.sleep(_SILENCE)
    yield Concluded(MessageId(uuid4()), "answer", _BLOCKS, (), 0.5)


async def _answer() -> AsyncIterator[AnswerEvent]:
    await asyncio.sleep(_SILENCE)
    yield AnswerToken(_TEXT)
    await asyncio.sleep(_SILENCE)
    yield AnswerFinished(Abstain(_BLOCKS, 0.5))


def create_app() -> FastAPI:
    """Return the application, as uvicorn's factory."""
    app = FastAPI()

    @app.get("/readyz")
    async def ready() -> None: ...

    @app.post("/orac")
    async def orac() -> EventStream:
        frames = encode_chat(_chat(), ProjectId(uuid4()), "https://desk.example")
        return EventStream(frames, heartbeat=_HEARTBEAT)

    @app.post("/novaro")
    async def novaro() -> EventStream:
        return EventStream(encode_answer(_answer()), heartbeat=_HEARTBEAT)

    return app
