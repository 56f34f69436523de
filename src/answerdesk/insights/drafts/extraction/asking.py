"""What a visitor's message asks."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from answerdesk.answering.human_request import asks_for_human
from answerdesk.insights.drafts.extraction.personal import is_personal
from answerdesk.insights.drafts.extraction.phrases import (
    ASKS,
    COMPLAINS,
    FAILED,
    FRAGMENT,
    GENERIC,
    NO_REFERENCE,
    REFERENCE,
    SMALL_TALK,
)
from answerdesk.insights.drafts.extraction.sentences import (
    Sentence,
    sentences_of,
    without_courtesy,
    without_lead_in,
)
from answerdesk.kit.stopwords import stop_words
from answerdesk.kit.terms import analyse

_MOST_COMPLAINTS: Final = 2
_FEW_WORDS: Final = 9
_OWN_WORDS: Final = 2
"""Content words before a pronoun, one of which it may stand for."""

_WORD: Final = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)?")
_POLITE: Final = re.compile(r"(?<=\s)(?:Sie|Ihr(?:e[nmrs]?)?|Ihnen)\b")
_VERB: Final = re.compile(
    r"\b(?:is|are|was|were|do|does|did|can|could|will|would|should|has|have|had|may|must|ist|sind|kann|können"
    r"|hat|haben|wird|gibt|muss|soll|darf|est|sont|puis|peut|peux|avez|êtes|puedo|puede|hay|tiene[ns]?|es|son)\b"
)


@dataclass(frozen=True, slots=True)
class Asking:
    """What a message asks.

    `questions` can be drawn; of `left_out` we only know that they were asked. `complaints` are what
    it wants without asking; `failed` says that an answer was none; `said` is all but courtesies.
    """

    questions: Sequence[str] = ()
    left_out: Sequence[str] = ()
    complaints: Sequence[str] = ()
    failed: bool = False
    said: Sequence[Sentence] = ()

    @property
    def asks(self) -> bool:
        return bool(self.questions or self.left_out)


def read_asking(text: str, language: str, names: Collection[str]) -> Asking:
    """Return what a visitor's message asks, in its own sentences.

    A question that needs more than the sentence before it to be understood is left out, like one
    with personal data.
    """
    questions: list[str] = []
    left_out: list[str] = []
    complaints: list[str] = []
    said: list[Sentence] = []
    failed = False
    before: Sentence | None = None
    for whole in sentences_of(text, language):
        sentence = without_courtesy(whole)
        if sentence is None or SMALL_TALK.search(sentence.lowered) or asks_for_human(sentence.text):
            continue
        said.append(sentence)
        failed = failed or FAILED.search(sentence.lowered) is not None
        asked = without_lead_in(sentence)
        if asked.asks or (ASKS.search(asked.lowered) and not asked.text.endswith("!")):
            question = _whole_question(asked, sentence, before, language)
            if question is None or is_personal(question, names):
                left_out.append(asked.text)
            else:
                questions.append(question)
        elif COMPLAINS.search(sentence.lowered) and not is_personal(sentence.text, names):
            complaints.append(sentence.text)
        before = asked
    return Asking(questions, left_out, complaints[:_MOST_COMPLAINTS], failed, said)


def _whole_question(
    asked: Sentence, sentence: Sentence, before: Sentence | None, language: str
) -> str | None:
    """Return a question that can be understood: alone, or with the sentence before it."""
    if not analyse(asked.text, language) or len(asked.text.split()) < 2:
        return None
    if _is_fragment(sentence) or _is_fragment(asked):
        return None
    if not refers_back(asked.text, language) and not GENERIC.match(asked.lowered):
        return asked.text
    if before is None or before.asks or refers_back(before.text, language):
        return None
    return f"{before.text} {asked.text}"


def _is_fragment(sentence: Sentence) -> bool:
    found = FRAGMENT.match(sentence.lowered)
    if found is None or len(sentence.text.split()) > _FEW_WORDS:
        return False
    rest = sentence.lowered[found.end() :]
    return _VERB.search(rest) is None and ASKS.search(rest.strip()) is None


def refers_back(text: str, language: str) -> bool:
    """Tell whether a sentence speaks of something that only an earlier one names."""
    language = language if language in REFERENCE else "en"
    text = _POLITE.sub("", text) if language == "de" else text
    lowered = NO_REFERENCE[language].sub(" ", text.lower().replace("’", "'"))
    found = REFERENCE[language].search(lowered)
    if found is None:
        return False
    stops = stop_words(language)
    own = [word for word in _WORD.findall(lowered[: found.start()]) if word not in stops]
    return len(own) < _OWN_WORDS
