"""The native API of suggestions: a drafted reply for a person who answers a visitor."""

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from answerdesk.answering.blocks import plain_text
from answerdesk.answering.types import DecisionKind
from answerdesk.conversations.dependencies import SuggestionsOf
from answerdesk.conversations.endpoints.playground import NamedActionOut
from answerdesk.conversations.endpoints.replies import ConversationWrite, Writer
from answerdesk.conversations.schemas import CertaintyOut, CitedSource
from answerdesk.conversations.suggesting import Suggestion, Withheld
from answerdesk.conversations.traces import TraceOut
from answerdesk.conversations.types import MESSAGE_PREFIX
from answerdesk.core.tenancy import ProjectId, public_id
from answerdesk.core.web.dependencies import BaseUrl
from answerdesk.core.web.hanging_up import unless_hung_up
from answerdesk.core.web.openapi import problems


class SuggestedReplyOut(BaseModel):
    """A reply that a person may send, change or leave. It is stored nowhere."""

    text: str | None = Field(
        description="The reply as plain text; null if there is none worth sending, see `withheld`."
    )
    withheld: Withheld | None = Field(
        description="Why there is no text. `no_answer`: the knowledge doesn't answer it. "
        "`for_a_person`: the visitor asks for a person, or who they talk to. `action`: the "
        "assistant would need an action, see `actions`. `said_before`: the assistant has said the "
        "same in this conversation already."
    )
    message_id: str = Field(
        description="The visitor's newest message that it answers, with those before it that "
        "nobody has answered."
    )
    decision: DecisionKind = Field(description="What the assistant makes of it.")
    sources: list[CitedSource] = Field(description="The passages that support it.")
    confidence: float | None = Field(
        description="The probability that it is right, 0 to 1; null if nothing was looked for."
    )
    certainty: CertaintyOut | None = Field(description="What a visitor would be told of it.")
    topics: list[str] = Field(
        description="If the knowledge doesn't answer it: the nearest that it has."
    )
    actions: list[NamedActionOut] = Field(
        description="The actions that the assistant would call. They were not called."
    )
    model: str | None = Field(
        description="The language model that wrote it; null if it is made of passages."
    )

    @classmethod
    def of(
        cls, suggestion: Suggestion, project_id: ProjectId, base_url: str
    ) -> "SuggestedReplyOut":
        rehearsed = suggestion.rehearsed
        answer = rehearsed.answer
        generation = TraceOut.read(answer.trace).generation
        return cls(
            text=suggestion.text,
            withheld=suggestion.withheld,
            message_id=public_id(MESSAGE_PREFIX, suggestion.answers_to),
            decision=answer.decision,
            sources=CitedSource.all_of(answer.citations, project_id, base_url),
            confidence=answer.confidence,
            certainty=CertaintyOut.of(
                plain_text(answer.blocks), answer.citations, answer.confidence
            ),
            topics=list(rehearsed.topics),
            actions=[NamedActionOut.of(one) for one in rehearsed.actions],
            model=None if generation is None or generation.failed else generation.model,
        )


router = APIRouter(prefix="/v1/conversations/{conversation_id}", tags=["conversations"])


@router.post("/suggestion", responses=problems(403, 409, 503))
async def suggest_reply(
    caller: Writer,
    conversation: ConversationWrite,
    suggestions: SuggestionsOf,
    request: Request,
    base_url: BaseUrl,
) -> SuggestedReplyOut:
    """Suggest a reply to what the visitor wrote since a person replied or the assistant answered.

    It is what the conversation's agent would answer, by its model and its rules. Nothing is stored
    or sent, and no action is called; `actions` names them. It counts against the caps on messages
    and spending, as a visitor's does, with the caller as the visitor. It takes at most 75 seconds,
    and ends if the client hangs up. It is refused (409) if the conversation is closed, if nothing
    is open (`nothing_to_answer`), and while the assistant is answering (`answer_in_progress`).
    """
    suggested = await unless_hung_up(request, suggestions.suggest(caller, conversation))
    return SuggestedReplyOut.of(suggested, conversation.project_id, base_url)
