"""Answers a question with an action: calls it, or asks for what it needs; and what is said then.

The texts are ours, in the visitor's language; what an action answers is the owner's.
"""

from typing import Final, Literal, NamedTuple

from sqlalchemy.ext.asyncio import AsyncSession

from answerdesk.agents.actions.calling import Actions, Prepared
from answerdesk.agents.actions.types import ACTION_PREFIX, CALL_PREFIX, Errand, PlannedAction
from answerdesk.answering.blocks import paragraphs
from answerdesk.conversations import repository
from answerdesk.conversations.handoff import SILENT_STATES
from answerdesk.conversations.reply.repository.messages import NewAnswer
from answerdesk.conversations.texts import FALLBACK
from answerdesk.conversations.types import MESSAGE_PREFIX, Question, VisitorId
from answerdesk.core.database import Database
from answerdesk.core.errors import RateLimited
from answerdesk.core.tenancy import public_id

_WANTED: Final = "{wanted}"


class _Texts(NamedTuple):
    """`ask` has `{wanted}`, which is the owner's word for a parameter."""

    ask: str
    log_in: str
    failed: str
    too_often: str


_LANGUAGES: Final = {
    "en": _Texts(
        "For that I need one more thing: {wanted}.",
        "I can only do that for visitors who are logged in. Please log in on this website and ask "
        "again.",
        "I'm sorry, that didn't work just now. Please try again later, or ask to talk to a person.",
        "That was asked for many times within a minute. Please wait a minute and ask again.",
    ),
    "de": _Texts(
        "Dafür brauche ich noch eine Angabe: {wanted}.",
        "Das geht nur, wenn Sie angemeldet sind. Bitte melden Sie sich auf dieser Website an und "
        "fragen Sie noch einmal.",
        "Das hat gerade leider nicht geklappt. Bitte versuchen Sie es später noch einmal, oder "
        "bitten Sie um ein Gespräch mit einem Menschen.",
        "Das wurde innerhalb einer Minute sehr oft angefragt. Bitte warten Sie eine Minute und "
        "fragen Sie dann noch einmal.",
    ),
    "fr": _Texts(
        "Il me manque une information pour cela : {wanted}.",
        "Je ne peux le faire que pour les visiteurs connectés. Connectez-vous sur ce site, puis "
        "posez de nouveau votre question.",
        "Désolé, cela n'a pas fonctionné. Réessayez plus tard, ou demandez à parler à une "
        "personne.",
        "Cela a été demandé de nombreuses fois en une minute. Attendez une minute, puis réessayez.",
    ),
    "es": _Texts(
        "Para eso necesito un dato más: {wanted}.",
        "Solo puedo hacerlo para visitantes que han iniciado sesión. Inicie sesión en este sitio "
        "y pregunte de nuevo.",
        "Lo siento, ahora mismo no ha funcionado. Inténtelo más tarde o pida hablar con una "
        "persona.",
        "Se ha pedido muchas veces en un minuto. Espere un minuto y pregunte de nuevo.",
    ),
    "it": _Texts(
        "Per questo mi serve ancora un dato: {wanted}.",
        "Posso farlo solo per chi ha effettuato l'accesso. Acceda a questo sito e chieda di nuovo.",
        "Mi dispiace, al momento non ha funzionato. Riprovi più tardi, oppure chieda di parlare "
        "con una persona.",
        "È stato chiesto molte volte in un minuto. Aspetti un minuto e chieda di nuovo.",
    ),
    "pt": _Texts(
        "Para isso preciso de mais um dado: {wanted}.",
        "Só posso fazer isso para visitantes que iniciaram sessão. Inicie sessão neste site e "
        "pergunte de novo.",
        "Lamento, agora não funcionou. Tente mais tarde, ou peça para falar com uma pessoa.",
        "Isso foi pedido muitas vezes em um minuto. Espere um minuto e pergunte de novo.",
    ),
    "nl": _Texts(
        "Daarvoor heb ik nog één gegeven nodig: {wanted}.",
        "Dat kan ik alleen voor bezoekers die zijn ingelogd. Log in op deze website en vraag het "
        "opnieuw.",
        "Sorry, dat lukte zojuist niet. Probeer het later opnieuw, of vraag om met een mens te "
        "spreken.",
        "Dat is binnen een minuut vaak gevraagd. Wacht een minuut en vraag het dan opnieuw.",
    ),
    "pl": _Texts(
        "Potrzebuję do tego jeszcze jednej informacji: {wanted}.",
        "Mogę to zrobić tylko dla zalogowanych. Proszę zalogować się na tej stronie i zapytać "
        "ponownie.",
        "Przykro mi, teraz się to nie udało. Proszę spróbować później albo poprosić o rozmowę z "
        "człowiekiem.",
        "W ciągu minuty poproszono o to wiele razy. Proszę odczekać minutę i zapytać ponownie.",
    ),
    "ja": _Texts(
        "そのためにもう一つ教えてください：{wanted}",
        "ログインしている方のみご利用いただけます。このサイトにログインしてから、もう一度お尋ね"
        "ください。",
        "申し訳ございません。ただいま処理できませんでした。後ほどもう一度お試しいただくか、担当"
        "者との会話をご希望の旨お伝えください。",
        "1分間に何度もご依頼がありました。1分ほど待ってから、もう一度お尋ねください。",
    ),
    "ar": _Texts(
        "أحتاج لذلك إلى معلومة أخرى: {wanted}.",
        "لا يمكنني فعل ذلك إلا للزوار الذين سجّلوا الدخول. سجّل الدخول في هذا الموقع ثم اسأل مرة "
        "أخرى.",
        "عذرًا، لم ينجح ذلك الآن. حاول لاحقًا، أو اطلب التحدث إلى شخص.",
        "طُلب ذلك مرات كثيرة خلال دقيقة. انتظر دقيقة ثم اسأل مرة أخرى.",
    ),
}
TRANSLATED: Final = frozenset(_LANGUAGES)


def action_text(
    name: Literal["ask", "log_in", "failed", "too_often"], language: str, wanted: str = ""
) -> str:
    """Return a text in a language (BCP 47), or in English if there is none in it."""
    texts = _LANGUAGES.get(language.partition("-")[0], _LANGUAGES[FALLBACK])
    text: str = getattr(texts, name)
    return text.replace(_WANTED, wanted)


class Acting:
    """Answers the questions for which an action was planned."""

    def __init__(self, database: Database, actions: Actions) -> None:
        self._database = database
        self._actions = actions

    async def answer(self, question: Question, planned: PlannedAction, language: str) -> NewAnswer:
        """Return the answer to a question. Whatever goes wrong with a call is told in it.

        A turn that is taken over calls again, with the same key.
        """
        trace: dict[str, object] = {
            "action": public_id(ACTION_PREFIX, planned.action_id),
            "step": planned.step,
        }
        match planned.step:
            case "ask":
                return _said(action_text("ask", language, planned.wanted), trace)
            case "log_in":
                return _said(action_text("log_in", language), trace)
            case "call":
                return await self._called(question, planned, language, trace)

    async def _called(
        self, question: Question, planned: PlannedAction, language: str, trace: dict[str, object]
    ) -> NewAnswer:
        async with self._database.transaction(question.account_id) as session:
            visitor = await repository.visitor_of(session, question.conversation_id)
        try:
            await self._actions.take(visitor or question.conversation_id)
        except RateLimited:
            return _said(action_text("too_often", language), {**trace, "error": "too_often"})
        key = public_id(MESSAGE_PREFIX, question.message_id)
        async with self._database.transaction(question.account_id) as session:
            prepared = await prepared_call(self._actions, session, question, planned, key)
        failed = action_text("failed", language)
        if prepared is None:
            return _said(failed, {**trace, "error": "not_called"})
        outcome = await self._actions.send(prepared)
        async with self._database.transaction(question.account_id) as session:
            await self._actions.record(session, prepared, outcome)
        told = {
            **trace,
            "call": public_id(CALL_PREFIX, prepared.call_id),
            "milliseconds": outcome.milliseconds,
            "error": outcome.error,
        }
        return _said(outcome.text or prepared.settings.fallback or failed, told)


async def prepared_call(
    actions: Actions,
    session: AsyncSession,
    question: Question,
    planned: PlannedAction,
    key: str,
    *,
    only_reads: bool = False,
) -> Prepared | None:
    """Return the call to make; None if there is none any more, or a person speaks now."""
    conversation = await repository.get_conversation(session, question.conversation_id)
    if conversation is None or conversation.state in SILENT_STATES:
        return None
    subject = None
    if planned.verified and conversation.visitor_id is not None:
        _, subject = await repository.marks_of(session, VisitorId(conversation.visitor_id))
    errand = Errand(
        project_id=question.project_id,
        action_id=planned.action_id,
        parameters=planned.parameters,
        key=key,
        only_reads=only_reads,
        subject=subject,
        conversation_id=question.conversation_id,
        question_id=question.message_id,
    )
    return await actions.prepare(session, errand)


def _said(text: str, trace: dict[str, object]) -> NewAnswer:
    # Nothing was searched and nothing is cited, so there is no probability of being right.
    return NewAnswer("act", paragraphs(text), (), None, trace)
