"""A stateless ask: a question with its history and contexts, of which nothing is kept.

None of these texts reaches a table, a log, a cache or an error. Nobody is handed off and no action
runs, so a request for a person is answered in words.
"""

import traceback
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import structlog

from answerdesk.agents.contexts.types import Context
from answerdesk.agents.types import Agent
from answerdesk.answering.blocks import paragraphs
from answerdesk.answering.errors import AnswerCut, AnswerFailed
from answerdesk.answering.events import AnswerBlocks, AnswerEvent, AnswerFinished
from answerdesk.answering.service import Answering, decide_at_once
from answerdesk.answering.small_talk import Host
from answerdesk.answering.types import Abstain, Answer, AnswerRequest, Exchange, SmallTalk
from answerdesk.core.errors import DomainError, InvalidInput
from answerdesk.core.tenancy import AccountId, ProjectId
from answerdesk.kit.language import detect_language
from answerdesk.knowledge.types import ContextText

MOST_MESSAGES: Final = 200

MOST_CONTEXTS: Final = 10

_MOST_EXCHANGES: Final = 20
_MOST_HISTORY: Final = 40_000
"""Characters of the history to consider, latest first: models read only so much."""

_NO_PERSON: Final = {
    "en": "I can't connect you with a person here. Ask me, and I answer what I can.",
    "de": "Ich kann Sie hier nicht mit einem Menschen verbinden. Fragen Sie mich, und ich "
    "antworte, so gut ich kann.",
    "fr": "Je ne peux pas vous mettre en relation avec une personne ici. Posez-moi votre question, "
    "et je répondrai de mon mieux.",
    "es": "Aquí no puedo ponerle en contacto con una persona. Pregúnteme y responderé lo que "
    "pueda.",
    "it": "Qui non posso metterla in contatto con una persona. Chieda a me e risponderò come "
    "posso.",
    "nl": "Ik kan u hier niet met een mens verbinden. Vraag het mij, dan antwoord ik zo goed ik "
    "kan.",
    "pt": "Não posso ligá-lo a uma pessoa aqui. Pergunte-me, e respondo o que puder.",
}

_log = structlog.get_logger(__name__)

Role = Literal["user", "assistant", "system"]


@dataclass(frozen=True, slots=True)
class Said:
    """One message of a history; `created_at` is in epoch seconds."""

    role: Role
    content: str
    created_at: float | None = None


def stateless_request(
    account_id: AccountId,
    project_id: ProjectId,
    messages: Sequence[Said],
    *,
    guidance: str = "",
    contexts: Sequence[ContextText] = (),
    agent: str = "",
) -> AnswerRequest:
    """Return the request whose question is the last message, which must be a user's.

    System messages add to `guidance`; `agent` is the name of who answers. Raises InvalidInput.
    """
    if not 1 <= len(messages) <= MOST_MESSAGES:
        raise InvalidInput(
            f"Send 1 to {MOST_MESSAGES} messages; leave out the oldest ones",
            code="messages_invalid",
        )
    if len(contexts) > MOST_CONTEXTS:
        raise InvalidInput(
            f"A request may have at most {MOST_CONTEXTS} contexts", code="contexts_invalid"
        )
    *before, last = messages
    if last.role != "user":
        raise InvalidInput(
            "The last message must have the role user: it is the one to respond to",
            code="messages_invalid",
        )
    if not last.content.strip():
        raise InvalidInput("The last message is empty", code="messages_invalid")
    told = (one.content for one in messages if one.role == "system")
    return AnswerRequest(
        account_id,
        project_id,
        last.content,
        _latest(_exchanges(before)),
        "\n\n".join(filter(None, (guidance, *told))),
        tuple(contexts),
        people=False,
        agent=agent,
    )


def stateless_request_to(
    agent: Agent, messages: Sequence[Said], contexts: Sequence[Context] = ()
) -> AnswerRequest:
    """Return a `stateless_request` to an agent, for its project and with its guidance."""
    return stateless_request(
        agent.account_id,
        agent.project_id,
        messages,
        guidance=agent.settings.guidance,
        contexts=[ContextText(one.name, one.text) for one in contexts],
        agent=agent.name,
    )


def _exchanges(messages: Sequence[Said]) -> list[Exchange]:
    """Pair questions with answers; messages in a row by the same side are one.

    An answer to no question, such as a greeting, is left out.
    """
    found: list[Exchange] = []
    for one in messages:
        if one.role == "user":
            if found and not found[-1].answer:
                found[-1] = Exchange(f"{found[-1].question}\n{one.content}", "")
            else:
                found.append(Exchange(one.content, ""))
        elif one.role == "assistant" and found:
            answer = f"{found[-1].answer}\n{one.content}" if found[-1].answer else one.content
            found[-1] = Exchange(found[-1].question, answer)
    return found


def _latest(history: Sequence[Exchange]) -> tuple[Exchange, ...]:
    room = _MOST_HISTORY
    kept: list[Exchange] = []
    for one in reversed(history[-_MOST_EXCHANGES:]):
        room -= len(one.question) + len(one.answer)
        if room < 0:
            break
        kept.append(one)
    return tuple(reversed(kept))


async def answer_stateless(
    answering: Answering, request: AnswerRequest, *, traced: bool = False
) -> AsyncIterator[AnswerEvent]:
    """Yield the answer, then the decision; only if `traced` with its trace.

    A trace repeats what was asked. Raises AnswerFailed in place of any unexpected error, whose text
    might repeat it, too.
    """
    at_once = decide_at_once(request.text, _host(request))
    if isinstance(at_once, SmallTalk):
        yield AnswerBlocks(at_once.blocks)
        yield AnswerFinished(at_once)
        return
    if at_once is not None:
        said = paragraphs(_NO_PERSON.get(detect_language(request.text), _NO_PERSON["en"]))
        yield AnswerBlocks(said)
        yield AnswerFinished(Abstain(said, 0.0))
        return
    try:
        async for event in answering.answer(request):
            if isinstance(event, AnswerFinished) and not traced:
                yield AnswerFinished(_untraced(event.decision))
            else:
                yield event
    except DomainError:
        raise
    except Exception as error:  # noqa: BLE001  # Any of them may quote a text.
        _log.error("stateless_answer_failed", error=type(error).__name__, places=_places(error))
        raise AnswerFailed from None


async def answer_stateless_whole(
    answering: Answering, request: AnswerRequest, *, traced: bool = False
) -> Answer | Abstain | SmallTalk:
    """Return the decision of `answer_stateless`, for callers that don't stream.

    If a model breaks off, that is the one without it: nothing has been shown.
    """
    try:
        async for event in answer_stateless(answering, request, traced=traced):
            if isinstance(event, AnswerFinished):
                return event.decision
    except AnswerCut as cut:
        return cut.instead if traced else _untraced(cut.instead)
    raise AnswerFailed


def _host(request: AnswerRequest) -> Host:
    """Return who replies to small talk, in the language of the chat so far."""
    language = detect_language(" ".join(one.question for one in request.history[-3:]))
    return Host(request.agent, request.project, request.people, language)


def _untraced(decision: Answer | Abstain | SmallTalk) -> Answer | Abstain | SmallTalk:
    return decision if isinstance(decision, SmallTalk) else replace(decision, trace={})


def _places(error: BaseException) -> list[str]:
    """Return where an error passed through, without its message."""
    return [f"{one.name}:{one.lineno}" for one in traceback.extract_tb(error.__traceback__)]
