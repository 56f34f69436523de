"""Caps on visitors' messages: counted before answering, with a polite notice when reached."""

from typing import Final, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.accounts.limits.service import count_message
from answerdesk.accounts.types import CapReached, OwnCaps, Sender
from answerdesk.conversations import repository
from answerdesk.conversations.events import LIMIT_REACHED, ReachedLimit
from answerdesk.conversations.reply.stream import Notice
from answerdesk.conversations.types import CONVERSATION_PREFIX, IncomingMessage
from answerdesk.core.events import record
from answerdesk.core.tenancy import ConversationId, public_id
from answerdesk.kit.language import detect_language
from answerdesk.projects.types import Project

CAP_REACHED: Final = "message_cap_reached"
"""The error code of a turn that was not begun because of a cap."""


class _Texts(NamedTuple):
    day: str
    month: str


_TEXTS: Final = {
    "en": _Texts(
        "That was as many questions as I can answer today. Please come back tomorrow, or ask to "
        "talk to a person.",
        "I cannot answer any more questions at the moment. Please ask to talk to a person.",
    ),
    "de": _Texts(
        "Mehr Fragen kann ich heute leider nicht beantworten. Bitte kommen Sie morgen wieder, oder "
        "bitten Sie darum, mit einem Menschen zu sprechen.",
        "Im Moment kann ich leider keine Fragen mehr beantworten. Bitte bitten Sie darum, mit "
        "einem Menschen zu sprechen.",
    ),
    "fr": _Texts(
        "Je ne peux pas répondre à davantage de questions aujourd'hui. Revenez demain, ou demandez "
        "à parler à une personne.",
        "Je ne peux plus répondre aux questions pour le moment. Demandez à parler à une personne.",
    ),
    "es": _Texts(
        "Hoy ya no puedo responder más preguntas. Vuelva mañana, o pida hablar con una persona.",
        "De momento no puedo responder más preguntas. Pida hablar con una persona.",
    ),
    "it": _Texts(
        "Per oggi non posso rispondere ad altre domande. Torni domani, o chieda di parlare con una "
        "persona.",
        "Al momento non posso rispondere ad altre domande. Chieda di parlare con una persona.",
    ),
    "nl": _Texts(
        "Meer vragen kan ik vandaag niet beantwoorden. Kom morgen terug, of vraag om met een mens "
        "te spreken.",
        "Ik kan op dit moment geen vragen meer beantwoorden. Vraag om met een mens te spreken.",
    ),
    "pt": _Texts(
        "Hoje já não posso responder a mais perguntas. Volte amanhã, ou peça para falar com uma "
        "pessoa.",
        "De momento não posso responder a mais perguntas. Peça para falar com uma pessoa.",
    ),
}


def cap_text(question: str, reached: CapReached) -> str:
    """Return the notice for the visitor who asked `question`, in its language or English."""
    texts = _TEXTS.get(detect_language(question), _TEXTS["en"])
    return texts.month if reached.cap.period == "month" else texts.day


async def hold_caps(
    session: AsyncSession,
    incoming: IncomingMessage,
    project: Project,
    conversation_id: ConversationId,
) -> Notice | None:
    """Count a stored message; return a notice for its visitor if a cap is reached.

    Records an event for the owner the first time in a period.
    """
    visitor = await repository.visitor_of(session, conversation_id)
    sender = Sender(incoming.account_id, incoming.project_id, visitor or conversation_id)
    reached = await count_for(session, sender, project, conversation_id)
    return None if reached is None else Notice(cap_text(incoming.text, reached), over_cap=True)


async def count_for(
    session: AsyncSession,
    sender: Sender,
    project: Project,
    conversation_id: ConversationId | None,
) -> CapReached | None:
    """Count a message, perhaps of no conversation; return the cap that is reached, if one is.

    Records an event for the owner the first time in a period.
    """
    own = project.settings.message_caps
    caps = OwnCaps(own.per_visitor_per_day, own.per_day)
    reached = await count_message(session, sender, caps)
    if reached is not None and reached.first:
        payload = ReachedLimit(
            conversation_id=None
            if conversation_id is None
            else public_id(CONVERSATION_PREFIX, conversation_id),
            metric=reached.cap.metric,
            limit=reached.cap.limit,
            period=reached.cap.period,
        )
        await record(session, sender.account_id, sender.project_id, LIMIT_REACHED, payload)
    return reached
