"""Makes a follow-up question stand alone, with the help of the earlier messages.

Adds only what the question lacks: the subject of the previous question. A question that names its
own subject stays unchanged, so that visitors can change the subject.
"""

import re
from collections.abc import Sequence
from typing import Final

from answerdesk.answering.extractive.question import Asked, take_apart
from answerdesk.answering.types import Exchange
from answerdesk.kit.language import detect_language
from answerdesk.kit.whitespace import squeezed
from answerdesk.kit.words import Word, words_of

# Pronouns that may refer to something said earlier, by language.
_PRONOUNS: Final = {
    "en": frozenset(
        (
            "it its it's they them their theirs he him his she her hers this that these "
            "those one ones"
        ).split()
    ),
    "de": frozenset(
        (
            "er ihn ihm sie es ihr ihre ihren ihrem ihrer sein seine seinen seinem dies "
            "diese dieser dieses diesen das davon dafür damit dazu darüber daran darin dabei "
            "dessen deren denen"
        ).split()
    ),
    "fr": frozenset(
        (
            "il elle ils elles le la les lui leur leurs son sa ses cela ça ceci celui celle "
            "ceux celles en y"
        ).split()
    ),
    "es": frozenset(
        "él ella ellos ellas lo la los las le les su sus eso esto esa ese este esta".split()
    ),
}
# Phrases in which "it" or "this" doesn't refer back.
_EMPTY: Final = re.compile(
    (
        r"\b(?:is|was|does|will|would) it (?:possible|necessary|ok|okay|allowed|true|take"
        r"|cost to|safe|legal|raining)\b|\bhow long does it take\b|\b(?:gibt es"
        r"|ist es möglich|wie geht es|dauert es)\b|\bthis (?:site|page|website|shop"
        r"|company|store|app|chat)\b|\bis there\b|\bthat (?:is|are|i|you|we|the|can|has"
        r"|have)\b|\bthe (?:one|ones) (?:that|who|which)\b"
    ),
    re.IGNORECASE,
)
_CONTINUES: Final = re.compile(
    (
        r"^\W*(?:and|but|or|so|also|then|what about|how about|what if|and what about"
        r"|same for|und|aber|oder|auch|was ist mit|wie ist es mit|und was ist mit"
        r"|wie sieht es (?:mit|bei)|et|mais|et pour|qu'en est-il de|y|pero"
        r"|y para)\b(?:\W+(?:what about|how about|was ist mit|wie ist es mit|with|for"
        r"|if))?"
    ),
    re.IGNORECASE,
)
_BARE: Final = re.compile(
    (
        r"^\W*(?:why(?: not)?|how(?: so| much| many| long| often| far)?|when|where|who"
        r"|which(?: ones?)?|really|what else|anything else|more|since when|until when"
        r"|for how long|how come|details?|tell me more|explain|example|examples"
        r"|warum(?: nicht)?|wie(?: viel| lange| oft)?|wann|wo|wer|seit wann|bis wann|mehr"
        r"|wieso)\W*$"
    ),
    re.IGNORECASE,
)
_MOST_WORDS: Final = 40
"""Longer messages bring their own subject."""

MOST_CHARACTERS: Final = 2000
"""Maximum length of a message to process: a longer one is a pasted text, of which the beginning
and the end are used, where the question mostly is."""


def standalone(text: str, history: Sequence[Exchange]) -> str:
    """Return the question to search for, with single white space.

    This also limits a message's length: a very long one is shortened.

    - "why?", "and on Sundays?": the previous question, with what is new.
    - "how much does it cost?": adds the pronoun's subject: the last question's names or content.
    - anything else: unchanged.
    """
    text = _worked_on(text)
    if not history:
        return text
    history = [Exchange(_worked_on(one.question), one.answer) for one in history]
    language = detect_language(text)
    if language == "und":
        language = detect_language(history[-1].question)
        language = "en" if language == "und" else language
    found = words_of(text, language)
    if not found or len(found) > _MOST_WORDS:
        return text
    before = subject_of(history, language)
    if _BARE.match(text):
        return f"{before} {text}"
    continued = _CONTINUES.match(text)
    new = text[continued.end() :] if continued else text
    if continued and len(found) <= _ELLIPSIS_WORDS and not _is_question(new):
        return _replaced(before, new.strip(), language)
    own_words = 1 if continued else 0
    if _refers_back(text, found, language) or _lacks_subject(new, language, own_words):
        return f"{text} {_topic(before, language)}".strip()
    return text


def joined(text: str, history: Sequence[Exchange]) -> str | None:
    """Return a question together with the one before it, as a second query; None without one.

    What it finds is judged by the question: a follow-up may lack what its answer is found by.
    """
    if not history:
        return None
    return f"{_worked_on(history[-1].question)} {text}"


def _worked_on(message: str) -> str:
    text = squeezed(message)
    if len(text) <= MOST_CHARACTERS:
        return text
    half = MOST_CHARACTERS // 2
    return squeezed(f"{text[:half]}\n{text[-half + 1 :]}")


_ELLIPSIS_WORDS: Final = 9
_VERB: Final = re.compile(
    r"\b(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|had|may"
    r"|must|ist|sind|war|kann|kannst|können|hat|haben|wird|gibt|muss|soll)\b",
    re.IGNORECASE,
)
_ASKS: Final = re.compile(
    r"^\W*(?:how|when|where|who|why|wie|wann|wo|wer|warum|combien|comment|quand|où|qui|pourquoi"
    r"|cuánt[oa]s?|cómo|cuándo|dónde|quién|quant[oaie]|come|quando|dove|chi|como|onde|quem)\b",
    re.IGNORECASE,
)
_PRONOUNS_DROPPED: Final = frozenset({"es", "it", "pt", "pl"})
"""Languages whose verbs imply "it"."""


def _is_question(rest: str) -> bool:
    return _VERB.search(rest) is not None or _ASKS.match(rest) is not None


def _lacks_subject(text: str, language: str, own_words: int) -> bool:
    """Tell whether a question has little but "it", even if "it" need not refer back."""
    asked = take_apart(text, language, {})
    if len(_content(asked)) > own_words:
        return False
    pronouns = _PRONOUNS.get(language, frozenset())
    return language in _PRONOUNS_DROPPED or any(word.lower in pronouns for word in asked.words)


def _refers_back(text: str, found: Sequence[Word], language: str) -> bool:
    pronouns = _PRONOUNS.get(language, frozenset())
    stripped = _EMPTY.sub(" ", text)
    left = {word.lower for word in words_of(stripped, language)}
    return not left.isdisjoint(pronouns) and not any(
        word.capital and not word.stop and word.start > 0 and language != "de" for word in found
    )


def subject_of(history: Sequence[Exchange], language: str) -> str:
    """Return the latest question that names its own subject, or the last question."""
    for exchange in reversed(history):
        found = words_of(exchange.question, language)
        content = [word for word in found if not word.stop]
        if (
            len(content) > 1
            and not _BARE.match(exchange.question)
            and not _CONTINUES.match(exchange.question)
        ):
            return exchange.question
    return history[-1].question


def _replaced(before: str, new: str, language: str) -> str:
    """Return the previous question with its matching part replaced.

    For example, "the free plan" by "the pro plan".
    """
    new_words = [word for word in words_of(new, language) if not word.stop]
    if not new_words:
        return f"{before} {new}"
    head = new_words[-1].term
    words = words_of(before, language)
    names = [word for word in words if word.capital and not word.stop and word.start > 0]
    if names and language != "de" and all(word.capital for word in new_words):
        return f"{before[: names[-1].start]}{_core(new, language)}{before[names[-1].end :]}"
    for number, word in enumerate(words):
        if word.term == head and number and not words[number - 1].stop:
            start = words[number - 1].start
            return f"{before[:start]}{_core(new, language)}{before[word.end :]}"
    return f"{before.rstrip(' ?!.')} {new}"


def _core(new: str, language: str) -> str:
    content = [word for word in words_of(new, language) if not word.stop]
    return new[content[0].start : content[-1].end]


def _topic(before: str, language: str) -> str:
    """Return a question's topic: its names if it has any, otherwise its content words."""
    asked = take_apart(before, language, {})
    named = [word for word in asked.words if word.term in asked.names]
    content = _content(asked)
    if named and language != "de":
        end = named[-1].end
        for word in content:  # "the Pro plan" is more than "Pro".
            end = word.end if before[end : word.start].isspace() else end
        return before[named[0].start : end]
    subject = [word for word in content if word.lower not in _ATTRIBUTES] or content
    return " ".join(before[word.start : word.end] for word in subject)


def _content(asked: Asked) -> list[Word]:
    """Return the words of a question that neither frame it nor occur in every text."""
    return [
        word
        for word in asked.words
        if not word.stop and asked.worth.get(word.term, 0) > _FRAME_BELOW
    ]


_FRAME_BELOW: Final = 1.0
# What the previous question asked about the subject; the new one asks something else.
_ATTRIBUTES: Final = frozenset(
    "cost costs price prices fee fees take takes last lasts kostet kosten preis dauert dauer gilt "
    "coûte coûtent prix cuesta cuestan precio costa costano prezzo custa preço".split()
)
