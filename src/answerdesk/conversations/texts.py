"""What visitors are told about who has a conversation, in their language or the owner's words."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final, NamedTuple

from answerdesk.kit.language import UNKNOWN, detect_language
from answerdesk.projects.office_hours import is_open, next_opening
from answerdesk.projects.types import (
    Handoff,
    HandoffText,
    Languages,
    OfficeHours,
    ProjectSettings,
)

FALLBACK: Final = "en"
"""The language for visitors whose own is unknown or not translated."""

_WHEN: Final = "{when}"


class _Language(NamedTuple):
    """Our own words in a language, and how it writes a day and a time.

    `day` has `{weekday}`, `{day}`, `{month}` (a number or a name, see `months`) and `{clock}`.
    """

    texts: Mapping[HandoffText, str]
    weekdays: tuple[str, ...]
    day: str
    months: tuple[str, ...] = ()


_LANGUAGES: Final[Mapping[str, _Language]] = {
    "en": _Language(
        {
            "passed_on": "I have passed this conversation on to the team. Someone will reply here "
            "as soon as they are free.",
            "nobody_there": "I have passed this conversation on to the team. Nobody is there at "
            "the moment. Leave your e-mail address, and they can also reply there.",
            "nobody_there_until": "I have passed this conversation on to the team. Nobody is there "
            "at the moment; they are back on {when}. Leave your e-mail address, and they can also "
            "reply there.",
            "with_person": "Your message has been passed on. A member of the team has this "
            "conversation and replies here.",
            "unclaimed": "I'm sorry, nobody on the team has been free so far. They will still "
            "reply here. Leave your e-mail address, and they can also reply there; or ask me, and "
            "I'll help as well as I can.",
            "handed_back": "The team has handed this conversation back to me. Go ahead and ask; "
            "if you would like a person again, just say so.",
        },
        ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
        "{weekday}, {day:02} {month}, {clock}",
        (
            *("January", "February", "March", "April", "May", "June", "July", "August"),
            *("September", "October", "November", "December"),
        ),
    ),
    "de": _Language(
        {
            "passed_on": "Ich habe dieses Gespräch an das Team weitergegeben. Sobald jemand frei "
            "ist, bekommen Sie hier eine Antwort.",
            "nobody_there": "Ich habe dieses Gespräch an das Team weitergegeben. Im Moment ist "
            "niemand da. Wenn Sie Ihre E-Mail-Adresse hinterlassen, kann das Team auch dorthin "
            "antworten.",
            "nobody_there_until": "Ich habe dieses Gespräch an das Team weitergegeben. Im Moment "
            "ist niemand da; das Team ist wieder erreichbar am {when}. Wenn Sie Ihre "
            "E-Mail-Adresse hinterlassen, kann es auch dorthin antworten.",
            "with_person": "Ihre Nachricht wurde weitergegeben. Jemand aus dem Team hat dieses "
            "Gespräch übernommen und antwortet hier.",
            "unclaimed": "Leider war im Team bisher niemand frei. Sie bekommen hier noch eine "
            "Antwort. Wenn Sie Ihre E-Mail-Adresse hinterlassen, kann das Team auch dorthin "
            "antworten; oder fragen Sie mich, und ich helfe, so gut ich kann.",
            "handed_back": "Das Team hat dieses Gespräch an mich zurückgegeben. Fragen Sie gern "
            "weiter; wenn Sie wieder mit einem Menschen sprechen möchten, sagen Sie es einfach.",
        },
        ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"),
        "{weekday}, {day:02}.{month:02}., {clock} Uhr",
    ),
    "fr": _Language(
        {
            "passed_on": "J'ai transmis cette conversation à l'équipe. Quelqu'un vous répondra ici "
            "dès que possible.",
            "nobody_there": "J'ai transmis cette conversation à l'équipe. Personne n'est "
            "disponible pour le moment. Laissez votre adresse e-mail et l'équipe pourra aussi vous "
            "répondre par ce moyen.",
            "nobody_there_until": "J'ai transmis cette conversation à l'équipe. Personne n'est "
            "disponible pour le moment ; l'équipe sera de retour {when}. Laissez votre adresse "
            "e-mail et elle pourra aussi vous répondre par ce moyen.",
            "with_person": "Votre message a été transmis. Un membre de l'équipe suit cette "
            "conversation et vous répond ici.",
            "unclaimed": "Désolé, personne dans l'équipe n'a encore pu se libérer. Une réponse "
            "vous sera tout de même donnée ici. Laissez votre adresse e-mail et l'équipe pourra "
            "aussi vous répondre par ce moyen ; ou posez-moi votre question, je vous aiderai de "
            "mon mieux.",
            "handed_back": "L'équipe m'a rendu cette conversation. Posez-moi vos questions ; si "
            "vous souhaitez de nouveau parler à une personne, dites-le simplement.",
        },
        ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
        "{weekday} {day:02}/{month:02} à {clock}",
    ),
    "es": _Language(
        {
            "passed_on": "He pasado esta conversación al equipo. Alguien le responderá aquí en "
            "cuanto esté libre.",
            "nobody_there": "He pasado esta conversación al equipo. En este momento no hay nadie. "
            "Deje su correo electrónico y también podrán responderle por ese medio.",
            "nobody_there_until": "He pasado esta conversación al equipo. En este momento no hay "
            "nadie; estarán de vuelta el {when}. Deje su correo electrónico y también podrán "
            "responderle por ese medio.",
            "with_person": "Su mensaje ha sido transmitido. Una persona del equipo lleva esta "
            "conversación y le responde aquí.",
            "unclaimed": "Lo siento, hasta ahora nadie del equipo ha quedado libre. Le responderán "
            "aquí de todos modos. Deje su correo electrónico y también podrán responderle por ese "
            "medio; o pregúnteme a mí y le ayudaré lo mejor que pueda.",
            "handed_back": "El equipo me ha devuelto esta conversación. Pregunte lo que quiera; si "
            "desea hablar de nuevo con una persona, solo tiene que decirlo.",
        },
        ("lunes", "martes", "miércoles", "jueves", "viernes", "sábado", "domingo"),
        "{weekday} {day:02}/{month:02} a las {clock}",
    ),
    "it": _Language(
        {
            "passed_on": "Ho passato questa conversazione al team. Qualcuno le risponderà qui "
            "appena sarà libero.",
            "nobody_there": "Ho passato questa conversazione al team. Al momento non c'è nessuno. "
            "Lasci il suo indirizzo e-mail, così potranno risponderle anche lì.",
            "nobody_there_until": "Ho passato questa conversazione al team. Al momento non c'è "
            "nessuno; saranno di nuovo disponibili {when}. Lasci il suo indirizzo e-mail, così "
            "potranno risponderle anche lì.",
            "with_person": "Il suo messaggio è stato inoltrato. Una persona del team segue questa "
            "conversazione e le risponde qui.",
            "unclaimed": "Mi dispiace, finora nessuno del team si è liberato. Le risponderanno "
            "comunque qui. Lasci il suo indirizzo e-mail, così potranno risponderle anche lì; "
            "oppure chieda a me e la aiuterò come posso.",
            "handed_back": "Il team mi ha restituito questa conversazione. Chieda pure; se "
            "desidera parlare di nuovo con una persona, basta dirlo.",
        },
        ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica"),
        "{weekday} {day:02}/{month:02} alle {clock}",
    ),
    "pt": _Language(
        {
            "passed_on": "Passei esta conversa para a equipe. Alguém responderá aqui assim que "
            "estiver livre.",
            "nobody_there": "Passei esta conversa para a equipe. No momento não há ninguém "
            "disponível. Deixe o seu e-mail e também poderão responder por lá.",
            "nobody_there_until": "Passei esta conversa para a equipe. No momento não há ninguém "
            "disponível; a equipe volta {when}. Deixe o seu e-mail e também poderão responder por "
            "lá.",
            "with_person": "A sua mensagem foi encaminhada. Uma pessoa da equipe está com esta "
            "conversa e responde aqui.",
            "unclaimed": "Lamento, até agora ninguém da equipe ficou livre. Ainda assim, "
            "responderão aqui. Deixe o seu e-mail e também poderão responder por lá; ou pergunte a "
            "mim, e ajudarei o melhor que puder.",
            "handed_back": "A equipe me devolveu esta conversa. Pode perguntar; se quiser falar "
            "com uma pessoa de novo, é só dizer.",
        },
        (
            *("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira", "sexta-feira"),
            *("sábado", "domingo"),
        ),
        "{weekday}, {day:02}/{month:02}, às {clock}",
    ),
    "nl": _Language(
        {
            "passed_on": "Ik heb dit gesprek doorgegeven aan het team. Zodra er iemand vrij is, "
            "krijgt u hier antwoord.",
            "nobody_there": "Ik heb dit gesprek doorgegeven aan het team. Er is op dit moment "
            "niemand aanwezig. Laat uw e-mailadres achter, dan kan het team u ook daar antwoorden.",
            "nobody_there_until": "Ik heb dit gesprek doorgegeven aan het team. Er is op dit "
            "moment niemand aanwezig; het team is terug op {when}. Laat uw e-mailadres achter, dan "
            "kan het u ook daar antwoorden.",
            "with_person": "Uw bericht is doorgegeven. Iemand van het team heeft dit gesprek "
            "overgenomen en antwoordt hier.",
            "unclaimed": "Helaas is er tot nu toe niemand van het team vrij geweest. U krijgt hier "
            "nog antwoord. Laat uw e-mailadres achter, dan kan het team u ook daar antwoorden; of "
            "vraag het mij, dan help ik u zo goed als ik kan.",
            "handed_back": "Het team heeft dit gesprek weer aan mij overgedragen. Stel gerust uw "
            "vraag; als u weer met een mens wilt spreken, zeg het dan gewoon.",
        },
        ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"),
        "{weekday} {day:02}-{month:02} om {clock}",
    ),
    "pl": _Language(
        {
            "passed_on": "Rozmowa została przekazana naszemu zespołowi. Ktoś odpowie tutaj, gdy "
            "tylko będzie wolny.",
            "nobody_there": "Rozmowa została przekazana naszemu zespołowi. W tej chwili nikogo nie "
            "ma. Proszę zostawić adres e-mail, a zespół będzie mógł odpowiedzieć także tam.",
            "nobody_there_until": "Rozmowa została przekazana naszemu zespołowi. W tej chwili "
            "nikogo nie ma; zespół będzie ponownie dostępny: {when}. Proszę zostawić adres e-mail, "
            "a zespół będzie mógł odpowiedzieć także tam.",
            "with_person": "Wiadomość została przekazana. Tę rozmowę prowadzi teraz osoba z "
            "naszego zespołu i odpowie tutaj.",
            "unclaimed": "Przykro mi, jak dotąd nikt z zespołu nie jest wolny. Odpowiedź i tak "
            "pojawi się tutaj. Proszę zostawić adres e-mail, a zespół będzie mógł odpowiedzieć "
            "także tam; można też zapytać mnie, a pomogę, jak potrafię.",
            "handed_back": "Zespół przekazał mi tę rozmowę z powrotem. Proszę śmiało pytać; jeśli "
            "znów potrzebny będzie człowiek, wystarczy napisać.",
        },
        ("poniedziałek", "wtorek", "środa", "czwartek", "piątek", "sobota", "niedziela"),
        "{weekday}, {day:02}.{month:02}, godz. {clock}",
    ),
    "ja": _Language(
        {
            "passed_on": "この会話を担当チームに引き継ぎました。手が空き次第、こちらで返信いたし"
            "ます。",
            "nobody_there": "この会話を担当チームに引き継ぎました。ただいま担当者が不在です。"
            "メールアドレスをお知らせいただければ、メールでも返信できます。",
            "nobody_there_until": "この会話を担当チームに引き継ぎました。ただいま担当者が不在で、"
            "{when}から対応いたします。メールアドレスをお知らせいただければ、メールでも返信でき"
            "ます。",
            "with_person": "メッセージをお伝えしました。現在は担当者がこの会話を受け持っており、"
            "こちらで返信いたします。",
            "unclaimed": "申し訳ございません。まだ担当者の手が空いておりません。このままお待ちいた"
            "だければ、こちらで返信いたします。メールアドレスをお知らせいただければメールでも返信"
            "できます。また、私にご質問いただければ、できる限りお手伝いいたします。",
            "handed_back": "担当チームからこの会話を引き継ぎました。どうぞご質問ください。再び担当"
            "者との会話をご希望の場合は、そうお伝えください。",
        },
        ("月", "火", "水", "木", "金", "土", "日"),
        "{month}月{day}日（{weekday}）{clock}",
    ),
    "ar": _Language(
        {
            "passed_on": "لقد حوّلتُ هذه المحادثة إلى الفريق. سيردّ عليك أحدهم هنا حالما يتفرّغ.",
            "nobody_there": "لقد حوّلتُ هذه المحادثة إلى الفريق. لا يوجد أحد في الوقت الحالي. "
            "اترك بريدك الإلكتروني ليتمكّن الفريق من الرد عليك عبره أيضًا.",
            "nobody_there_until": "لقد حوّلتُ هذه المحادثة إلى الفريق. لا يوجد أحد في الوقت الحالي، "
            "وسيعود الفريق {when}. اترك بريدك الإلكتروني ليتمكّن الفريق من الرد عليك عبره أيضًا.",
            "with_person": "تم إيصال رسالتك. يتولّى أحد أعضاء الفريق هذه المحادثة وسيردّ عليك هنا.",
            "unclaimed": "عذرًا، لم يتفرّغ أحد من الفريق حتى الآن، وسيردّون عليك هنا. اترك بريدك "
            "الإلكتروني ليتمكّن الفريق من الرد عليك عبره أيضًا، أو اسألني وسأساعدك قدر استطاعتي.",
            "handed_back": "أعاد الفريق هذه المحادثة إليّ. تفضّل بسؤالك، وإن أردت التحدث إلى شخص "
            "مرة أخرى فأخبرني بذلك.",
        },
        ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
        "يوم {weekday} {day:02}/{month:02} الساعة {clock}",
    ),
}

TRANSLATED: Final = frozenset(_LANGUAGES)
"""The languages that we have words in (ISO 639-1)."""


def language_of(said: Sequence[str], languages: Languages) -> str:
    """Return the language to tell a visitor something in, by what they said, newest last.

    The newest message that shows its language decides, else all together, else the project's
    default language, else English.
    """
    for text in (*said[-1:], " ".join(said)):
        language = detect_language(text)
        if language != UNKNOWN:
            return language
    return languages.default or FALLBACK


def visitor_text(
    name: HandoffText,
    language: str,
    handoff: Handoff,
    opening: datetime | None = None,
) -> str:
    """Return a text in a language (BCP 47), or in English if there is none in it.

    `opening` is the next one, in the zone that it is told in.
    """
    base = language.partition("-")[0]
    own = handoff.texts.get(language, {}).get(name) or handoff.texts.get(base, {}).get(name)
    spoken = _LANGUAGES.get(base)
    if own is None and spoken is None:
        # The owner's English comes before ours.
        own = handoff.texts.get(FALLBACK, {}).get(name)
    spoken = spoken or _LANGUAGES[FALLBACK]
    text = own or spoken.texts[name]
    return text if opening is None else text.replace(_WHEN, _told(opening, spoken))


def passed_on(
    settings: ProjectSettings, hours: OfficeHours, language: str, moment: datetime
) -> str:
    """Return what a visitor is told whose conversation is passed on at `moment` (aware)."""
    if is_open(hours, moment):
        return visitor_text("passed_on", language, settings.handoff)
    opening = next_opening(hours, moment)
    name: HandoffText = "nobody_there" if opening is None else "nobody_there_until"
    return visitor_text(name, language, settings.handoff, opening)


def _told(opening: datetime, spoken: _Language) -> str:
    number = opening.month
    day = spoken.day.format(
        weekday=spoken.weekdays[opening.weekday()],
        day=opening.day,
        month=spoken.months[number - 1] if spoken.months else number,
        clock=f"{opening:%H:%M}",
    )
    zone = getattr(opening.tzinfo, "key", None) or str(opening.tzinfo)
    return f"{day} ({zone})"
