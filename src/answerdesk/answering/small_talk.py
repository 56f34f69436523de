"""Polite replies to messages that ask nothing, in ten languages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from answerdesk.answering.message import is_small_talk
from answerdesk.answering.message.types import SmallTalkKind
from answerdesk.answering.types import Exchange
from answerdesk.kit.language import UNKNOWN

_FALLBACK: Final = "en"


@dataclass(frozen=True, slots=True)
class Host:
    """What an assistant may say of itself.

    `agent` is its own name, `project` that of the website or app that it speaks for; either may be
    empty. `people` tells whether a person can be asked for. `language` is for messages that don't
    show theirs, such as "ok".
    """

    agent: str = ""
    project: str = ""
    people: bool = True
    language: str = _FALLBACK


class _Texts(NamedTuple):
    """`agent` and `project` introduce the assistant by name, `nameless` without one.

    `able` says what it does, `person` that one can be asked for.
    """

    hello: str
    thanks: str
    ok: str
    bye: str
    how_are_you: str
    agent: str
    project: str
    nameless: str
    able: str
    person: str


_TEXTS: Final[Mapping[str, _Texts]] = {
    "en": _Texts(
        hello="Hello! What can I help you with?",
        thanks="You're welcome! If there is anything else, just ask.",
        ok="All right. If there is anything else, just ask.",
        bye="Goodbye, and have a good day!",
        how_are_you="I'm well, thank you for asking! What can I help you with?",
        agent="I'm {agent}, an automated assistant.",
        project="I'm the automated assistant of {project}.",
        nameless="I'm an automated assistant.",
        able="Ask me a question, and I look for the answer in what I have been given to read.",
        person="If you would like to talk to a person, just say so.",
    ),
    "de": _Texts(
        hello="Hallo! Womit kann ich Ihnen helfen?",
        thanks="Gern geschehen! Wenn Sie noch etwas wissen möchten, fragen Sie einfach.",
        ok="Alles klar. Wenn Sie noch etwas wissen möchten, fragen Sie einfach.",
        bye="Auf Wiedersehen und einen schönen Tag!",
        how_are_you="Danke der Nachfrage, mir geht es gut! Womit kann ich Ihnen helfen?",
        agent="Ich bin {agent}, ein automatischer Assistent.",
        project="Ich bin der automatische Assistent von {project}.",
        nameless="Ich bin ein automatischer Assistent.",
        able="Stellen Sie mir eine Frage, und ich suche die Antwort in dem, was ich gelesen habe.",
        person="Wenn Sie mit einem Menschen sprechen möchten, sagen Sie es einfach.",
    ),
    "fr": _Texts(
        hello="Bonjour ! En quoi puis-je vous aider ?",
        thanks="Avec plaisir ! Si vous avez d'autres questions, n'hésitez pas.",
        ok="Très bien. Si vous avez d'autres questions, n'hésitez pas.",
        bye="Au revoir et bonne journée !",
        how_are_you="Je vais bien, merci ! En quoi puis-je vous aider ?",
        agent="Je suis {agent}, un assistant automatique.",
        project="Je suis l'assistant automatique de {project}.",
        nameless="Je suis un assistant automatique.",
        able="Posez-moi une question et je cherche la réponse dans ce que l'on m'a donné à lire.",
        person="Si vous souhaitez parler à une personne, dites-le simplement.",
    ),
    "es": _Texts(
        hello="¡Hola! ¿En qué puedo ayudarle?",
        thanks="¡De nada! Si tiene alguna otra pregunta, aquí estoy.",
        ok="De acuerdo. Si tiene alguna otra pregunta, aquí estoy.",
        bye="¡Hasta luego y que tenga un buen día!",
        how_are_you="¡Muy bien, gracias por preguntar! ¿En qué puedo ayudarle?",
        agent="Soy {agent}, un asistente automático.",
        project="Soy el asistente automático de {project}.",
        nameless="Soy un asistente automático.",
        able="Hágame una pregunta y buscaré la respuesta en lo que me han dado a leer.",
        person="Si desea hablar con una persona, solo tiene que decirlo.",
    ),
    "it": _Texts(
        hello="Buongiorno! In che cosa posso aiutarla?",
        thanks="Prego! Se ha altre domande, chieda pure.",
        ok="Va bene. Se ha altre domande, chieda pure.",
        bye="Arrivederci e buona giornata!",
        how_are_you="Bene, grazie! In che cosa posso aiutarla?",
        agent="Sono {agent}, un assistente automatico.",
        project="Sono l'assistente automatico di {project}.",
        nameless="Sono un assistente automatico.",
        able="Mi faccia una domanda e cercherò la risposta in ciò che mi è stato dato da leggere.",
        person="Se desidera parlare con una persona, basta dirlo.",
    ),
    "pt": _Texts(
        hello="Olá! Em que posso ajudar?",
        thanks="De nada! Se tiver outra pergunta, é só dizer.",
        ok="Está bem. Se tiver outra pergunta, é só dizer.",
        bye="Até logo e tenha um bom dia!",
        how_are_you="Tudo bem, obrigado por perguntar! Em que posso ajudar?",
        agent="Sou {agent}, um assistente automático.",
        project="Sou o assistente automático de {project}.",
        nameless="Sou um assistente automático.",
        able="Faça-me uma pergunta e procuro a resposta no que me deram para ler.",
        person="Se preferir falar com uma pessoa, é só dizer.",
    ),
    "nl": _Texts(
        hello="Hallo! Waarmee kan ik u helpen?",
        thanks="Graag gedaan! Als u nog iets wilt weten, vraag het gerust.",
        ok="Prima. Als u nog iets wilt weten, vraag het gerust.",
        bye="Tot ziens en een fijne dag!",
        how_are_you="Goed, dank u! Waarmee kan ik u helpen?",
        agent="Ik ben {agent}, een automatische assistent.",
        project="Ik ben de automatische assistent van {project}.",
        nameless="Ik ben een automatische assistent.",
        able="Stel mij een vraag, en ik zoek het antwoord in wat ik te lezen heb gekregen.",
        person="Als u liever met een mens spreekt, zeg het gerust.",
    ),
    "pl": _Texts(
        hello="Dzień dobry! W czym mogę pomóc?",
        thanks="Proszę bardzo! W razie dalszych pytań proszę pisać.",
        ok="W porządku. W razie dalszych pytań proszę pisać.",
        bye="Do widzenia i miłego dnia!",
        how_are_you="Dziękuję, wszystko dobrze! W czym mogę pomóc?",
        agent="Nazywam się {agent} i jestem automatycznym asystentem.",
        project="Jestem automatycznym asystentem: {project}.",
        nameless="Jestem automatycznym asystentem.",
        able="Proszę zadać pytanie, a poszukam odpowiedzi w tym, co mam do przeczytania.",
        person="Aby porozmawiać z człowiekiem, wystarczy o to poprosić.",
    ),
    "ja": _Texts(
        hello="こんにちは。どのようなご用件でしょうか。",
        thanks="どういたしまして。ほかにもご質問がありましたら、お聞きください。",
        ok="承知しました。ほかにもご質問がありましたら、お聞きください。",
        bye="さようなら。どうぞよい一日を。",
        how_are_you="ありがとうございます、元気です。どのようなご用件でしょうか。",
        agent="自動アシスタントの{agent}です。",
        project="{project}の自動アシスタントです。",
        nameless="自動アシスタントです。",
        able="ご質問いただければ、用意された資料の中から答えをお探しします。",
        person="担当者とお話しになりたい場合は、そうお伝えください。",
    ),
    "ar": _Texts(
        hello="مرحبًا! كيف يمكنني مساعدتك؟",
        thanks="على الرحب والسعة! إن كان لديك سؤال آخر فتفضل.",
        ok="حسنًا. إن كان لديك سؤال آخر فتفضل.",
        bye="إلى اللقاء، وأتمنى لك يومًا سعيدًا!",
        how_are_you="أنا بخير، شكرًا لسؤالك! كيف يمكنني مساعدتك؟",
        agent="أنا {agent}، مساعد آلي.",
        project="أنا المساعد الآلي لـ{project}.",
        nameless="أنا مساعد آلي.",
        able="اطرح سؤالك وسأبحث عن الجواب فيما أُعطيت لأقرأه.",
        person="إن أردت التحدث إلى شخص، فما عليك إلا أن تقول ذلك.",
    ),
}


def small_talk_reply(kind: SmallTalkKind, language: str, host: Host) -> str:
    """Return the reply to small talk in `language`, or else the host's, or else English."""
    if language == UNKNOWN or language not in _TEXTS:
        language = host.language.partition("-")[0]
    texts = _TEXTS.get(language, _TEXTS[_FALLBACK])
    if kind != "who_are_you":
        return str(getattr(texts, kind))
    who = texts.agent if host.agent else texts.project if host.project else texts.nameless
    # Not `format`, since a name may have braces.
    said = who.replace("{agent}", host.agent).replace("{project}", host.project)
    between = "" if language == "ja" else " "
    return between.join([said, texts.able, *([texts.person] if host.people else [])])


def without_small_talk(history: Sequence[Exchange]) -> tuple[Exchange, ...]:
    """Return the exchanges that were about something: a follow-up never refers to "thanks"."""
    return tuple(one for one in history if not is_small_talk(one.question))
