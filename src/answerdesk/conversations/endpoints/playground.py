"""The native API of the playground: ask as a visitor would, and see how the answer comes about."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from answerdesk.agents.actions.types import ACTION_PREFIX, Step
from answerdesk.agents.dependencies import ProjectWrite, Writer
from answerdesk.agents.errors import agent_not_found
from answerdesk.agents.language_models.errors import model_not_found
from answerdesk.agents.language_models.types import MODEL_PREFIX
from answerdesk.agents.types import AGENT_PREFIX
from answerdesk.answering.blocks import Block, plain_text
from answerdesk.answering.types import DecisionKind, Exchange
from answerdesk.conversations.dependencies import PlaygroundOf
from answerdesk.conversations.playground import MOST_EXCHANGES, Trial, Tried
from answerdesk.conversations.rehearsing import NamedAction
from answerdesk.conversations.schemas import CertaintyOut, CitedSource, Id, Strict
from answerdesk.conversations.traces import TraceOut
from answerdesk.conversations.types import MESSAGE_LENGTH
from answerdesk.core.tenancy import ProjectId, parse_public_id, public_id
from answerdesk.core.web.body import bounded_route
from answerdesk.core.web.dependencies import BaseUrl
from answerdesk.core.web.hanging_up import unless_hung_up
from answerdesk.core.web.openapi import problems
from answerdesk.core.web.text import CleanText, FilledText

_ANSWER_LENGTH: Final = 40_000


class ExchangeIn(Strict):
    """An earlier question of the chat, and what it was answered."""

    question: FilledText = Field(max_length=MESSAGE_LENGTH)
    answer: CleanText = Field(max_length=_ANSWER_LENGTH)

    def exchange(self) -> Exchange:
        return Exchange(self.question, self.answer)


class PlaygroundIn(Strict):
    """A question to try."""

    question: FilledText = Field(max_length=MESSAGE_LENGTH, examples=["How long do refunds take?"])
    history: list[ExchangeIn] = Field(
        default=[],
        max_length=MOST_EXCHANGES,
        description="The chat so far, oldest first. As in a conversation, the last six count.",
    )
    agent_id: Id | None = Field(
        default=None, description="Who answers; without it the agent that is active."
    )
    model_id: Id | None = Field(
        default=None,
        description="The language model that writes the answer. Null: none does, the answer is "
        "made of passages. Without this field: what the agent answers with.",
    )
    threshold: Annotated[float, Field(ge=0, le=1)] | None = Field(
        default=None,
        description="The confidence from which passages answer; null for the built-in one, which "
        "visitors' questions get.",
    )

    def trial(self) -> Trial:
        """Convert for the service; raises NotFound for an id that can be nobody's."""
        agent_id = None if self.agent_id is None else parse_public_id(AGENT_PREFIX, self.agent_id)
        model_id = None if self.model_id is None else parse_public_id(MODEL_PREFIX, self.model_id)
        if self.agent_id is not None and agent_id is None:
            raise agent_not_found()
        if self.model_id is not None and model_id is None:
            raise model_not_found()
        return Trial(
            self.question,
            tuple(one.exchange() for one in self.history),
            agent_id,
            model_id,
            by_passages="model_id" in self.model_fields_set and self.model_id is None,
            threshold=self.threshold,
        )


class NamedActionOut(BaseModel):
    """An action that the question is for. It is not called."""

    id: str
    name: str
    step: Step = Field(
        description="What would happen: `call` it, `ask` the visitor for a value, or tell them to "
        "`log_in` first (nobody is logged in here)."
    )
    values: dict[str, Any] = Field(description="The values that were found, by parameter.")
    wanted: str = Field(description="What the visitor would be asked for; empty if nothing.")

    @classmethod
    def of(cls, one: NamedAction) -> "NamedActionOut":
        return cls(
            id=public_id(ACTION_PREFIX, one.id),
            name=one.name,
            step=one.step,
            values=one.values,
            wanted=one.wanted,
        )


class PlaygroundOut(BaseModel):
    """What a visitor would be answered, and how that came about."""

    decision: DecisionKind = Field(description="What the assistant makes of the question.")
    content: str = Field(
        description="The answer as plain text; empty if an action would be called."
    )
    blocks: list[Annotated[Block, Field(discriminator="type")]] = Field(
        description="The same, typed. A block's `source` is the index of its source in `sources`."
    )
    sources: list[CitedSource] = Field(description="The passages that support the answer.")
    confidence: float | None = Field(
        description="The probability that the answer is right, 0 to 1; null if nothing was looked "
        "for."
    )
    certainty: CertaintyOut | None = Field(description="What a visitor would be told of it.")
    threshold: float = Field(description="The confidence from which passages answered.")
    agent_id: str | None = Field(description="Who answered; null if the project has no agent.")
    actions: list[NamedActionOut] = Field(
        description="The actions that would be called, or that need something first."
    )
    milliseconds: float = Field(description="How long all of it took.")
    trace: TraceOut = Field(description="The record of the answer, as of a stored one.")

    @classmethod
    def of(cls, tried: Tried, project_id: ProjectId, base_url: str) -> "PlaygroundOut":
        answer, agent_id = tried.answer, tried.agent_id
        content = plain_text(answer.blocks)
        return cls(
            decision=answer.decision,
            content=content,
            blocks=list(answer.blocks),
            sources=CitedSource.all_of(answer.citations, project_id, base_url),
            confidence=answer.confidence,
            certainty=CertaintyOut.of(content, answer.citations, answer.confidence),
            threshold=tried.threshold,
            agent_id=None if agent_id is None else public_id(AGENT_PREFIX, agent_id),
            actions=[NamedActionOut.of(one) for one in tried.actions],
            milliseconds=tried.milliseconds,
            trace=TraceOut.read(answer.trace),
        )


def make_router(max_json_bytes: int) -> APIRouter:
    """Return the route; its body has at most `max_json_bytes`."""
    router = APIRouter(tags=["agents"], route_class=bounded_route(max_json_bytes))
    router.add_api_route(
        "/v1/projects/{project_id}/playground",
        try_question,
        methods=["POST"],
        responses=problems(403, 404, 409, 503),
    )
    return router


# Whoever asks may choose any language model, which costs money: as testing one, it needs a Writer.
async def try_question(
    body: PlaygroundIn,
    caller: Writer,
    project: ProjectWrite,
    playground: PlaygroundOf,
    request: Request,
    base_url: BaseUrl,
) -> PlaygroundOut:
    """Answer a question as a visitor's, and show how the answer comes about. Nothing is kept.

    It counts against the caps on messages and spending, as a visitor's does, with the caller as the
    visitor. Actions are named and not called. It takes at most 75 seconds, and ends if the client
    hangs up.
    """
    tried = await unless_hung_up(request, playground.ask(caller, project.id, body.trial()))
    return PlaygroundOut.of(tried, project.id, base_url)
